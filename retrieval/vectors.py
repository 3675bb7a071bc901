"""The vector index. The only module that imports faiss.

In: unit vectors, a row each. Out: rows by inner product. Exact up to 100,000 rows (8 ms there, on one core, and nothing beats it
below), a graph (HNSW, https://arxiv.org/abs/1603.09320) above.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.embedder import Floats
from retrieval.errors import IndexDamaged

EXACT_LIMIT = 100_000
_NEIGHBOURS, _BUILD_EFFORT, _SEARCH_EFFORT = 32, 80, 128
Rows = NDArray[np.int64]


class VectorIndex:
    def __init__(self, index: Any):
        self._index = index

    @classmethod
    def of(cls, vectors: Floats, exact_limit: int = EXACT_LIMIT) -> VectorIndex:
        """From float32 [n, dims]."""
        import faiss

        index: Any
        if len(vectors) <= exact_limit:
            index = faiss.IndexFlatIP(vectors.shape[1])
        else:
            index = faiss.IndexHNSWFlat(vectors.shape[1], _NEIGHBOURS, faiss.METRIC_INNER_PRODUCT)
            index.hnsw.efConstruction, index.hnsw.efSearch = _BUILD_EFFORT, _SEARCH_EFFORT
        index.add(np.ascontiguousarray(vectors, np.float32))
        return cls(index)

    @classmethod
    def load(cls, file: Path) -> VectorIndex:
        """Raises `IndexDamaged`."""
        import faiss

        try:
            return cls(faiss.read_index(str(file)))
        except RuntimeError as error:
            raise IndexDamaged(f"{file.name} cannot be read: {error}") from error

    def save(self, file: Path) -> None:
        import faiss

        faiss.write_index(self._index, str(file))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dims(self) -> int:
        return int(self._index.d)

    def nearest(self, vector: Floats, count: int, allowed: Rows | None = None) -> tuple[Rows, Floats]:
        """The best `count` rows, best first, with their scores; only rows of `allowed` if given."""
        count = min(count, len(self) if allowed is None else len(allowed))
        if count == 0:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        scores, rows = self._index.search(vector[None], count, params=self._parameters(allowed))
        found = rows[0] >= 0
        return rows[0][found], scores[0][found]

    def scores(self, vector: Floats, rows: Rows) -> Floats:
        """Inner products of some rows with a vector."""
        products: Floats = self.rows(rows) @ vector
        return products

    def rows(self, rows: Rows) -> Floats:
        """The stored vectors of some rows, float32 [len(rows), dims]."""
        if not len(rows):
            return np.zeros((0, self.dims), np.float32)
        vectors: Floats = self._index.reconstruct_batch(np.ascontiguousarray(rows, np.int64))
        return vectors

    def _parameters(self, allowed: Rows | None) -> Any:
        if allowed is None:
            return None
        faiss: Any = import_module("faiss")  # its type stubs lack these classes
        selector = faiss.IDSelectorBatch(np.ascontiguousarray(allowed, np.int64))
        if isinstance(self._index, faiss.IndexHNSW):
            return faiss.SearchParametersHNSW(sel=selector, efSearch=_SEARCH_EFFORT)
        return faiss.SearchParameters(sel=selector)
