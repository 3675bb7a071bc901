"""The network's languages, which of them somebody's words are in, and which ones somebody lists."""

from __future__ import annotations

import re

from retrieval import LANGUAGES, identify_language, short_code

__all__ = ["LANGUAGES", "language_of", "listed"]


def language_of(text: str, otherwise: str) -> str:
    """The language of the words, if it can be told and is one of the network's; else `otherwise`."""
    return identify_language(text) or otherwise


def listed(text: str) -> list[str]:
    """The languages that somebody lists ("IT; gr, en-GB"), each once, also such as the network does not speak.

    Raises ValueError when none stands there, or something that is no two-letter code (ISO 639-1).
    """
    codes = [short_code(word) for word in re.split(r"[\s,;]+", text) if word]
    if not codes or any(not re.fullmatch("[a-z]{2}", code) for code in codes):
        raise ValueError(f"languages are two-letter codes, not {text!r}")
    return list(dict.fromkeys(codes))
