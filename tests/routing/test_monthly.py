"""The monthly report letter: one for each reader and month, in their hours, with figures that can be counted by hand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from routing import care, directory, monthly, months, precision, reports, wishes
from routing.calendar import WorkingCalendar
from routing.models import Address, Authority, ConsoleUser, Person, Proposal, Question
from routing.months import Month
from tests.routing.test_noticing import CHOSEN
from tests.world import ASKER_MAIL, COORDINATOR, MONDAY

BRUSSELS = WorkingCalendar.of("Europe/Brussels", "mon-fri 09:00-17:00")
FIRST_DAY = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)  # Tuesday, 09:00 in Brussels


def tick(small, at):
    small.now = at
    with small.store.transaction() as session:
        return monthly.tell_due(session, small.office, at)


def add_reader(small, email, role="coordinator", at=MONDAY):
    with small.store.transaction() as session:
        return directory.add_user(session, email, role, at).id


# ---------------------------------------------------------------------------------------------- months


@pytest.mark.parametrize(
    ("at", "month"),
    [
        ("2026-11-30T23:30", "2026-10"),  # December on the office's wall already
        ("2026-12-01T07:59", None),
        ("2026-12-01T08:00", "2026-11"),
        ("2026-12-31T22:00", "2026-11"),
        ("2026-11-01T12:00", None),  # a Sunday
        ("2026-11-02T07:59", None),
        ("2026-11-02T08:00", "2026-10"),
        ("2027-01-01T08:00", "2026-12"),
    ],
)
def test_a_month_is_told_from_the_first_working_moment_after_it(at, month):
    due = months.due(datetime.fromisoformat(at).replace(tzinfo=UTC), BRUSSELS)
    assert (str(due) if due else None) == month


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Europe/Brussels", "Pacific/Pago_Pago"])
def test_no_month_is_told_before_it_is_over_everywhere(zone):
    calendar = WorkingCalendar.of(zone, "mon-sun 00:00-24:00")
    for number in range(1, 13):
        month = Month(2026, number)
        told = months.told_from(month, calendar)
        assert told >= month.ends and calendar.local_day(told) >= month.shifted(1).day


@pytest.mark.parametrize("written", ["2026-13", "2026-00", "26-10", "2026-1", "2026-10-01", "", "٢٠٢٦-10", "1999-01"])
def test_what_is_no_month_is_not_read(written):
    assert Month.read(written) is None


def test_months_go_on_over_the_years():
    assert Month(2026, 12).shifted(1) == Month(2027, 1) == Month.read("2027-01") and Month(2026, 1).shifted(-13) == Month(
        2024, 12
    )


# ---------------------------------------------------------------------------------------------- once, and when


def test_everybody_who_coordinates_gets_one_letter(small):
    add_reader(small, "admin@network.example", "admin")
    add_reader(small, "observer@network.example", "observer")
    small.assigned()
    assert tick(small, FIRST_DAY - timedelta(minutes=1)) == 0
    assert tick(small, FIRST_DAY) == 2 and tick(small, FIRST_DAY + timedelta(days=2)) == 0
    letters = small.letters("co_month")
    assert len(letters) == 2 and small.letter("co_month", COORDINATOR) and small.letter("co_month", "admin@network.example")
    assert {one.effect_key.rpartition(":")[2] for one in letters} == {"2026-11"}


def test_the_key_of_the_letter_holds_even_if_the_mark_were_lost(small):
    """Two workers that have both seen nobody told write one letter between them."""
    small.assigned()
    assert tick(small, FIRST_DAY) == 1
    with small.store.transaction() as session:
        session.execute(update(ConsoleUser).values(told_month=None))
    assert tick(small, FIRST_DAY + timedelta(minutes=1)) == 0 and len(small.letters("co_month")) == 1


@pytest.mark.parametrize("store_url", [pytest.param("postgresql", marks=pytest.mark.pg)], indirect=True)
def test_a_reader_whom_another_worker_is_telling_is_left_to_it(small):
    small.assigned()
    small.now = FIRST_DAY
    with small.store.transaction() as one:
        assert monthly.tell_due(one, small.office, FIRST_DAY) == 1
        with small.store.transaction() as other:
            assert monthly.tell_due(other, small.office, FIRST_DAY) == 0
    assert tick(small, FIRST_DAY) == 0 and len(small.letters("co_month")) == 1


def test_after_downtime_only_the_last_month_is_told(small):
    small.assigned()
    assert tick(small, datetime(2027, 2, 20, 9, 0, tzinfo=UTC)) == 0, "a Saturday: the office is closed"
    assert tick(small, datetime(2027, 2, 22, 9, 0, tzinfo=UTC)) == 1
    assert [one.effect_key.rpartition(":")[2] for one in small.letters("co_month")] == ["2027-01"]
    assert tick(small, datetime(2027, 3, 1, 9, 0, tzinfo=UTC)) == 1 and len(small.letters("co_month")) == 2


def test_whoever_has_switched_it_off_gets_none(small):
    small.assigned()
    _choose(small, monthly=False)
    assert tick(small, FIRST_DAY) == 0
    _choose(small, monthly=True)
    assert tick(small, FIRST_DAY + timedelta(days=1)) == 0, "the month is over and done with"
    assert tick(small, datetime(2027, 1, 4, 9, 0, tzinfo=UTC)) == 1


def test_whoever_has_hours_of_their_own_hears_in_them(small):
    small.assigned()
    _choose(small, opens="18:00", closes="22:00", country="")
    assert tick(small, FIRST_DAY) == 0 and tick(small, FIRST_DAY + timedelta(hours=9)) == 1


def test_whoever_came_after_the_month_hears_of_the_next(small):
    small.assigned()
    add_reader(small, "late@network.example", at=datetime(2026, 12, 1, 0, 0, tzinfo=UTC))
    assert tick(small, FIRST_DAY) == 1 and small.letters("co_month", "late@network.example") == []
    assert tick(small, datetime(2027, 1, 4, 9, 0, tzinfo=UTC)) == 2


def test_a_network_to_which_nobody_has_written_is_left_in_peace(small):
    assert tick(small, FIRST_DAY) == 0 and small.letters("co_month") == []


def test_without_an_address_that_works_nothing_is_tried_again_and_again(small):
    small.assigned()
    with small.store.transaction() as session:
        user = session.get(ConsoleUser, 1)
        session.execute(update(Address).where(Address.person_id == user.person_id).values(dead_at=MONDAY))
    assert tick(small, FIRST_DAY) == 0
    with small.store.snapshot() as session:
        assert session.get(ConsoleUser, 1).told_month == "2026-11"


# ---------------------------------------------------------------------------------------------- what it says


def test_it_says_what_was_asked_answered_kept_and_what_burns(small):
    small.answered()
    small.mail("desk@lisboa.example", "Who pays for a second lorry of five valleys?")
    small.search()
    with small.store.transaction() as session:
        session.execute(
            update(Question)
            .where(Question.state == "assigned")
            .values(promised_at=MONDAY, first_promised_at=MONDAY, theme="guidance")
        )
    assert tick(small, FIRST_DAY) == 1
    letter = small.letter("co_month", COORDINATOR)
    assert letter.subject == "The month in figures: November 2026"
    said = letter.text
    for line in (
        "2 questions were asked (the month before: 0).", "1 of them has been answered.", "1 question is overdue.",
        "- standard: 50% (1 of 2)", "- urgent: –", "- guidance and counselling: 1 of 1", "in time 1", "/reports?month=2026-11",
    ):  # fmt: skip
        assert line in said, (line, said)
    assert "lorry" not in said and ASKER_MAIL not in said, "figures, nobody's words"


def test_the_movement_from_the_month_before(small):
    with small.store.transaction() as session:
        session.execute(update(ConsoleUser).values(created_at=MONDAY - timedelta(days=99)))
    small.answered()
    with small.store.transaction() as session:
        session.execute(update(Question).values(created_at=datetime(2026, 10, 31, 23, 59, tzinfo=UTC)))
    small.mail("desk@lisboa.example", "Who pays for a second lorry of five valleys?")
    small.search()
    with small.store.transaction() as session:
        session.execute(update(Question).where(Question.state == "assigned").values(promised_at=MONDAY, first_promised_at=MONDAY))
    assert tick(small, FIRST_DAY) == 1
    assert "- standard: 0% (0 of 1); the month before 100%" in small.letter("co_month").text


def test_authorities_are_those_the_reader_looks_after(small):
    reader = add_reader(small, "karlovac@network.example")
    with small.store.transaction() as session:
        other = session.query(Authority).filter_by(slug="karlovac").one()
        care.give(session, reader, {other.id}, by="user:1", now=MONDAY)
        trento = session.query(Authority).filter_by(slug="trento").one().name
    small.assigned()
    assert tick(small, FIRST_DAY) == 2
    assert trento in small.letter("co_month", COORDINATOR).text
    theirs = small.letter("co_month", "karlovac@network.example").text
    assert trento not in theirs and "1 question was asked" in theirs and "overdue" in theirs


def test_realised_precision_stands_against_the_promise(small):
    small.proposed()
    with small.store.transaction() as session:
        offered = session.query(Proposal).one()
        offered.state, offered.promised, offered.accepted_fiche, offered.chosen_by = (
            "accepted",
            0.95,
            offered.matches[0]["slug"],
            "search",
        )
    assert tick(small, FIRST_DAY) == 1
    said = small.letter("co_month").text
    assert "offered as the answer: 100% (1 of 1); promised: 95%" in said
    with small.store.snapshot() as session:
        assert len(precision.judged(session, reports.Span(Month(2026, 11).begins, Month(2026, 11).ends))) == 1


def test_it_comes_in_the_readers_language(small):
    small.assigned()
    with small.store.transaction() as session:
        user = session.get(ConsoleUser, 1)
        session.get(Person, user.person_id).language = "el"
    assert tick(small, FIRST_DAY) == 1
    assert small.letter("co_month").subject == "Ο μήνας σε αριθμούς: Νοέμβριος 2026"


@pytest.mark.parametrize(
    ("taken", "half", "most"),
    [
        ([], None, None),
        ([(7, 1)], 7, 7),
        ([(1, 5), (2, 4), (90, 1)], 1, 2),
        ([(0, 1), (10, 1)], 0, 10),
        ([(1, 1), (2, 1), (3, 1)], 2, 3),
    ],
)
def test_half_and_nine_in_ten_by_the_nearest_rank(taken, half, most):
    assert (reports.within_which(taken, 0.5), reports.within_which(taken, 0.9)) == (half, most)


def test_times_are_whole_minutes_of_everything_answered(small):
    small.answered()
    with small.store.transaction() as session:
        asked = session.scalar(select(Question.created_at))
        session.execute(update(Question).values(answered_at=asked + timedelta(minutes=61, seconds=59)))
    with small.store.snapshot() as session:
        span = reports.Span(Month(2026, 11).begins, Month(2026, 11).ends)
        assert reports.took(session, span, Question.answered_at) == [(61, 1)]


def _choose(small, **changes):
    with small.store.transaction() as session:
        wishes.choose(session, 1, replace(CHOSEN, alerts=(), **changes), by="user:1", now=small.now)
