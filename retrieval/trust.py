"""How far a system's confidence can be trusted. In: confidences and what came true. Out: rows of numbers, for tables and plots.

Rows whose measure begins with "at " are points of a plot: of the reliability diagram (what was promised, what came true) and of
the risk-coverage curve (Geifman & El-Yaniv 2017, https://arxiv.org/abs/1705.08500).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.calibration import Calibration, Label, calibration_error, risk_coverage
from retrieval.measures import area_under_roc, coverage_at

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]
BINS, STEPS = 10, 20
POINT = "at "


@dataclass(frozen=True, slots=True)
class Row:
    """One number: `value` of `measure`, for `system` under `protocol`, over `count` questions."""

    protocol: str
    system: str
    measure: str
    value: float
    count: int


RowMaker = Callable[[str, float, int], Row]


def rows_of(protocol: str, system: str) -> RowMaker:
    return lambda measure, value, count: Row(protocol, system, measure, float(value), int(count))


def trust(
    row: RowMaker, confidence: NDArray[np.float64], right: NDArray[np.bool_], answerable: NDArray[np.bool_]
) -> Iterator[Row]:
    yield row("AUROC answerable", area_under_roc(confidence, answerable), len(right))
    yield row("AUROC right", area_under_roc(confidence, right), len(right))
    yield row("right answers at 95 % precision", coverage_at(0.95, confidence, right, answerable), answerable.sum())
    if confidence.min() >= 0 and confidence.max() <= 1:
        yield row("ECE", calibration_error(confidence, right.astype(float)), len(right))
        yield from points(row, confidence, right)


def refitted(signals: Sequence[Mapping[str, float]], right: NDArray[np.bool_], even: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Each half of the topics judged by a calibration that learned on the other."""
    confidence = np.zeros(len(signals))
    for half in (even, ~even):
        labels = [Label(signals[i], bool(right[i, 0]), bool(right[i].any())) for i in np.flatnonzero(half).tolist() if signals[i]]
        learned = Calibration.shipped().fit(labels)
        for i in np.flatnonzero(~half).tolist():
            confidence[i] = learned.confidence(signals[i])[0]
    return confidence


def points(row: RowMaker, confidence: Array, right: Bools) -> Iterator[Row]:
    """What the plots show: the mean promise and outcome of each filled tenth, and the risk at each twentieth of coverage."""
    place = np.minimum((confidence * BINS).astype(int), BINS - 1)
    for number in np.unique(place).tolist():
        here = place == number
        yield row(f"{POINT}{number} promised", confidence[here].mean(), here.sum())
        yield row(f"{POINT}{number} came true", right[here].mean(), here.sum())
    _, risk = risk_coverage(confidence, right.astype(float))
    for step in range(1, STEPS + 1):
        last = max(0, round(step / STEPS * len(risk)) - 1)
        yield row(f"{POINT}{step / STEPS:.2f} risk", risk[last], last + 1)
