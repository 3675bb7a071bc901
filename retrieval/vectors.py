"""The vectors of an index, as ranking asks for them; `vectors_faiss.py` and `postgres/vectors.py` are its adapters.

In: unit vectors, a row each. Out: rows by inner product.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.embedder import Floats

EXACT_LIMIT = 100_000  # up to so many rows every one is compared
Rows = NDArray[np.int64]


class Vectors(Protocol):
    """What ranking asks of an index; every adapter gives the same answers on the same vectors."""

    @property
    def dims(self) -> int: ...

    def __len__(self) -> int: ...

    def nearest(self, vector: Floats, count: int, allowed: Rows | None = None) -> tuple[Rows, Floats]:
        """The best `count` rows, best first, with their scores; only rows of `allowed` if given."""
        ...

    def scores(self, vector: Floats, rows: Rows) -> Floats:
        """Inner products of some rows with a vector."""
        ...

    def rows(self, rows: Rows) -> Floats:
        """The stored vectors of some rows, float32 [len(rows), dims]."""
        ...
