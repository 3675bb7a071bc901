"""Signs of life of a process's loops: written at most so often, and gone after an orderly end."""

import asyncio
from datetime import timedelta

import pytest

from bot.signs import SignsOfLife
from routing.migrate import upgrade
from routing.models import Heartbeat
from routing.store import Store
from tests.fakes.clocks import StillClock
from tests.world import MONDAY

LONG = 1e9  # seconds: no test takes so long


@pytest.fixture
def store(tmp_path):
    opened = Store(f"sqlite:///{tmp_path / 'signs.db'}")
    upgrade(opened)
    yield opened
    opened.close()


def signs(store):
    with store.snapshot() as session:
        return {row.name: row.at for row in session.query(Heartbeat)}


def given_twice(store, clock, seconds, worker="first"):
    async def give():
        theirs = SignsOfLife(store, clock, worker, seconds)
        await theirs.give("intake")
        clock.advance(timedelta(minutes=1))
        await theirs.give("intake")
        return theirs

    return asyncio.run(give())


def test_a_sign_is_written_anew_only_after_a_while(store):
    given_twice(store, StillClock(MONDAY), LONG)
    assert signs(store) == {"first/intake": MONDAY}
    given_twice(store, StillClock(MONDAY), 0.0)
    assert signs(store) == {"first/intake": MONDAY + timedelta(minutes=1)}


def test_an_orderly_end_takes_the_process_s_own_signs_away(store):
    given_twice(store, StillClock(MONDAY), LONG, "second")
    first = given_twice(store, StillClock(MONDAY), LONG)
    asyncio.run(first.end())
    assert set(signs(store)) == {"second/intake"}
