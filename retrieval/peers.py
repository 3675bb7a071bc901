"""What others do, to be measured in the same run: BM25, SQLite's full-text search, the bare embedder, and their rank fusion.

In: texts. Out: hits like the system's own; the best score stands in for a confidence.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.embedder import Embedder, Floats
from retrieval.plain import Hits, RememberingEmbedder
from retrieval.words import WordIndex, words

_FUSION_CONSTANT, _FUSION_DEPTH = 60, 100


class Bm25:
    """Plain BM25 over folded words, all languages in one pool."""

    def fit(self, texts: Sequence[str], langs: Sequence[str]) -> None:
        self._index = WordIndex.of(texts)

    def search(self, texts: Sequence[str], langs: Sequence[str | None], k: int) -> Hits:
        return _hits(np.stack([self._index.scores(words(text)) for text in texts]), k)


class FullText:
    """SQLite FTS5 with its own BM25, accents removed."""

    def fit(self, texts: Sequence[str], langs: Sequence[str]) -> None:
        self._size = len(texts)
        self._db = sqlite3.connect(":memory:")
        self._db.execute("CREATE VIRTUAL TABLE entry USING fts5(text, tokenize='unicode61 remove_diacritics 2')")
        self._db.executemany("INSERT INTO entry(rowid, text) VALUES (?, ?)", enumerate(texts))

    def search(self, texts: Sequence[str], langs: Sequence[str | None], k: int) -> Hits:
        scores = np.zeros((len(texts), self._size), np.float32)
        for row, text in zip(scores, texts, strict=True):
            query = " OR ".join(f'"{word}"' for word in dict.fromkeys(re.findall(r"\w+", text)))
            for place, score in self._db.execute("SELECT rowid, -bm25(entry) FROM entry WHERE entry MATCH ?", (query or '""',)):
                row[place] = score
        return _hits(scores, k)


class Bare:
    """The embedder alone: one vector an entry, cosine."""

    def __init__(self, embedder: Embedder):
        self._embedder = RememberingEmbedder(embedder)

    def fit(self, texts: Sequence[str], langs: Sequence[str]) -> None:
        self._vectors: Floats = self._embedder.encode_passages(texts)

    def search(self, texts: Sequence[str], langs: Sequence[str | None], k: int) -> Hits:
        return _hits(self._embedder.encode_questions(texts) @ self._vectors.T, k)


class RankFusion:
    """Reciprocal rank fusion of two systems (Cormack et al. 2009, https://doi.org/10.1145/1571941.1572114)."""

    def __init__(self, one: Bare, other: Bm25):
        self._both = (one, other)

    def fit(self, texts: Sequence[str], langs: Sequence[str]) -> None:
        self._size = len(texts)
        for system in self._both:
            system.fit(texts, langs)

    def search(self, texts: Sequence[str], langs: Sequence[str | None], k: int) -> Hits:
        fused = np.zeros((len(texts), self._size), np.float32)
        for system in self._both:
            for row, ids in zip(fused, system.search(texts, langs, _FUSION_DEPTH).ids, strict=True):
                found = ids[ids >= 0]
                row[found] += 1 / (_FUSION_CONSTANT + 1 + np.arange(len(found)))
        return _hits(fused, k)


def _hits(scores: NDArray[np.float32], k: int) -> Hits:
    order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    best = np.take_along_axis(scores, order, 1).astype(float)
    missing = max(0, k - order.shape[1])
    ids = np.pad(order.astype(np.int64), ((0, 0), (0, missing)), constant_values=-1)
    return Hits(ids, np.pad(best, ((0, 0), (0, missing)), constant_values=-9.0), best[:, 0])
