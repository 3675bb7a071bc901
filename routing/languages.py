"""The network's languages, and which of them somebody's words are in. In: a text. Out: a code of `LANGUAGES`."""

from __future__ import annotations

from retrieval import LANGUAGES, identify_language

__all__ = ["LANGUAGES", "language_of"]


def language_of(text: str, otherwise: str) -> str:
    """The language of the words, if it can be told and is one of the network's; else `otherwise`."""
    return identify_language(text) or otherwise
