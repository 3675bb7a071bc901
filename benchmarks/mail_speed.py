"""Speed and outcome of cutting replies, beside other parsers where they are installed.

    python -m benchmarks.mail_speed [FOLDER with emails/ and trimmed/]

Without a folder only the times on generated replies are shown. The others (mail-parser-reply, email-reply-parser) are not
needed by the project.
"""

from __future__ import annotations

import importlib.util
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from bot.mail.quotes import own_words

GENERATED = "Yes.\n\nOn 5 May 2025 at 10:04, Desk <d@rrm.example> wrote:\n"
HOSTILE = "On a " * 1_000


def main(folder: str = "") -> None:
    samples = _samples(Path(folder)) if folder else [(GENERATED + "> text\n" * n, "Yes.") for n in range(64)]
    for name, parse in _parsers().items():
        exact, lost, spent = _measure(parse, samples)
        outcome = f"exact {exact:3}/{len(samples)}  lost words in {lost:2}  {spent / len(samples) * 1000:7.3f} ms a mail"
        print(f"{name:24} {outcome}  5 KB of 'On a': {_time(lambda parse=parse: parse(HOSTILE)):.3f} s")


def _samples(folder: Path) -> list[tuple[str, str]]:
    return [
        (file.read_bytes().decode("utf-8", "replace"), (folder / "trimmed" / file.name).read_bytes().decode("utf-8", "replace"))
        for file in sorted((folder / "emails").glob("*.txt"))
    ]


def _parsers() -> dict[str, Callable[[str], str]]:
    parsers: dict[str, Callable[[str], str]] = {"this project": lambda text: own_words(text).text}
    if importlib.util.find_spec("mailparser_reply"):
        from mailparser_reply import EmailReplyParser as Reply

        parsers["mail-parser-reply"] = lambda text: (
            Reply(languages=["en", "de", "fr", "it", "es", "nl", "pl"]).parse_reply(text=text) or ""
        )
    if importlib.util.find_spec("email_reply_parser"):
        from email_reply_parser import EmailReplyParser

        parsers["email-reply-parser"] = EmailReplyParser.parse_reply
    return parsers


def _measure(parse: Callable[[str], str], samples: list[tuple[str, str]]) -> tuple[int, int, float]:
    exact = lost = 0
    started = time.perf_counter()
    for text, wanted in samples:
        kept = parse(text).split()
        exact += kept == wanted.split() or (not wanted.split() and kept == text.split())
        lost += bool(Counter(wanted.split()) - Counter(kept))
    return exact, lost, time.perf_counter() - started


def _time(run: Callable[[], str]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


if __name__ == "__main__":
    main(*sys.argv[1:])
