"""A confidence of .8 is right four times in five, and a promised precision is kept."""

from __future__ import annotations

import json

import numpy as np
import pytest

from retrieval.calibration import (
    ENOUGH_LABELS,
    SHIPPED,
    SIGNALS,
    Calibration,
    Label,
    calibration_error,
    choose_threshold,
    fit_default,
    risk_coverage,
)


def labels(count: int, seed: int = 0, slope: float = 3.0) -> list[Label]:
    """Outcomes drawn from a known logistic law over the first two signals."""
    random = np.random.default_rng(seed)
    signals = random.normal(size=(count, len(SIGNALS)))
    chance = 1 / (1 + np.exp(-(slope * signals[:, 0] - signals[:, 1])))
    right = random.random(count) < chance
    also = right | (random.random(count) < 0.3)
    return [Label(dict(zip(SIGNALS, row, strict=True)), bool(r), bool(a)) for row, r, a in zip(signals, right, also, strict=True)]


def probabilities(calibration: Calibration, of: list[Label]) -> np.ndarray:
    return np.array([calibration.confidence(label.signals)[0] for label in of])


def test_a_fit_on_many_labels_is_calibrated_on_others():
    learned, others = fit_default(labels(4000)), labels(4000, seed=1)
    outcomes = np.array([label.first for label in others], float)
    assert calibration_error(probabilities(learned, others), outcomes) < 0.03
    assert learned.labels == 0 and learned.suggest_only, "a default is no collection's own"


def test_refitting_moves_little_with_few_labels_and_far_with_many():
    start = fit_default(labels(3000, slope=0.2))
    moved = [
        float(
            np.abs(
                probabilities(start.fit(labels(count, seed=2)), labels(200, seed=3)) - probabilities(start, labels(200, seed=3))
            ).mean()
        )
        for count in (5, 100, 3000)
    ]
    assert moved == sorted(moved) and moved[0] < 0.15 < 0.25 < moved[2]


def test_no_labels_change_nothing():
    start = fit_default(labels(500))
    assert start.fit([]) is start


@pytest.mark.parametrize(("count", "suggest_only"), [(ENOUGH_LABELS - 1, True), (ENOUGH_LABELS, False)])
def test_a_threshold_needs_enough_labels(count, suggest_only):
    learned = fit_default(labels(1000)).fit(labels(count, seed=4))
    assert learned.suggest_only == suggest_only
    assert (learned.threshold(0.8) is None) == suggest_only


def test_a_promised_precision_is_kept_on_new_questions():
    kept = []
    for seed in range(20):
        learned = fit_default(labels(1000, seed=99)).fit(labels(400, seed=seed))
        others = labels(2000, seed=1000 + seed)
        threshold = choose_threshold(learned.held_out, 0.9, assurance=0.9) or 2
        sure = [label.first for label, p in zip(others, probabilities(learned, others), strict=True) if p >= threshold]
        kept.append(not sure or np.mean(sure) >= 0.9)
    assert sum(kept) >= 16


@pytest.mark.parametrize(
    ("right", "total", "bound"),
    # From tables of the beta distribution, one-sided 90 %.
    [(45, 45, 0.9501), (95, 100, 0.9092), (480, 500, 0.9463), (1, 10, 0.0105), (10, 10, 0.7943)],
)
def test_precision_is_promised_up_to_its_lower_bound_and_no_further(right, total, bound):
    held_out = [(0.8, True)] * right + [(0.8, False)] * (total - right)
    assert choose_threshold(held_out, bound - 1e-4, assurance=0.9) == 0.8
    assert choose_threshold(held_out, bound + 1e-4, assurance=0.9) is None


@pytest.mark.parametrize(
    ("held_out", "threshold"),
    [
        ([], None),
        ([(0.9, True)] * 20, None),
        ([(0.9, True)] * 30, 0.9),
        ([(0.9, True)] * 30 + [(0.5, False)] * 30, 0.9),
        ([(0.9, True)] * 30 + [(0.5, True)] * 30, 0.5),
        ([(0.9, False)] * 3 + [(0.8, True)] * 300, 0.8),
        ([(0.7, True)] * 30 + [(0.7, False)] * 30, None),
    ],
)
def test_choose_threshold(held_out, threshold):
    assert choose_threshold(held_out, 0.9, assurance=0.9) == threshold


def test_risk_and_coverage():
    coverage, risk = risk_coverage(np.array([0.9, 0.1, 0.5]), np.array([1.0, 0.0, 0.0]))
    np.testing.assert_allclose(coverage, [1 / 3, 2 / 3, 1])
    np.testing.assert_allclose(risk, [0, 1 / 2, 2 / 3])


def test_calibration_error():
    assert calibration_error(np.array([0.8] * 10), np.array([1.0] * 8 + [0.0] * 2)) == pytest.approx(0)
    assert calibration_error(np.array([1.0] * 10), np.array([1.0] * 5 + [0.0] * 5)) == pytest.approx(0.5)


def test_what_is_saved_is_what_is_loaded(tmp_path):
    learned = fit_default(labels(300)).fit(labels(250, seed=5))
    learned.save(tmp_path / "calibration.json")
    loaded = Calibration.load(tmp_path / "calibration.json")
    assert loaded.labels == 250 and loaded.threshold(0.8) == pytest.approx(learned.threshold(0.8), abs=1e-3)
    np.testing.assert_allclose(probabilities(loaded, labels(50)), probabilities(learned, labels(50)), atol=1e-4)
    assert [path.name for path in tmp_path.iterdir()] == ["calibration.json"]


@pytest.mark.parametrize(
    "change",
    [{"signals": ["other"]}, {"first": {}}, {"held_out": 3}, {"any": {"centre": [1], "scale": [1], "weights": [1], "bias": 0}}],
)
def test_a_wrong_file_is_refused(tmp_path, change):
    file = tmp_path / "calibration.json"
    file.write_text(json.dumps({**json.loads(SHIPPED.read_text()), **change}))
    with pytest.raises(ValueError):
        Calibration.load(file)


def test_the_shipped_one_is_more_confident_the_better_the_signals():
    weak = dict(zip(SIGNALS, (0.3, 0.0, 0.01, 0.3, 0.0, 0.0, -2.0, 0.02, 0.0, 0.0, 0.0, 0.0), strict=True))
    strong = dict(zip(SIGNALS, (0.7, 0.2, 0.25, 0.6, 0.5, 0.0, 4.0, 0.06, 0.0, 0.0, 0.1, 0.0), strict=True))
    shipped = Calibration.shipped()
    assert shipped.confidence(weak)[0] < 0.2 < 0.8 < shipped.confidence(strong)[0]
    assert shipped.confidence({}) == (0.0, 0.0) and shipped.suggest_only
