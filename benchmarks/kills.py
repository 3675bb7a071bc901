"""Kill workers in the middle of everything, and count what was lost and what doubled.

    python benchmarks/kills.py [--kills 500] [--database sqlite|postgresql|both] [--workers 1,4] [--points NAME,…] [--seed N]

The kills are divided among the databases, numbers of workers and failpoints, in parts of fifty with a database of their own.
Everything is real but the people: a Bot API server, an SMTP server and a border server on this machine. Progress and the seed
are printed; a run with the same seed makes the same plan.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.chaos.siege import FAILPOINTS, Siege
from tests.fakes.postgres import drop_database, fresh_database, postgres_server

PART = 50
HEAD = "database    workers  kills  lost  doubled  other  windows counted  came twice in them"


def main() -> int:
    told = _arguments()
    kinds = ("sqlite", "postgresql") if told.database == "both" else (told.database,)
    numbers = [int(number) for number in told.workers.split(",")]
    parts = _parts(told.kills, [(kind, number) for kind in kinds for number in numbers])
    print(f"seed {told.seed}, {told.kills} kills in {len(parts)} parts", flush=True)
    rows: dict[tuple[str, int], Counter[str]] = {}
    points: Counter[str] = Counter()
    breaches: list[str] = []
    with ExitStack() as servers:
        server = servers.enter_context(postgres_server()) if "postgresql" in kinds else None
        for number, (kind, workers, kills) in enumerate(parts):
            counted, died, found = asyncio.run(_part(kind, workers, kills, told.seed + number, server, told.points))
            rows.setdefault((kind, workers), Counter()).update(counted)
            points.update({f"{point}|{kind}|{workers}": many for point, many in died.items()})
            breaches += [f"{kind}, {workers} workers, seed {told.seed + number}: {one}" for one in found]
            print("\n".join(breaches[-len(found) :]) if found else "no breach in this part", flush=True)
            _table(rows)
    _points(points, list(rows))
    print("\n".join(breaches) or "no breach")
    return bool(breaches)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--workers", default="1,4")
    parser.add_argument("--points", type=lambda text: tuple(text.split(",")), default=FAILPOINTS)
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    return parser.parse_args()


def _parts(kills, settings):
    """(database, workers, kills) so that every setting gets its share, `PART` at a time."""
    parts = []
    for number, (kind, workers) in enumerate(settings):
        left = kills // len(settings) + (number < kills % len(settings))
        while left:
            parts.append((kind, workers, min(PART, left)))
            left -= parts[-1][2]
    return parts


async def _part(kind, workers, kills, seed, server, points):
    began = time.monotonic()

    def say(text):
        print(f"  {time.monotonic() - began:6.1f} s  {kind}, {workers} workers: {text}", flush=True)

    with tempfile.TemporaryDirectory(prefix="rrm-kills-") as folder:
        url = fresh_database(server) if kind == "postgresql" else f"sqlite:///{folder}/rrm.db"
        async with Siege(url, Path(folder), workers=workers, seed=seed, say=say) as siege:
            await siege.besiege(kills, points)
            seconds = await siege.quiet()
            say(f"quiet after {seconds:.0f} s, left {siege.left()}")
            verdict = siege.verdict()
            died, crashed = siege.kills, siege.crashed
            if verdict.breaches:
                _logs(Path(folder))
        if kind == "postgresql":
            drop_database(server, url)
    say(", ".join(f"{name} {many}" for name, many in sorted(verdict.facts.items())))
    counted = Counter(
        kills=died.total(), lost=len(verdict.lost), doubled=len(verdict.doubled), other=len(verdict.other) + crashed,
        windows=verdict.ambiguities, twice=verdict.repeated,
    )  # fmt: skip
    return counted, died, verdict.breaches + [f"{crashed} workers ended by themselves"] * bool(crashed)


def _logs(folder):
    """What the workers themselves said last."""
    for path in sorted(folder.glob("*.log")):
        print(f"--- {path.name}\n" + "\n".join(path.read_text(errors="replace").splitlines()[-40:]), flush=True)


def _table(rows):
    print(HEAD)
    for (kind, workers), one in [*rows.items(), (("together", ""), sum(rows.values(), Counter()))]:
        print(
            f"{kind:<11} {workers:>7} {one['kills']:>6} {one['lost']:>5} {one['doubled']:>8} {one['other']:>6}"
            f" {one['windows']:>16} {one['twice']:>19}",
            flush=True,
        )


def _points(points, settings):
    print(f"\n{'killed at':<24}" + "".join(f"{f'{kind} x{workers}':>15}" for kind, workers in settings))
    for point in (*FAILPOINTS, "anywhere"):
        print(f"{point:<24}" + "".join(f"{points[f'{point}|{kind}|{workers}']:>15}" for kind, workers in settings))
    print()


if __name__ == "__main__":
    raise SystemExit(main())
