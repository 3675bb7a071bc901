"""Damaged mails by the million: does reading ever raise, and how long does the slowest take?

    python -m benchmarks.mail_damage [COUNT] [SEED] [FOLDER of more seeds]

Each mail is named by its number, so `mutated(seeds, N + 1, SEED)` gives it again. One million takes most of an hour on one core.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

from bot.mail.config import MailConfig
from bot.mail.parse import read
from routing.values import Unreadable
from tests.bot.mail.generator import mails
from tests.bot.mail.mutations import mutated

CONFIG = MailConfig(own_addresses=("questions@rrm.example",), reply_domain="rrm.example", authserv_id="mx.rrm.example")
SPECIMENS = Path(__file__).resolve().parents[1] / "tests" / "mails"


def main(count: int = 1_000_000, seed: int = 1, folder: str = "") -> int:
    files = [*SPECIMENS.glob("*.eml"), *(Path(folder).glob("*") if folder else ())]
    seeds = [file.read_bytes() for file in sorted(files) if file.is_file()] + [made.raw for made in mails(seed, 100)]
    results: Counter[str] = Counter()
    slowest, slowest_number, faults = 0.0, 0, 0
    for number, raw in enumerate(mutated(seeds, count, seed)):
        started = time.process_time()
        item = read(raw, config=CONFIG, envelope={})
        spent = time.process_time() - started
        if spent > slowest:
            slowest, slowest_number = spent, number
        results[item.reason if isinstance(item, Unreadable) else item.kind.value] += 1
        if isinstance(item, Unreadable) and "could not be read" in item.reason:
            faults += 1
            print(f"fault: mail {number} of seed {seed}: {item.reason}")
    print(f"{count} damaged mails, seed {seed}: {faults} faults, slowest {slowest:.3f} s (mail {slowest_number})")
    for result, times in results.most_common():
        print(f"  {result:50} {times}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*(int(one) if one.isdigit() else one for one in sys.argv[1:])))  # type: ignore[arg-type]
