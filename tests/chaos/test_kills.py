"""Workers die at every failpoint, on both databases, alone and among others; nothing is lost and nothing doubles."""

import asyncio
import random

import pytest

from tests.chaos.siege import FAILPOINTS, Siege

# Thirty-six kills: a lone worker meets each failpoint on one database, four workers on the other. `./run bench kills` does it all.
POINTS = {
    (1, "sqlite"): FAILPOINTS[:9],
    (1, "postgresql"): FAILPOINTS[9:],
    (4, "sqlite"): FAILPOINTS[9:],
    (4, "postgresql"): FAILPOINTS[:9],
}


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 4])
def test_nothing_is_lost_and_nothing_doubles_whoever_dies(workers, store_url, tmp_path):
    seed = random.randrange(100_000)
    print(f"seed {seed}")
    asyncio.run(besieged(store_url, tmp_path, workers, seed))


async def besieged(url, folder, workers, seed):
    async with Siege(url, folder, workers=workers, seed=seed, say=print) as siege:
        points = POINTS[workers, url.partition("+")[0].partition(":")[0]]
        await siege.besiege(len(points), points)
        await siege.quiet()
        verdict = siege.verdict()
    assert siege.kills.total() == len(points)
    assert siege.crashed == 0, f"a worker ended by itself, see {folder}"
    assert verdict.facts["letter sent"] and verdict.facts["questions"], "nothing happened at all"
    assert verdict.breaches == []
