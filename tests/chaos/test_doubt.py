"""Two workers die one after the other in the window of the same letter: it rests, and a coordinator is told."""

import asyncio

import pytest

from routing.models import OutboxMessage
from tests.chaos.siege import PAST_EVERY_LEASE, Siege


@pytest.mark.slow
@pytest.mark.parametrize("point", ["smtp.after_dot", "outbox.sent"])
def test_a_letter_in_doubt_twice_rests_and_a_coordinator_knows(point, store_url, tmp_path):
    asyncio.run(in_doubt(store_url, tmp_path, point))


async def in_doubt(url, folder, point):
    async with Siege(url, folder, seed=6, say=print) as siege:
        siege._ask_by_mail()
        for _ in range(2):
            siege.clock.advance(PAST_EVERY_LEASE)
            await siege.start("w0", f"{point}=kill")
            await asyncio.wait_for(siege._all_gone(), 60)
        await siege.quiet()
        with siege.store.snapshot() as session:
            doubted = session.query(OutboxMessage).filter_by(state="ambiguous").all()
            told = session.query(OutboxMessage).filter_by(kind="co_ambiguous", state="sent").all()
        verdict = siege.verdict()
    assert doubted and all(letter.ambiguities == 2 for letter in doubted)
    assert len(told) == len(doubted)
    assert verdict.breaches == []
