"""Plain-text hygiene. In: any string a stranger may send. Out: text that every later step can take, in linear time."""

from __future__ import annotations

import re
import unicodedata

QUESTION_LIMIT = 8_000
PASSAGE_LIMIT = 20_000
_SURROGATES = re.compile("[\ud800-\udfff]")
_GAPS = re.compile(r"\s+")

# Letters that Unicode does not decompose, and the Turkish pair: every i, dotted or not, becomes one letter.
_FOLDS = str.maketrans({"ı": "i", "ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ς": "σ"})


def clean(text: str, limit: int = QUESTION_LIMIT) -> str:
    """NFKC without NULs and lone surrogates, at most `limit` characters (before and after: NFKC may grow a text 18-fold)."""
    text = _SURROGATES.sub("\ufffd", text[:limit]).replace("\0", "")
    return unicodedata.normalize("NFKC", text)[:limit]


def fold(text: str) -> str:
    """Lower case without accents, so that "Brașov", "BRASOV" and "brasov" are one word; Greek loses its tonos, Turkish its dotless i."""
    bare = unicodedata.normalize("NFD", text.lower())
    return "".join(c for c in bare if not unicodedata.combining(c)).translate(_FOLDS)


def squeeze(text: str) -> str:
    """One space wherever there was white space."""
    return _GAPS.sub(" ", text).strip()
