"""Runs of equal numbers. In: numbers in an order. Out: where each run begins, and how long it is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


def runs(numbers: Numbers) -> tuple[Numbers, Numbers]:
    """Of int64 [n]: the beginnings, ascending, and the lengths; of none, none."""
    starts = np.flatnonzero(np.concatenate([[True], numbers[1:] != numbers[:-1]]))[: len(numbers)]
    return starts, np.concatenate([starts[1:], [len(numbers)]]) - starts
