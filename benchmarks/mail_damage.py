"""Damaged mails by the million, read by the service's own child process: does reading ever fail, hang or grow?

    python -m benchmarks.mail_damage [COUNT] [SEED] [--children N] [--more FOLDER] [--notes FILE]

Each mail goes through `pool.Reader`, the very process with the limits of the service (5 s of processor, 512 MiB). A fault is a
mail our own code could not cope with; a stop is a mail that passed a limit of time or memory: a hang cannot hide, whatever else
the machine does. Work goes in chunks of 2,000; with
`--notes FILE` every finished chunk is noted there, so that a run may be interrupted and taken up again. A mail is named by its
chunk and its number: `mutated(seeds, N + 1, seed=SEED * 1_000_000 + CHUNK)` gives it again. `--more` adds real mails of a folder.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path

from bot.mail.config import MailConfig
from bot.mail.pool import Reader
from routing.values import Incoming, Unreadable
from tests.bot.mail.generator import mails
from tests.bot.mail.mutations import mutated

CONFIG = MailConfig(own_addresses=("questions@rrm.example",), reply_domain="rrm.example", authserv_id="mx.rrm.example")
SPECIMENS = Path(__file__).resolve().parents[1] / "tests" / "mails"
CHUNK = 2_000
BOUND_MIB = 512


@dataclass(slots=True)
class Tally:
    """What became of the mails of one chunk, or of all. Seconds are wall time, pipe and waiting included; memory in MiB."""

    chunk: int = -1
    count: int = 0
    results: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    stops: list[str] = field(default_factory=list)
    slowest: float = 0.0
    slowest_mail: str = ""
    peak_mib: float = 0.0
    seconds: float = 0.0

    def add(self, name: str, item: Incoming | Unreadable, seconds: float) -> None:
        self.count += 1
        reason = item.reason if isinstance(item, Unreadable) else item.kind.value
        self.results[reason] += 1
        if "could not be read" in reason:
            self.faults.append(f"{name}: {reason}")
        elif "was stopped" in reason:
            self.stops.append(f"{name}: {reason}")
        if seconds > self.slowest:
            self.slowest, self.slowest_mail = seconds, name

    def join(self, other: Tally) -> None:
        self.count += other.count
        self.results.update(other.results)
        self.faults += other.faults
        self.stops += other.stops
        self.seconds += other.seconds
        self.peak_mib = max(self.peak_mib, other.peak_mib)
        if other.slowest > self.slowest:
            self.slowest, self.slowest_mail = other.slowest, other.slowest_mail


def main(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    done = _noted(options.notes)
    chunks = [number for number in range(-(-options.count // CHUNK)) if number not in done]
    asyncio.run(_work(chunks, options, done))
    total = Tally()
    for number in sorted(done):
        total.join(done[number])
    return _say(total, options.seed)


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="mail_damage")
    parser.add_argument("count", nargs="?", type=int, default=1_000_000)
    parser.add_argument("seed", nargs="?", type=int, default=1)
    parser.add_argument("--children", type=int, default=1)
    parser.add_argument("--more", type=Path, default=None)
    parser.add_argument("--notes", type=Path, default=None)
    return parser.parse_args(arguments)


def _noted(notes: Path | None) -> dict[int, Tally]:
    """Chunks that an earlier run finished."""
    if notes is None or not notes.exists():
        return {}
    found = (json.loads(line) for line in notes.read_text("utf-8").splitlines() if line.strip())
    return {one["chunk"]: Tally(**(one | {"results": Counter(one["results"])})) for one in found}


async def _work(chunks: list[int], options: argparse.Namespace, done: dict[int, Tally]) -> None:
    seeds = _seeds(options.more)
    waiting = iter(chunks)

    async def one_child() -> None:
        reader = Reader(CONFIG)
        await reader.start()
        try:
            for number in waiting:
                done[number] = await _chunk(reader, seeds, options.seed, number)
                _note(options.notes, done[number])
        finally:
            await reader.close()

    await asyncio.gather(*(one_child() for _ in range(options.children)))


def _seeds(more: Path | None) -> list[bytes]:
    """Good mails to damage: the specimens, a few of every generated client, and the files of a folder."""
    files = [*sorted(SPECIMENS.glob("*.eml")), *(sorted(one for one in more.rglob("*") if one.is_file()) if more else ())]
    return [file.read_bytes() for file in files] + [made.raw for made in mails(seed=1, count=100)]


async def _chunk(reader: Reader, seeds: list[bytes], seed: int, number: int) -> Tally:
    tally, started = Tally(number), time.monotonic()
    for at, raw in enumerate(mutated(seeds, CHUNK, seed=seed * 1_000_000 + number)):
        asked = time.monotonic()
        tally.add(f"chunk {number} mail {at}", await reader.read(raw, {}), time.monotonic() - asked)
    tally.seconds = time.monotonic() - started
    await reader.close()  # its peak of memory is known once it has ended
    tally.peak_mib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return tally


def _note(notes: Path | None, tally: Tally) -> None:
    if notes is not None:
        notes.parent.mkdir(parents=True, exist_ok=True)
        with notes.open("a", encoding="utf-8") as file:
            file.write(json.dumps({one.name: getattr(tally, one.name) for one in fields(tally)}) + "\n")


def _say(total: Tally, seed: int) -> int:
    print(f"{total.count} damaged mails, seed {seed}, {total.seconds:.0f} s of reading: {len(total.faults)} uncaught exceptions,")
    print(f"  {len(total.stops)} stopped for time or memory, slowest {total.slowest:.3f} s by the clock ({total.slowest_mail}),")
    print(f"  largest child {total.peak_mib:.0f} MiB of {BOUND_MIB}")
    for result, times in total.results.most_common():
        print(f"  {result:70} {times}")
    for line in (*total.faults, *total.stops):
        print(f"  {line}")
    return 1 if total.faults or total.stops else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
