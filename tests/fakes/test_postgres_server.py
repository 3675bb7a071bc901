"""The PostgreSQL that other tests stand on: it keeps what was committed, and nothing of it stays behind."""

import contextlib
import os

import psycopg
import pytest
from sqlalchemy import create_engine, text

from tests.fakes.postgres import drop_database, fresh_database, postgres_server

pytestmark = pytest.mark.pg


@pytest.fixture(scope="module")
def server():
    with postgres_server(fsync=True) as running:
        yield running


def test_a_fresh_database_is_empty_and_copies_its_template(server):
    first = fresh_database(server)
    engine = create_engine(first)
    with engine.begin() as connection:
        connection.execute(text("CREATE EXTENSION vector"))
        connection.execute(text("CREATE TABLE kept (id int)"))
    engine.dispose()
    copy = create_engine(fresh_database(server, template=first.rsplit("/", 1)[1]))
    with copy.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM kept")).scalar_one() == 0
    copy.dispose()
    drop_database(server, first)
    with pytest.raises(psycopg.OperationalError):
        server.connect(first.rsplit("/", 1)[1])


def test_what_was_committed_survives_a_kill(server):
    name = fresh_database(server).rsplit("/", 1)[1]
    server.execute("CREATE TABLE kept (id int)", name)
    server.execute("INSERT INTO kept VALUES (7)", name)
    before = server.pid
    server.kill()
    with pytest.raises(psycopg.OperationalError):
        server.connect(name)
    server.restart()
    assert server.pid != before
    with server.connect(name) as connection:
        assert connection.execute("SELECT id FROM kept").fetchall() == [(7,)]


def test_after_a_kill_nobody_answers_not_even_who_was_connected(server):
    with contextlib.closing(server.connect()) as connection:
        connection.execute("SELECT 1")
        server.kill()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    server.start()


def test_nothing_outlives_the_block():
    with postgres_server() as running:
        pid, folder = running.pid, running.folder
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
