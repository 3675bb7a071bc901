"""Turns the signals of a ranking into probabilities, and a wish for precision into a threshold.

In: labelled questions' signals. Out: P(the first match answers) and P(one of the first three does), by two logistic models whose
parameters are plain JSON. A default, fitted on public data, is shipped; a collection's own labels refine it, and only with enough
of them does it leave "suggest only": a threshold found on one collection does not hold on another.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIGNALS = ("top", "margin", "ahead", "whole", "cover", "same", "alone", "spread", "concepts", "named", "meant", "said")
SHIPPED = Path(__file__).parent / "share" / "calibration.json"
ENOUGH_LABELS = 200
# How strongly weights and the bias are held to those they start from, in labels' worth; and how many parts cross-fitting uses.
_PULL, _BIAS_PULL, _PARTS = 10.0, 3.0, 5
# The bound on precision holds with this probability. On random halves of the shipped collection's 410 questions (30 splits, the
# threshold chosen on 205) an even chance realises .95 on the other half at a recall of .53; nine in ten, .95 at a recall of .09.
ASSURANCE = 0.5

Signals = Mapping[str, float]
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Label:
    """What became of a searched question: did the first match answer, did any of the first three?"""

    signals: Signals
    first: bool
    any: bool


@dataclass(frozen=True, slots=True)
class Logistic:
    """P = 1 / (1 + exp(-(bias + weights . (signals - centre) / scale))), in the order of `SIGNALS`."""

    centre: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float

    def probability(self, signals: Array) -> Array:
        """float64 [n] from float64 [n, signals]."""
        return _sigmoid(self._standard(signals) @ np.array(self.weights) + self.bias)

    def probability_of(self, row: Sequence[float]) -> float:
        """The same for a single row, where lists are faster than arrays."""
        parts = zip(row, self.centre, self.scale, self.weights, strict=True)
        told = self.bias + sum(weight * (signal - centre) / scale for signal, centre, scale, weight in parts)
        return 1 / (1 + math.exp(-min(40.0, max(-40.0, told))))

    def fitted(self, signals: Array, outcomes: Array) -> Logistic:
        """Refitted to new labels by Newton's method, held to the present weights (a Gaussian prior around them)."""
        x = np.hstack([self._standard(signals), np.ones((len(signals), 1))])
        prior = np.array([*self.weights, self.bias])
        pull = np.diag([_PULL] * len(self.weights) + [_BIAS_PULL])
        w = prior.copy()
        for _ in range(25):
            p = _sigmoid(x @ w)
            gradient = x.T @ (p - outcomes) + pull @ (w - prior)
            step = np.linalg.solve((x.T * (p * (1 - p))) @ x + pull, gradient)
            w -= np.clip(step, -2, 2)
            if np.abs(step).max() < 1e-8:
                break
        return replace(self, weights=tuple(w[:-1].tolist()), bias=float(w[-1]))

    def _standard(self, signals: Array) -> Array:
        standard: Array = (signals - np.array(self.centre)) / np.array(self.scale)
        return standard


@dataclass(frozen=True)
class Calibration:
    """`held_out` keeps for each own label the probability by a model without it, and whether the first match answered."""

    first: Logistic
    any: Logistic
    held_out: tuple[tuple[float, bool], ...] = field(default=(), repr=False)

    @property
    def labels(self) -> int:
        return len(self.held_out)

    @property
    def suggest_only(self) -> bool:
        """True until the collection has enough labelled questions of its own."""
        return self.labels < ENOUGH_LABELS

    def confidence(self, signals: Signals) -> tuple[float, float]:
        """P(the first match answers), P(one of the first three answers); the second is never the smaller."""
        if not signals:
            return 0.0, 0.0
        row = [signals[name] for name in SIGNALS]
        first = self.first.probability_of(row)
        return first, max(first, self.any.probability_of(row))

    def fit(self, labels: Sequence[Label]) -> Calibration:
        """Refitted to a collection's own labels, starting from this calibration."""
        if not labels:
            return self
        signals, first, any_ = _rows([label.signals for label in labels]), _outcomes(labels, "first"), _outcomes(labels, "any")
        held_out = _cross_fitted(self.first, signals, first)
        pairs = tuple((float(p), bool(y)) for p, y in zip(held_out, first, strict=True))
        return Calibration(self.first.fitted(signals, first), self.any.fitted(signals, any_), pairs)

    def threshold(self, precision: float) -> float | None:
        """The lowest confidence from which on `precision` of the first matches answer, by the bound, or None."""
        return None if self.suggest_only else self.bound(precision)

    def bound(self, precision: float) -> float | None:
        """The same, whatever the number of labels."""
        return choose_threshold(self.held_out, precision)

    def save(self, file: Path) -> None:
        temporary = file.with_suffix(".new")
        temporary.write_text(json.dumps(self.as_json(), indent=1), "utf-8")
        temporary.replace(file)

    def as_json(self) -> dict[str, Any]:
        models = {name: _as_json(model) for name, model in (("first", self.first), ("any", self.any))}
        return {"signals": list(SIGNALS), **models, "held_out": [[round(p, 4), int(y)] for p, y in self.held_out]}

    @classmethod
    def load(cls, file: Path) -> Calibration:
        """Raises ValueError when the file was made for other signals or is damaged."""
        data = json.loads(file.read_text("utf-8"))
        try:
            if tuple(data["signals"]) != SIGNALS:
                raise ValueError(f"{file} was made for other signals")
            first, any_ = _from_json(data["first"]), _from_json(data["any"])
            return cls(first, any_, tuple((float(p), bool(y)) for p, y in data["held_out"]))
        except (KeyError, TypeError) as error:
            raise ValueError(f"{file} is no calibration: {error}") from error

    @classmethod
    def shipped(cls) -> Calibration:
        return cls.load(SHIPPED)


