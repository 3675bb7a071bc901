"""When an authority works: weekly hours, public holidays and dated exceptions, in its own zone.

In come the fields of the directory (IANA zone, ISO 3166 country and subdivision, hours as people write them). Out come
the working intervals of a day as UTC moments, and for a closed day the reason. A moment is working time exactly when the
clock on the authority's wall shows a working minute: a minute that a clock change skips is nobody's working time, and one
that comes twice counts twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property
from importlib import metadata
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

from routing.errors import RoutingError
from routing.hours import Hours, Span, read_hours, read_spans

# Eurostat writes EL and UK where ISO 3166 has GR and GB.
COUNTRY_ALIASES = {"EL": "GR", "UK": "GB"}
# No zone is further than this from UTC (Etc/GMT+12 to Pacific/Kiritimati, +14); rounded up for safety.
FURTHEST_FROM_UTC = timedelta(hours=16)
# Days whose working time a calendar remembers: a deadline looks at some sixty, and a calendar may live for years.
MOST_DAYS_KNOWN = 200


class CalendarError(RoutingError):
    """A calendar cannot be made from these values; the message names the value and what to write instead."""


class Interval(NamedTuple):
    """Half-open: `start` is working time, `end` is not. Both are aware UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Closed:
    """Why nobody works on a day. "weekend" is any day without weekly hours; `name` is given for the other kinds."""

    kind: Literal["weekend", "holiday", "exception"]
    name: str = ""


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A dated exception: other hours, or none at all. It wins over weekly hours and public holidays."""

    day: date
    spans: tuple[Span, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class WorkingCalendar:
    """The working time of one authority. Build it with `WorkingCalendar.of`, which checks every value.

    Public holidays come from the `holidays` library (category "public"; half days and school holidays are working days).
    """

    zone: str
    hours: Hours
    country: str | None = None
    subdivision: str | None = None
    special_days: tuple[SpecialDay, ...] = ()
    _known: dict[date, tuple[Interval, ...]] = field(default_factory=dict, init=False, repr=False, compare=False, hash=False)

    @classmethod
    def of(
        cls,
        zone: str,
        hours: str | Mapping[str, Any] | Hours,
        country: str | None = None,
        subdivision: str | None = None,
        exceptions: Mapping[str, Any] | None = None,
    ) -> WorkingCalendar:
        """Read a calendar from text or stored JSON; raises `CalendarError` or `HoursError` naming what is wrong.

        `exceptions` maps ISO dates to "closed", to hours ("09:00-12:00"), or to {"hours": …, "name": …}.
        """
        zone_named(zone)
        country = COUNTRY_ALIASES.get(country.upper(), country.upper()) if country else None
        subdivision = subdivision.upper().removeprefix(f"{country}-") if subdivision else None
        if country:
            public_holidays(country, subdivision, 2026)  # refuses an unknown place now rather than at the first deadline
        return cls(zone, read_hours(hours), country, subdivision, read_exceptions(exceptions or {}))

    @cached_property
    def version(self) -> str:
        """Twelve hex digits that change when working time may have changed, the same in every process."""
        special = [[str(each.day), each.spans, each.name] for each in self.special_days]
        parts = [self.zone, self.country, self.subdivision, self.hours.as_json(), special, metadata.version("holidays")]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:12]

    def is_working_day(self, day: date) -> bool:
        return bool(self.intervals(day))

    def intervals(self, day: date) -> tuple[Interval, ...]:
        """The working time of a local day, in order, without overlaps; () when closed."""
        known = self._known.get(day)
        if known is None:
            if len(self._known) >= MOST_DAYS_KNOWN:
                self._known.clear()
            known = self._known[day] = tuple(_joined(_shown(self._spans(day), day, zone_named(self.zone))))
        return known

    def why_closed(self, day: date) -> Closed | None:
        """The reason for a closed day, or None for a working day."""
        if self.intervals(day):
            return None
        if special := self._special.get(day):
            return Closed("exception", special.name)
        if not self.hours.on(day):
            return Closed("weekend")
        if name := self._holiday(day):
            return Closed("holiday", name)
        return Closed("exception", "clock change")

    def local_day(self, at: datetime) -> date:
        """The date on the authority's wall at this moment."""
        return at.astimezone(zone_named(self.zone)).date()

    def _spans(self, day: date) -> tuple[Span, ...]:
        if special := self._special.get(day):
            return special.spans
        return () if self._holiday(day) else self.hours.on(day)

    def _holiday(self, day: date) -> str | None:
        return public_holidays(self.country, self.subdivision, day.year).get(day) if self.country else None

    @cached_property
    def _special(self) -> dict[date, SpecialDay]:
        return {special.day: special for special in self.special_days}


