"""Ranks fiches for a question. In: an index, a question and its vectors. Out: fiches, best first, and the signals behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.embedder import Floats
from retrieval.index import Index
from retrieval.words import words

CANDIDATES = 200
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ranked:
    """Fiche numbers (as in `Index.entries`), their scores and the row that spoke for each, best first."""

    fiches: NDArray[np.int64]
    scores: Floats
    rows: Rows
    signals: Mapping[str, float]


def rank(index: Index, queries: Sequence[str], vectors: Floats, allowed: Rows | None = None) -> Ranked:
    """`vectors` float32 [len(queries), dims]; `allowed` rows only, if given."""
    rows = np.unique(np.concatenate([index.vectors.nearest(vector, CANDIDATES, allowed)[0] for vector in vectors]))
    scores = np.max([index.vectors.scores(vector, rows) for vector in vectors], axis=0)
    return _best_per_fiche(index, rows, scores)


def _best_per_fiche(index: Index, rows: Rows, scores: Floats) -> Ranked:
    order = np.lexsort((rows, -scores))
    owners, first = np.unique(index.owners[rows[order]], return_index=True)
    best = order[np.sort(first)]
    return Ranked(index.owners[rows[best]], scores[best], rows[best], {})
