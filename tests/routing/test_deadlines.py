"""Deadlines: tables of cases worked out by hand, and properties that hold for all of them."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.calendar import WorkingCalendar
from routing.deadlines import (
    NoWorkingTime,
    add_hours,
    add_working_days,
    add_working_time,
    after,
    next_working_moment,
    schedule,
    share,
    working_day_moment_before,
    working_time_between,
)
from routing.errors import RoutingError
from routing.policy import Term, load_policy

TIERS = load_policy().tiers
OFFICE = "mon-thu 08:00-12:30,13:30-17:00; fri 08:00-13:00"
BRUNECK = WorkingCalendar.of("Europe/Rome", OFFICE, "IT", "BZ", {"2026-12-24": {"hours": "closed", "name": "Christmas Eve"}})
BRASOV = WorkingCalendar.of("Europe/Bucharest", "mon-fri 09:00-17:00", "RO")
ISTANBUL = WorkingCalendar.of("Europe/Istanbul", "mon-fri 08:30-12:30,13:30-17:30", "TR")
CHATHAM = WorkingCalendar.of("Pacific/Chatham", "mon-fri 09:00-17:00", "NZ")
LORD_HOWE = WorkingCalendar.of("Australia/Lord_Howe", "mon-sun 00:00-24:00")
ALWAYS = WorkingCalendar.of("Europe/Rome", "mon-sun 00:00-24:00")
NEARLY_ALWAYS = WorkingCalendar.of("UTC", "mon-sun 00:00-23:59")
SUNDAYS = WorkingCalendar.of("Europe/Rome", "sun 01:30-03:30")
NEVER = WorkingCalendar.of(
    "UTC", "fri 09:00-10:00", None, None, {f"{date(2025, 12, 26) + timedelta(weeks=w)}": "closed" for w in range(62)}
)
CALENDARS = [BRUNECK, BRASOV, ISTANBUL, CHATHAM, LORD_HOWE, ALWAYS, SUNDAYS]

moments = st.datetimes(datetime(2026, 1, 1), datetime(2031, 11, 1), timezones=st.just(UTC))
calendars = st.sampled_from(CALENDARS)
days = st.integers(0, 40)


def at(text, calendar=None):
    """A moment as a wall clock of the calendar shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(calendar.zone) if calendar else UTC).astimezone(UTC)


