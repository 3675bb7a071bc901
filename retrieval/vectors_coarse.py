"""A first look at all vectors, in half bytes. In: unit vectors. Out: the nearest rows, exactly, or nothing where it cannot tell.

Comparing a question with every vector costs what it costs to read them: 31 MB for 20,000 rows, more than a processor's caches
hold, and several times slower while other work uses the memory. Rounded to sixteen values a dimension they are an eighth of that,
and FAISS adds them up by table for 32 rows at once (https://arxiv.org/abs/1812.09162). Three times as many rows as are asked for
are taken by their rounded scores and compared exactly; as long as the last one taken lies below the last one wanted by more than
rounding can do, nothing that was left out belongs there. Where it does not, three times as many again are taken.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.embedder import Floats

Rows = NDArray[np.int64]
Codes = NDArray[np.uint8]
Sums = NDArray[np.float64]
Found = tuple[Rows, Floats]
# The sixteen values that lose least of what is spread as numbers of one dimension are, in standard deviations from their mean
# (Max 1960, https://doi.org/10.1109/TIT.1960.1057548).
_HALF = (0.1284, 0.3881, 0.6568, 0.9424, 1.2562, 1.6181, 2.0690, 2.7326)
_LEVELS = np.array([*(-level for level in reversed(_HALF)), *_HALF], np.float32)
_BORDERS = (_LEVELS[1:] + _LEVELS[:-1]) / 2
_BITS = 4
# So many deviations of a sum of rounding errors are exceeded once in 500 million rows.
_DEVIATIONS = 6.0
_TIMES_AS_MANY, _AND = (3, 9), 50
# FAISS rounds what each value of a question adds to bytes, and their sum to 16 bits.
_BYTE, _SUM = 255, 65_535
# What this thread was told last.
_set = threading.local()


class CoarseVectors:
    """Immutable once made; half a byte a dimension and row."""

    def __init__(self, dims: int, blocks: Callable[[], Iterable[Floats]]):
        """`blocks` gives the unit vectors, float32 [rows, dims], in order; it is asked twice."""
        mean, spread = _moments(dims, blocks())
        packed, lost = _rounded(dims, blocks(), mean, spread)
        levels = (mean[:, None] + spread[:, None] * _LEVELS).astype(np.float32)
        self._error, self._widths = (lost * spread**2).astype(np.float32), levels[:, -1] - levels[:, 0]
        self._index = _fast_scan(levels, packed)

    def nearest(self, vector: Floats, count: int, scores: Callable[[Floats, Rows], Floats]) -> Found | None:
        """The best `count` rows, best first, with their scores, for which `scores` is asked; None when half bytes cannot tell."""
        asked, slack = np.ascontiguousarray(vector[None], np.float32), self._slack(vector)
        for times in _TIMES_AS_MANY:
            taken = times * count + _AND
            if taken >= self._index.ntotal:
                return None
            use_threads(1)
            about, rows = self._index.search(asked, taken)
            near = np.sort(rows[0])
            exact = scores(vector, near)
            best = np.argsort(-exact, kind="stable")[:count]
            if exact[best[-1]] >= about[0][-1] + slack:
                return near[best], exact[best]
        return None

    def _slack(self, vector: Floats) -> float:
        """By how much a rounded score may differ from the exact one."""
        widths = np.abs(vector) * self._widths
        step = max(float(widths.max()) / _BYTE, float(widths.sum()) / _SUM)
        return _DEVIATIONS * math.sqrt(float(vector * vector @ self._error) + len(vector) * step * step / 12)


def use_threads(count: int) -> None:
    """For what this thread asks of faiss next. One query on 20,000 rows takes .3 ms alone; sharing it among threads of a busy
    machine costs 18, because each waits for the last."""
    if getattr(_set, "threads", None) != count:
        import_module("faiss").omp_set_num_threads(count)
        _set.threads = count


def _moments(dims: int, blocks: Iterable[Floats]) -> tuple[Sums, Sums]:
    """Mean and standard deviation of each dimension, float64 [dims] each."""
    count, total, squares = 0, np.zeros(dims), np.zeros(dims)
    for block in blocks:
        count += len(block)
        total += block.sum(0, dtype=float)
        squares += np.einsum("rd,rd->d", block, block, dtype=float)
    mean = total / max(count, 1)
    return mean, np.sqrt(np.maximum(squares / max(count, 1) - mean**2, 1e-12))


def _rounded(dims: int, blocks: Iterable[Floats], mean: Sums, spread: Sums) -> tuple[Codes, Sums]:
    """The number of each value's level, two in a byte, and the mean square of what that loses, in squared deviations."""
    packed, lost, count = [np.zeros((0, (dims + 1) // 2), np.uint8)], np.zeros(dims), 0
    for block in blocks:
        standard = ((block - mean) / spread).astype(np.float32)
        level = np.zeros(standard.shape, np.uint8)
        for border in _BORDERS:
            level += standard > border
        lost += np.square(standard - _LEVELS[level]).sum(0, dtype=float)
        count += len(block)
        packed.append(_two_in_a_byte(level))
    return np.concatenate(packed), lost / max(count, 1)


def _two_in_a_byte(codes: Codes) -> Codes:
    even = np.pad(codes, ((0, 0), (0, codes.shape[1] % 2)))
    packed: Codes = even[:, 0::2] | (even[:, 1::2] << np.uint8(_BITS))
    return packed


def _fast_scan(levels: Floats, packed: Codes) -> Any:
    """Each dimension is its own part of a product quantiser, whose sixteen values are given instead of learned."""
    faiss: Any = import_module("faiss")
    plain = faiss.IndexPQ(len(levels), len(levels), _BITS, faiss.METRIC_INNER_PRODUCT)
    faiss.copy_array_to_vector(levels.reshape(-1), plain.pq.centroids)
    faiss.copy_array_to_vector(packed.reshape(-1), plain.codes)
    plain.ntotal, plain.is_trained = len(packed), True
    return faiss.IndexPQFastScan(plain)
