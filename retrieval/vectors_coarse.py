"""A first look at all vectors, in bytes. In: unit vectors. Out: the nearest rows, exactly, or nothing where bytes cannot tell.

Comparing a question with every vector costs what it costs to read them: 31 MB for 20,000 rows, more than a processor's caches
hold, and several times slower while other work uses the memory. Rounded to a byte each they are a quarter of that. Half as many
rows again as are asked for are taken by their rounded scores and compared exactly; as long as the last one taken lies below the
last one wanted by more than rounding can do, nothing that was left out belongs there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.embedder import Floats

Rows = NDArray[np.int64]
Found = tuple[Rows, Floats]
_STEPS = 127
# So many deviations of a sum of rounding errors (each uniform over one step) are exceeded once in 500 million rows.
_DEVIATIONS = 6.0


class CoarseVectors:
    """Immutable once made; `dims` bytes a row."""

    def __init__(self, dims: int, blocks: Callable[[], Iterable[Floats]]):
        """`blocks` gives the unit vectors, float32 [rows, dims], in order; it is asked twice."""
        faiss: Any = import_module("faiss")
        signed_bytes = faiss.ScalarQuantizer.QT_8bit_direct_signed
        self._index = faiss.IndexScalarQuantizer(dims, signed_bytes, faiss.METRIC_INNER_PRODUCT)
        self._step = _step(max((_largest(block) for block in blocks()), default=0.0))
        for block in blocks():
            self._index.add(np.round(block / self._step))

    def nearest(self, vector: Floats, count: int, scores: Callable[[Floats, Rows], Floats]) -> Found | None:
        """The best `count` rows, best first, with their scores, for which `scores` is asked; None when bytes cannot tell."""
        taken = count + count // 2 + 50
        if taken >= self._index.ntotal:
            return None
        step = _step(_largest(vector))
        use_threads(1)
        about, rows = self._index.search(np.round(vector[None] / step), taken)
        exact = scores(vector, rows[0])
        best = np.argsort(-exact, kind="stable")[:count]
        # Both sides are rounded: each error is multiplied by the other side, whose length is 1.
        slack = _DEVIATIONS * float(np.hypot(step, self._step)) / 12**0.5
        sure = exact[best[-1]] >= about[0][-1] * (step * self._step) + slack
        return (rows[0][best], exact[best]) if sure else None


def use_threads(count: int) -> None:
    """For what this thread asks of faiss next. One query on 20,000 rows takes 1.2 ms alone; sharing it among threads of a busy
    machine costs 18, because each waits for the last."""
    import_module("faiss").omp_set_num_threads(count)


def _largest(values: Floats) -> float:
    return float(np.abs(values).max(initial=0.0))


def _step(largest: float) -> np.float32:
    return np.float32(max(largest, 1e-6) / _STEPS)
