"""How well own words are told from quoted ones, on generated mails with known truth.

    python -m benchmarks.mail_replies [COUNT] [SEED]

Prints how many mails lost an own sentence, in how many quoted sentences were left over unsaid, and how many wait for a person.
"""

from __future__ import annotations

import sys
import time
from collections import Counter

from bot.mail.config import MailConfig
from bot.mail.parse import read
from tests.bot.mail.generator import CLIENTS, TONGUES, Made, mails

CONFIG = MailConfig(own_addresses=("questions@rrm.example",), reply_domain="rrm.example")


def main(count: int = 4_000, seed: int = 1) -> int:
    tally, faults = Counter(), Counter()
    started = time.perf_counter()
    for made in mails(seed, count):
        verdict = judge(made)
        tally[verdict] += 1
        if verdict in ("lost", "left over"):
            faults[made.label] += 1
    seconds = time.perf_counter() - started
    print(f"{count} mails, {len(CLIENTS)} clients, {len(TONGUES)} languages, seed {seed}, {seconds / count * 1000:.2f} ms a mail")
    for verdict, number in tally.most_common():
        print(f"  {verdict:28} {number:6}  {number / count:.2%}")
    for label, number in faults.most_common(20):
        print(f"    {label}: {number}")
    return 1 if tally["lost"] or tally["left over"] > count * 0.01 else 0


def judge(made: Made) -> str:
    item = read(made.raw, config=CONFIG, envelope={})
    text = _flat(item.text)
    if any(_flat(one) not in text for one in made.own):
        return "lost"
    if item.review is not None:
        return "for a person (undecidable)" if made.undecidable else "for a person"
    if any(_flat(one) in text for one in made.quoted if one not in made.may_stay):
        return "left over"
    return "right"


def _flat(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    sys.exit(main(*(int(argument) for argument in sys.argv[1:])))
