"""Letters as Telegram takes them: cut into parts at the most natural places, counted in UTF-16 units; quotes and labels marked.

In: plain text. Out: parts of it; joined again, nothing but blanks at the cuts is missing.
https://core.telegram.org/bots/api#sendmessage (4096 characters after parsing)
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby

from routing.letters import Line, Part, lines_of

# where a reader would draw breath, best first
CUTS = ("\n\n", "\n", ". ", " ")


@dataclass(frozen=True, slots=True)
class Piece:
    """What fits into one message: the plain text, and the same with Telegram's HTML marks."""

    text: str
    html: str


@dataclass(frozen=True, slots=True)
class _Fragment:
    """What a message holds of one line."""

    html: str
    is_quote: bool


def split(text: str, limit: int) -> list[Piece]:
    """`text` in pieces of at most `limit` UTF-16 units, none empty, no character torn."""
    text = text.strip()
    lines = lines_of(text)
    starts = list(accumulate((len(line.text) + 1 for line in lines), initial=0))
    return [Piece(text[start:end], _marked(_fragments(lines, starts, start, end))) for start, end in _spans(text, limit)]


def _spans(text: str, limit: int) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        if text[start].isspace():
            start += 1
            continue
        end = reach(text, start, limit)
        if end < len(text):
            end = best_cut(text, start, end)
        yield start, start + len(text[start:end].rstrip())
        start = end


def reach(text: str, start: int, limit: int) -> int:
    """The furthest index up to which `text[start:]` fits into `limit` units."""
    used = 0
    for index in range(start, len(text)):
        used += 2 if ord(text[index]) > 0xFFFF else 1
        if used > limit:
            return index
    return len(text)


def best_cut(text: str, start: int, end: int) -> int:
    """A cut in the second half of what fits, so that no part is a mere scrap."""
    half = start + (end - start) // 2
    for cut in CUTS:
        # one more character is looked at: a blank right behind the limit is a fine place too
        found = text.rfind(cut, half, end + len(cut))
        if found > start:
            return min(found + len(cut.rstrip()), end) if cut == ". " else min(found, end)
    return end


def units(text: str) -> int:
    return len(text) + sum(1 for char in text if ord(char) > 0xFFFF)


def slice_units(text: str, offset: int, length: int) -> str:
    """The piece an entity points at; an entity that tears a character or lies outside gives what is there."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    return encoded[2 * offset : 2 * (offset + length)].decode("utf-16-le", "ignore")


def escaped(text: str) -> str:
    """Nothing that people wrote is markup: https://core.telegram.org/bots/api#html-style names these three characters."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _marked(fragments: Iterable[_Fragment]) -> str:
    """Telegram sets a quote apart by itself: the empty line on each side of it goes."""
    runs = [(is_quote, [one.html for one in some]) for is_quote, some in groupby(fragments, key=lambda one: one.is_quote)]
    quotes = [is_quote and any(line.strip() for line in lines) for is_quote, lines in runs]
    blocks = []
    for (_, lines), before, is_quote, after in zip(runs, [False, *quotes], quotes, [*quotes[1:], False], strict=False):
        if is_quote:
            blocks.append("<blockquote>" + "\n".join(lines) + "</blockquote>")
            continue
        first = 1 if before and len(lines) > 1 and not lines[0] else 0
        last = -1 if after and len(lines) > first + 1 and not lines[-1] else None
        blocks.append("\n".join(lines[first:last]))
    return "\n".join(blocks)


def _fragments(lines: Sequence[Line], starts: Sequence[int], start: int, end: int) -> Iterator[_Fragment]:
    """The lines of `text[start:end]` as Telegram's HTML: a quote without its "> ", and what stands out in bold."""
    for at in range(bisect_right(starts, start) - 1, bisect_left(starts, end)):
        line, first, last = lines[at], max(start - starts[at], 0), min(end - starts[at], len(lines[at].text))
        is_quote = line.part is Part.QUOTE
        if is_quote and first == 0:
            first = min(len("> "), last)
        strong, rest = escaped(line.text[first : min(line.strong, last)]), escaped(line.text[max(first, line.strong) : last])
        yield _Fragment((f"<b>{strong}</b>" if strong else "") + rest, is_quote)


def clean(text: str) -> str:
    """Without NUL and halves of characters, which no database and no request can carry."""
    return text.replace("\x00", "").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
