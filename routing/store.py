"""The database: one engine, short transactions, opened at the edge only.

SQLite runs WAL with `synchronous=FULL` (an acknowledged row survives a power cut) and takes its write lock at BEGIN
(a deferred BEGIN fails under concurrent writers in spite of the busy timeout, https://www.sqlite.org/lang_transaction.html).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import QueuePool

BUSY_TIMEOUT_MS = 30_000
CONNECT_SECONDS = 10  # a server that is cut off says nothing at all, and the system alone would wait for minutes


class Store:
    """Opens transactions on the database at `url` (``sqlite:///path`` or ``postgresql+psycopg://…``)."""

    def __init__(self, url: str):
        self.engine = _engine(url)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A write transaction: committed when the block ends, rolled back when it raises."""
        with self._sessions.begin() as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A read-only look at one moment of the database; nothing is ever committed, and what was loaded stays readable."""
        with self._sessions(info={"read_only": True}) as session:
            session.connection(execution_options={"rrm_read_only": True})
            try:
                yield session
            finally:
                session.expunge_all()
                session.rollback()

    def close(self) -> None:
        self.engine.dispose()


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        patience = {} if "connect_timeout=" in url else {"connect_args": {"connect_timeout": CONNECT_SECONDS}}
        return create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=10, hide_parameters=True, **patience)
    file: dict[str, Any] = {"poolclass": QueuePool, "connect_args": {"check_same_thread": False}}
    # hide_parameters: an error of the database would carry what people wrote into every traceback
    engine = create_engine(url, pool_size=10, max_overflow=20, hide_parameters=True, **file)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    # secure_delete: what was erased is overwritten, not left in free pages
    pragmas = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", f"busy_timeout={BUSY_TIMEOUT_MS}")
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    read_only = connection.get_execution_options().get("rrm_read_only")
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
