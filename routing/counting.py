"""Reports without counting years anew: each month that is over is counted once and kept, until one of its rows changes.

In: a session and a span. Out: the tables of `reports`, `contributions` and `precision`, the very same as counting all rows now
would give. The database marks a month whenever one of its rows changes, whoever changes it (migration 0015); marks only ever add
up, so counts that were made under the same sum of marks are made of the same rows, on every worker and isolation level.

What can be added is kept as sums. Shares of a span are made from added counts; times as their spread over fixed edges, because
percentiles cannot be added; the search's promises row by row, because their curve needs the order of all of them. What is overdue
depends on the present moment, and is the one thing that is always counted anew, among open questions only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from itertools import chain
from operator import add
from typing import Any

import numpy as np
from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from routing import contributions, gaps, precision, reports
from routing.models import MonthCounts, MonthMark, Question
from routing.months import Month
from routing.reports import Fact, Span, Table
from routing.upserts import insert_into

SHAPE = 3  # of what is kept; another version of the program counts anew
MOST_MONTHS = 36  # that a page can ask for
MANY_MARKS, AT_ONCE = 500, 20_000
_NUMBERS = tuple(one.name for one in fields(Fact))[3:]
_OVERDUE = _NUMBERS.index("overdue")
_KEPT = select(MonthCounts.month, MonthCounts.mark, MonthCounts.shape)
Counts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Report:
    """Every table by its name, in the order in which they are read; and (theme, asked, without a fiche), most first."""

    tables: dict[str, Table]
    unanswered: list[tuple[str, int, int]]


def report(session: Session, span: Span, now: datetime) -> Report:
    """A span's tables; it begins with a month. What is overdue is so `now`."""
    months = list(counted(session, span))
    told = [counts for _, counts in months]
    late = reports.overdue(session, span, now)  # only open questions can be, and they are few
    facts = list(chain.from_iterable(_facts(month, counts, late) for month, counts in months))
    tables = (
        reports.tiers(facts),
        reports.first_word_table(_spread(told, "first_word")),
        reports.to_answer_table(_spread(told, "to_answer")),
        reports.months(facts),
        contributions.who_learns(session, _rows(told, "people"), _rows(told, "fiches")),
        reports.languages(facts),
        contributions.load(session, _sums(told, "experts")),
    )
    said, true = (list(chain.from_iterable(counts[name] for counts in told)) for name in ("confidences", "rights"))
    trust = precision.tables_of(chain.from_iterable(counts["weeks"] for counts in told), said, true)
    return Report({table.name: table for table in tables} | trust, _themes(told))


def counted(session: Session, span: Span) -> Iterator[tuple[str, Counts]]:
    """Each month of a span with its counts: kept ones where they still hold, the others counted now."""
    marks, kept = _marks(session), _kept(session, span)
    first = session.scalar(select(func.min(Question.created_at)))
    month = Month.of(span.first)
    while month.ends < span.last and (first is None or month.ends <= first):  # a young network asks for years, too
        month = month.shifted(1)
    while month.begins < span.last:
        part = Span(max(month.begins, span.first), min(month.ends, span.last))
        row = kept.get(str(month)) if part == Span(month.begins, month.ends) else None
        is_good = row is not None and row.mark == _mark(marks, month) and row.shape == SHAPE
        yield str(month), row.counts if row is not None and is_good else count(session, part)
        month = month.shifted(1)


def count(session: Session, span: Span) -> dict[str, Any]:
    """What the rows of (a part of) a month amount to, as JSON keeps it; long tables stand column by column."""
    judged = precision.judged(session, span)
    return {
        "facts": [[one.tier, one.language, *(getattr(one, name) for name in _NUMBERS)] for one in reports.facts(session, span)],
        "first_word": [list(row) for row in reports.first_word(session, span).rows],
        "to_answer": [list(row) for row in reports.to_answer(session, span).rows],
        "people": _columns(contributions.by_people(session, span)),
        "fiches": _columns(contributions.by_fiches(session, span)),
        "experts": _columns(contributions.by_experts(session, span)),
        "themes": _columns(gaps.by_theme(session, span)),
        "weeks": [list(week) for week in precision.by_week(judged)],
        "confidences": [one.confidence for one in judged],
        "rights": [one.right for one in judged],
    }


