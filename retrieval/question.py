"""Reads a question before it is searched. In: what somebody wrote. Out: the texts to search for, its language, and whether it is vague.

A first version: the text as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.languages import identify_language, language_code
from retrieval.passages import sentences
from retrieval.text import clean, squeeze
from retrieval.words import words

_LONG_WORDS = 60
_MOST_QUERIES = 8


@dataclass(frozen=True, slots=True)
class Question:
    """`queries` are searched each, the whole text first; the best score of any counts."""

    text: str
    language: str | None
    queries: tuple[str, ...]
    vague: bool


def read_question(text: str, language: str | None = None) -> Question:
    """Never raises, whatever `text` holds. `language` is the asker's word for it; unknown codes are ignored."""
    text = squeeze(clean(text))
    language = (language_code(language) if language else None) or identify_language(text)
    queries = (text,) if text else ()
    if len(text.split()) > _LONG_WORDS:
        queries += tuple(sentence for sentence in sentences(text) if len(sentence.split()) >= 4)[: _MOST_QUERIES - 1]
    return Question(text, language, queries, vague=len(words(text)) < 3)
