"""Measures of a ranking and of its confidence. In: arrays of what was found. Out: numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Array = NDArray[np.float64]


def reciprocal_rank(ranks: NDArray[np.int64], depth: int = 10) -> Array:
    """1 / rank, and 0 below `depth`; float64 [n]."""
    return np.where(ranks <= depth, 1 / ranks, 0.0)


def mean_average_precision(right: Bools, relevant: int) -> float:
    """From bool [questions, places], where each question has `relevant` right entries altogether."""
    places = np.arange(1, right.shape[1] + 1)
    precision = np.cumsum(right, 1) / places
    return float(((precision * right).sum(1) / relevant).mean())


def area_under_roc(scores: Array, positive: Bools) -> float:
    """The chance that a positive scores above a negative (ties count half); NaN when either is missing."""
    positives, negatives = int(positive.sum()), int((~positive).sum())
    if not positives or not negatives:
        return float("nan")
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    mean_rank = np.cumsum(counts) - (counts - 1) / 2
    return float((mean_rank[place][positive].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def coverage_at(precision: float, confidence: Array, right: Bools, answerable: Bools) -> float:
    """The share of answerable questions that are answered right when the surest are answered as long as `precision` holds."""
    order = np.argsort(-confidence, kind="stable")
    answered_right = np.cumsum(right[order])
    holds = np.flatnonzero(answered_right / np.arange(1, len(order) + 1) >= precision)
    return float(answered_right[holds[-1]] / max(1, answerable.sum())) if len(holds) else 0.0
