"""Deadlines in working time, each with the story of how it was counted.

In come a moment, an amount and an authority's calendar; out come UTC moments and a JSON-able explanation from which a
letter can say which days were skipped and why. There is one rule for days, that of Regulation (EEC, Euratom) 1182/71,
article 3: the day on which the question comes in is not counted, and the period ends with the last working hour of its
last day. What comes in outside working hours counts as received at the next working moment. So a question of Monday noon
with two working days is due on Wednesday at closing time, and one of Saturday as if it had come on Monday morning.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from routing.calendar import Interval, WorkingCalendar
from routing.errors import RoutingError
from routing.policy import Term, TierPolicy

# A year and a few days: whoever does not work once in that time has a wrong calendar.
IDLE_DAYS_AT_MOST = 370

Explanation = dict[str, Any]


class NoWorkingTime(RoutingError):
    """The calendar has no working time within a year; correct the authority's hours or its exceptions."""


@dataclass(frozen=True, slots=True)
class Due:
    """A moment (aware UTC) and how it was counted.

    `explanation`: start, counted_from, at (ISO 8601, UTC), amount, unit ("working_days", "working_hours" or "hours"), zone,
    skipped: the closed local days from the start to the due day, each {"day", "why", "name"?}.
    """

    at: datetime
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class Moments:
    """The moments of one assignment, all aware UTC; `remind` holds none to several, in order, all before the deadline.

    `overdue` is the first working moment after the deadline, `escalate` when the question moves on to somebody else.
    """

    accept_by: datetime
    remind: tuple[datetime, ...]
    deadline: datetime
    overdue: datetime
    escalate: datetime
    explanation: Explanation


def schedule(now: datetime, tier: TierPolicy, calendar: WorkingCalendar) -> Moments:
    """All moments of an assignment given at `now`; raises `NoWorkingTime`."""
    due = after(now, tier.answer_within, calendar)
    accept_by = min(after(now, tier.accept_within, calendar).at, due.at)
    return _moments(due, accept_by, _reminders(now, due.at, tier, calendar), tier, calendar)


def until(due: Due, now: datetime, tier: TierPolicy, calendar: WorkingCalendar) -> Moments:
    """The moments up to a deadline that has been moved: of the reminders those that are counted back from it."""
    remind = _first_of_each_day(_days_before(due.at, tier, calendar), now, due.at, calendar)
    return _moments(due, due.at, remind, tier, calendar)


def after(start: datetime, term: Term, calendar: WorkingCalendar) -> Due:
    """When a term of the policy that begins at `start` is over."""
    if term.unit == "working_days":
        return add_working_days(start, term.amount, calendar)
    if term.unit == "working_hours":
        return add_working_time(start, timedelta(hours=term.amount), calendar)
    return add_hours(start, term.amount, calendar)


def add_working_days(start: datetime, days: int, calendar: WorkingCalendar) -> Due:
    """Closing time of the `days`-th working day after the day of receipt (0: of that day itself); ValueError below 0."""
    if days < 0:
        raise ValueError("a deadline cannot lie before its start; give 0 days or more")
    counted_from = next_working_moment(start, calendar)
    last = _nth_working_day(calendar.local_day(counted_from), days, calendar)
    return _explained(start, counted_from, calendar.intervals(last)[-1].end, days, "working_days", calendar)


def add_working_time(start: datetime, amount: timedelta | float, calendar: WorkingCalendar) -> Due:
    """When `amount` (a timedelta, or hours) of working time has passed; at closing time if it is used up right then.

    Raises ValueError for less than none.
    """
    left = amount if isinstance(amount, timedelta) else timedelta(hours=amount)
    if left < timedelta(0):
        raise ValueError("a deadline cannot lie before its start; give 0 hours or more")
    hours = left / timedelta(hours=1)
    counted_from = next_working_moment(start, calendar)
    for interval in _working_from(counted_from, calendar):
        if left <= interval.end - interval.start:
            return _explained(start, counted_from, interval.start + left, _short(hours), "working_hours", calendar)
        left -= interval.end - interval.start
    raise AssertionError("unreachable: _working_from never ends")


def add_hours(start: datetime, hours: float, calendar: WorkingCalendar) -> Due:
    """When `hours` have passed on the clock, nights and closed days included; nothing is skipped."""
    # Summed in UTC: on an aware local time Python adds wall-clock hours, an hour off across a clock change (PEP 495).
    at = _utc(start) + timedelta(hours=hours)
    due = _explained(start, _utc(start), at, _short(hours), "hours", calendar)
    return Due(at, due.explanation | {"skipped": []})


def next_working_moment(at: datetime, calendar: WorkingCalendar) -> datetime:
    """`at` itself when it is working time, else the next opening; raises `NoWorkingTime`."""
    return next(_working_from(_utc(at), calendar)).start


def working_days_until(due: datetime, day: date, calendar: WorkingCalendar) -> int:
    """By how many working days a due moment must be put off to fall on `day`, or on the first working day after it."""
    near, days = _due_day(due, calendar), 0
    while near < day:
        near, days = _neighbour(near, 1, calendar), days + 1
    return days


