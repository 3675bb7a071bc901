"""Mails read in a second, and the slowest in a hundred, beside other parsers on the same mails in one run.

    python -m benchmarks.mail_speed [COUNT] [FOLDER with emails/ and trimmed/]

Ordinary mails are generated replies of many clients and languages, in text, HTML and both. "reading" is all we do with raw bytes:
parts, charsets, both versions of the text, own words, kind and rule. The others (mail-parser-reply, email-reply-parser) take
decoded plain text and look for the reply only; they get the text of the same mails, and "own words" is ours on that text alone.
They are measured where they are installed: `pip install --target PLACE mail-parser-reply email-reply-parser`, PYTHONPATH=PLACE.
With a folder the outcome on its labelled mails is shown, too.
"""

from __future__ import annotations

import importlib.util
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from bot.mail.bodies import read_body
from bot.mail.config import MailConfig
from bot.mail.mime import read_tree
from bot.mail.parse import read
from bot.mail.quotes import own_words
from tests.bot.mail.generator import mails

CONFIG = MailConfig(own_addresses=("questions@rrm.example",), reply_domain="rrm.example")
HOSTILE = "On a " * 1_000
PEERS = ("mailparser_reply", "email_reply_parser")
Parser = Callable[[str], str]


def main(count: int = 2_000, folder: str = "") -> None:
    raws = [made.raw for made in mails(seed=7, count=count)]
    texts = [text for text in (_plain(raw) for raw in raws) if text]
    print(f"{len(raws)} ordinary mails, {len(texts)} of them with plain text")
    _show("this project, reading", _times(lambda raw: read(raw, config=CONFIG, envelope={}), raws))
    parsers = _parsers()
    for name, parse in parsers.items():
        _show(name, _times(parse, texts))
    print("5 KB of 'On a': " + ", ".join(f"{name} {_time(parse, HOSTILE):.3f} s" for name, parse in parsers.items()))
    for name in PEERS:
        if importlib.util.find_spec(name) is None:
            print(f"{name} is not installed here and was not measured")
    if folder:
        for name, parse in parsers.items():
            _show_outcome(name, parse, _samples(Path(folder)))


def _plain(raw: bytes) -> str:
    body = read_body(read_tree(raw))
    return body.plain if body.has_plain else ""


def _parsers() -> dict[str, Parser]:
    parsers: dict[str, Parser] = {"this project, own words": lambda text: own_words(text).text}
    if importlib.util.find_spec("mailparser_reply"):
        from mailparser_reply import EmailReplyParser as Reply  # type: ignore[import-not-found]

        peer = Reply(languages=["en", "de", "fr", "it", "es", "nl", "pl"])
        parsers["mail-parser-reply"] = lambda text: peer.parse_reply(text=text) or ""
    if importlib.util.find_spec("email_reply_parser"):
        from email_reply_parser import EmailReplyParser  # type: ignore[import-not-found]

        parsers["email-reply-parser"] = EmailReplyParser.parse_reply
    return parsers


def _times(parse: Callable[..., object], inputs: Iterable[object]) -> list[float]:
    """Seconds of processor for each; waiting for other programs of this machine is not counted."""
    times = []
    for one in inputs:
        started = time.process_time_ns()
        parse(one)
        times.append((time.process_time_ns() - started) / 1e9)
    return times


def _time(parse: Parser, text: str) -> float:
    return _times(parse, [text])[0]


def _show(name: str, times: list[float]) -> None:
    p99 = statistics.quantiles(times, n=100)[98] * 1000
    print(f"{name:26} {len(times) / sum(times):8.0f} mails/s   p99 {p99:7.2f} ms   slowest {max(times) * 1000:7.2f} ms")


def _samples(folder: Path) -> list[tuple[str, str]]:
    return [
        (file.read_bytes().decode("utf-8", "replace"), (folder / "trimmed" / file.name).read_bytes().decode("utf-8", "replace"))
        for file in sorted((folder / "emails").glob("*.txt"))
    ]


def _show_outcome(name: str, parse: Parser, samples: list[tuple[str, str]]) -> None:
    exact = lost = 0
    for text, wanted in samples:
        kept = parse(text).split()
        exact += kept == wanted.split() or (not wanted.split() and kept == text.split())
        lost += bool(Counter(wanted.split()) - Counter(kept))
    print(f"{name:26} exact {exact:3}/{len(samples)}   lost words in {lost}")


if __name__ == "__main__":
    main(*(int(one) if one.isdigit() else one for one in sys.argv[1:]))  # type: ignore[arg-type]
