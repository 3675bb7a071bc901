"""What each line of a reply is: the sender's own, quoted, or the header of a quoted letter.

In: lines and the quote headers found in them. Out: a `Plan`. Where a letter stands unquoted its header says where it begins,
and the last line of our own letters where it ends.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from bot.mail.elsewhere import is_tinted_by_two
from bot.mail.lines import Line
from bot.mail.shapes import MARKER, WORDS, QuoteHeader
from bot.mail.trailers import kept_until

INITIALS = re.compile(r"\s?[A-Z]{1,4}>")


@dataclass(slots=True)
class Plan:
    """Of each line whether it is `own`, `quote` or `header`. Nothing from `end` on is the sender's; `review`: why a person should
    look. `letter`: from where to where our own letter stands unquoted.
    """

    lines: list[Line]
    kinds: list[str]
    end: int
    review: str | None = None
    letter: tuple[int, int] | None = None


def with_initials(lines: list[Line]) -> list[Line]:
    """`MR> text`, as some clients quote, counts as quoted when several lines in a row or the line above say so."""
    found = [INITIALS.match(line.raw) if not line.depth else None for line in lines]
    often = {mark for mark, count in Counter(hit.group().strip() for hit in found if hit).items() if count > 1}
    marked = [hit is not None and hit.group().strip() in often for hit in found]
    if not often:
        return lines
    return [
        Line(line.raw, INITIALS.sub("", line.raw, count=1), 1, line.mark) if hit else line
        for line, hit in zip(lines, marked, strict=True)
    ]


def planned(lines: list[Line], headers: list[QuoteHeader]) -> Plan:
    kinds = ["quote" if line.depth else "own" for line in lines]
    for header in headers:
        kinds[header.start : header.end] = ["header"] * (header.end - header.start)
    plan = Plan(lines, _mended(lines, kinds), len(lines))
    hard = next((header for header in headers if header.hard), None)
    last = next((at for at in range(len(lines) - 1, -1, -1) if not lines[at].depth and MARKER.search(lines[at].text)), None)
    if hard is not None and is_tinted_by_two(lines, hard, headers):
        plan.kinds[hard.end :] = ["own" if line.tinted else "quote" for line in lines[hard.end :]]
    elif hard is not None:
        _read_hard(plan, hard, hard is headers[0], last)
    elif last is not None:
        plan.kinds = ["own"] * len(lines)
        plan.review = "our letter stands in it without quote marks"
    return plan


def _read_hard(plan: Plan, hard: QuoteHeader, first: bool, last: int | None) -> None:
    """Unquoted letters go on to the end, or to the last line of our own letters, below which somebody may have answered."""
    own_above = _has_words(plan, 0, hard.start)
    if last is not None and last >= hard.end:
        plan.kinds[hard.end : last + 1] = ["quote"] * (last + 1 - hard.end)
        plan.letter = (hard.start, last + 1)
        if own_above and _has_words(plan, last + 1, len(plan.lines)):
            plan.review = "words stand above and below the quoted letter"
        elif own_above:
            plan.end = hard.start
    elif own_above:
        plan.end = hard.start
    elif first:
        plan.review = "nothing stands above the quoted letter: all of it is shown"


def _mended(lines: list[Line], kinds: list[str]) -> list[str]:
    """A quoted line that was wrapped leaves its last words unquoted: they are taken back to their sentence."""
    mended = kinds[:]
    for at in range(1, len(lines) - 1):
        if kinds[at] == "own" and kinds[at - 1] == kinds[at + 1] == "quote" and _is_rest(lines[at - 1], lines[at], lines[at + 1]):
            mended[at] = "quote"
    return mended


def _is_rest(above: Line, line: Line, below: Line) -> bool:
    text = line.raw.strip()
    if not text or len(above.raw) < 60 or len(text) > 30 or above.depth != below.depth or below.blank:
        return False
    # Only where the quoted sentence visibly runs on over the break; a short answer is never taken for its rest.
    return (
        text[:1].islower()
        and not re.search(r"[.!?:;]\s*$", above.text)
        and (below.text[:1].islower() or not re.search(r"[.!?]$", text))
    )


def _has_words(plan: Plan, start: int, end: int) -> bool:
    last, _ = kept_until(plan.lines, start, end) if start < end else (end, None)
    return any(plan.kinds[at] == "own" and WORDS.search(plan.lines[at].text) for at in range(start, last))
