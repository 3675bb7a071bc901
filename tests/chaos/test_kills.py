"""Workers die at every failpoint, on both databases, alone and among others; nothing is lost and nothing doubles."""

import asyncio
import random

import pytest

from tests.chaos.siege import FAILPOINTS, Siege
from tests.fakes.stores import KINDS, postgres, postgres_template, sqlite_template, store_url  # noqa: F401

KILLS = {1: 9, 4: 16}  # fifty on two databases


@pytest.mark.slow
@pytest.mark.parametrize("workers", KILLS)
def test_nothing_is_lost_and_nothing_doubles_whoever_dies(workers, store_url, tmp_path):  # noqa: F811
    seed = random.randrange(100_000)
    print(f"seed {seed}")
    asyncio.run(besieged(store_url, tmp_path, workers, seed))


async def besieged(url, folder, workers, seed):
    async with Siege(url, folder, workers=workers, seed=seed, say=print) as siege:
        await siege.besiege(KILLS[workers], random.Random(seed).sample(FAILPOINTS, len(FAILPOINTS)))
        await siege.quiet()
        verdict = siege.verdict()
    assert siege.kills.total() == KILLS[workers]
    assert siege.crashed == 0, f"a worker ended by itself, see {folder}"
    assert verdict.facts["letter sent"] and verdict.facts["questions"], "nothing happened at all"
    assert verdict.breaches == []