@pytest.mark.parametrize(
    ("calendar", "start", "days", "due"),
    [
        # Monday noon with two working days is due on Wednesday at closing time
        (BRUNECK, "2026-01-12 12:00", 2, "2026-01-14 17:00"),
        # at night, in the lunch break, on a Saturday: as if received at the next opening
        (BRUNECK, "2026-01-12 05:00", 2, "2026-01-14 17:00"),
        (BRUNECK, "2026-01-12 13:00", 2, "2026-01-14 17:00"),
        (BRUNECK, "2026-01-10 12:00", 2, "2026-01-14 17:00"),
        # after closing time it is tomorrow's; closing time itself is already after
        (BRUNECK, "2026-01-12 16:59", 1, "2026-01-13 17:00"),
        (BRUNECK, "2026-01-12 17:00", 1, "2026-01-14 17:00"),
        (BRUNECK, "2026-01-12 20:00", 1, "2026-01-14 17:00"),
        # Friday closes at 13:00
        (BRUNECK, "2026-01-15 09:00", 1, "2026-01-16 13:00"),
        (BRUNECK, "2026-01-16 12:59", 1, "2026-01-19 17:00"),
        # no days: until closing time of the day of receipt
        (BRUNECK, "2026-01-12 09:00", 0, "2026-01-12 17:00"),
        (BRUNECK, "2026-01-12 18:00", 0, "2026-01-13 17:00"),
        # over Christmas and the new year: 24 (own exception), 25, 26 (a Saturday), 1 and 6 January fall out
        (BRUNECK, "2026-12-21 10:00", 10, "2027-01-08 13:00"),
        # a holiday on a weekend takes nothing away: 1 November 2026 is a Sunday
        (BRUNECK, "2026-10-30 09:00", 1, "2026-11-02 17:00"),
        # holidays make a deadline later, never sooner: a term of three days over two holidays (30 November, 1 December)
        (BRASOV, "2026-11-27 10:00", 3, "2026-12-04 17:00"),
        # an Islamic feast and the Sunday between
        (ISTANBUL, "2026-05-26 10:00", 1, "2026-06-01 17:30"),
        # over both clock changes closing time stays closing time on the wall
        (BRUNECK, "2026-03-27 09:00", 1, "2026-03-30 17:00"),
        (BRUNECK, "2026-10-22 09:00", 2, "2026-10-26 17:00"),
        (CHATHAM, "2026-09-25 09:00", 1, "2026-09-28 17:00"),
        (CHATHAM, "2026-04-02 09:00", 1, "2026-04-07 17:00"),  # Easter and the clock change on one weekend
        # the international date line: Friday evening in UTC is Saturday on Chatham
        (CHATHAM, "2026-01-10 10:00", 1, "2026-01-13 17:00"),
        # closing at 24:00 is the end of that day
        (ALWAYS, "2026-01-10 10:00", 1, "2026-01-12 00:00"),
        # working only while the clock changes
        (SUNDAYS, "2026-03-22 02:00", 1, "2026-03-29 03:30"),
        (SUNDAYS, "2026-10-18 02:00", 1, "2026-10-25 03:30"),
        # leap day
        (BRASOV, "2028-02-28 10:00", 1, "2028-02-29 17:00"),
    ],
)  # fmt: skip
def test_working_days(calendar, start, days, due):
    assert add_working_days(at(start, calendar), days, calendar).at == at(due, calendar)


@pytest.mark.parametrize(
    ("calendar", "start", "hours", "due"),
    [
        # four hours from 11:00: 1.5 before lunch, 2.5 after
        (BRUNECK, "2026-01-12 11:00", 4, "2026-01-12 16:00"),
        # used up exactly at closing time: due then, not tomorrow morning
        (BRUNECK, "2026-01-12 13:30", 3.5, "2026-01-12 17:00"),
        (BRUNECK, "2026-01-12 13:30", 3.75, "2026-01-13 08:15"),
        # received on Friday afternoon
        (BRUNECK, "2026-01-16 14:00", 4, "2026-01-19 12:00"),
        (BRUNECK, "2026-01-16 12:00", 4, "2026-01-19 11:00"),
        # no time at all: the next working moment
        (BRUNECK, "2026-01-16 14:00", 0, "2026-01-19 08:00"),
        (BRUNECK, "2026-01-16 12:00", 0, "2026-01-16 12:00"),
        # round the clock, 24 working hours are 24 elapsed hours, an hour off on the wall over a clock change
        (ALWAYS, "2026-03-28 12:00", 24, "2026-03-29 13:00"),
        (ALWAYS, "2026-10-24 12:00", 24, "2026-10-25 11:00"),
        (LORD_HOWE, "2026-10-03 12:00", 24, "2026-10-04 12:30"),
        (LORD_HOWE, "2026-04-04 12:00", 24, "2026-04-05 11:30"),
        # half an hour of the two is skipped by the clock; on the other Sunday it comes twice
        (SUNDAYS, "2026-03-29 01:30", 1, "2026-03-29 03:30"),
        (SUNDAYS, "2026-10-25 00:00", 3, "2026-10-25 03:30"),
        # 00:00-23:59 loses a minute a day, 00:00-24:00 loses none
        (ALWAYS, "2026-06-01 00:00", 30 * 24, "2026-07-01 00:00"),
        (NEARLY_ALWAYS, "2026-06-01 00:00", 30 * 24, "2026-07-01 00:30"),
        # over the new year
        (ISTANBUL, "2026-12-31 16:30", 2, "2027-01-04 09:30"),
    ],
)  # fmt: skip
def test_working_hours(calendar, start, hours, due):
    assert add_working_time(at(start, calendar), hours, calendar).at == at(due, calendar)
    assert add_working_time(at(start, calendar), timedelta(hours=hours), calendar).at == at(due, calendar)