def choose_threshold(held_out: Sequence[tuple[float, bool]], precision: float, assurance: float = ASSURANCE) -> float | None:
    """The lowest score at which the one-sided Clopper-Pearson lower bound on precision still reaches `precision`.

    https://doi.org/10.1093/biomet/26.4.404 (1934)
    """
    ranked = sorted(held_out, reverse=True)
    right = np.cumsum([answered for _, answered in ranked]).tolist()
    for count in range(len(ranked), 0, -1):
        last_of_equals = count == len(ranked) or ranked[count][0] < ranked[count - 1][0]
        # The bound reaches `precision` just when so many right ones would be this unlikely at that precision.
        if last_of_equals and _at_least(right[count - 1], count, precision) <= 1 - assurance:
            return ranked[count - 1][0]
    return None


def calibration_error(probabilities: Array, outcomes: Array, bins: int = 10) -> float:
    """Expected calibration error over equal-width bins: the mean gap between what was promised and what came true."""
    place = np.minimum((probabilities * bins).astype(int), bins - 1)
    gaps = [abs(probabilities[place == b].sum() - outcomes[place == b].sum()) for b in range(bins)]
    return float(sum(gaps) / max(1, len(probabilities)))


def risk_coverage(probabilities: Array, outcomes: Array) -> tuple[Array, Array]:
    """Coverage and risk (share of wrong first matches) as ever more questions are answered, surest first; float64 [n] each."""
    ranked = outcomes[np.argsort(-probabilities, kind="stable")]
    count = np.arange(1, len(ranked) + 1)
    return count / len(ranked), 1 - np.cumsum(ranked) / count


def fresh(signals: Array) -> Logistic:
    """A model that knows nothing yet, scaled to some signals; where fitting a default begins."""
    spread = np.maximum(signals.std(0), 1e-6)
    return Logistic(tuple(signals.mean(0).tolist()), tuple(spread.tolist()), (0.0,) * len(SIGNALS), 0.0)


def fit_default(labels: Sequence[Label]) -> Calibration:
    """A calibration from nothing but these labels, without counting them as a collection's own."""
    signals = _rows([label.signals for label in labels])
    start = fresh(signals)
    return Calibration(start.fitted(signals, _outcomes(labels, "first")), start.fitted(signals, _outcomes(labels, "any")))


def _cross_fitted(start: Logistic, signals: Array, outcomes: Array) -> Array:
    """For each label the probability by a model fitted without its part."""
    part = np.arange(len(outcomes)) % _PARTS
    held_out = np.zeros(len(outcomes))
    for one in range(_PARTS):
        here = part == one
        if here.any():
            held_out[here] = start.fitted(signals[~here], outcomes[~here]).probability(signals[here])
    return held_out


def _at_least(right: int, total: int, share: float) -> float:
    """P(X >= right) for X binomial (total, share), summed from the largest term's logarithm."""
    if share <= 0 or share >= 1:
        return float(share >= 1)
    log, rest = math.log(share), math.log1p(-share)
    choose = math.lgamma(total + 1)
    ways = (choose - math.lgamma(k + 1) - math.lgamma(total - k + 1) for k in range(right, total + 1))
    logs = [way + k * log + (total - k) * rest for k, way in enumerate(ways, right)]
    return min(1.0, math.fsum(map(math.exp, logs)))


def _rows(signals: Sequence[Signals]) -> Array:
    return np.array([[row[name] for name in SIGNALS] for row in signals], float).reshape(-1, len(SIGNALS))


def _outcomes(labels: Sequence[Label], name: str) -> Array:
    return np.array([getattr(label, name) for label in labels], float)


def _sigmoid(x: Array) -> Array:
    return 1 / (1 + np.exp(-np.clip(x, -40, 40)))


def _as_json(model: Logistic) -> dict[str, Any]:
    return {
        "centre": [round(x, 6) for x in model.centre],
        "scale": [round(x, 6) for x in model.scale],
        "weights": [round(x, 6) for x in model.weights],
        "bias": round(model.bias, 6),
    }


def _from_json(data: Mapping[str, Any]) -> Logistic:
    centre, scale, weights = (tuple(map(float, data[name])) for name in ("centre", "scale", "weights"))
    if not len(centre) == len(scale) == len(weights) == len(SIGNALS):
        raise ValueError("a model has the wrong number of weights")
    return Logistic(centre, scale, weights, float(data["bias"]))
