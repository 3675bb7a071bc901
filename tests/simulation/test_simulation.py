"""Small networks from fifty seeds: prompt, slow, silent, absent, wrong and bouncing experts, downtimes and wrong clocks.

The large ones are in benchmarks/simulation.py; it replays one seed of this test with: ./run bench simulation --small --seed N
"""

import pytest

from tests.simulation.figures import gini
from tests.simulation.people import SMALL
from tests.simulation.play import Play

BATCHES = [range(first, first + 10) for first in range(0, 50, 10)]


@pytest.mark.parametrize("seeds", BATCHES, ids=lambda seeds: f"seeds {seeds[0]} to {seeds[-1]}")
def test_no_promise_is_broken(folder, seeds):
    met, answered = 0, 0
    for seed in seeds:
        play = Play(seed, folder, SMALL)
        promises = play.run()
        assert promises.broken == [], f"replay with: ./run bench simulation --small --seed {seed}"
        met, answered = met + promises.checks, answered + sum(map(len, play.figures.days.values()))
    assert met > 100 and answered > 5  # something happened, or nothing was tested


@pytest.mark.parametrize(("counts", "told"), [([], 0), ([0, 0], 0), ([3, 3, 3], 0), ([0, 0, 0, 4], 0.75), ([1, 3], 0.25)])
def test_gini(counts, told):
    assert gini(counts) == pytest.approx(told)
