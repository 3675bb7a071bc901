"""How a letter's plain text is built, so that each channel can show it in its own way.

In: the text of a letter. Out: its lines, each with the part that it plays and how much of it stands out. The plain text stays
complete by itself; what is read here are the habits of the templates: quotes behind "> ", lists behind "- ", somebody's whole
answer between two rules, a numbered title above its details, and words before a colon that say what follows. Somebody's own
words never stand out: those of a quote and of an answer are left as they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

RULE = "———"
_QUOTE = re.compile(r">(?: |$)")
_TITLE = re.compile(r"\d{1,2}\. \S")
# A few words in front of a colon; what has a comma or another mark inside is a sentence; what is in quotation marks, somebody's.
_LABEL = re.compile(r"[^\W_][^\n.:,;·!?¿«»„“”\"‘()]{1,46}:(?= |$)")


class Part(Enum):
    """What a line of a letter is."""

    OURS = "ours"
    QUOTE = "quote"
    ANSWER = "answer"
    TITLE = "title"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Line:
    """`text` as it stands in the letter, its mark included; the first `strong` characters stand out."""

    text: str
    part: Part
    strong: int = 0


def lines_of(text: str) -> list[Line]:
    """All lines of a letter, empty ones included: joined by line ends they are the text again."""
    bare = text.split("\n")
    shown: list[Line] = []
    is_answer = False
    for before, line, after in zip(["", *bare], bare, [*bare[1:], ""], strict=False):
        if line == RULE:
            is_answer = not is_answer
        shown.append(_answer_line(line) if is_answer and line != RULE else _own_line(before, line, after))
    return shown


def paragraphs_of(lines: list[Line]) -> list[list[Line]]:
    """The lines between empty ones; a rule, a quote and an answer are paragraphs of their own."""
    edges = [0, *(at for at, (one, other) in enumerate(pairwise(lines), 1) if _parts(one, other)), len(lines)]
    return [some for start, end in pairwise(edges) if (some := [line for line in lines[start:end] if line.text.strip()])]


def _parts(one: Line, other: Line) -> bool:
    alone = {Part.RULE, Part.QUOTE, Part.ANSWER}
    return not one.text.strip() or not other.text.strip() or (one.part is not other.part and bool({one.part, other.part} & alone))


def _answer_line(line: str) -> Line:
    return Line(line, Part.QUOTE if _QUOTE.match(line) else Part.ANSWER)


def _own_line(before: str, line: str, after: str) -> Line:
    if line == RULE:
        return Line(line, Part.RULE)
    if _QUOTE.match(line):
        return Line(line, Part.QUOTE)
    if _TITLE.match(line) and not before and after and not _TITLE.match(after):
        return Line(line, Part.TITLE, len(line))
    label = _LABEL.match(line)
    return Line(line, Part.OURS, label.end() if label else 0)
