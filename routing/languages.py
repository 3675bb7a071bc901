"""Which of the network's languages somebody's words are in. In: a text. Out: a code of `LANGUAGES`."""

from __future__ import annotations

from retrieval import identify_language
from routing.values import LANGUAGES


def language_of(text: str, otherwise: str) -> str:
    """The language of the words, if it can be told and is one of the network's; else `otherwise`."""
    found = identify_language(text)
    return found if found in LANGUAGES else otherwise
