"""Kept counts: reports made of them are what counting every row now would give, whatever was changed, by whom and when."""

import random
import shutil
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, insert, select, text, update

from routing import contributions, counting, gaps, precision, reports
from routing.models import Assignment, Authority, Expert, MonthCounts, MonthMark, Proposal, Question
from routing.months import Month
from routing.reports import Span
from routing.store import Store
from tests.fakes.archive import COUNTRIES, THEMES, fill
from tests.fakes.postgres import drop_database, fresh_database
from tests.world import MONDAY

SPANS = [Span(Month.of(MONDAY).shifted(-back).begins, MONDAY) for back in (0, 5, 35)] + [
    Span(Month(2026, 3).begins, Month(2026, 4).begins)
]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.pg)])
def archive(request, tmp_path_factory):
    """Three years of questions, every month that is over counted and kept."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("counting") / "rrm.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        url = f"sqlite:///{path}"
    else:
        url = fresh_database(request.getfixturevalue("postgres"), template=request.getfixturevalue("postgres_template"))
    store = Store(url)
    fill(store, 200, 600, MONDAY)
    keep_all(store)
    yield store
    store.close()
    if request.param == "postgresql":
        drop_database(request.getfixturevalue("postgres"), url)


def keep_all(store):
    """Count what is due, month by month; returns how many were."""
    for done in range(100):
        with store.transaction() as session:
            if counting.keep_due(session, MONDAY) is None:
                return done
    raise AssertionError("there is always one more month to count")


def as_counted_now(session, span):
    """The same tables straight from all rows of the span."""
    facts = reports.facts(session, span, MONDAY)
    learning = contributions.who_learns(session, contributions.by_people(session, span), contributions.by_fiches(session, span))
    tables = (
        reports.tiers(facts), reports.first_word(session, span), reports.to_answer(session, span), reports.months(facts), learning,
        reports.languages(facts), contributions.authorities(session, span),
    )  # fmt: skip
    return {table.name: table for table in tables} | precision.tables(precision.judged(session, span)), gaps.unanswered(
        session, span
    )


def assert_same(store):
    for span in SPANS:
        with store.snapshot() as session:
            made = counting.report(session, span, MONDAY)
            tables, unanswered = as_counted_now(session, span)
            assert made.tables.keys() == tables.keys() and made.unanswered == unanswered
            for name, table in tables.items():
                assert (name, made.tables[name].columns, list(made.tables[name].rows)) == (name, table.columns, list(table.rows))


def test_a_report_is_the_same_as_counting_all_rows(archive):
    assert keep_all(archive) == 0
    with archive.snapshot() as session:
        assert session.scalar(select(func.count()).select_from(MonthCounts)) == 36
        assert sum(sum(row[1:]) for row in counting.report(session, SPANS[2], MONDAY).tables["tiers"].rows) > 200
    assert_same(archive)


@pytest.mark.parametrize("seed", range(3))
def test_after_any_changes_it_is_still_the_same(archive, seed):
    """Changes of every kind, of old rows and new, by the program's own means and by others; before and after counting again."""
    dice = random.Random(seed)
    for _ in range(2):
        with archive.transaction() as session:
            for change in dice.choices(CHANGES, k=4):
                change(session, dice)
        assert_same(archive)
        if dice.random() < 0.5:
            keep_all(archive)
            assert_same(archive)


def test_kept_counts_are_really_used(archive):
    keep_all(archive)
    march = Span(Month(2026, 3).begins, Month(2026, 4).begins)
    with archive.transaction() as session:
        row = session.get(MonthCounts, "2026-03")
        counts = row.counts
        row.counts = counts | {"themes": [["mobility"], [4711], [4711]]}
    with archive.snapshot() as session:
        assert counting.report(session, march, MONDAY).unanswered == [("mobility", 4711, 4711)]
    with archive.transaction() as session:
        session.get(MonthCounts, "2026-03").counts = counts
    assert_same(archive)


def test_a_change_that_no_report_counts_leaves_the_counts(archive):
    keep_all(archive)
    with archive.transaction() as session:
        session.execute(update(Question).values(revision=Question.revision + 1, waiting_for=Question.waiting_for))
        session.execute(update(Authority).values(name=Authority.name + " (renamed)"))
    assert keep_all(archive) == 0
    assert_same(archive)


def test_only_the_month_of_a_change_is_counted_again(archive):
    keep_all(archive)
    with archive.transaction() as session:
        row = session.scalars(
            select(Question).where(Question.created_at < Month(2025, 6).begins).order_by(Question.id.desc())
        ).first()
        row.tier = "urgent" if row.tier != "urgent" else "extended"
        month = str(Month.of(row.created_at))
    with archive.transaction() as session:
        assert counting.keep_due(session, MONDAY) == month
    assert keep_all(archive) == 0


