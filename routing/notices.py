"""Which notices are due now for one person: an alert about what is new, and a digest as their day begins. Pure.

In: a person's wishes, what they have been told, what burns, the moment. Out: what to tell, and what no longer burns. The first
new matter is told at once; what comes soon after it waits and is told together, so that a bad Monday is a few letters.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from routing.calendar import WorkingCalendar

SORTS = ("overdue", "review", "needs", "held", "undelivered", "draft")
ANY_HOUR = "mon-sun 00:00-24:00"


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that burns. `sort` is what is most pressing about it, `also` what else it is; `key` stays while it burns.

    `act` and `target` are what one click would do about it ("" for nothing), `who` the expert it would be given to.
    """

    key: str
    sort: str
    line: str
    path: str
    number: str = ""
    also: tuple[str, ...] = ()
    act: str = ""
    target: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class Wishes:
    """`alerts`: the sorts told at once, at most one letter in `every`; letters come in the hours of `calendar` only."""

    alerts: frozenset[str]
    every: timedelta
    digest: bool
    calendar: WorkingCalendar


@dataclass(frozen=True, slots=True)
class Past:
    """What a person knows: the sort under which each key was told, None where it is owed."""

    told: Mapping[str, str | None]
    alerted_at: datetime | None = None
    digested_on: date | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """What to tell now; `day` is the local day whose digest is settled with this, `over` the keys that burn no longer."""

    alert: tuple[Matter, ...] = ()
    day: date | None = None
    over: frozenset[str] = frozenset()


def may_look(wishes: Wishes, past: Past, now: datetime) -> bool:
    """Whether anything could be due: spares looking at what burns when nobody may be told."""
    return in_hours(wishes.calendar, now) and (_digest_day(wishes, past, now) is not None or _may_alert(wishes, past, now))


def due(wishes: Wishes, past: Past, matters: Sequence[Matter], now: datetime) -> Due:
    """What a person is told now. A digest tells everything, so that nothing is left for an alert beside it."""
    over = frozenset(past.told) - {one.key for one in matters}
    if not in_hours(wishes.calendar, now):
        return Due(over=over)
    day = _digest_day(wishes, past, now)
    if day is not None or not _may_alert(wishes, past, now):
        return Due(day=day, over=over)
    return Due(tuple(one for one in matters if is_new(one, wishes.alerts, past.told)), None, over)


def is_new(matter: Matter, alerts: Collection[str], told: Mapping[str, str | None]) -> bool:
    """Owed in any case; else wished for, and not told under this sort before."""
    if matter.key in told and told[matter.key] is None:
        return True
    wished = any(sort in alerts for sort in (matter.sort, *matter.also))
    return wished and told.get(matter.key) != matter.sort


def in_hours(calendar: WorkingCalendar, now: datetime) -> bool:
    return any(start <= now < end for start, end in calendar.intervals(calendar.local_day(now)))


def _digest_day(wishes: Wishes, past: Past, now: datetime) -> date | None:
    """The local day whose digest is still to be settled; a day that has passed is never made up for."""
    day = wishes.calendar.local_day(now)
    return day if wishes.digest and past.digested_on != day else None


def _may_alert(wishes: Wishes, past: Past, now: datetime) -> bool:
    return past.alerted_at is None or now - past.alerted_at >= wishes.every
