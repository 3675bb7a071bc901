"""How much memory the service holds at rest, after it has answered one question: all its processes together.

    python benchmarks/memory.py [--limit 400] [--build]

`rrm serve` with SQLite, the bundled model, the shipped collection, Telegram and mail. PSS counts shared pages once. With
`--build` the service builds the index itself, which shows its peak. Ends with 1 when it holds more than `--limit` MiB.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.served import Served

QUESTION = "Apprentices work in a firm and learn at school: how do firms and schools train apprentices together?"


async def measure(build: bool) -> float:
    with tempfile.TemporaryDirectory(prefix="rrm-memory-") as folder:
        async with Served(Path(folder), index_first=not build) as served:
            show("started", served)
            await served.ask_by_mail(1, QUESTION)
            served.ask_by_chat(501, QUESTION)
            await served.settled(300 if build else 90)
            await asyncio.sleep(3)
            return show("at rest after a question by mail and one by Telegram", served)


def show(when: str, served: Served) -> float:
    found = served.memory()
    print(f"{when}:")
    for name, (pss, rss) in found.items():
        print(f"  {pss:7.1f} MiB PSS {rss:7.1f} MiB RSS  {name}")
    total, resident = (sum(one[column] for one in found.values()) for column in (0, 1))
    print(
        f"  {total:7.1f} MiB PSS {resident:7.1f} MiB RSS  together (peak of the service itself {served.peak():.1f})", flush=True
    )
    return total


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=float, default=400.0)
    parser.add_argument("--build", action="store_true")
    told = parser.parse_args()
    return asyncio.run(measure(told.build)) > told.limit


if __name__ == "__main__":
    raise SystemExit(main())
