"""Which notices are due: a table of moments and pasts. No database, no clock."""

from datetime import UTC, date, datetime, timedelta

import pytest

from routing.calendar import WorkingCalendar
from routing.notices import ANY_HOUR, Due, Matter, Past, Wishes, due, in_hours, may_look

ROME = WorkingCalendar.of("Europe/Rome", "mon-fri 08:00-18:00", "IT")
HOUR = timedelta(hours=1)
LATE, MAIL = Matter("question:1", "overdue", "", "q"), Matter("held:7", "held", "", "h")
MONDAY = date(2026, 11, 23)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


NOON = at("2026-11-23T11:00")


def wishes(**changes):
    return Wishes(**{"alerts": frozenset({"overdue", "held"}), "every": HOUR, "digest": True, "calendar": ROME} | changes)


def past(told=(), alerted=None, day=MONDAY):
    return Past(dict(told), alerted, day)


@pytest.mark.parametrize(
    ("moment", "rings"),
    [
        ("2026-11-23T06:59", False),  # 07:59 in Rome, in winter
        ("2026-11-23T07:00", True),
        ("2026-11-23T16:59:59", True),
        ("2026-11-23T17:00", False),
        ("2026-11-22T11:00", False),  # Sunday
        ("2026-12-08T11:00", False),  # a public holiday of Italy
        ("2026-07-06T06:00", True),  # 08:00 in summer time
    ],
)
def test_letters_come_in_a_persons_own_hours_only(moment, rings):
    assert in_hours(ROME, at(moment)) is rings
    decided = due(wishes(digest=False), past(), [LATE], at(moment))
    assert bool(decided.alert) is rings and may_look(wishes(digest=False), past(), at(moment)) is rings


def test_the_first_matter_is_told_at_once_and_what_follows_waits():
    assert due(wishes(), past(), [LATE], NOON).alert == (LATE,)
    told = past({LATE.key: "overdue"}, alerted=NOON)
    both = [LATE, MAIL]
    assert due(wishes(), told, both, NOON + timedelta(minutes=59)).alert == ()
    assert not may_look(wishes(), told, NOON + timedelta(minutes=59))
    assert due(wishes(), told, both, NOON + HOUR).alert == (MAIL,)


def test_forty_matters_on_a_bad_monday_are_one_letter():
    many = [Matter(f"question:{number}", "overdue", "", "q") for number in range(40)]
    assert due(wishes(), past(), many, NOON).alert == tuple(many)
    assert due(wishes(), past({one.key: one.sort for one in many}), many, NOON + HOUR).alert == ()


@pytest.mark.parametrize(
    ("told", "alerts", "new"),
    [
        ({}, {"overdue"}, True),
        ({}, {"held"}, False),  # not wished for
        ({"question:1": "overdue"}, {"overdue"}, False),  # told already
        ({"question:1": "needs"}, {"overdue"}, True),  # it has become worse
        ({"question:1": None}, set(), True),  # owed in any case
    ],
)
def test_what_is_new(told, alerts, new):
    decided = due(wishes(alerts=frozenset(alerts)), past(told), [LATE], NOON)
    assert decided.alert == ((LATE,) if new else ())


def test_a_matter_is_also_told_for_what_else_it_is():
    late_answer = Matter("question:2", "overdue", "", "q", also=("review",))
    assert due(wishes(alerts=frozenset({"review"})), past(), [late_answer], NOON).alert == (late_answer,)


def test_the_digest_comes_once_as_the_day_begins_and_tells_everything():
    first = due(wishes(), past(day=None), [LATE], at("2026-11-23T07:00"))
    assert first == Due(day=MONDAY)
    assert due(wishes(), past({LATE.key: "overdue"}), [LATE], at("2026-11-23T07:15")) == Due()
    friday = date(2026, 11, 20)
    assert due(wishes(), past(day=friday), [LATE], at("2026-11-23T10:00")).day == MONDAY, "late, after the service was down"
    assert due(wishes(), past(day=friday), [LATE], at("2026-11-22T10:00")).day is None, "not on a Sunday"


def test_what_burns_no_longer_is_forgotten_so_that_it_can_be_told_again():
    decided = due(wishes(), past({LATE.key: "overdue", MAIL.key: "held"}), [MAIL], NOON)
    assert decided == Due(over=frozenset({LATE.key}))


def test_without_hours_of_their_own_nobody_waits():
    always = WorkingCalendar.of("UTC", ANY_HOUR)
    assert all(in_hours(always, at("2026-11-21T23:30") + step * timedelta(minutes=10)) for step in range(20))
