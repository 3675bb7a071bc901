"""Databases for tests: the same tests run on SQLite and on a real PostgreSQL, both brought up by the real migrations."""

import contextlib
import shutil
from collections import Counter

import psycopg
import pytest

from routing.migrate import upgrade
from routing.store import Store
from tests.fakes.compiled import share_compiled_statements
from tests.fakes.postgres import drop_database, fresh_database, postgres_server

share_compiled_statements()
KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.pg)]


@pytest.fixture(scope="session")
def postgres():
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres):
    """A migrated database that others are copied from."""
    url = fresh_database(postgres)
    store = Store(url)
    upgrade(store)
    store.close()
    return url.rpartition("/")[2]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    path = tmp_path_factory.mktemp("template") / "rrm.db"
    store = Store(f"sqlite:///{path}")
    upgrade(store)
    store.close()  # closing the last connection folds the write-ahead log into the file
    return path


class Copies:
    """Copies of a migrated PostgreSQL database: one that a test gives back is emptied for the next, in a tenth of the time that
    another copy takes. One whose tables a test has changed is dropped."""

    def __init__(self, server, template):
        self._server, self._template, self._free, self._uses = server, template, [], Counter()
        with server.connect(template) as connection:
            self._tables = _tables(connection)

    def take(self, *, new=False):
        return self._free.pop() if self._free and not new else fresh_database(self._server, template=self._template)

    def give_back(self, url):
        self._uses[url] += 1
        if self._uses[url] < MOST_USES and self._emptied(url):
            self._free.append(url)
            return
        with contextlib.suppress(psycopg.Error):
            drop_database(self._server, url)

    def _emptied(self, url):
        try:
            with self._server.connect(url.rpartition("/")[2]) as connection:
                have_ended = all(ended for (ended,) in connection.execute(OTHERS_END))
                if not have_ended or _tables(connection) != self._tables:
                    return False
                names = [name for name, _ in self._tables if name != "alembic_version"]
                connection.execute("SET session_replication_role = replica")  # no foreign key is looked at
                connection.execute(";".join(f'DELETE FROM "{name}"' for name in names) + ";" + FROM_THE_START)
        except psycopg.Error:  # a test has stopped the server, or changed what only its owner may
            return False
        return True


OTHERS_END = """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""
FROM_THE_START = "SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence"
MOST_USES = 40  # rows that are deleted stay in the files until the database tidies up


def _tables(connection):
    """All tables with their columns, as far as a test could have changed them."""
    return connection.execute(
        """SELECT relname, array_agg(attname ORDER BY attnum) FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND attnum > 0 GROUP BY relname ORDER BY relname"""
    ).fetchall()


@pytest.fixture(scope="session")
def copies(postgres, postgres_template):
    return Copies(postgres, postgres_template)


@pytest.fixture(params=KINDS)
def store_url(request, tmp_path):
    """The URL of an empty, migrated database of its own."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "rrm.db")
        yield f"sqlite:///{tmp_path / 'rrm.db'}"
        return
    copies = request.getfixturevalue("copies")
    url = copies.take(new=request.node.get_closest_marker("new_database") is not None)
    yield url
    copies.give_back(url)


@pytest.fixture
def store(store_url):
    store = Store(store_url)
    yield store
    store.close()
