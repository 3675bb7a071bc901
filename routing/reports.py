"""What became of the questions, in numbers: promises kept, times, and how they were answered.

In: a session and a span of time. Out: tables, each with its columns named; whoever shows them draws, exports or prints.
A question counts in the month in which it was asked (UTC). Sums are made by the database on an index alone.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, case, cast, extract, false, func, select
from sqlalchemy.orm import Session

from routing.letters.labels import N_
from routing.models import Question
from routing.queueing import OPEN_STATES

BY_FICHE = "answered by a fiche"
TIERS = ("urgent", "standard", "extended")
HOURS = (1, 4, 24, 48, 120, 240)  # within how many hours; later stands in a last column
MINUTES = (2, 15, 60, 240, 1440)


@dataclass(frozen=True, slots=True)
class Span:
    """From `first` on (included) until `last` (excluded), aware moments."""

    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns; `name` is its key, the first column names each row, numbers are whole."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Fact:
    """The questions of one month, tier and language, counted; a question is late after the first moment it was promised for."""

    month: str
    tier: str
    language: str
    asked: int
    in_time: int
    late: int
    overdue: int
    by_fiche: int
    by_person: int
    ended: int
    open: int


def facts(session: Session, span: Span, now: datetime | None = None) -> list[Fact]:
    """One pass over the questions of the span; what is overdue is so `now` (None: as the span ends)."""
    answered, closed = Question.answered_at.is_not(None), Question.state == "closed"
    kept = answered & (Question.first_promised_at.is_(None) | (Question.answered_at <= Question.first_promised_at))
    by_fiche = func.coalesce(Question.closed_because == BY_FICHE, false())
    overdue = ~answered & ~closed & (Question.first_promised_at < (now or span.last))
    which = (kept, answered & ~kept, overdue, by_fiche, answered & ~by_fiche, ~answered & closed, ~answered & ~closed)
    keys = (_month(session).label("month"), Question.tier, Question.language)
    found = _asked(span, *keys, func.count(), *map(how_many, which)).group_by("month", Question.tier, Question.language)
    return [Fact(month, tier, language, *map(int, numbers)) for month, tier, language, *numbers in session.execute(found)]


def overdue(session: Session, span: Span, now: datetime) -> Counter[tuple[str, str, str]]:
    """How many open questions of the span are overdue `now`, by month, tier and language; read by the index of states."""
    late = (Question.state.in_(OPEN_STATES), Question.answered_at.is_(None), Question.first_promised_at < now)
    keys = (_month(session).label("month"), Question.tier, Question.language)
    found = _asked(span, *keys, func.count()).where(*late).group_by("month", Question.tier, Question.language)
    return Counter({(month, tier, language): count for month, tier, language, count in session.execute(found)})


def tiers(counted: Sequence[Fact]) -> Table:
    """Promises kept per tier: late is an answer after the first promised moment, overdue one that has not come by now."""
    names = ("asked", "in_time", "late", "overdue")
    rows = [_total((tier,), [one for one in counted if one.tier == tier], *names) for tier in TIERS]
    return Table("tiers", (N_("tier"), N_("asked"), N_("in time"), N_("late"), N_("overdue now")), rows)


def first_word(session: Session, span: Span) -> Table:
    """Minutes from a question to our first word on it."""
    minutes = _whole(session, Question.first_word_at, Question.created_at, 60)
    return first_word_table(_spread(session, span, minutes, MINUTES))


def first_word_table(spread: Mapping[str, Sequence[int]]) -> Table:
    """By tier, how many lie below each edge of `MINUTES` and not below the one before."""
    columns = (N_("tier"), *(_within(edge) for edge in MINUTES), N_("later"))
    return Table("first-word", columns, [(tier, *spread[tier]) for tier in TIERS])


def to_answer(session: Session, span: Span) -> Table:
    """Hours from a question to its answer, nights and weekends included."""
    hours = _whole(session, Question.answered_at, Question.created_at, 3600)
    return to_answer_table(_spread(session, span, hours, HOURS))


def to_answer_table(spread: Mapping[str, Sequence[int]]) -> Table:
    """By tier, how many lie below each edge of `HOURS` and not below the one before."""
    columns = (N_("tier"), *(_within(60 * edge) for edge in HOURS), N_("later"))
    return Table("to-answer", columns, [(tier, *spread[tier]) for tier in TIERS])


def took(session: Session, span: Span, end: Any) -> list[tuple[int, int]]:
    """(whole minutes, questions) from a question to its moment `end`, shortest first."""
    minutes = _whole(session, end, Question.created_at, 60)
    found = session.execute(_asked(span, minutes.label("whole"), func.count()).where(end.is_not(None)).group_by("whole"))
    return sorted((int(whole), int(count)) for whole, count in found)


def within_which(taken: Sequence[tuple[int, int]], share: float) -> int | None:
    """The minutes within which this share of them lie (the nearest rank); None for none."""
    wanted = share * sum(count for _, count in taken)
    reached = accumulate(count for _, count in taken)
    return next((minutes for (minutes, _), so_far in zip(taken, reached, strict=True) if so_far >= wanted), None)


def months(counted: Sequence[Fact]) -> Table:
    """How the questions of each month ended."""
    known = sorted({one.month for one in counted})
    names = ("by_fiche", "by_person", "ended", "open")
    rows = [_total((month,), [one for one in counted if one.month == month], *names) for month in known]
    return Table("months", (N_("month"), N_("by a fiche"), N_("by a person"), N_("ended otherwise"), N_("open")), rows)


def languages(counted: Sequence[Fact]) -> Table:
    """The languages in which people ask, most asked first, with how their questions were answered."""
    rows = []
    for code in {one.language for one in counted}:
        here = [one for one in counted if one.language == code]
        _, asked, fiche, person = _total((code,), here, "asked", "by_fiche", "by_person")
        rows.append((code, asked, fiche + person, fiche))
    columns = (N_("language"), N_("asked"), N_("answered"), N_("of these by a fiche"))
    return Table("languages", columns, sorted(rows, key=lambda row: (-row[1], row[0])))


def _asked(span: Span, *what: Any) -> Select[Any]:
    return select(*what).where(Question.created_at >= span.first, Question.created_at < span.last)


def how_many(which: ColumnElement[bool]) -> ColumnElement[int]:
    """The count of the rows for which this holds."""
    return func.coalesce(func.sum(case((which, 1), else_=0)), 0)


def _total(key: tuple[str], counted: Sequence[Fact], *names: str) -> tuple[Any, ...]:
    return (*key, *(sum(getattr(one, name) for one in counted) for name in names))


def _spread(session: Session, span: Span, took: ColumnElement[Any], edges: Sequence[int]) -> dict[str, list[int]]:
    """Per tier: how many questions fall below each edge and not below the one before; the last column holds the rest.

    Grouped by whole units, so that the database reckons each difference of two moments once.
    """
    found = session.execute(_asked(span, Question.tier, took.label("whole"), func.count()).group_by(Question.tier, "whole"))
    spread = {tier: [0] * (len(edges) + 1) for tier in TIERS}
    for tier, units, count in found:
        if units is not None:
            spread[tier][bisect_right(edges, int(units))] += count
    return spread


def _whole(session: Session, end: Any, start: Any, seconds: int) -> ColumnElement[Any]:
    """How many whole units of so many seconds lie between two moments."""
    if session.get_bind().dialect.name == "sqlite":  # julian days are fractions, and not exact to the second
        return cast(func.round((func.julianday(end) - func.julianday(start)) * 86_400), Integer).op("/")(seconds)
    return func.floor(extract("epoch", end - start) / seconds)


def _month(session: Session) -> ColumnElement[str]:
    if session.get_bind().dialect.name == "sqlite":
        return func.substr(Question.created_at, 1, 7)
    return func.to_char(func.timezone("UTC", Question.created_at), "YYYY-MM")


def _within(minutes: int) -> str:
    for size, name in ((1440, "day"), (60, "hour")):
        if minutes >= size:
            return f"within {minutes // size} {name}{'s' if minutes >= 2 * size else ''}"
    return f"within {minutes} min"
