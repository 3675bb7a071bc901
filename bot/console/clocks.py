"""Time in words: how late, how soon, how long ago, in a reader's language. Pure; the moment of looking is an argument."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from math import ceil
from typing import Any, Literal
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, format_skeleton, format_timedelta, get_timezone_location

from bot.console.tongue import Tongue, tongue
from routing.hours import DAYS, HoursError, read_hours
from routing.models import Question

MOST_HOURS = 48
SEARCH_TAKES = timedelta(minutes=2)
Unit = Literal["month", "week", "day", "hour", "minute"]
_DAY = 86_400
# From how many seconds on a unit is said, and how many seconds it has.
UNITS: tuple[tuple[int, int, Unit], ...] = (
    (60 * _DAY, 30 * _DAY, "month"),
    (14 * _DAY, 7 * _DAY, "week"),
    (_DAY, _DAY, "day"),
    (3600, 3600, "hour"),
    (60, 60, "minute"),
)
# Zones whose names are told under the names they had before (https://data.iana.org/time-zones/data/backward).
_BEFORE = {"Europe/Kyiv": "Europe/Kiev"}
_NO_LARGER = 10_000  # so many of a unit before Babel would take the next larger one


@dataclass(frozen=True, slots=True)
class Clock:
    """A question's clock. `tone` colours it (late, today, soon, calm, idle), `icon` and `words` say the same without colour."""

    words: str
    tone: str
    icon: str
    at: datetime | None


def clock_of(question: Question, now: datetime, zone: str, say: Tongue, turn: datetime | None = None) -> Clock:
    """The clock belongs to whoever owes the next step: while the asker has it (since `turn`), nobody is late."""
    if question.state == "closed":
        told = say("closed %(ago)s", ago=ago(question.closed_at or now, now, say))
        return Clock(told, "idle", "check", question.closed_at)
    if question.waiting_for == "asker":
        return Clock(say("waiting %(span)s", span=_since(question, turn, now, say)), "idle", "pause", question.next_action_at)
    if question.state == "answered":
        told = say("answered %(ago)s", ago=ago(question.answered_at or now, now, say))
        return Clock(told, "idle", "check", question.answered_at)
    if question.promised_at is None:
        return _search_clock(question, now, say)
    return due(question.promised_at, now, zone, say)


def due(at: datetime, now: datetime, zone: str, say: Tongue) -> Clock:
    """A promise against the present moment."""
    if at <= now:
        return Clock(say("%(span)s late", span=span(now - at, say)), "late", "late", at)
    here, there = now.astimezone(ZoneInfo(zone)), at.astimezone(ZoneInfo(zone))
    days = (there.date() - here.date()).days
    if days == 0:
        return Clock(say("today %(time)s", time=f"{there:%H:%M}"), "today", "today", at)
    if days == 1:
        return Clock(say("tomorrow %(time)s", time=f"{there:%H:%M}"), "soon", "clock", at)
    if days < 7:
        return Clock(f"{_weekday(there, say)} {there:%H:%M}", "soon" if days < 3 else "calm", "clock", at)
    return Clock(_delta(say.code, days * _DAY, True), "calm", "clock", at)


def moment(at: datetime, now: datetime, zone: str, say: Tongue) -> str:
    """ "Fri, 8 Jan, 17:00"; with the year when it is another one."""
    there = at.astimezone(ZoneInfo(zone))
    skeleton = "MMMEd" if there.year == now.astimezone(ZoneInfo(zone)).year else "yMMMEd"
    return f"{format_skeleton(skeleton, there, locale=say.locale)}, {there:%H:%M}"


def day(at: date, now: datetime, say: Tongue) -> str:
    """ "Fri, 8 Jan"; with the year when it is another one."""
    return str(format_skeleton("MMMEd" if at.year == now.year else "yMMMEd", at, locale=say.locale))


def zone_name(zone: str, say: Tongue) -> str:
    """The city or islands that name a time zone, in the language; one that is not known as it is written."""
    try:
        return str(get_timezone_location(ZoneInfo(_BEFORE.get(zone, zone)), locale=say.locale, return_city=True))
    except (LookupError, ValueError, OSError):  # OSError: "Europe" is a directory
        return zone


def date_words(iso: Any, say: Tongue) -> str:
    """A stored day, "2027-01-31", as the language writes it; "" for none, and what is no day as it stands."""
    try:
        return str(format_skeleton("yMMMd", date.fromisoformat(str(iso)), locale=say.locale)) if iso else ""
    except ValueError:
        return str(iso)


def week(hours: Mapping[str, Any], say: Tongue) -> list[tuple[str, str]]:
    """(days, hours) from Monday on, days with the same hours together; hours that cannot be read as they stand there."""
    try:
        open_ = [", ".join(spans) for spans in (read_hours(hours).as_json().get(name, ()) for name in DAYS)]
    except HoursError:
        return [(str(name), str(spans)) for name, spans in hours.items()]
    names, rows = say.locale.days["stand-alone"]["abbreviated"], []
    for spans, those in groupby(range(7), key=open_.__getitem__):
        first, *rest = those
        rows.append((f"{names[first]}–{names[rest[-1]]}" if rest else names[first], spans))
    return [row for row in rows if row[1]]


def ago(at: datetime, now: datetime, say: Tongue) -> str:
    if abs(now - at) < timedelta(minutes=1):
        return say("just now")
    return _delta(say.code, int((at - now).total_seconds()), True)


def span(length: timedelta, say: Tongue) -> str:
    """A stretch of time, rounded down to the unit one would say: minutes, hours, days, weeks, months."""
    return _delta(say.code, max(int(length.total_seconds()), 60), False)


def within(hours: float, say: Tongue) -> str:
    """A length that is not exceeded, in whole hours, or whole days where one would no longer count hours."""
    is_long = hours > MOST_HOURS
    whole = timedelta(days=ceil(hours / 24)) if is_long else timedelta(hours=ceil(hours))
    unit: Unit = "day" if is_long else "hour"
    return str(format_timedelta(whole, unit, threshold=_NO_LARGER, format="long", locale=say.locale))


@lru_cache(maxsize=4096)
def _delta(code: str, seconds: int, is_moment: bool) -> str:
    """Whole units, never rounded up: "3 days", or as a moment "in 3 days", "3 days ago"."""
    unit, length = next((unit, length) for least, length, unit in UNITS if abs(seconds) >= least or unit == "minute")
    whole = timedelta(seconds=(abs(seconds) // length) * length * (1 if seconds >= 0 else -1))
    style: Literal["short", "long"] = "short" if unit == "minute" else "long"
    names = tongue(code).locale
    return str(format_timedelta(whole, unit, threshold=_NO_LARGER, add_direction=is_moment, format=style, locale=names))


def _weekday(at: datetime, say: Tongue) -> str:
    return str(format_datetime(at, "ccc", locale=say.locale))


def day_ends(now: datetime, zone: str) -> datetime:
    """The end of today at `zone`, aware."""
    here = now.astimezone(ZoneInfo(zone))
    tomorrow = here.date() + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=here.tzinfo).astimezone(now.tzinfo)


def _since(question: Question, turn: datetime | None, now: datetime, say: Tongue) -> str:
    """Since it became their turn; without a history since our last word that the row itself knows."""
    said = turn or question.answered_at or question.first_word_at or question.created_at
    return span(now - said, say)


def _search_clock(question: Question, now: datetime, say: Tongue) -> Clock:
    if now - (question.next_action_at or now) > SEARCH_TAKES:
        return Clock(say("search is late"), "late", "late", question.next_action_at)
    return Clock(say("being searched"), "calm", "search", question.next_action_at)
