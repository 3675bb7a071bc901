"""Whether the search keeps its word: what it said of the fiches it offered, and what the askers said.

In: a session and a span of time. Out: tables. A proposal is judged when its asker accepted one of its fiches or refused them all,
and right when the accepted one is the first. What a person chose, and what was forgotten, is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from operator import add
from typing import NamedTuple

import numpy as np
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from routing.letters.labels import N_
from routing.models import Proposal
from routing.reports import Span, Table

TENTHS, STEPS = 10, 20
Week = Sequence[int]  # year, number, judged, right, offered as an answer, of these right


class Judged(NamedTuple):
    """A proposal of the search: its confidence that the first fiche answers, 0 to 1, and whether it did; `promised` is the
    precision that was promised when the fiche was offered as an answer, None where it was only suggested."""

    at: datetime
    confidence: float
    promised: float | None
    right: bool


def tables(told: Sequence[Judged]) -> dict[str, Table]:
    """By name, in the order in which they are read; of proposals in the order in which they were offered."""
    return tables_of(by_week(told), [one.confidence for one in told], [one.right for one in told])


def tables_of(told: Iterable[Week], confidences: Sequence[float], rights: Sequence[bool]) -> dict[str, Table]:
    """The same of weeks and, proposal by proposal, of what was said and what was right."""
    return {table.name: table for table in (weeks(told), reliability(confidences, rights), coverage(confidences, rights))}


def judged(session: Session, span: Span) -> list[Judged]:
    """In the order in which they were offered."""
    told = (Proposal.created_at, Proposal.confidence, Proposal.promised, Proposal.state, Proposal.accepted_fiche)
    found = select(*told, _first_slug(session))
    found = found.where(Proposal.created_at >= span.first, Proposal.created_at < span.last)
    found = found.where(Proposal.state.in_(("accepted", "refused")), Proposal.chosen_by == "search").order_by(Proposal.created_at)
    return [
        Judged(at, confidence, promised, state == "accepted" and accepted == slug)
        for at, confidence, promised, state, accepted, slug in session.execute(found)
        if slug is not None
    ]


def by_week(told: Sequence[Judged]) -> list[Week]:
    """Sums of each ISO week."""
    rows: list[Week] = []
    for (year, week), those in groupby(told, key=lambda one: one.at.astimezone(UTC).isocalendar()[:2]):
        here = list(those)
        sure = [one for one in here if one.promised is not None]
        rows.append((year, week, len(here), sum(one.right for one in here), len(sure), sum(one.right for one in sure)))
    return rows


def weeks(told: Iterable[Week]) -> Table:
    """Per ISO week: what was offered and judged, how much of it was right, and the same of what was offered as an answer."""
    sums: dict[str, list[int]] = {}
    for year, week, *numbers in told:  # a week may lie in two months
        name = f"{year}-W{week:02}"
        sums[name] = list(map(add, sums.get(name, [0] * len(numbers)), numbers))
    columns = (N_("week"), N_("judged"), N_("right"), N_("offered as an answer"), N_("of these right"))
    return Table("precision", columns, [(name, *numbers) for name, numbers in sums.items()])


def reliability(confidences: Sequence[float], rights: Sequence[bool]) -> Table:
    """Per tenth of confidence: proposals judged, how many were to be right (the sum of what was promised, rounded) and were."""
    said, true = np.array(confidences, np.float64), np.array(rights, np.float64)
    tenths = np.minimum((said * TENTHS).astype(np.int64), TENTHS - 1)
    judged, promised, right = (np.bincount(tenths, weights, TENTHS).tolist() for weights in (None, said, true))
    names = [f"{tenth * 10}–{tenth * 10 + 10} %" for tenth in range(TENTHS)]
    rows = list(zip(names, judged, map(round, promised), map(int, right), strict=True))
    return Table("reliability", (N_("confidence"), N_("judged"), N_("right as promised"), N_("right")), rows)


def coverage(confidences: Sequence[float], rights: Sequence[bool]) -> Table:
    """How many first fiches would have been wrong, had only the surest share of the questions been offered any.

    The risk-coverage curve of Geifman & El-Yaniv 2017, https://arxiv.org/abs/1705.08500.
    """
    surest, true = np.argsort(-np.array(confidences, np.float64), kind="stable"), np.array(rights, bool)
    counts = [(step * 100 // STEPS, -(-step * len(surest) // STEPS)) for step in range(1, STEPS + 1)] if len(surest) else []
    wrong = [0, *np.cumsum(~true[surest]).tolist()]
    rows = [(f"{share} %", count, wrong[count]) for share, count in counts]
    return Table("coverage", (N_("surest questions"), N_("judged"), N_("wrong")), rows)


def _first_slug(session: Session) -> ColumnElement[str | None]:
    """Of the fiche that was offered first; read by the database, because what else stands there is long."""
    if session.get_bind().dialect.name == "sqlite":
        return func.json_extract(Proposal.matches, "$[0].slug")
    return func.jsonb_extract_path_text(Proposal.matches, "0", "slug")
