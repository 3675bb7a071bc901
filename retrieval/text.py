"""Plain-text hygiene. In: any string a stranger may send. Out: text that every later step can take, in linear time."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

QUESTION_LIMIT = 8_000
PASSAGE_LIMIT = 20_000
_SURROGATES = re.compile("[\ud800-\udfff]")

# Letters that Unicode does not decompose; every i, dotted or not, becomes one letter.
_LETTERS = {"ı": "i", "ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe"}
# ELOT 743 / ISO 843, letter by letter, so that names meet across scripts and "mathiteia" meets "μαθητεία".
_GREEK = dict(zip("αβγδεζηικλμνξοπρσςτυφω", "avgdeziiklmnxoprsstyfo", strict=True)) | {"θ": "th", "χ": "ch", "ψ": "ps"}
_PAIRS = re.compile("ου|ευ|αυ|μπ|ντ|γκ|γγ")
_GREEK_PAIRS = {"ου": "ou", "ευ": "ev", "αυ": "av", "μπ": "b", "ντ": "nt", "γκ": "gk", "γγ": "ng"}
_FOLDS = str.maketrans(_LETTERS | _GREEK)


class _WithoutMarks(dict[int, int | None]):
    """For `str.translate`: every character but combining marks; asks Unicode once for each it meets, up to a bound."""

    def __missing__(self, point: int) -> int | None:
        kept = None if unicodedata.combining(chr(point)) else point
        if len(self) < _REMEMBERED:
            self[point] = kept
        return kept


_REMEMBERED = 5_000
_WITHOUT_MARKS = _WithoutMarks()


def clean(text: str, limit: int = QUESTION_LIMIT) -> str:
    """NFKC without NULs and lone surrogates, at most `limit` characters (before and after: NFKC may grow a text 18-fold)."""
    text = _SURROGATES.sub("\ufffd", text[:limit]).replace("\0", "")
    return unicodedata.normalize("NFKC", text)[:limit]


@lru_cache(maxsize=64)
def fold(text: str) -> str:
    """Lower-case Latin letters without accents: "Brașov" meets "BRASOV", and "Θεσσαλονίκη" "thessaloniki"."""
    if text.isascii():
        return text.lower()
    bare = unicodedata.normalize("NFD", text.lower()).translate(_WITHOUT_MARKS)
    return _PAIRS.sub(lambda pair: _GREEK_PAIRS[pair[0]], bare).translate(_FOLDS)


def squeeze(text: str) -> str:
    """One space wherever there was white space."""
    return " ".join(text.split())


def word_list(name: str) -> frozenset[str]:
    """The words of `share/NAME.txt`; lines that begin with "#" are for its readers."""
    lines = (Path(__file__).parent / "share" / f"{name}.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
