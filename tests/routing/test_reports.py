"""Reports: every number is what counting the rows by hand gives, on SQLite and PostgreSQL."""

from collections import Counter
from datetime import timedelta

import pytest

from routing import contributions, counting, gaps, reports
from routing.models import Assignment, Authority, Expert, Fiche, Proposal, Question
from tests.fakes.archive import fill
from tests.world import MONDAY

SPAN = reports.Span(MONDAY - timedelta(days=500), MONDAY)


@pytest.fixture(scope="module")
def archives(sqlite_template, postgres, postgres_template, tmp_path_factory):
    """A filled database of each kind; nothing in this file changes them."""
    import shutil

    from routing.store import Store
    from tests.fakes.postgres import drop_database, fresh_database

    path = tmp_path_factory.mktemp("archive") / "rrm.db"
    shutil.copy(sqlite_template, path)
    url = fresh_database(postgres, template=postgres_template)
    stores = {"sqlite": Store(f"sqlite:///{path}"), "postgresql": Store(url)}
    for store in stores.values():
        fill(store, 400, 2_000, MONDAY)
    yield stores
    for store in stores.values():
        store.close()
    drop_database(postgres, url)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.pg)])
def archive(archives, request):
    with archives[request.param].snapshot() as session:
        questions = [one for one in session.query(Question) if SPAN.first <= one.created_at < SPAN.last]
        yield session, questions


def test_promises_kept_per_tier(archive):
    session, questions = archive
    counted = Counter()
    for one in questions:
        kept = one.answered_at is not None and one.answered_at <= one.first_promised_at
        late = one.answered_at is not None and not kept
        overdue = one.answered_at is None and one.state != "closed" and one.first_promised_at < SPAN.last
        counted.update(
            {(one.tier, "asked"): 1, (one.tier, "in time"): kept, (one.tier, "late"): late, (one.tier, "overdue now"): overdue}
        )
    table = reports.tiers(reports.facts(session, SPAN))
    assert {
        (row[0], column): value for row in table.rows for column, value in zip(table.columns[1:], row[1:], strict=True)
    } == counted
    assert sum(counted[tier, "late"] for tier in ("urgent", "standard", "extended")) > 5


@pytest.mark.parametrize(
    ("make", "moment", "edges"),
    [
        (reports.first_word, lambda one: one.first_word_at, [60 * minutes for minutes in reports.MINUTES]),
        (reports.to_answer, lambda one: one.answered_at, [3600 * hours for hours in reports.HOURS]),
    ],
)
def test_times_are_spread_over_their_steps(archive, make, moment, edges):
    session, questions = archive
    expected = {tier: [0] * (len(edges) + 1) for tier in ("urgent", "standard", "extended")}
    for one in questions:
        if moment(one) is not None:
            took = (moment(one) - one.created_at).total_seconds()
            expected[one.tier][sum(took >= edge for edge in edges)] += 1
    table = make(session, SPAN)
    assert {row[0]: list(row[1:]) for row in table.rows} == expected
    assert len(table.columns) == len(edges) + 2


def test_how_each_month_ended(archive):
    session, questions = archive
    expected = Counter()
    for one in questions:
        how = 1 if one.closed_because == reports.BY_FICHE else 2 if one.answered_at else 3 if one.state == "closed" else 4
        expected[f"{one.created_at:%Y-%m}", how] += 1
    table = reports.months(reports.facts(session, SPAN))
    assert {(row[0], place): row[place] for row in table.rows for place in range(1, 5) if row[place]} == expected
    assert [row[0] for row in table.rows] == sorted(row[0] for row in table.rows)


def test_who_learns_from_whom(archive):
    session, _ = archive
    asked = {one.id: one.country for one in session.query(Question)}
    homes = dict(session.query(Expert.id, Authority.country).join(Authority).all())
    fiches = {one.slug: one.facts.get("country") for one in session.query(Fiche)}
    expected = Counter()
    for one in session.query(Assignment).filter_by(state="answered"):
        if SPAN.first <= one.created_at < SPAN.last:
            expected[asked[one.question_id], homes[one.expert_id]] += 1
    for one in session.query(Proposal).filter_by(state="accepted"):
        if SPAN.first <= one.created_at < SPAN.last:
            expected[asked[one.question_id], fiches[one.accepted_fiche]] += 1
    table = contributions.who_learns(session, contributions.by_people(session, SPAN), contributions.by_fiches(session, SPAN))
    pairs = {
        (row[0], column): value for row in table.rows for column, value in zip(table.columns[1:], row[1:], strict=True) if value
    }
    assert pairs == {pair: count for pair, count in expected.items() if all(pair)}


def test_load_of_authorities(archive):
    session, _ = archive
    names = dict(session.query(Expert.id, Authority.name).join(Authority).all())
    given = [one for one in session.query(Assignment) if SPAN.first <= one.created_at < SPAN.last]
    asked = Counter(names[one.expert_id] for one in given)
    in_time = Counter(names[one.expert_id] for one in given if one.state == "answered" and one.settled_at <= one.deadline_at)
    table = contributions.authorities(session, SPAN)
    assert {row[0]: row[1] for row in table.rows} == asked
    assert {row[0]: row[3] for row in table.rows if row[3]} == in_time
    assert [row[1] for row in table.rows] == sorted(asked.values(), reverse=True)


def test_what_to_write_next(archive):
    session, questions = archive
    missing = Counter(one.theme for one in questions if one.theme and one.closed_because != reports.BY_FICHE)
    found = gaps.gaps(session, SPAN)
    assert [gap.unanswered for gap in found] == sorted(missing.values(), reverse=True)[: gaps.MOST_THEMES]
    assert any(gap.words for gap in found)
    for gap in found:
        assert gap.unanswered == missing[gap.theme] <= gap.asked
        assert all(one.theme == gap.theme and one.closed_because != reports.BY_FICHE for one in gap.examples)
        assert len({one.language for one in gap.examples}) > 1
        spoken = " ".join(f"{one.subject} {one.text}" for one in questions).lower()
        assert all(word in spoken for word in gap.words)


def test_an_empty_time_has_empty_tables(archive):
    session, _ = archive
    before = reports.Span(MONDAY - timedelta(days=9000), MONDAY - timedelta(days=8000))
    tables = counting.report(session, before, MONDAY).tables
    assert tables["months"].rows == [] == list(tables["learning"].rows) and gaps.gaps(session, before) == []
    assert [sum(row[1:]) for row in tables["tiers"].rows] == [0, 0, 0]