def working_time_between(start: datetime, end: datetime, calendar: WorkingCalendar) -> timedelta:
    """How much working time lies in the half-open stretch from `start` to `end`; none when `end` is not later."""
    start, end = _utc(start), _utc(end)
    total, day, last = timedelta(0), calendar.local_day(start), calendar.local_day(end)
    while day <= last and start < end:
        for interval in calendar.intervals(day):
            total += max(min(interval.end, end) - max(interval.start, start), timedelta(0))
        day += timedelta(days=1)
    return total


def share(start: datetime, end: datetime, part: float, calendar: WorkingCalendar) -> datetime:
    """When `part` (0 to 1) of the working time between two moments is used up; `end` when there is none between them."""
    total = working_time_between(start, end, calendar)
    return add_working_time(start, total * part, calendar).at if total else _utc(end)


def working_day_moment_before(due: datetime, days: int, calendar: WorkingCalendar) -> datetime:
    """Opening time of the `days`-th working day before the due day: early enough to do something about it."""
    day = _due_day(due, calendar)
    for _ in range(days):
        day = _neighbour(day, -1, calendar)
    return calendar.intervals(day)[0].start if days else _utc(due)


def _moments(due: Due, accept_by: datetime, remind: tuple[datetime, ...], tier: TierPolicy, calendar: WorkingCalendar) -> Moments:
    overdue, escalate = next_working_moment(due.at, calendar), after(due.at, tier.grace, calendar).at
    return Moments(accept_by, remind, due.at, overdue, escalate, due.explanation)


def _reminders(start: datetime, due: datetime, tier: TierPolicy, calendar: WorkingCalendar) -> tuple[datetime, ...]:
    wanted = [next_working_moment(share(start, due, part, calendar), calendar) for part in tier.remind_at]
    return _first_of_each_day([*wanted, *_days_before(due, tier, calendar)], start, due, calendar)


def _days_before(due: datetime, tier: TierPolicy, calendar: WorkingCalendar) -> list[datetime]:
    return [working_day_moment_before(due, days, calendar) for days in tier.remind_days_before]


def _first_of_each_day(wanted: list[datetime], start: datetime, due: datetime, calendar: WorkingCalendar) -> tuple[datetime, ...]:
    """In working hours only, and one a day at most: a second letter on the same day would only annoy."""
    first_of_day: dict[date, datetime] = {}
    for moment in sorted(moment for moment in wanted if start < moment < due):
        first_of_day.setdefault(calendar.local_day(moment), moment)
    return tuple(first_of_day.values())


def _working_from(at: datetime, calendar: WorkingCalendar) -> Iterator[Interval]:
    """The working time from a moment on, in order and without end; raises `NoWorkingTime` after a year of none."""
    day, idle = calendar.local_day(at), 0
    while idle <= IDLE_DAYS_AT_MOST:
        ahead = [Interval(max(start, at), end) for start, end in calendar.intervals(day) if end > at]
        yield from ahead
        idle = 0 if ahead else idle + 1
        day += timedelta(days=1)
    raise _no_working_time(day, calendar)


def _nth_working_day(day: date, days: int, calendar: WorkingCalendar) -> date:
    for _ in range(days):
        day = _neighbour(day, 1, calendar)
    return day


def _neighbour(day: date, step: int, calendar: WorkingCalendar) -> date:
    """The next (+1) or previous (-1) working day."""
    for away in range(1, IDLE_DAYS_AT_MOST + 1):
        if calendar.is_working_day(near := day + timedelta(days=step * away)):
            return near
    raise _no_working_time(day, calendar)


def _no_working_time(day: date, calendar: WorkingCalendar) -> NoWorkingTime:
    what = f"nobody works within {IDLE_DAYS_AT_MOST} days of {day} in this calendar ({calendar.zone})"
    return NoWorkingTime(f"{what}; correct its hours or exceptions")


def _due_day(due: datetime, calendar: WorkingCalendar) -> date:
    """The local day a due moment belongs to: closing at 24:00 is still the day that ends then."""
    return calendar.local_day(_utc(due) - timedelta(microseconds=1))


def _explained(start: datetime, counted_from: datetime, at: datetime, amount: float, unit: str, calendar: WorkingCalendar) -> Due:
    told = {"start": _utc(start).isoformat(), "counted_from": counted_from.isoformat(), "amount": amount, "unit": unit}
    return Due(at, told | {"at": at.isoformat(), "zone": calendar.zone, "skipped": list(_skipped(start, at, calendar))})


def _skipped(start: datetime, at: datetime, calendar: WorkingCalendar) -> Iterator[dict[str, str]]:
    day = calendar.local_day(start)
    while day <= _due_day(at, calendar):
        if closed := calendar.why_closed(day):
            yield {"day": day.isoformat(), "why": closed.kind} | ({"name": closed.name} if closed.name else {})
        day += timedelta(days=1)


def _short(amount: float) -> float:
    return int(amount) if amount == int(amount) else amount


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a moment needs its zone; pass aware datetimes, best in UTC")
    return at.astimezone(UTC)
