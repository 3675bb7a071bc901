"""How many questions the whole service takes a second, and how long an asker waits for the first letter.

    python benchmarks/throughput.py [--questions 1000] [--patience 1800]

Half of the questions come by mail (LMTP), half by Telegram, from as many people; `rrm serve` with SQLite, the bundled model and
the shipped collection proposes fiches or finds an expert, and its letters are delivered. Then the peers' journals are compared
with the database. Ends with 1 when anything is lost or doubled.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import sys
import tempfile
import time
from pathlib import Path
from statistics import quantiles

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import func, select

from benchmarks.served import COLLECTION, Served
from routing.models import InboxMessage, OutboxMessage, Question

FEEDERS = 4


async def measure(many: int, patience: float) -> int:
    texts = [json.loads(line)["text"] for line in (COLLECTION / "questions.jsonl").read_text("utf-8").splitlines() if line]
    with tempfile.TemporaryDirectory(prefix="rrm-throughput-") as folder:
        async with Served(Path(folder)) as served:
            watch = asyncio.create_task(_watch(served))
            began = time.monotonic()
            numbers = iter(zip(range(1, many + 1), itertools.cycle(texts), strict=False))
            await asyncio.gather(*(_feed(served, numbers) for _ in range(FEEDERS)))
            taken = time.monotonic() - began
            done = await served.settled(patience)
            seconds = time.monotonic() - began
            watch.cancel()
            memory = sum(pss for pss, _ in served.memory().values())
            await served.stop()
            verdict = served.verdict()
            _report(served, many, taken, seconds, done, max(*served.samples, memory), memory)
    print("breaches:", *(verdict.breaches or ["none"]), sep="\n  ")
    print(", ".join(f"{name} {count}" for name, count in sorted(verdict.facts.items())))
    return bool(verdict.breaches) or not done


async def _feed(served, numbers):
    """Mail waits for its 250, as a border server does; Telegram keeps what was said until it is fetched."""
    for number, text in numbers:
        words = f"ref{number}z"
        served.history.asked.add(words)
        if number % 2:
            await served.ask_by_mail(number, f"{text} ({words})")
        else:
            served.ask_by_chat(1000 + number, f"{text} ({words})")


async def _watch(served):
    served.samples = [0.0]
    began = time.monotonic()
    while True:
        memory = await asyncio.to_thread(lambda: sum(pss for pss, _ in served.memory().values()))
        served.samples.append(memory)
        left = await asyncio.to_thread(served.left)
        seconds = time.monotonic() - began
        print(f"  {seconds:6.0f} s, {len(served.mail.mails)} mails out, {memory:.0f} MiB, left {left}", flush=True)
        await asyncio.sleep(5)


def _report(served, many, taken, seconds, done, peak, final):
    waited = _waited(served)
    print(f"{many} questions, {len(waited)} with a first letter, in {seconds:.1f} s: {len(waited) / seconds:.1f} questions/s")
    print(f"taken in (250 said, updates queued) within {taken:.1f} s; everything due done: {done}")
    if len(waited) > 1:
        cuts = quantiles(sorted(waited), n=100)
        p50, p95 = cuts[49], cuts[94]
        print(f"from acceptance to the first letter sent: p50 {p50:.1f} s, p95 {p95:.1f} s, longest {max(waited):.1f} s")
    print(f"memory of all processes (PSS): peak {peak:.0f} MiB, at the end {final:.0f} MiB")


def _waited(served):
    first = (
        select(OutboxMessage.question_id, func.min(OutboxMessage.sent_at).label("at"))
        .where(OutboxMessage.sent_at.is_not(None))
        .group_by(OutboxMessage.question_id)
        .subquery()
    )
    found = (
        select(InboxMessage.received_at, first.c.at)
        .select_from(Question)
        .join(InboxMessage, InboxMessage.id == Question.inbox_id)
        .join(first, first.c.question_id == Question.id)
    )
    with served.store.snapshot() as session:
        return [(sent - received).total_seconds() for received, sent in session.execute(found)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--patience", type=float, default=1800.0)
    told = parser.parse_args()
    return asyncio.run(measure(told.questions, told.patience))


if __name__ == "__main__":
    raise SystemExit(main())
