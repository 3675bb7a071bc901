"""Long lists of phrases, searched fast and without regard to case and accents: many write "raspuns", and capitals "ΠΡΟΣΟΧΗ".

In: a regular expression written in lower case. Out: an object with `search`, `match` and `finditer`, whose positions hold for
the text as it was. Python's own flag for this makes a list of a hundred phrases five to twenty times slower, since it loses
the set of letters with which a match can begin.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

# Letters of Latin and Greek whose accent is a sign of its own, each on the letter below it
BARE = {
    code: ord(unicodedata.normalize("NFD", chr(code))[0])
    for code in (*range(0xE0, 0x250), *range(0x384, 0x3D0), *range(0x1E00, 0x1FFF))
    if len(unicodedata.normalize("NFD", chr(code))) > 1
} | {ord("ı"): ord("i"), ord("đ"): ord("d"), ord("ς"): ord("σ")}


class Wording:
    """Raises ValueError for a pattern with a capital letter outside an escape: it could never match."""

    __slots__ = ("_found",)

    def __init__(self, pattern: str):
        if re.search(r"(?<!\\)[A-ZΑ-Ω]", pattern):
            raise ValueError(f"phrases are written in lower case: {pattern[:60]}")
        self._found = re.compile(pattern.translate(BARE))

    def search(self, text: str) -> re.Match[str] | None:
        return self._found.search(lowered(text))

    def match(self, text: str) -> re.Match[str] | None:
        return self._found.match(lowered(text))

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self._found.finditer(lowered(text))


def lowered(text: str) -> str:
    """Lower case without accents, letter by letter where a letter has no single small one (the Turkish İ), so that every place
    stays its own."""
    return text.lower() if text.isascii() else _folded(text)


@lru_cache(maxsize=64)
def _folded(text: str) -> str:
    """Kept, since many lists look at the same few lines."""
    small = text.lower()
    return (small if len(small) == len(text) else "".join(letter.lower()[:1] for letter in text)).translate(BARE)
