"""Answers inside a letter without quote marks: announced above it, written in a colour, or the letter itself is the answer.

In: lines, what was kept of them, headers. Out: the reason why a person must see the whole, or None.
"""

from __future__ import annotations

import re
from itertools import takewhile

from bot.mail.lexicon import ANSWERS, BELOW, FORWARD, PASSES_ON
from bot.mail.lines import Line
from bot.mail.shapes import ADDRESS, MARKER, WORDS, Hints, QuoteHeader

NOT_OURS = "a letter that is not ours stands below, and may be the answer"
_FEW = 12  # words: "My colleague has answered this for you, see there"; quoted words that may say something


def is_tinted_by_two(lines: list[Line], hard: QuoteHeader, headers: list[QuoteHeader]) -> bool:
    """Two answers or more in a colour of their own between the lines of a letter without quote marks."""
    if hard is not headers[-1]:
        return False
    tints = [line.tinted for line in lines[hard.end :] if WORDS.search(line.text)]
    starts = sum(now and not before for before, now in zip([True, *tints], tints, strict=False))
    return starts >= 2


def answers_elsewhere(lines: list[Line], keep: list[bool], headers: list[QuoteHeader], hints: Hints) -> str | None:
    """ "See my answers below, in red": the words wanted stand inside the quoted letter, where little tells them apart."""
    own = " ".join(line.text for line, stays in zip(lines, keep, strict=True) if stays).strip()
    above = headers and any(keep[: headers[0].start])
    if above and headers[0].hard and (reason := _inside(lines, own, headers, hints)):
        return reason
    if _is_of_others(lines, own, headers, hints):
        return NOT_OURS
    if own.endswith((",", "،", "，")) and len(own.split()) <= 4:
        return "only a greeting stands above the quoted letter"
    return "the sender says that answers stand inside the quoted letter" if _points_below(own) else None


def _points_below(own: str) -> bool:
    """ "See my answers below", "Below.": a place, and in the same sentence what stands there, unless little else is said."""
    if len(own) > 300 or "://" in own:
        return False
    return any(_is_pointer(sentence) for sentence in re.split(r"(?<=[.!?。])\s|\n\n", own)[-3:])


def _is_pointer(sentence: str) -> bool:
    found = BELOW.search(sentence)
    if not found or len(sentence[found.end() :].split()) > 12:
        return False
    return len(sentence.split()) <= 3 or ANSWERS.search(sentence) is not None


def _passes_on(own: str) -> bool:
    """ "I forward the answer of our parks office": both in one sentence, and little else said."""
    sentences = re.split(r"(?<=[.!?。])\s|\n\n", own) if len(own) <= 300 else []
    return any(PASSES_ON.search(one) and ANSWERS.search(one) for one in sentences)


def _agrees_with_it(own: str) -> bool:
    """ "My colleague is right, see below": short, and it speaks of what stands below."""
    return len(own) <= 300 and "://" not in own and BELOW.search(own) is not None


def _inside(lines: list[Line], own: str, headers: list[QuoteHeader], hints: Hints) -> str | None:
    """Why the letter below, which has no quote marks, may hold what the sender wants to say."""
    head = " ".join(line.text for line in lines[headers[0].start : headers[0].end + 3])
    end = headers[1].start if len(headers) > 1 else len(lines)
    below = [line for line in lines[headers[0].end : end] if WORDS.search(line.text)]
    if any(line.tinted for line in below) and not all(line.tinted for line in below):
        return "the quoted letter holds words in another colour"
    if not hints.own or hints.names_us(head) or not ADDRESS.search(head):
        return None
    if hints.forwarded or FORWARD.search(head) or own.endswith((":", "：")) or _passes_on(own) or _agrees_with_it(own):
        return NOT_OURS
    return None


def _is_of_others(lines: list[Line], own: str, headers: list[QuoteHeader], hints: Hints) -> bool:
    """Whether what is quoted with marks begins with somebody else's letter: a forwarded one, or one that stands above ours while
    the sender says little beside it.
    """
    quoted = [line for line in lines if line.depth and WORDS.search(line.text)]
    if not hints.own or not quoted:
        return False
    head = " ".join(line.text for header in headers[:1] for line in lines[header.start : header.end])
    theirs = list(takewhile(lambda line: not (MARKER.search(line.text) or hints.names_us(line.text)), quoted))
    if sum(len(line.text.split()) for line in theirs) < _FEW:
        return False
    is_above_ours = ADDRESS.search(head) is not None and not hints.names_us(head) and len(theirs) < len(quoted)
    return hints.forwarded or (is_above_ours and len(own.split()) <= _FEW)
