"""What tells a sure ranking from a doubtful one. In: the scores of the fiches, best first. Out: numbers for the calibration.

All are of the first fiche, compared with the next that say something else. Where meaning (cosines) and vocabulary
(concepts) agree on the first, it is right far more often than where one of them would have put another there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from retrieval.embedder import Floats

# How far the next fiches must fall behind to leave the first alone.
_TEMPERATURE, _RIVALS, _CLOSEST = 0.03, 8, 3
_NEVER_SURE = 0.01
# What scores the same to the last digit says the same, and is no rival.
_THE_SAME = 1e-6
# Among many fiches the best of those that do not answer score about this much, and hardly one of the nearest less than that: they
# stand in where there are too few to compare, so that a small collection is judged as a large one is.
_UNRELATED, _FARTHEST = 0.4, 0.3


def signals_of(scores: Floats, meant: Floats, named: Floats) -> dict[str, float]:
    """All float [fiches] in the order of `scores`: the whole score, its cosines alone, the share of concepts named."""
    others = float(scores[0]) - scores > _THE_SAME
    missing = [_UNRELATED] * (_CLOSEST - int(np.count_nonzero(others)))
    # Of so few numbers, lists are faster than arrays.
    first, all_rivals = float(scores[0]), sorted(scores[others].tolist() + missing, reverse=True)
    rivals = all_rivals[:_RIVALS]
    return {
        "top": first,
        "margin": first - rivals[0],
        "ahead": first - _mean(rivals[:_CLOSEST]),
        "alone": _alone(first, all_rivals),
        "spread": _spread([max(rival, _FARTHEST) for rival in rivals]),
        "concepts": float(named[0]),
        "meant": float(meant[0]) - max(meant[others].tolist() + missing),
        "said": float(named[0]) - max(named[others].tolist(), default=float(named[0])),
    }


def _alone(first: float, rivals: Sequence[float]) -> float:
    """The log-odds of the first under a softmax over all."""
    share = 1 / (1 + float(np.exp((np.array(rivals) - first) / _TEMPERATURE).sum()))
    return math.log(share / (1 - share + _NEVER_SURE))


def _mean(scores: Sequence[float]) -> float:
    return sum(scores) / len(scores)


def _spread(scores: Sequence[float]) -> float:
    """The standard deviation."""
    mean = _mean(scores)
    return math.sqrt(_mean([(score - mean) ** 2 for score in scores]))
