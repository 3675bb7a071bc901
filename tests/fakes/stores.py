"""Databases for tests: the same tests run on SQLite and on a real PostgreSQL, both brought up by the real migrations."""

import contextlib
import shutil

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


@pytest.fixture(params=KINDS)
def store_url(request, tmp_path):
    """The URL of an empty, migrated database of its own."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "rrm.db")
        yield f"sqlite:///{tmp_path / 'rrm.db'}"
        return
    server = request.getfixturevalue("postgres")
    url = fresh_database(server, template=request.getfixturevalue("postgres_template"))
    yield url
    with contextlib.suppress(Exception):
        drop_database(server, url)


@pytest.fixture
def store(store_url):
    store = Store(store_url)
    yield store
    store.close()