@cache
def zone_named(name: str) -> ZoneInfo:
    """The zone of this IANA name; raises `CalendarError` for anything else."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: "Europe" is a directory
        raise CalendarError(f'there is no time zone "{name}"; give an IANA name such as "Europe/Rome"') from error


@cache
def public_holidays(country: str, subdivision: str | None, year: int) -> Mapping[date, str]:
    """Public holidays of a year with their English names where the library has them, else in the country's own language.

    `country` and `subdivision` by ISO 3166 ("IT", "BZ"); raises `CalendarError` for places whose holidays are not known.
    """
    try:
        found = holidays.country_holidays(country, subdiv=subdivision, years=year)
        if "en_US" in found.supported_languages:
            found = holidays.country_holidays(country, subdiv=subdivision, years=year, language="en_US")
    except NotImplementedError as error:
        place = f"{country}-{subdivision}" if subdivision else country
        raise CalendarError(f'no public holidays are known for "{place}"; give ISO 3166 codes such as "IT" and "BZ"') from error
    return {day: name for day, name in found.items() if day.year == year}


def read_exceptions(exceptions: Mapping[str, Any]) -> tuple[SpecialDay, ...]:
    """Dated exceptions from JSON, sorted by day; raises `CalendarError` for a bad date, `HoursError` for bad hours."""
    return tuple(sorted((_special_day(day, told) for day, told in exceptions.items()), key=lambda special: special.day))


def _special_day(day: str, told: Any) -> SpecialDay:
    try:
        on = date.fromisoformat(day)
    except ValueError as error:
        raise CalendarError(f'"{day}" is not a date; write exceptions as "2026-12-24"') from error
    hours, name = (told.get("hours", "closed"), told.get("name", "")) if isinstance(told, Mapping) else (told, "")
    return SpecialDay(on, () if hours in ("closed", "", None) else read_spans(str(hours)), str(name))


def _shown(spans: tuple[Span, ...], day: date, zone: ZoneInfo) -> Iterator[Interval]:
    """The UTC moments at which the wall clock of `zone` shows a time inside `spans` on `day`."""
    if not spans:
        return
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    reach = Interval(midnight - FURTHEST_FROM_UTC, midnight + timedelta(days=1) + FURTHEST_FROM_UTC)
    for stretch, offset in _steady_stretches(reach, zone):
        for opens, closes in spans:
            start = max(stretch.start, midnight + timedelta(minutes=opens) - offset)
            end = min(stretch.end, midnight + timedelta(minutes=closes) - offset)
            if start < end:
                yield Interval(start, end)


def _steady_stretches(reach: Interval, zone: ZoneInfo) -> Iterator[tuple[Interval, timedelta]]:
    """Cut a stretch of UTC where the zone's offset changes. Changes less than six hours apart would go unseen; none exist."""
    since, at, offset = reach.start, reach.start, _offset(reach.start, zone)
    while at < reach.end:
        nxt = min(at + timedelta(hours=6), reach.end)
        if (changed := _offset(nxt, zone)) != offset:
            turn = _turn(at, nxt, zone)
            yield Interval(since, turn), offset
            since, offset = turn, changed
        at = nxt
    yield Interval(since, reach.end), offset


def _turn(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The second at which the offset changes, between two moments whose offsets differ."""
    old, low, high = _offset(before, zone), 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(before + timedelta(seconds=middle), zone) == old else (low, middle)
    return before + timedelta(seconds=high)


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    offset = at.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def _joined(intervals: Iterator[Interval]) -> Iterator[Interval]:
    """Put intervals in order and make one of those that touch."""
    last: Interval | None = None
    for interval in sorted(intervals):
        if last and interval.start <= last.end:
            last = Interval(last.start, max(last.end, interval.end))
            continue
        if last:
            yield last
        last = interval
    if last:
        yield last