@pytest.mark.parametrize("start", ["2026-03-27 12:00", "2026-10-23 12:00", "2026-06-01 12:00"])
def test_elapsed_hours_are_elapsed_hours_over_a_clock_change(start):
    local = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo("Europe/Rome"))
    due = add_hours(local, 72, BRUNECK)
    assert due.at.timestamp() - local.timestamp() == 72 * 3600
    assert due.explanation["unit"] == "hours"
    assert due.explanation["skipped"] == []


def test_the_explanation_tells_each_skipped_day():
    due = add_working_days(at("2026-12-19 10:00", BRUNECK), 3, BRUNECK)
    assert due.explanation == {
        "start": "2026-12-19T09:00:00+00:00",
        "counted_from": "2026-12-21T07:00:00+00:00",
        "amount": 3,
        "unit": "working_days",
        "at": "2026-12-28T16:00:00+00:00",
        "zone": "Europe/Rome",
        "skipped": [
            {"day": "2026-12-19", "why": "weekend"},
            {"day": "2026-12-20", "why": "weekend"},
            {"day": "2026-12-24", "why": "exception", "name": "Christmas Eve"},
            {"day": "2026-12-25", "why": "holiday", "name": "Christmas Day"},
            {"day": "2026-12-26", "why": "weekend"},
            {"day": "2026-12-27", "why": "weekend"},
        ],
    }


@pytest.mark.parametrize(("amount", "told"), [(4, 4), (2.5, 2.5), (timedelta(minutes=90), 1.5), (timedelta(hours=8), 8)])
def test_hours_are_told_as_short_as_they_are(amount, told):
    explanation = add_working_time(at("2026-01-12 09:00", BRUNECK), amount, BRUNECK).explanation
    assert (explanation["amount"], type(explanation["amount"]), explanation["unit"]) == (told, type(told), "working_hours")


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-01-12 08:00", "2026-01-12 17:00", 8),
        ("2026-01-12 12:30", "2026-01-12 13:30", 0),
        ("2026-01-12 12:00", "2026-01-13 09:00", 5),
        ("2026-01-16 13:00", "2026-01-19 08:00", 0),
        ("2026-01-19 08:00", "2026-01-16 08:00", 0),
        ("2026-01-12 00:00", "2026-01-19 00:00", 37),
    ],
)
def test_working_time_between(start, end, hours):
    assert working_time_between(at(start, BRUNECK), at(end, BRUNECK), BRUNECK) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("start", "end", "part", "moment"),
    [
        ("2026-01-12 08:00", "2026-01-12 17:00", 0.5, "2026-01-12 12:00"),
        ("2026-01-12 08:00", "2026-01-13 17:00", 0.5, "2026-01-12 17:00"),
        ("2026-01-12 08:00", "2026-01-12 17:00", 0.0, "2026-01-12 08:00"),
        ("2026-01-12 08:00", "2026-01-12 17:00", 1.0, "2026-01-12 17:00"),
        ("2026-01-16 14:00", "2026-01-18 14:00", 0.5, "2026-01-18 14:00"),  # a weekend has no half
    ],
)
def test_share_of_the_working_time(start, end, part, moment):
    assert share(at(start, BRUNECK), at(end, BRUNECK), part, BRUNECK) == at(moment, BRUNECK)


@pytest.mark.parametrize(
    ("due", "days", "moment"),
    [
        ("2026-01-14 17:00", 1, "2026-01-13 08:00"),
        ("2026-01-12 17:00", 1, "2026-01-09 08:00"),
        ("2026-12-28 17:00", 1, "2026-12-23 08:00"),
        ("2026-01-16 13:00", 5, "2026-01-09 08:00"),
        ("2026-01-18 12:00", 1, "2026-01-16 08:00"),
        ("2026-01-14 17:00", 0, "2026-01-14 17:00"),
    ],
)
def test_the_morning_some_working_days_before(due, days, moment):
    assert working_day_moment_before(at(due, BRUNECK), days, BRUNECK) == at(moment, BRUNECK)


