"""What others do, to be measured in the same run: BM25, SQLite's full-text search, the bare embedder, their rank fusion; and
txtai and Haystack as they come, where they are installed: they are no part of RRM.

In: texts. Out: hits like the system's own; the best score stands in for a confidence.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.embedder import Embedder, Floats
from retrieval.plain import Hits, PlainSystem, RememberingEmbedder, System
from retrieval.words import WordIndex, words

_FUSION_CONSTANT, _FUSION_DEPTH = 60, 100


def peers(bare: Embedder, own: Embedder) -> Mapping[str, Callable[[], System]]:
    """All systems by name, ours first, without those not installed; `bare` is the embedder without its language correction."""
    remembering = RememberingEmbedder(bare)
    systems: dict[str, Callable[[], System]] = {
        "rrm": lambda: PlainSystem(own),
        "bm25": Bm25,
        "fts5": FullText,
        "e5": lambda: Bare(remembering),
        "rrf": lambda: RankFusion(Bare(remembering), Bm25()),
    }
    optional: dict[str, Callable[[], System]] = {"txtai": Txtai, "haystack": Haystack}
    return systems | {name: make for name, make in optional.items() if is_installed(name)}


def is_installed(name: str) -> bool:
    """Whether a peer that is no part of RRM can be measured here."""
    return find_spec(name) is not None


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


class Txtai:
    """txtai's own BM25 over its own terms; its default dense model would have to be fetched from a hub."""

    def fit(self, texts: Sequence[str], langs: Sequence[str]) -> None:
        self._index = import_module("txtai").Embeddings(keyword=True)
        self._index.index(texts)

    def search(self, texts: Sequence[str], langs: Sequence[str | None], k: int) -> Hits:
        return _listed([self._index.search(text, k) for text in texts], k)


class Haystack:
    """Haystack's document store in memory with its default BM25."""

    def fit(self, texts: Sequence[str], langs: Sequence[str]) -> None:
        make = import_module("haystack").Document
        self._store = import_module("haystack.document_stores.in_memory").InMemoryDocumentStore()
        self._store.write_documents([make(id=str(place), content=text) for place, text in enumerate(texts)])

    def search(self, texts: Sequence[str], langs: Sequence[str | None], k: int) -> Hits:
        found = [self._store.bm25_retrieval(query=text, top_k=k) if text.strip() else [] for text in texts]
        return _listed([[(int(one.id), one.score or 0.0) for one in documents] for documents in found], k)


def _listed(found: Sequence[Sequence[tuple[Any, float]]], k: int) -> Hits:
    """Hits from lists of (place, score), best first."""
    ids, scores = np.full((len(found), k), -1), np.full((len(found), k), -9.0)
    for row, listed in enumerate(found):
        for place, (entry, score) in enumerate(listed[:k]):
            ids[row, place], scores[row, place] = int(entry), float(score)
    return Hits(ids, scores, scores[:, 0])


def _hits(scores: NDArray[np.float32], k: int) -> Hits:
    order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    best = np.take_along_axis(scores, order, 1).astype(float)
    missing = max(0, k - order.shape[1])
    ids = np.pad(order.astype(np.int64), ((0, 0), (0, missing)), constant_values=-1)
    return Hits(ids, np.pad(best, ((0, 0), (0, missing)), constant_values=-9.0), best[:, 0])
