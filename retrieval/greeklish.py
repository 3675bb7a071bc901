"""Greek typed in Latin letters. In: a text. Out: Greek spelling good enough to search with, or None where it is no Greeklish.

People who answer from a phone write "pos leitourgei i mathiteia"; the model has hardly seen such text. Letters are guessed one by
one (i for η, ι, υ, ει and οι alike), which the model forgives. There are several habits, by sound, by shape and by the standard
(ELOT 743); what an x, an h or a b stands for follows from the other letters that somebody uses.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from itertools import product
from pathlib import Path

_LISTED = Path(__file__).parent / "share" / "greeklish.toml"
_ENOUGH, _SHARE = 2, 0.2
_WORD = re.compile(r"\w+")
# All usual Latin spellings of a Greek sound.
_SPELLINGS = {
    **{"ου": "ou oy u", "αυ": "af av au ay", "ευ": "ef ev eu ey", "αι": "ai e", "ει": "ei i", "οι": "oi i", "μπ": "mp b"},
    **{"ντ": "nt d", "γκ": "gk g", "β": "v b", "γ": "g y", "η": "i h", "θ": "th 8 9", "ξ": "ks x 3", "υ": "i y u"},
    **{"φ": "f ph", "χ": "x h ch", "ψ": "ps", "ω": "o w"},
    **dict(zip("αδεζικλμνοπρσςτ", "adeziklmnoprsst", strict=True)),
}
_SOUND = re.compile("|".join(_SPELLINGS))
_LATIN_PAIRS = "mp nt gk gg th ch ps ks ou oy ei oi ai eu ef ev ey au af av ay ts tz ph"
_GREEK_PAIRS = "μπ ντ γκ γγ θ χ ψ ξ ου ου ει οι αι ευ ευ ευ ευ αυ αυ αυ αυ τσ τζ φ"
_PAIRS = dict(zip(_LATIN_PAIRS.split(), _GREEK_PAIRS.split(), strict=True))
_LETTERS = str.maketrans("abgdezhiklmnxoprstufywvqjc893", "αβγδεζηικλμνξοπρστυφυωβθξκθθξ")
_GUESS = re.compile("|".join(_PAIRS))
# An h before a vowel is what others write as ch; an x is one, too, but where a word begins like ξέρω or ξενοδοχείο.
_H_AS_CH, _X_AS_CH = re.compile(r"(?<![cpt])h(?=[aeiouwy])"), re.compile(r"x(?!(?<=\bx)e(?!i))")


def to_greek(text: str, language: str | None = None) -> str | None:
    """The text in Greek letters if it is Greeklish, else None; `language` is the one that it is taken for, if any."""
    low = text.lower()
    if not _is_greeklish(_WORD.findall(low), language in (None, "el")):
        return None
    greek = _WORD.sub(lambda word: _spelt(word[0]), _by_one_habit(low))
    return re.sub(r"σ(?!\w)", "ς", greek)


def _is_greeklish(words: list[str], is_likely: bool) -> bool:
    """Whether enough of the words are Greek; where that is not likely, words that other languages have as well do not count."""
    telling, also_elsewhere = _telling()
    sure = sum(word in telling for word in words)
    all_in_all = sure + sum(word in also_elsewhere for word in words)
    return sure >= (1 if is_likely else _ENOUGH) and all_in_all >= max(_ENOUGH, _SHARE * len(words))


def _by_one_habit(text: str) -> str:
    if "ch" not in text:
        text = _X_AS_CH.sub("ch", _H_AS_CH.sub("ch", text))
    return text.replace("b", "mp") if "v" in text else text


def _spelt(word: str) -> str:
    return word if word.isdigit() else _GUESS.sub(lambda pair: _PAIRS[pair[0]], word).translate(_LETTERS)


@cache
def _telling() -> tuple[frozenset[str], frozenset[str]]:
    """Latin spellings of frequent Greek words: those that only Greek has, and those that other languages have as well."""
    listed = tomllib.loads(_LISTED.read_text("utf-8"))
    elsewhere = frozenset(listed["elsewhere"].split())
    spelt = frozenset(spelling for word in listed["words"].split() for spelling in _spellings(word))
    longer = frozenset(spelling for spelling in spelt if len(spelling) > 1)
    return longer - elsewhere, longer & elsewhere


def _spellings(word: str) -> list[str]:
    sounds = [_SPELLINGS[sound].split() for sound in _SOUND.findall(word)]
    return ["".join(letters) for letters in product(*sounds)]
