"""Is what we promise true right now? Pure queries; the answers are sentences for a coordinator, none when all is well.

`breaches` looks at liveness (no open question waits without a moment, or past it), conservation (everything that came in
has an outcome) and uniqueness (no letter is there twice).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import Session

from routing.models import Assignment, InboxMessage, OutboxMessage, Question

LATE = timedelta(seconds=120)
OPEN = ("offered", "accepted")
UNSETTLED = ("received", "proposed", "assigned", "answered")


def breaches(session: Session, now: datetime, *, quick: bool = False) -> list[str]:
    """Every promise that does not hold at `now`, in words; `quick` leaves out those that read whole tables."""
    query, words = _all_counted(quick)
    counts = session.execute(query, {"late": now - LATE}).one()
    return [f"{count} {said}" for count, said in zip(counts, words, strict=True) if count]


@cache
def _all_counted(quick: bool) -> tuple[Select[Any], tuple[str, ...]]:
    """Every count in one look, so that all of them are of one moment."""
    queries, words = zip(*_counted(quick), strict=True)
    return select(*(query.scalar_subquery() for query in queries)), words


@cache
def _counted(quick: bool) -> tuple[tuple[Select[int], str], ...]:
    """What is counted and what it is called; made once, asked at every look."""
    light = (
        (_without_moment(), "open questions have no next moment"),
        (_overdue(), "open questions have been overdue for more than two minutes"),
        (_orphaned(), "questions wait for an expert, but nobody has them"),
        (_unsettled(), "assignments are open although their question is closed"),
        (_stuck(), "messages have waited to be handled for more than two minutes"),
        (_held_without_reason(), "held messages have no reason"),
    )
    whole = ((_twice(), "letters are there twice"), (_without_outcome(), "handled messages have no outcome"))
    return light if quick else (*light, *whole)


def _without_moment() -> Select[int]:
    return _questions().where(Question.state.in_(UNSETTLED), Question.next_action_at.is_(None))


def _overdue() -> Select[int]:
    return _questions().where(Question.state.in_(UNSETTLED), Question.next_action_at < bindparam("late"))


def _orphaned() -> Select[int]:
    at_work = select(Assignment.id).where(Assignment.question_id == Question.id, _at_work())
    return _questions().where(
        Question.state.in_(UNSETTLED), Question.waiting_for == "expert", Question.next_action != "follow", ~at_work.exists()
    )


def _unsettled() -> Select[int]:
    return (
        select(func.count())
        .select_from(Assignment)
        .join(Question, Question.id == Assignment.question_id)
        .where(_at_work(), Question.state == "closed")
    )


def _at_work() -> ColumnElement[bool]:
    """Spelled out, not bound: only so does SQLite know that the index of open assignments serves."""
    return Assignment.state.in_(bindparam("at_work", OPEN, expanding=True, literal_execute=True))


def _twice() -> Select[int]:
    keys = select(OutboxMessage.effect_key).group_by(OutboxMessage.effect_key).having(func.count() > 1)
    return select(func.count()).select_from(keys.subquery())


def _stuck() -> Select[int]:
    return _messages().where(InboxMessage.state == "new", InboxMessage.next_attempt_at < bindparam("late"))


def _without_outcome() -> Select[int]:
    return _messages().where(InboxMessage.state != "new", InboxMessage.outcome.is_(None))


def _held_without_reason() -> Select[int]:
    return _messages().where(InboxMessage.state == "held", func.coalesce(InboxMessage.reason, "") == "")


def _questions() -> Select[int]:
    return select(func.count()).select_from(Question)


def _messages() -> Select[int]:
    return select(func.count()).select_from(InboxMessage)