def keep_due(session: Session, now: datetime) -> str | None:
    """Count one month that is over and whose kept counts do not hold, the latest first; returns which."""
    found = session.execute(_marked()).all()  # before counting: what changes meanwhile makes the counts old, never wrong
    if not found or (first := found[0].first) is None:
        return None
    if max(row.last_id for row in found) - (lowest := min(row.first_id for row in found)) >= MANY_MARKS:
        _put_marks_together(session, lowest)
    marks = {row.month: int(row.times) for row in found}
    kept = {month: (mark, shape) for month, mark, shape in session.execute(_KEPT)}
    for back in range(1, MOST_MONTHS + 1):
        month = Month.of(now).shifted(-back)
        if month.ends > first and kept.get(str(month)) != (_mark(marks, month), SHAPE):
            _keep(session, month, _mark(marks, month))
            return str(month)
    return None


def _keep(session: Session, month: Month, mark: int) -> None:
    counts = count(session, Span(month.begins, month.ends))
    row = insert_into(session, MonthCounts).values(month=str(month), mark=mark, shape=SHAPE, counts=counts)
    anew = {name: row.excluded[name] for name in ("mark", "shape", "counts")}
    session.execute(row.on_conflict_do_update(index_elements=["month"], set_=anew))


def _kept(session: Session, span: Span) -> dict[str, MonthCounts]:
    months = MonthCounts.month.between(str(Month.of(span.first)), str(Month.of(span.last)))
    return {row.month: row for row in session.scalars(select(MonthCounts).where(months))}


@cache
def _marked() -> Select[*tuple[Any, ...]]:
    """The sum of marks of every month, from which to which row they stand, and when the first question came."""
    first = select(func.min(Question.created_at)).scalar_subquery()
    rows = (func.min(MonthMark.id).label("first_id"), func.max(MonthMark.id).label("last_id"), first.label("first"))
    return select(MonthMark.month, func.sum(MonthMark.times).label("times"), *rows).group_by(MonthMark.month)


def _marks(session: Session) -> dict[str, int]:
    return {row.month: int(row.times) for row in session.execute(_marked())}


def _mark(marks: Mapping[str, int], month: Month) -> int:
    return marks.get(str(month), 0) + marks.get("", 0)


def _put_marks_together(session: Session, first: int) -> None:
    """Many marks become one for each month, in one transaction, so that nobody ever sees another sum."""
    gone = delete(MonthMark).where(MonthMark.id < first + AT_ONCE).returning(MonthMark.month, MonthMark.times)
    sums: Counter[str] = Counter()
    for month, times in session.execute(gone):
        sums[month] += times
    session.add_all(MonthMark(month=month, times=times) for month, times in sums.items())
    session.flush()


def _facts(month: str, counts: Counts, late: Mapping[tuple[str, str, str], int]) -> Iterator[Fact]:
    """Kept counts know nothing of the present moment: what is overdue is put in its place."""
    for tier, language, *numbers in counts["facts"]:
        numbers[_OVERDUE] = late.get((month, tier, language), 0)
        yield Fact(month, tier, language, *numbers)


def _spread(told: Iterable[Counts], name: str) -> dict[str, list[int]]:
    """By tier, how many lie below each edge and not below the one before."""
    sums: dict[str, list[int]] = {}
    for counts in told:
        for tier, *numbers in counts[name]:
            sums[tier] = list(map(add, sums.get(tier, [0] * len(numbers)), numbers))
    return sums


def _columns(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _rows(told: Iterable[Counts], name: str) -> Iterator[Any]:
    return chain.from_iterable(zip(*counts[name], strict=True) for counts in told)


def _sums(told: Iterable[Counts], name: str) -> list[list[int]]:
    """The rows of all months, those of one key (the first column) put together; a network has thousands of them."""
    parts = [np.array(counts[name], np.int64) for counts in told if counts[name]]
    if not parts:
        return []
    keys, *columns = np.concatenate(parts, axis=1)
    known, places = np.unique(keys, return_inverse=True)
    sums = [np.bincount(places, column, len(known)).astype(np.int64) for column in columns]
    rows: list[list[int]] = np.stack([known, *sums], axis=1).tolist()
    return rows


def _themes(told: Iterable[Counts]) -> list[tuple[str, int, int]]:
    asked, missing = Counter[str](), Counter[str]()
    for theme, of, without in _rows(told, "themes"):
        asked[theme] += of
        missing[theme] += without
    return gaps.most_first((theme, asked[theme], missing[theme]) for theme in asked)
