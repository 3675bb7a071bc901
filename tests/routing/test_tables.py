"""The database itself: migrations, column types, transactions, cursors and signs of life."""

import socket
from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, inspect, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from routing import cursors, heartbeats, migrate
from routing import store as storing
from routing.models import Address, Base, Cursor, Fiche, Heartbeat, Person
from routing.store import Store

NOW = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)


def test_the_migrated_tables_are_the_ones_of_the_code(store):
    """A column that is only in the code would be missing in every real deployment."""
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"render_as_batch": store.is_sqlite, "compare_type": False})
        assert compare_metadata(context, Base.metadata) == []


def test_every_check_of_the_code_is_in_the_database(store):
    """Alembic does not compare CHECK constraints and partial indexes, so we do."""
    look = inspect(store.engine)
    for table in Base.metadata.sorted_tables:
        wanted = {check.name for check in table.constraints if type(check).__name__ == "CheckConstraint"}
        assert wanted <= {check["name"] for check in look.get_check_constraints(table.name)}, table.name
        wanted = {index.name for index in table.indexes}
        assert wanted <= {index["name"] for index in look.get_indexes(table.name)}, table.name


@pytest.mark.parametrize("name", ["uq_proposal_one_open", "uq_assignment_one_open"])
def test_one_open_index_covers_only_what_is_open(store, name):
    query = (
        "SELECT sql FROM sqlite_master WHERE name = :n"
        if store.is_sqlite
        else "SELECT indexdef FROM pg_indexes WHERE indexname = :n"
    )
    with store.engine.connect() as connection:
        written = connection.execute(text(query), {"n": name}).scalar_one()
    assert "UNIQUE" in written and "WHERE" in written and "offered" in written


def test_upgrading_again_changes_nothing(store):
    assert migrate.is_current(store)
    assert migrate.upgrade(store) == migrate.newest() == migrate.current(store)


def test_an_empty_database_is_not_current(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'empty.db'}")
    assert migrate.current(store) is None and not migrate.is_current(store)
    assert migrate.upgrade(store) == migrate.newest()
    store.close()


def test_an_installed_copy_finds_its_migrations(monkeypatch, tmp_path):
    monkeypatch.setattr(migrate, "__file__", str(tmp_path / "routing" / "migrate.py"))
    assert migrate._folder() == tmp_path / "bot" / "share" / "data" / "migrations"


def person(**facts):
    return Person(created_at=NOW, **facts)


def test_moments_keep_their_microseconds_and_come_back_in_utc(store):
    there = datetime(2026, 11, 23, 10, 0, 0, 7, tzinfo=timezone(timedelta(hours=1)))
    with store.transaction() as session:
        session.add(person(welcomed_at=there))
    with store.snapshot() as session:
        found = session.scalars(select(Person)).one()
        assert (found.created_at, found.welcomed_at, found.forgotten_at) == (NOW, there, None)
        assert found.welcomed_at.tzinfo is UTC and found.language_chosen is False


def test_a_moment_without_a_zone_is_refused(store):
    with pytest.raises(StatementError, match="aware"), store.transaction() as session:
        session.add(Person(created_at=datetime(2026, 11, 23)))


def test_moments_compare_as_time(store):
    moments = [NOW - timedelta(microseconds=1), NOW, NOW + timedelta(days=4000)]
    with store.transaction() as session:
        session.add_all(Person(created_at=moment) for moment in reversed(moments))
    with store.snapshot() as session:
        assert list(session.scalars(select(Person.created_at).order_by(Person.created_at))) == moments
        assert session.scalars(select(Person).where(Person.created_at < NOW)).one()


def test_lists_and_objects_come_back_as_they_were(store):
    value = {"ünï": ["č", 1, None, 1.5, {"a": True}]}
    with store.transaction() as session:
        cursors.save(session, "mailbox", value, NOW)
    with store.snapshot() as session:
        assert cursors.load(session, "mailbox") == value and cursors.load(session, "other") is None