def test_closing_at_midnight_still_belongs_to_the_day_that_ends():
    assert working_day_moment_before(at("2026-01-12 00:00", ALWAYS), 1, ALWAYS) == at("2026-01-10 00:00", ALWAYS)


@pytest.mark.parametrize(
    ("tier", "start", "accept_by", "remind", "deadline", "overdue", "escalate"),
    [
        (
            "urgent", "2026-01-12 10:00", "2026-01-12 15:00", ["2026-01-13 08:00"],
            "2026-01-14 17:00", "2026-01-15 08:00", "2026-01-15 08:00",
        ),
        (
            "standard", "2026-01-12 10:00", "2026-01-14 17:00", ["2026-01-19 14:00", "2026-01-23 08:00"],
            "2026-01-26 17:00", "2026-01-27 08:00", "2026-01-27 12:00",
        ),
        (
            "extended", "2026-01-12 10:00", "2026-01-19 17:00", ["2026-02-02 14:00", "2026-02-16 08:00", "2026-02-20 08:00"],
            "2026-02-23 17:00", "2026-02-24 08:00", "2026-02-25 17:00",
        ),
    ],
)  # fmt: skip
def test_schedule(tier, start, accept_by, remind, deadline, overdue, escalate):
    planned = schedule(at(start, BRUNECK), TIERS[tier], BRUNECK)
    assert planned.accept_by == at(accept_by, BRUNECK)
    assert planned.remind == tuple(at(each, BRUNECK) for each in remind)
    assert (planned.deadline, planned.overdue, planned.escalate) == tuple(
        at(each, BRUNECK) for each in (deadline, overdue, escalate)
    )
    assert planned.explanation["at"] == planned.deadline.isoformat()


@given(start=moments, calendar=calendars, tier=st.sampled_from(["urgent", "standard", "extended"]))
@settings(max_examples=150, deadline=None)
def test_a_schedule_is_in_order_and_reminds_in_working_time_once_a_day(start, calendar, tier):
    planned = schedule(start, TIERS[tier], calendar)
    assert start <= planned.accept_by <= planned.deadline <= planned.overdue
    assert planned.deadline <= planned.escalate
    assert list(planned.remind) == sorted(planned.remind)
    assert all(start < each < planned.deadline for each in planned.remind)
    assert all(next_working_moment(each, calendar) == each for each in (*planned.remind, planned.overdue))
    assert len({calendar.local_day(each) for each in planned.remind}) == len(planned.remind)


@given(start=moments, later=st.timedeltas(timedelta(0), timedelta(days=30)), days=days, calendar=calendars)
@settings(max_examples=150, deadline=None)
def test_a_later_start_never_gives_an_earlier_deadline(start, later, days, calendar):
    assert add_working_days(start, days, calendar).at <= add_working_days(start + later, days, calendar).at
    assert add_working_time(start, days, calendar).at <= add_working_time(start + later, days, calendar).at


@given(start=moments, days=days, more=st.integers(0, 20), calendar=calendars)
@settings(max_examples=150, deadline=None)
def test_more_days_never_give_an_earlier_deadline(start, days, more, calendar):
    assert start <= add_working_days(start, days, calendar).at <= add_working_days(start, days + more, calendar).at
    assert start <= add_working_time(start, days, calendar).at <= add_working_time(start, days + more, calendar).at


@given(start=moments, days=days, calendar=calendars)
@settings(max_examples=150, deadline=None)
def test_the_explanation_can_be_recounted(start, days, calendar):
    due = add_working_days(start, days, calendar)
    told = json.loads(json.dumps(due.explanation))
    zone = ZoneInfo(told["zone"])
    first, received = (datetime.fromisoformat(told[key]).astimezone(zone).date() for key in ("start", "counted_from"))
    last = (datetime.fromisoformat(told["at"]) - timedelta(seconds=1)).astimezone(zone).date()
    skipped = {date.fromisoformat(each["day"]) for each in told["skipped"]}
    every = [first + timedelta(days=each) for each in range((last - first).days + 1)]
    counted = [day for day in every if day not in skipped and day > received]
    assert len(counted) == told["amount"] == days
    assert skipped <= set(every)
    assert counted[-1:] == ([last] if days else [])


