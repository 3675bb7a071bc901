"""What the search promised of its fiches stands beside what the askers said, and people's own choices are left out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from routing import precision
from routing.models import Proposal, Question
from routing.people import address_of
from routing.precision import Judged
from routing.reports import Span

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
SPAN = Span(MONDAY - timedelta(days=30), MONDAY + timedelta(days=30))


def judged(confidence: float, right: bool, *, days: int = 0, promised: float | None = None) -> Judged:
    return Judged(MONDAY + timedelta(days=days), confidence, promised, right)


def test_each_week_tells_what_helped_and_what_was_promised_to_help():
    told = [
        judged(0.4, False, days=-7),
        judged(0.97, True, promised=0.95),
        judged(0.96, False, days=6, promised=0.95),
        judged(0.5, True, days=6),
    ]
    assert precision.tables(told)["precision"].rows == [("2026-W47", 1, 0, 0, 0), ("2026-W48", 3, 2, 2, 1)]


def test_a_tenth_holds_its_lower_end_and_the_last_one_both():
    rows = precision.reliability([0.0, 0.1, 0.19, 1.0], [False, True, False, True]).rows
    assert len(rows) == 10 and [row[1:] for row in (rows[0], rows[1], rows[9])] == [(1, 0, 0), (2, 0, 1), (1, 1, 1)]
    assert rows[1][0] == "10–20 %"


def test_coverage_counts_the_wrong_among_the_surest():
    told = [judged(0.9, True), judged(0.2, False), judged(0.8, True), judged(0.6, False)]
    rows = precision.tables(told)["coverage"].rows
    assert [row for row in rows if row[0] in ("5 %", "50 %", "75 %", "100 %")] == [
        ("5 %", 1, 0),
        ("50 %", 2, 0),
        ("75 %", 3, 1),
        ("100 %", 4, 2),
    ]


def test_without_verdicts_the_tables_are_empty():
    assert [precision.weeks([]).rows, precision.coverage([], []).rows] == [[], []]
    assert all(row[1:] == (0, 0, 0) for row in precision.reliability([], []).rows)


@pytest.mark.parametrize(
    ("state", "accepted", "chosen_by", "told"),
    [
        ("accepted", "first", "search", [True]),
        ("accepted", "second", "search", [False]),
        ("refused", None, "search", [False]),
        ("offered", None, "search", []),
        ("lapsed", None, "search", []),
        ("accepted", "first", "coordinator", []),
        ("refused", None, "sameness", []),
    ],
)
def test_only_what_the_search_chose_and_the_asker_judged_counts(store, state, accepted, chosen_by, told):
    with store.transaction() as session:
        propose(session, state=state, accepted_fiche=accepted, chosen_by=chosen_by)
    with store.snapshot() as session:
        assert [one.right for one in precision.judged(session, SPAN)] == told
        assert list(precision.tables(precision.judged(session, SPAN))) == ["precision", "reliability", "coverage"]


def test_what_was_forgotten_or_lies_outside_the_time_is_not_counted(store):
    with store.transaction() as session:
        propose(session, state="refused", matches=[])
        propose(session, state="refused", created_at=MONDAY - timedelta(days=31))
        propose(session, state="accepted", accepted_fiche="first", promised=0.95, confidence=0.97)
    with store.snapshot() as session:
        assert precision.judged(session, SPAN) == [judged(0.97, True, promised=0.95)]


def propose(session, **facts) -> None:
    number = f"Q{session.query(Question).count()}"
    address = address_of(session, "email", "ann@town.example", now=MONDAY, language="en")
    question = Question(
        number=number,
        asker_id=address.person_id,
        address_id=address.id,
        language="it",
        text="?",
        next_action_at=MONDAY,
        created_at=MONDAY,
    )
    session.add(question)
    session.flush()
    matches = [{"slug": "first"}, {"slug": "second"}]
    session.add(Proposal(**{"confidence": 0.5, "matches": matches, "created_at": MONDAY, **facts, "question_id": question.id}))
