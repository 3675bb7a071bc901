"""Keeps what one question may cost within bounds, whoever wrote it. In: the texts to search for. Out: as many as may be encoded.

Encoding is nearly all of a search, and costs by the token: a question of twenty words has about thirty, a hostile one of the same
length up to eighteen a character. So tokens are counted, and the whole of a question never costs more than nine ordinary ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from retrieval.embedder import Embedder

QUESTION_TOKENS, LONGEST_QUERY = 252, 144
# A prompt and two ends go with every text, as "query: " does.
_AROUND = 4
# For embedders that do not count: no model of ours gives an ordinary text more tokens than a third of its characters.
_CHARACTERS_PER_TOKEN = 3


class Counts(Protocol):
    """The method `shortened` of an embedder that knows what a question costs it."""

    def __call__(self, question: str, tokens: int) -> tuple[str, int]:
        """As much of a question, from its beginning, as has at most `tokens` tokens; and how many those are."""
        ...


def affordable(queries: Sequence[str], embedder: Embedder) -> list[str]:
    """The first query, shortened if need be, and of the others those that fit into what is left."""
    kept: list[str] = []
    left = QUESTION_TOKENS
    for query in queries:
        short, cost = shortened(embedder, query, max(0, min(left - _AROUND, LONGEST_QUERY)))
        if not kept or short == query:
            kept.append(short)
            left -= cost + _AROUND
    return kept


def shortened(embedder: Embedder, question: str, tokens: int) -> tuple[str, int]:
    """As much of a question, from its beginning, as costs an embedder at most `tokens`; and what that costs."""
    # Asking a Protocol whether an embedder is of its kind takes longer than all else here.
    counts: Counts | None = getattr(embedder, "shortened", None)
    if counts is not None:
        return counts(question, tokens)
    short = question[: tokens * _CHARACTERS_PER_TOKEN]
    return short, len(short) // _CHARACTERS_PER_TOKEN + 1