@given(start=moments, calendar=calendars, amount=st.timedeltas(timedelta(0), timedelta(hours=100)), part=st.floats(0, 1))
@settings(max_examples=150, deadline=None)
def test_working_time_added_is_working_time_between(start, calendar, amount, part):
    due = add_working_time(start, amount, calendar).at
    assert working_time_between(start, due, calendar) == amount
    assert start <= share(start, due, part, calendar) <= max(due, next_working_moment(start, calendar))
    early = working_time_between(start, share(start, due, 0.5, calendar), calendar)
    assert abs(early * 2 - amount) <= timedelta(microseconds=2)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: next_working_moment(at("2026-01-01 00:00"), NEVER),
        lambda: add_working_days(at("2026-01-01 00:00"), 1, NEVER),
        lambda: add_working_days(at("2025-12-19 09:30"), 1, NEVER),
        lambda: add_working_time(at("2025-12-19 09:30"), 1, NEVER),
        lambda: schedule(at("2026-01-01 00:00"), TIERS["urgent"], NEVER),
        lambda: working_day_moment_before(at("2027-02-26 09:30"), 1, NEVER),
    ],
)
def test_a_calendar_in_which_nobody_works_is_an_error_and_no_endless_loop(ask):
    with pytest.raises(NoWorkingTime, match="correct its hours or exceptions") as refused:
        ask()
    assert isinstance(refused.value, RoutingError)


def test_a_long_term_is_no_idle_calendar():
    """Two hours a week: a thousand of them take ten years, and no year of these is without work."""
    due = add_working_time(at("2026-01-04 00:00"), 1000, SUNDAYS).at
    assert due.year == 2035
    assert working_time_between(at("2026-01-04 00:00"), due, SUNDAYS) == timedelta(hours=1000)


def test_a_reminder_before_the_start_is_left_out():
    tier = replace(TIERS["urgent"], remind_at=(), remind_days_before=(5, 2, 1))
    planned = schedule(at("2026-01-12 10:00", BRUNECK), tier, BRUNECK)
    assert planned.remind == (at("2026-01-13 08:00", BRUNECK),)


def test_hours_on_the_clock_need_no_working_time():
    assert add_hours(at("2026-01-01 00:00"), 48, NEVER).at == at("2026-01-03 00:00")


@pytest.mark.parametrize(
    ("term", "due"),
    [
        (Term(2, "working_days"), "2026-01-14 17:00"),
        (Term(4, "working_hours"), "2026-01-12 15:00"),
        (Term(48, "hours"), "2026-01-14 10:00"),
    ],
)
def test_a_term_of_the_policy(term, due):
    assert after(at("2026-01-12 10:00", BRUNECK), term, BRUNECK).at == at(due, BRUNECK)


@pytest.mark.parametrize(
    "ask", [lambda start: add_working_days(start, -1, BRUNECK), lambda start: add_working_time(start, -0.5, BRUNECK)]
)
def test_time_is_not_taken_back(ask):
    with pytest.raises(ValueError, match="before its start"):
        ask(at("2026-01-12 10:00"))


def test_a_moment_without_zone_is_refused():
    with pytest.raises(ValueError, match="aware"):
        add_working_days(datetime(2026, 1, 12, 10), 1, BRUNECK)


def test_any_zone_of_the_start_means_the_same_moment():
    start = at("2026-01-12 10:00")
    abroad = start.astimezone(ZoneInfo("Pacific/Chatham"))
    assert add_working_days(start, 3, BRUNECK) == add_working_days(abroad, 3, BRUNECK)
