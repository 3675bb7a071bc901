"""Weekly working hours as people write them: "mon-thu 08:00-12:30,13:30-17:00; fri 08:00-13:00".

Text or stored JSON comes in, a checked `Hours` value goes out. Times are minutes since local midnight, half-open, and
"24:00" is the end of the day, so that a desk open round the clock loses no minute.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any

from routing.errors import RoutingError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EXAMPLE = '"mon-thu 08:00-12:30,13:30-17:00; fri 08:00-13:00"'
TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})")

Span = tuple[int, int]


class HoursError(RoutingError):
    """These working hours cannot be read; the message names the part and how to write it."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Seven days from Monday, each with its spans in order: (minute it opens, minute it closes)."""

    days: tuple[tuple[Span, ...], ...]

    def on(self, day: date) -> tuple[Span, ...]:
        return self.days[day.weekday()]

    def as_json(self) -> dict[str, list[str]]:
        """Only the days with hours: {"mon": ["08:00-12:30", "13:30-17:00"]}."""
        return {name: [_written(span) for span in spans] for name, spans in zip(DAYS, self.days, strict=True) if spans}


def spelt(hours: Hours) -> str:
    """As a person writes them, so that `parse_hours` reads the same again: "mon-thu 09:00-12:00,13:00-17:00; fri …"."""
    parts = []
    for spans, named in groupby(zip(DAYS, hours.days, strict=True), key=itemgetter(1)):
        days = [day for day, _ in named]
        if spans:
            told = days[0] if len(days) == 1 else f"{days[0]}-{days[-1]}"
            parts.append(f"{told} {','.join(map(_written, spans))}")
    return "; ".join(parts)


def parse_hours(text: str) -> Hours:
    """Read weekly hours; raises `HoursError`. Parts are separated by ";", spans by ",", days by "-" or ","."""
    days: dict[str, tuple[Span, ...]] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        named, _, times = part.partition(" ")
        for day in _days(named.lower()):
            if day in days:
                raise HoursError(f'"{day}" stands twice in the hours "{text}"; put all its hours in one part')
            days[day] = read_spans(times)
    if not days:
        raise HoursError(f"the working hours are empty; write them like {EXAMPLE}")
    return Hours(tuple(days.get(day, ()) for day in DAYS))


def read_hours(told: str | Mapping[str, Any] | Hours) -> Hours:
    """Hours from text or from the JSON of `Hours.as_json`; raises `HoursError`."""
    if isinstance(told, Hours):
        return told
    if isinstance(told, str):
        return parse_hours(told)
    return parse_hours("; ".join(f"{day} {','.join(spans)}" for day, spans in told.items() if spans))


def read_spans(text: str) -> tuple[Span, ...]:
    """The spans of one day, "08:00-12:30,13:30-17:00", put in order; raises `HoursError` where they overlap."""
    spans = sorted(_span(part.strip()) for part in text.split(","))
    for (_, closes), (opens, _) in pairwise(spans):
        if opens < closes:
            raise HoursError(f'the hours "{text}" overlap; end one span before the next begins')
    return tuple(spans)


def _days(named: str) -> Iterator[str]:
    for part in named.split(","):
        first, _, last = part.partition("-")
        if first not in DAYS or (last or first) not in DAYS:
            raise HoursError(f'"{part}" is not a day or range of days; use {", ".join(DAYS)}, as in {EXAMPLE}')
        start, end = DAYS.index(first), DAYS.index(last or first)
        if end < start:
            raise HoursError(f'"{part}" runs backwards; write the earlier day first, or two parts')
        yield from DAYS[start : end + 1]


def _span(text: str) -> Span:
    opens, dash, closes = text.partition("-")
    if not dash:
        raise HoursError(f'"{text}" is not a span of time; write it like "08:00-12:30"')
    start, end = _minute(opens.strip()), _minute(closes.strip())
    if end <= start:
        raise HoursError(f'"{text}" ends before it begins; write a night as "22:00-24:00" and, next day, "00:00-06:00"')
    return start, end


def _minute(text: str) -> int:
    found = TIME.fullmatch(text)
    minute = int(found[1]) * 60 + int(found[2]) if found else -1
    if found is None or int(found[2]) > 59 or minute > 24 * 60:
        raise HoursError(f'"{text}" is not a time of day; write hours and minutes, "00:00" to "24:00"')
    return minute


def _written(span: Span) -> str:
    return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in span)
