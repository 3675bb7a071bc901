"""Whether one mail holds several questions, and which: numbered ones, or paragraphs that each ask something. Pure.

In: the words of a question. Out: its parts, in order and with no word left out; () where it is one question, or it is not plain
where one ends. Parts alone say nothing: people number what belongs together, too. So they count only where their meanings are
unlike (`are_unlike`), and then a coordinator is shown them (`routing.splitting`); nothing is ever split by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

MOST_PARTS, FEWEST_WORDS = 5, 5
_NUMBERED = re.compile(r"^[ \t]*\(?([1-9])[.)][ \t]+", re.MULTILINE)
_GREEK_QUESTION = re.compile(r"[α-ωά-ώ]\s*;", re.IGNORECASE)


def parts_of(text: str) -> tuple[str, ...]:
    """Two to five parts, each with a question of its own."""
    for parts in (_numbered(text), _paragraphs(text)):
        if 1 < len(parts) <= MOST_PARTS and all(_asks(part) and len(part.split()) >= FEWEST_WORDS for part in parts):
            return tuple(parts)
    return ()


def are_unlike(likeness: Iterable[float], below: float) -> bool:
    """Whether parts with these cosines, each with each other, are about different things."""
    cosines = tuple(likeness)
    return bool(cosines) and max(cosines) < below


def _numbered(text: str) -> Sequence[str]:
    """What stands behind "1.", "2)" and so on at the beginning of lines; what comes before the first belongs to it."""
    found = list(_NUMBERED.finditer(text))
    if [int(one[1]) for one in found] != list(range(1, len(found) + 1)):
        return ()
    edges = [0, *(one.start() for one in found[1:]), len(text)]
    return [text[start:end].strip() for start, end in pairwise(edges)]


def _paragraphs(text: str) -> Sequence[str]:
    """What leads to a question belongs to it, and what follows the last one to that."""
    parts: list[str] = []
    leading: list[str] = []
    for paragraph in (one.strip() for one in re.split(r"\n\s*\n", text) if one.strip()):
        leading.append(paragraph)
        if _asks(paragraph):
            parts.append("\n\n".join(leading))
            leading = []
    if parts and leading:
        parts[-1] = "\n\n".join((parts[-1], *leading))
    return parts


def _asks(text: str) -> bool:
    return "?" in text or _GREEK_QUESTION.search(text) is not None
