"""Is the database there, can we write, does it keep what it acknowledged, and has it people to route to?"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, and_, func, make_url, select, text
from sqlalchemy.exc import SQLAlchemyError

from bot.checks.finding import Finding, Level, fail, ok, warn
from bot.secrets import open_to_others
from bot.settings import Settings
from routing import migrate
from routing.models import Authority, ConsoleUser, Expert, Fiche
from routing.store import Store

NAME = "database"
LITTLE_SPACE = 1024**3
OFF_BY = 2.0  # seconds; deadlines are told in minutes


def check_database(settings: Settings) -> list[Finding]:
    """Everything about the database that can be seen from here. Blocking."""
    file = _sqlite_file(settings.store_url)
    if file and not file.is_file():
        return [fail(NAME, f"{file} does not exist", "Run rrm migrate.")]
    store = Store(settings.store_url)
    try:
        with store.engine.connect() as connection:
            findings = list(_look(connection))
        tables = _tables(store)
        people = list(_people(store)) if tables.level == "ok" else []
        return [*findings, tables, *people, *(_file_findings(file) if file else [])]
    except SQLAlchemyError as problem:
        return [fail(NAME, _said(problem), "Check database.url, that the server runs, and that this user may read and write.")]
    finally:
        store.close()


def _look(connection: Connection) -> Iterator[Finding]:
    """`connection` has begun a write transaction (BEGIN IMMEDIATE on SQLite); it is never committed."""
    yield _writable(connection)
    yield _durability(connection)
    yield _clock(connection)


def _writable(connection: Connection) -> Finding:
    if connection.dialect.name == "postgresql" and _value(connection, "SHOW transaction_read_only") == "on":
        return fail(NAME, "may only be read", "Is database.url that of a standby? Name the primary.")
    return ok(NAME, f"answers and may be written ({connection.dialect.name})")


def _durability(connection: Connection) -> Finding:
    """An acknowledged message must survive a power cut: we have told the sender that we have it."""
    name = "durability"
    if connection.dialect.name == "sqlite":
        mode, level = _value(connection, "PRAGMA journal_mode"), _value(connection, "PRAGMA synchronous")
        if (mode, level) == ("wal", 2):  # 2 is FULL, https://www.sqlite.org/pragma.html#pragma_synchronous
            return ok(name, "WAL, synchronous=FULL")
        return fail(name, f"journal_mode={mode}, synchronous={level}", "The file system may not allow WAL: use a local disk.")
    unsafe = [
        setting
        for setting in ("fsync", "full_page_writes", "synchronous_commit")
        if _value(connection, f"SHOW {setting}") == "off"
    ]
    if unsafe:
        return fail(
            name, f"{', '.join(unsafe)} off: acknowledged questions can be lost", f"Set {unsafe[0]} = on in postgresql.conf."
        )
    return ok(name, "fsync and synchronous_commit are on")


def _tables(store: Store) -> Finding:
    if migrate.is_current(store):
        return ok("tables", f"up to date ({migrate.newest()})")
    return fail("tables", f"at {migrate.current(store) or 'nothing'}, {migrate.newest()} is needed", "Run rrm migrate.")


def _clock(connection: Connection) -> Finding:
    if connection.dialect.name == "sqlite":
        return ok("database clock", "is this machine's own")
    before = datetime.now(UTC)
    theirs = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    middle = before + (datetime.now(UTC) - before) / 2
    off = abs((theirs - middle).total_seconds())
    if off > OFF_BY:
        return fail(
            "database clock",
            f"differs from ours by {off:.0f} s",
            "Let both machines follow a time server (timedatectl set-ntp true).",
        )
    return ok("database clock", "agrees with ours")


def _people(store: Store) -> Iterator[Finding]:
    """Without these, questions have nobody to go to."""
    staff = and_(ConsoleUser.active, ConsoleUser.role.in_(("admin", "coordinator")))
    wanted: tuple[tuple[str, Any, Level, str], ...] = (
        ("coordinators", staff, "fail", "Add one: rrm user add EMAIL."),
        ("authorities", Authority.active, "warn", "Import them: rrm import authorities FILE.csv."),
        ("experts", Expert.active, "warn", "Import them: rrm import experts FILE.csv."),
        ("published fiches", Fiche.status == "published", "warn", "Import some: rrm import collection."),
    )
    with store.snapshot() as session:
        for name, condition, level, mend in wanted:
            count = session.scalar(select(func.count()).where(condition))
            yield ok(name, str(count)) if count else Finding(name, level, "none", mend)


def _file_findings(file: Path) -> list[Finding]:
    return [_mode(file), _space(file.parent)]


def _mode(file: Path) -> Finding:
    if open_to_others(file):
        return warn("database file", f"{file} can be read by others on this machine", f"It holds personal data: chmod 600 {file}")
    return ok("database file", "is closed to others")


def _space(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    if free < LITTLE_SPACE:
        return warn("disk", f"{free / 1024**2:.0f} MiB free", "Make room: without space no message can be taken.")
    return ok("disk", f"{free / 1024**3:.0f} GiB free")


def _value(connection: Connection, statement: str) -> object:
    return connection.execute(text(statement)).scalar()


def _sqlite_file(url: str) -> Path | None:
    parsed = make_url(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


def _said(problem: SQLAlchemyError) -> str:
    return str(getattr(problem, "orig", None) or problem).strip().splitlines()[0]
