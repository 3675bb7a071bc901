"""What somebody wrote without who signs it: experts read the question, not who asked.

In: the words of a message. Out: the same words without a goodbye and the card below it, or without a card that begins with a
name and tells how to reach somebody. Pure. Cut is only what stands at the end and has the shape of a signature, line by line:
a name that is left in tells a little too much, a sentence that is cut may have been the question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval import is_closing, is_postscript, is_thanks
from routing.words import without_signature

_LONGEST_CARD, _LONGEST_SIGNATURE = 10, 8  # lines that hold words; lines below a name, empty ones too
_FURTHEST = 4 * _LONGEST_CARD  # from the end, empty lines too: the text may be long
_MOST_WORDS, _MOST_WORDS_OF_A_NAME = 9, 5
_ENDED = re.compile(r"[.!?:;…]$")
_REACHED = re.compile(r"\w@\w|\+?\d(?:[ ()/.-]{0,2}\d){5,}")  # a page alone may be what is asked about
_PAGE = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
# Small words within names.
_OF = ("de", "del", "della", "di", "da", "do", "dos", "du", "la", "le", "van", "von", "der", "y", "e", "i", "of", "the")


def without_signer(text: str) -> str:
    """The words up to their signature, and a postscript; all of them where nothing else would be left."""
    lines = without_signature(text).split("\n")
    added = next((at for at in range(1, len(lines)) if is_postscript(lines[at])), len(lines))
    end = next((at for at in range(max(1, added - _FURTHEST), added) if _is_end(lines[at - 1 : added])), added)
    told = "\n\n".join(filter(None, ("\n".join(lines[:end]).strip(), "\n".join(lines[added:]).strip())))
    return told or text.strip()


def name_at(lines: Sequence[str]) -> int | None:
    """Where a name begins below which only short lines stand: the office, the telephone. None where nobody signs so."""
    for at in range(max(1, len(lines) - _LONGEST_SIGNATURE), len(lines)):
        below = _told(lines[at + 1 :])
        if _is_name(lines[at], alone=not below) and all(map(_is_short, below)):
            return at
    return None


def _is_name(line: str, *, alone: bool) -> bool:
    """Two to five words, each with a capital; a first name only where it stands `alone`."""
    words = [word for word in line.split() if word not in _OF]
    is_named = all(word[0].isupper() and word.strip(".,-'’").replace("-", "").isalpha() for word in words)
    return is_named and not _ENDED.search(line.rstrip()) and (1 if alone else 2) <= len(words) <= _MOST_WORDS_OF_A_NAME


def _is_end(lines: Sequence[str]) -> bool:
    """Whether the second of these lines and all below it sign; the first is what stands above."""
    above, first, below = lines[0], lines[1], _told(lines[2:])
    if len(below) > _LONGEST_CARD or not all(map(_is_of_a_card, below)):
        return False
    if is_closing(first) or (is_thanks(first) and below):
        return True
    # Without a goodbye only what is set off, begins with a name and says how to reach it
    return not above.strip() and _is_name(first, alone=False) and any(map(_REACHED.search, below))


def _told(lines: Sequence[str]) -> list[str]:
    return [line for line in lines if line.strip()]


def _is_of_a_card(line: str) -> bool:
    return _is_short(line) or is_closing(line) or _tells_how_to_reach(line)


def _tells_how_to_reach(line: str) -> bool:
    is_brief = len(line.split()) <= 2 * _MOST_WORDS and not line.rstrip().endswith(("?", ";"))
    return is_brief and (_REACHED.search(line) or _PAGE.search(line)) is not None


def _is_short(line: str) -> bool:
    return len(line.split()) <= _MOST_WORDS and not line.rstrip().endswith((".", "!", "?", ";", "…"))
