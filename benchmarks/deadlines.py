"""Compare the working-time arithmetic with a minute-by-minute count on many random cases, 2026 to 2031.

    python benchmarks/deadlines.py [CASES] [SEED]

Prints the seed, progress and the rate; stops with the case at the first difference. A million cases take some minutes,
most of them spent by the slow side on looking at every minute of six years in 24 zones.
"""

from __future__ import annotations

import sys
import time
from datetime import date
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from routing.calendar import WorkingCalendar
from tests.routing.reference_calendar import PLACES, Reference, random_case, random_exceptions, seeded
from tests.routing.test_deadlines_reference import assert_same

SIX_YEARS = [(date(2026, 1, 1), 6 * 365)]


def main(cases: int = 1_000_000, seed: int | None = None) -> None:
    seed = Random().randrange(10**9) if seed is None else seed
    print(f"seed {seed}, {cases:,} cases in {len(PLACES)} places", flush=True)
    began, done = time.perf_counter(), 0
    for number, place in enumerate(PLACES):
        wanted = cases // len(PLACES) + (number < cases % len(PLACES))
        compare(place, wanted, seed)
        done += wanted
        rate = done / (time.perf_counter() - began)
        print(f"{done:>9,} equal  {place[0]:<22} {rate:,.0f} cases/s", flush=True)
    print(f"all {done:,} cases equal (seed {seed}, {time.perf_counter() - began:.0f} s)")


def compare(place: tuple[str, str | None, str | None, str], cases: int, seed: int) -> None:
    luck = seeded(seed, place[0])
    closed, other, told = random_exceptions(luck)
    reference = Reference(*place, closed, other)
    calendar = WorkingCalendar.of(place[0], place[3], place[1], place[2], told)
    for number in range(cases):
        start, days, seconds = random_case(luck, SIX_YEARS)
        assert_same(reference, calendar, start, days, seconds, f"seed {seed}, case {number}: {place[0]} from {start.isoformat()}")


if __name__ == "__main__":
    main(*(int(argument.replace("_", "")) for argument in sys.argv[1:3]))
