"""Months of the network: when one is over, and from when on people are told of it. Pure.

In: a moment and the office's working calendar. Out: a `Month`. A question counts in the month in which it was asked (UTC), as in
all reports; the letter about a month waits for the first working moment after it, on the office's own wall.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from routing.calendar import WorkingCalendar, zone_named
from routing.deadlines import next_working_moment

_WRITTEN = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of the calendar; `str` gives "2026-10"."""

    year: int
    number: int

    @classmethod
    def of(cls, at: datetime) -> Month:
        return cls(at.astimezone(UTC).year, at.astimezone(UTC).month)

    @classmethod
    def read(cls, written: str) -> Month | None:
        found = _WRITTEN.fullmatch(written)
        return cls(int(found[1]), int(found[2])) if found else None

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02d}"

    @property
    def day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def begins(self) -> datetime:
        """Its first moment, aware UTC."""
        return datetime(self.year, self.number, 1, tzinfo=UTC)

    @property
    def ends(self) -> datetime:
        """The first moment that is no longer in it, aware UTC."""
        return self.shifted(1).begins

    def shifted(self, months: int) -> Month:
        """So many months later."""
        year, number = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(year, number + 1)


def told_from(month: Month, calendar: WorkingCalendar) -> datetime:
    """The first working moment after a month has ended, in UTC and where the office is."""
    midnight = datetime.combine(month.shifted(1).day, time(), zone_named(calendar.zone)).astimezone(UTC)
    return next_working_moment(max(midnight, month.ends), calendar)


def due(now: datetime, calendar: WorkingCalendar) -> Month | None:
    """The month that people are told of by now: the last one, once its moment has come. What was missed is not made up for."""
    last = Month.of(now).shifted(-1)
    return last if now >= told_from(last, calendar) else None