def test_a_cursor_moves(store):
    for offset in (1, 2):
        with store.transaction() as session:
            cursors.save(session, "telegram", {"offset": offset}, NOW)
    with store.snapshot() as session:
        assert session.scalars(select(Cursor)).one().value == {"offset": 2}


def test_a_loop_keeps_its_last_sign_of_life_until_an_orderly_stop(store):
    with store.transaction() as session:
        heartbeats.beat(session, "a/sweep", NOW)
        heartbeats.beat(session, "b/sweep", NOW)
        heartbeats.beat(session, "a/sweep", NOW + timedelta(minutes=4))
    with store.snapshot() as session:
        signs = {one.name: one.at for one in session.scalars(select(Heartbeat))}
        assert signs == {"a/sweep": NOW + timedelta(minutes=4), "b/sweep": NOW}
    with store.transaction() as session:
        heartbeats.forget_beats(session, "b")
        assert [one.name for one in session.scalars(select(Heartbeat))] == ["a/sweep"]


def test_a_database_that_says_nothing_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(storing, "CONNECT_SECONDS", 2)  # the least that libpq takes
    with socket.create_server(("127.0.0.1", 0)) as silent:
        store = Store(f"postgresql+psycopg://rrm@127.0.0.1:{silent.getsockname()[1]}/rrm")
        with pytest.raises(OperationalError, match="timeout"):
            store.engine.connect()


def test_what_raises_leaves_nothing_behind(store):
    with pytest.raises(RuntimeError), store.transaction() as session:
        session.add(person())
        session.flush()
        raise RuntimeError
    with store.snapshot() as session:
        assert session.scalars(select(Person)).all() == []


def test_a_snapshot_writes_nothing_and_stays_readable(store):
    with store.transaction() as session:
        session.add(person(name="desk"))
    with store.snapshot() as session:
        found = session.scalars(select(Person)).one()
        session.add(person())
    assert found.name == "desk"
    with store.snapshot() as session:
        assert len(session.scalars(select(Person)).all()) == 1


@pytest.mark.parametrize("facts", [{"channel": "pigeon", "address": "x"}, {"channel": "email", "address": ""}])
def test_the_database_itself_refuses_what_cannot_be(store, facts):
    with pytest.raises(IntegrityError), store.transaction() as session:
        who = person()
        session.add(who)
        session.flush()
        session.add(Address(person_id=who.id, **facts))


def test_sqlite_survives_a_power_cut(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'x.db'}")
    with store.transaction() as session:
        asked = {
            name: session.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    store.close()
    assert asked == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_going_back_leaves_an_empty_database(store):
    """A downgrade is for the day on which an upgrade must be undone."""
    back_to(store, "base")
    assert set(inspect(store.engine).get_table_names()) <= {"alembic_version"}
    assert migrate.upgrade(store) == migrate.newest()


def back_to(store, revision):
    with store.engine.connect() as connection, connection.begin():
        config = migrate._config()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def test_fiches_published_before_that_was_kept_count_as_looked_at_when_they_were_published(store):
    back_to(store, "0017")
    kept = {"old": (NOW, None), "new": (NOW, NOW + timedelta(days=3)), "draft": (None, None)}
    with store.transaction() as session:
        for slug, (published, confirmed) in kept.items():
            facts = {"slug": slug, "source_language": "en", "status": "published" if published else "draft", "facts": {}}
            facts |= {"created_at": NOW, "updated_at": NOW, "published_at": published, "confirmed_at": confirmed}
            session.execute(insert(Fiche.__table__).values(facts))  # not by the class, which knows later columns
    for _ in range(2):
        migrate.upgrade(store)
        with store.snapshot() as session:
            found = {one.slug: one.confirmed_at for one in session.scalars(select(Fiche))}
            assert not session.scalars(select(Fiche.step).where(Fiche.step.is_not(None))).all()
        assert found == {"old": NOW, "new": NOW + timedelta(days=3), "draft": None}
        back_to(store, "0017")
    migrate.upgrade(store)