def test_many_marks_become_few_and_nothing_is_counted_again(archive):
    for _ in range(4):
        with archive.transaction() as session:
            session.execute(update(Question).values(tier=Question.tier))
    with archive.transaction() as session:
        assert session.scalar(select(func.count()).select_from(MonthMark)) > counting.MANY_MARKS
        sums = counting._marks(session)
        counting.keep_due(session, MONDAY)
    with archive.snapshot() as session:
        assert counting._marks(session) == sums
        assert session.scalar(select(func.count()).select_from(MonthMark)) <= len(sums)
    assert keep_all(archive) == 35 and keep_all(archive) == 0
    assert_same(archive)


@pytest.mark.parametrize("archive", [pytest.param("postgresql", marks=pytest.mark.pg)], indirect=True)
def test_what_another_worker_changes_while_we_count_makes_the_counts_old(archive):
    """A change that began before the counting and is committed after it: the counts do not have it, and everybody knows."""
    keep_all(archive)
    old = select(Question.id).where(Question.created_at < Month(2025, 3).begins).order_by(Question.id.desc()).limit(1)
    with archive.transaction() as other:
        chosen = other.scalar(old)
        other.execute(update(Question).where(Question.id == chosen).values(theme="mobility", language="tr", tier="extended"))
        with archive.transaction() as session:
            session.execute(delete(MonthCounts))
        assert keep_all(archive) == 36
    assert_same(archive)
    assert keep_all(archive) == 1


def test_another_version_counts_anew(archive):
    keep_all(archive)
    with archive.transaction() as session:
        session.execute(update(MonthCounts).where(MonthCounts.month == "2026-03").values(shape=0, counts={"facts": "of old"}))
    assert_same(archive)
    assert keep_all(archive) == 1


def test_an_empty_database_has_nothing_to_count(store):
    with store.transaction() as session:
        assert counting.keep_due(session, MONDAY) is None
    with store.snapshot() as session:
        made = counting.report(session, SPANS[1], MONDAY)
        assert made.unanswered == [] and list(made.tables["months"].rows) == []


# ---------------------------------------------------------------------------------------------- changes


def _any(session, dice, table):
    found = session.scalars(select(table.id)).all()
    return dice.choice(found)


def answer_late(session, dice):
    row = session.get(Question, _any(session, dice, Question))
    row.answered_at, row.first_word_at = (
        row.created_at + timedelta(hours=dice.randrange(1, 900)),
        row.created_at + timedelta(minutes=3),
    )


def reopen(session, dice):
    row = session.get(Question, _any(session, dice, Question))
    row.state, row.waiting_for, row.next_action, row.next_action_at = "assigned", "expert", "watch assignments", MONDAY
    row.closed_at = row.closed_because = row.answered_at = None
    row.promised_at = row.first_promised_at = MONDAY - timedelta(days=dice.randrange(-3, 3))


def relabel(session, dice):
    values = {"theme": dice.choice((None, *THEMES)), "language": dice.choice(("el", "tr")), "country": dice.choice(COUNTRIES)}
    session.execute(update(Question).where(Question.id % 7 == dice.randrange(7)).values(**values))


def move(session, dice):
    """To another month: an import may do that."""
    row = _any(session, dice, Question)
    session.execute(
        update(Question)
        .where(Question.id == row)
        .values(created_at=Question.created_at if dice.random() < 0.1 else MONDAY - timedelta(days=dice.randrange(900)))
    )


def settle(session, dice):
    row = session.get(Assignment, _any(session, dice, Assignment))
    row.state, row.settled_at = (
        dice.choice(("answered", "declined", "lapsed")),
        row.deadline_at + timedelta(hours=dice.randrange(-5, 5)),
    )


def give(session, dice):
    question = session.get(Question, _any(session, dice, Question))
    row = {"question_id": question.id, "expert_id": _any(session, dice, Expert), "state": "answered", "deadline_at": MONDAY}
    session.execute(insert(Assignment).values(**row, created_at=question.created_at, settled_at=question.created_at))


def propose(session, dice):
    question = session.get(Question, _any(session, dice, Question))
    row = {"question_id": question.id, "state": dice.choice(("accepted", "refused")), "confidence": round(dice.random(), 3)}
    row |= {
        "matches": [{"slug": "a"}],
        "accepted_fiche": "a",
        "promised": dice.choice((None, 0.95)),
        "created_at": question.created_at,
    }
    session.execute(insert(Proposal).values(**row))


def take_back(session, dice):
    session.execute(delete(Proposal).where(Proposal.id == _any(session, dice, Proposal)))


def move_authority(session, dice):
    session.execute(
        update(Authority).where(Authority.id == _any(session, dice, Authority)).values(country=dice.choice(COUNTRIES))
    )


def move_expert(session, dice):
    session.get(Expert, _any(session, dice, Expert)).authority_id = _any(session, dice, Authority)


def by_hand(session, dice):
    """Somebody at the database's own prompt."""
    session.execute(
        text("UPDATE question SET closed_because = 'answered by a fiche' WHERE id = :id"), {"id": _any(session, dice, Question)}
    )


CHANGES = (answer_late, reopen, relabel, move, settle, give, propose, take_back, move_authority, move_expert, by_hand)
