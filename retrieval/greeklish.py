"""Greek typed in Latin letters. In: a text. Out: Greek spelling good enough to search with, or None where it is no Greeklish.

People who answer from a phone write "pos leitourgei i mathiteia"; the model has hardly seen such text. Letters are guessed one by
one (i for η, ι, υ, ει and οι alike), which the model forgives.
"""

from __future__ import annotations

import re

from retrieval.text import word_list

_TELLTALE = word_list("greeklish")
_ENOUGH, _SHARE = 2, 0.2
_WORD = re.compile(r"[a-z0-9]+")
_LATIN_PAIRS = "mp nt gk gg th ch ps ks ou oy ei oi ai eu ef ev ey au af av ay ts tz ph"
_GREEK_PAIRS = "μπ ντ γκ γγ θ χ ψ ξ ου ου ει οι αι ευ ευ ευ ευ αυ αυ αυ αυ τσ τζ φ"
_SPELLINGS = dict(zip(re.findall(r"\w+", _LATIN_PAIRS), re.findall(r"\w+", _GREEK_PAIRS), strict=True))
_LETTERS = str.maketrans("abgdezhiklmnxoprstufywvqjc893", "αβγδεζηικλμνξοπρστυφυωβθξκθξθ")
_GUESS = re.compile("|".join(_SPELLINGS))


def to_greek(text: str) -> str | None:
    """The text in Greek letters if it is Greeklish, else None."""
    words = _WORD.findall(text.lower())
    telling = sum(word in _TELLTALE for word in words)
    if telling < _ENOUGH or telling < _SHARE * len(words):
        return None
    greek = _GUESS.sub(lambda pair: _SPELLINGS[pair[0]], text.lower()).translate(_LETTERS)
    return re.sub(r"σ(?!\w)", "ς", greek)
