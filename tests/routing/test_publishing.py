"""The published month: written once when it is over, only if the policy says so, and never counted again. On both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from routing import publishing
from routing.models import Authority, PublicMonth, Question
from routing.months import Month
from routing.policy import PolicyError, policy_from, policy_tables
from tests.world import MONDAY

FIRST_DAY = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
NOVEMBER = Month(2026, 11)


@pytest.fixture
def open_office(small):
    """The office publishes, from three questions on."""
    small.office.policy = replace(small.office.policy, public=replace(small.office.policy.public, report=True, fewest=3))
    return small


def tick(small, at=FIRST_DAY):
    with small.store.transaction() as session:
        return publishing.publish_due(session, small.office, at)


def ask(small, count, theme="guidance", **values):
    """So many questions more, each by somebody else, with these values."""
    for _ in range(count):
        place = len(small.all(Question))
        small.mail(f"desk{place}@lisboa.example", f"Which of the {place + 2} valleys has a welding workshop?")
        small.search()
        with small.store.transaction() as session:
            session.execute(update(Question).where(Question.id == small.question().id).values(theme=theme, **values))


def row(small, month=NOVEMBER):
    with small.store.snapshot() as session:
        return session.get(PublicMonth, str(month))


def test_nothing_is_published_unless_the_policy_says_so(small):
    ask(small, 3)
    assert not small.office.policy.public.report and small.office.policy.public.fewest == 5, "as shipped"
    assert not tick(small) and row(small) is None


def test_a_month_is_published_once_when_it_is_over(open_office):
    small = open_office
    ask(small, 4, theme="mobility")
    assert not tick(small, FIRST_DAY - timedelta(minutes=1)) and row(small) is None
    assert tick(small) and not tick(small, FIRST_DAY + timedelta(days=3))
    told = row(small)
    assert told.figures["asked"] == 4 and told.fewest == 3 and told.published_at == FIRST_DAY
    assert told.figures["tables"]["themes"]["mobility"] == 4 and told.figures["tables"]["outcomes"]["none"] == 4


def test_what_was_published_is_never_counted_again(open_office):
    small = open_office
    ask(small, 4, theme="mobility")
    tick(small)
    before = row(small).figures
    with small.store.transaction() as session:
        session.execute(update(Question).values(theme="guidance", language="el", answered_at=FIRST_DAY))
    small.office.policy = replace(small.office.policy, public=replace(small.office.policy.public, fewest=4))
    assert not tick(small, FIRST_DAY + timedelta(days=1)) and row(small).figures == before


def test_two_workers_publish_one_month(open_office):
    small = open_office
    ask(small, 3)
    if small.store.is_sqlite:
        assert tick(small) and not tick(small)
        return
    with small.store.transaction() as one:
        with small.store.snapshot() as other:
            assert other.get(PublicMonth, str(NOVEMBER)) is None
        assert publishing.publish_due(one, small.office, FIRST_DAY)
    assert not tick(small) and row(small).figures["asked"] == 3


def test_sensitive_questions_are_in_no_figure(open_office):
    small = open_office
    ask(small, 3)
    tick_before = len(small.all(Question))
    ask(small, 2, sensitive=True)
    assert tick(small) and tick_before == 3 and row(small).figures["asked"] == 3


def test_of_few_questions_nothing_is_said(open_office):
    small = open_office
    ask(small, 2)
    assert tick(small)
    assert row(small).figures == {"asked": None, "tables": {}, "share": None, "first_word": None, "answer": None}


def test_who_taught_whom_is_the_country_of_the_first_answer(open_office):
    small = open_office
    small.answered()
    ask(small, 1, country="hr")
    with small.store.transaction() as session:
        session.execute(update(Question).where(Question.answered_at.is_not(None)).values(country="gr"))
    with small.store.snapshot() as session:
        told = {(one.country, one.taught, one.outcome, one.promise) for one in publishing.asked_in(session, NOVEMBER, MONDAY)}
        assert publishing.countries(session) == sorted({one.country for one in session.query(Authority)})
    assert told == {("GR", "IT", "person", True), ("HR", "", "none", None)}


def test_only_the_month_itself_is_counted(open_office):
    small = open_office
    ask(small, 3)
    with small.store.transaction() as session:
        first = session.query(Question).order_by(Question.id).first()
        first.created_at = NOVEMBER.begins - timedelta(microseconds=1)
    with small.store.snapshot() as session:
        assert len(publishing.asked_in(session, NOVEMBER, FIRST_DAY)) == 2
        assert len(publishing.asked_in(session, NOVEMBER.shifted(-1), FIRST_DAY)) == 1
        assert publishing.asked_in(session, Month.of(MONDAY).shifted(1), FIRST_DAY) == []


@pytest.mark.parametrize("fewest", [0, 2, 1001])
def test_a_threshold_that_protects_nobody_is_refused(fewest):
    tables = policy_tables()
    with pytest.raises(PolicyError, match=r"public\.fewest"):
        policy_from(tables | {"public": tables["public"] | {"fewest": fewest}})
