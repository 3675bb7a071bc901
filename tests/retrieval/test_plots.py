"""Plots are well-formed pictures of the rows they are given."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from retrieval import plots
from retrieval.trust import POINT, Row, points, rows_of

NAME = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def rows():
    """A system that keeps what it promises and one that is always sure."""
    random = np.random.default_rng(0)
    promised = random.random(4000)
    right = random.random(4000) < promised
    honest = list(points(rows_of("near", "honest"), promised, right))
    return honest + list(points(rows_of("near", "sure"), np.full(4000, 0.99), right))


def circles(svg):
    return [(float(one.get("cx")), float(one.get("cy"))) for one in ElementTree.fromstring(svg).iter(f"{NAME}circle")]


def test_an_honest_system_lies_on_the_diagonal(rows):
    drawn = circles(plots.reliability([row for row in rows if row.system == "honest"], "near"))
    assert len(drawn) == 10
    for x, y in drawn:
        assert abs((x - plots.LEFT) - (plots.TOP + plots.SIZE - y)) < 0.06 * plots.SIZE


def test_risk_grows_with_coverage_where_confidence_means_something(rows):
    values = {(row.system, row.measure): row.value for row in rows}
    assert values["honest", f"{POINT}0.10 risk"] < 0.1 < 0.45 < values["honest", f"{POINT}1.00 risk"]
    assert len(circles(plots.risk_coverage(rows, "near"))) == 2 * 20


def test_every_system_has_a_line_of_its_own(rows):
    svg = plots.reliability(rows, "near")
    names = [one.text for one in ElementTree.fromstring(svg).iter(f"{NAME}text")]
    assert {"honest", "sure", "promised", "came true"} <= set(names)


@pytest.mark.parametrize("rows", [[], [Row("near", "<b>&", f"{POINT}3 promised", 0.3, 1)]])
def test_nothing_to_draw_is_still_a_picture(rows):
    for drawn in (plots.reliability(rows, "near"), plots.risk_coverage(rows, "near"), plots.weeks([], 0.95)):
        assert ElementTree.fromstring(drawn).tag == f"{NAME}svg"


def test_weeks_without_an_offer_are_left_out():
    drawn = circles(plots.weeks([("W46", 20, 19), ("W47", 0, 0), ("W48", 10, 9)], 0.95))
    assert len(drawn) == 2 + 2, "two weeks, and both ends of the promise"
