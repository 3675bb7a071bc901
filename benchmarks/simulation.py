"""Simulate whole networks for years from seeds, with the real routing code, and look whether every promise is kept.

    ./run bench simulation [--seeds 2000] [--from 0] [--minutes 180] [--notes FILE] [--plots FOLDER]
    ./run bench simulation --seed 17 [--small]     replay one seed

Forty authorities, 150 experts who are prompt, slow, silent, away, wrong or bounce, five years, restarts, downtimes of up to a
month, clocks that go wrong by hours, a day or forty days; askers by mail and by chat, three tiers. `--small` is the size of the
tests. A seed on which a promise is broken is named with what was broken, and the run ends with status 1. Stops early after
`--minutes` and says how many seeds it came to; with `--notes` each seed is written down as it ends, and the next run goes on
with those that are not there yet.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.simulation.figures import Figures
from tests.simulation.people import SMALL, Size
from tests.simulation.play import Play

TMPFS = Path("/dev/shm")
# How often to look for garbage in circles: statements make so many small objects that looking took a tenth of the time.
SELDOM = (100_000, 50, 50)
COLOURS = ("#3b6ea5", "#b5651d", "#4f7f52")


def main(told: argparse.Namespace) -> int:
    size = SMALL if told.small else replace(Size(), questions=told.questions)
    seeds = [told.seed] if told.seed is not None else range(told.first, told.first + told.seeds)
    whole, broken, done, checks = Figures(), list[str](), 0, 0
    with tempfile.TemporaryDirectory(dir=TMPFS if TMPFS.is_dir() else None) as folder:
        for seed, figures, words, looked in _played_or_noted(seeds, size, Path(folder), told):
            done, checks = done + 1, checks + looked
            whole.add(figures)
            broken += words
            for word in words:
                replay = f"./run bench simulation --seed {seed}" + (
                    " --small" if told.small else f" --questions {told.questions}"
                )
                print(f"BROKEN  {word}\n        replay: {replay}", flush=True)
            if done % 50 == 0:
                print(f"{done} seeds, {whole.asked} questions, {len(broken)} broken", flush=True)
    _print(whole, done, checks, broken)
    if told.plots:
        _plot(whole, Path(told.plots))
    return 1 if broken else 0


Played = tuple[int, Figures, list[str], int]


def _played_or_noted(seeds: Sequence[int], size: Size, folder: Path, told: argparse.Namespace) -> Iterator[Played]:
    """First what earlier runs wrote down, of plays of the same size only; then the rest, each written down as it ends."""
    file = Path(told.notes) if told.notes else None
    noted = {}
    for line in file.read_text("utf-8").splitlines() if file and file.exists() else ():
        kept = json.loads(line)
        if kept["size"] == vars(size) and kept["seed"] in seeds:
            noted[kept["seed"]] = kept
    for seed, kept in noted.items():
        yield seed, Figures.from_json(kept["figures"]), kept["broken"], kept["checks"]
    for seed, figures, broken, checks in _played([seed for seed in seeds if seed not in noted], size, folder, told):
        if file is not None:
            note = {"seed": seed, "size": vars(size), "figures": figures.as_json(), "broken": broken, "checks": checks}
            with file.open("a", encoding="utf-8") as notes:
                notes.write(json.dumps(note) + "\n")
        yield seed, figures, broken, checks


def _played(seeds: Sequence[int], size: Size, folder: Path, told: argparse.Namespace) -> Iterator[Played]:
    """Each seed as it is finished, until the time is over."""
    if len(seeds) == 1 or told.workers == 1:
        ends = time.monotonic() + told.minutes * 60
        for seed in seeds:
            if time.monotonic() > ends:
                return
            yield _play(size, folder, seed)
        return
    ends = time.monotonic() + told.minutes * 60
    with ProcessPoolExecutor(told.workers) as pool:
        waiting = [pool.submit(partial(_play, size, folder), seed) for seed in seeds]
        for one in as_completed(waiting):
            if not one.cancelled():
                yield one.result()
            if time.monotonic() > ends:
                pool.shutdown(wait=False, cancel_futures=True)
                return


def _play(size: Size, folder: Path, seed: int) -> Played:
    home = folder / f"of-{os.getpid()}"  # where this process has played before, its statements are compiled already
    home.mkdir(parents=True, exist_ok=True)
    gc.set_threshold(*SELDOM)
    try:
        play = Play(seed, home, size)
        promises = play.run()
    except Exception:
        return seed, Figures(), [f"seed {seed}: {traceback.format_exc()}"], 0
    return seed, play.figures, promises.broken, promises.checks


def _print(told: Figures, done: int, checks: int, broken: Sequence[str]) -> None:
    print(f"\n{done} seeds, {told.asked} questions, {checks} moments looked at, {len(broken)} promises broken")
    print(f"first expert asked answers: {told.first_tries / max(told.assigned, 1):.1%} of {told.assigned}")
    print(f"{'tier':<10}{'answered':>9}{'p50 days':>10}{'p90 days':>10}{'by the first promised date':>28}")
    for tier, days in sorted(told.days.items()):
        kept = told.kept[tier, True] / max(told.kept[tier, True] + told.kept[tier, False], 1)
        p50, p90 = np.percentile(days, (50, 90))
        print(f"{tier:<10}{len(days):>9}{p50:>10.1f}{p90:>10.1f}{kept:>28.1%}")
    if told.ginis:
        mean, most, spread = np.mean(told.load), max(told.load), np.mean(told.ginis)
        print(f"assignments per expert: mean {mean:.2f}, most {most}, Gini {spread:.2f} a network")


def _plot(told: Figures, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    curves = {tier: np.sort(days) for tier, days in sorted(told.days.items())}
    (folder / "time-to-answer.svg").write_text(_curves(curves, "days from question to answer", "share answered"), "utf-8")
    load = np.bincount(told.load)
    (folder / "load.svg").write_text(_bars(load / max(load.sum(), 1), "assignments of one expert", "share of experts"), "utf-8")


def _curves(curves: dict[str, np.ndarray], across: str, up: str) -> str:
    furthest = max((float(np.percentile(days, 99)) for days in curves.values() if len(days)), default=1.0)
    lines = []
    for number, (name, days) in enumerate(curves.items()):
        steps = np.linspace(0, furthest, 120)
        shares = np.searchsorted(days, steps, "right") / len(days)
        points = " ".join(f"{60 + 520 * x / furthest:.1f},{320 - 280 * y:.1f}" for x, y in zip(steps, shares, strict=True))
        colour = COLOURS[number % len(COLOURS)]
        lines.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{points}"/>')
        lines.append(f'<text x="480" y="{240 + 18 * number}" fill="{colour}">{name}</text>')
    return _framed(lines, across, up, f"{furthest:.0f}")


def _bars(shares: np.ndarray, across: str, up: str) -> str:
    wide = 520 / max(len(shares), 1)
    tallest = float(shares.max()) if len(shares) else 1.0
    bars = [
        f'<rect x="{60 + wide * at:.1f}" y="{320 - 280 * share / tallest:.1f}" width="{max(wide - 1, 1):.1f}" '
        f'height="{280 * share / tallest:.1f}" fill="{COLOURS[0]}"/>'
        for at, share in enumerate(shares)
    ]
    return _framed(bars, across, up, str(len(shares) - 1), f"{tallest:.0%}")


def _framed(inside: Sequence[str], across: str, up: str, right: str, top: str = "100%") -> str:
    frame = '<path d="M60 40V320H580" fill="none" stroke="#444"/>'
    words = (
        f'<text x="320" y="352" text-anchor="middle">{across}</text><text x="60" y="28">{up}</text>'
        f'<text x="60" y="338" text-anchor="middle">0</text><text x="580" y="338" text-anchor="middle">{right}</text>'
        f'<text x="54" y="46" text-anchor="end">{top}</text>'
    )
    style = 'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 620 364" font-family="sans-serif" font-size="13" fill="#222"'
    return f"<svg {style}>{frame}{words}{''.join(inside)}</svg>\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--seeds", type=int, default=2000)
    parser.add_argument("--from", dest="first", type=int, default=0)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--small", action="store_true", help="the size of the tests")
    parser.add_argument("--questions", type=int, default=40, help="questions of one network in five years")
    parser.add_argument("--minutes", type=float, default=180)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--notes", help="a file in which each seed is written down; seeds that are there are not played again")
    parser.add_argument("--plots", help="a folder for two SVG files")
    raise SystemExit(main(parser.parse_args()))
