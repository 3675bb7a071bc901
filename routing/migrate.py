"""Bringing a database to the schema this version needs, and saying which one it has."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from routing.store import Store

# One number for all processes of one deployment, so that only one of them migrates at a time (PostgreSQL).
_ADVISORY_LOCK = 7_219_004


def upgrade(store: Store) -> str:
    """Run every missing migration in one transaction; returns the revision reached. Safe to run again and at once elsewhere."""
    with store.engine.connect() as connection, connection.begin():
        if not store.is_sqlite:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        return _revision(connection) or "empty"


def current(store: Store) -> str | None:
    """The revision of the database, None for an empty one."""
    with store.engine.connect() as connection:
        return _revision(connection)


def newest() -> str:
    """The revision that this version of the code needs."""
    return ScriptDirectory.from_config(_config()).get_current_head() or "empty"


def is_current(store: Store) -> bool:
    return current(store) == newest()


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_folder()))
    return config


def _folder() -> Path:
    """Beside the packages in a checkout, under bot/share in an installed copy."""
    root = Path(__file__).resolve().parent.parent
    beside = root / "data" / "migrations"
    return beside if beside.is_dir() else root / "bot" / "share" / "data" / "migrations"
