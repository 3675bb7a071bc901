"""What tells a sure ranking from a doubtful one. In: the scores of the fiches, best first. Out: numbers for the calibration.

All are of the first fiche, compared with the next thirty. Where meaning (cosines) and vocabulary (concepts) agree on the first,
it is right far more often than where one of them would have put another there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from retrieval.embedder import Floats

# How far the next fiches must fall behind to leave the first alone.
_TEMPERATURE, _RIVALS, _CLOSEST = 0.03, 30, 3
_NEVER_SURE = 0.01


def signals_of(scores: Floats, meant: Floats, named: Floats) -> dict[str, float]:
    """All float [fiches] in the order of `scores`: the whole score, its cosines alone, the share of concepts named."""
    # Of so few numbers, lists are faster than arrays.
    ranked = scores.tolist()
    first, rivals = ranked[0], ranked[1:_RIVALS] or ranked
    return {
        "top": first,
        "margin": first - rivals[0],
        "ahead": first - _mean(rivals[:_CLOSEST]),
        "alone": _alone(scores),
        "spread": _spread(rivals),
        "concepts": float(named[0]),
        "meant": _lead(meant.tolist()),
        "said": _lead(named.tolist()),
    }


def _alone(scores: Floats) -> float:
    """The log-odds of the first under a softmax over all."""
    share = 1 / float(np.exp((scores.astype(float) - float(scores[0])) / _TEMPERATURE).sum())
    return math.log(share / (1 - share + _NEVER_SURE))


def _mean(scores: Sequence[float]) -> float:
    return sum(scores) / len(scores)


def _spread(scores: Sequence[float]) -> float:
    """The standard deviation."""
    mean = _mean(scores)
    return math.sqrt(_mean([(score - mean) ** 2 for score in scores]))


def _lead(evidence: Sequence[float]) -> float:
    """How far the first lies above the best of the others by this evidence alone; below 0 where another would be first."""
    return evidence[0] - max(evidence[1:]) if len(evidence) > 1 else 0.0
