"""The queue as the console reads it: its tabs with their counts, one page of rows.

In: a session and filters (`routing.narrowing`). Out: rows and numbers; nothing is changed here. Times are compared, never asked
for. Every query works on an index first and loads texts for one page only: 100,000 questions answer as quickly as sixty
(benchmarks/console.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, joinedload

from routing import turns
from routing.care import EVERYTHING, Care, within
from routing.cases import OPEN_ASSIGNMENT
from routing.models import Answer, Assignment, Authority, Expert, OutboxMessage, Question
from routing.narrowing import Filters, found_by, narrowed, still_means

PAGE = 50
OPEN_STATES = ("received", "proposed", "assigned", "answered")
NOBODY = ("", False)  # no authority has it, so nobody has accepted
OWED = ("us", "expert", "coordinator")  # whose silence makes the network late; the clock never runs against the asker


@dataclass(frozen=True, slots=True)
class Line:
    """One question in the queue.

    `owner` is the authority whose expert has it, `trouble` counts letters that did not arrive, `to_release` says that an
    answer waits for a coordinator, `turn` since when an asker who owes the next step does.
    """

    question: Question
    channel: str
    owner: str
    accepted: bool
    trouble: int
    to_release: bool
    turn: datetime | None = None


def tabs(now: datetime, filters: Filters) -> dict[str, ColumnElement[bool]]:
    """The queue's tabs, in their order, each as a condition."""
    is_open = Question.state.in_(OPEN_STATES)
    owed = and_(Question.state.in_(("received", "proposed", "assigned")), Question.waiting_for.in_(OWED))
    return {
        "me": and_(is_open, _needs_somebody()),
        "today": and_(owed, Question.promised_at >= now, Question.promised_at < filters.day_ends),
        "overdue": and_(owed, Question.promised_at < now),
        "expert": and_(is_open, Question.waiting_for == "expert"),
        "asker": and_(is_open, Question.waiting_for == "asker"),
        "open": is_open,
        "closed": Question.state == "closed",
        "all": true(),
    }


def counts(session: Session, now: datetime, filters: Filters) -> dict[str, int]:
    """How many questions stand in each tab under these filters. The few open ones and the many closed are counted apart."""
    known = {name: which for name, which in tabs(now, filters).items() if name not in ("closed", "all")}
    is_closed = Question.state == "closed"
    if filters.words.strip() and filters == Filters(filters.day_ends, words=filters.words, near=filters.near):
        found = _sums(session, known, known["open"], filters)  # and all of them in the index of words alone
        found["closed"] = (session.scalar(select(func.count()).select_from(found_by(filters).subquery())) or 0) - found["open"]
    elif filters.words.strip():  # what is searched for is found once and counted in one look
        found = _sums(session, known | {"closed": is_closed}, true(), filters)
    else:
        closed = session.scalar(narrowed(select(func.count()).select_from(Question).where(is_closed), filters)) or 0
        found = _sums(session, known, known["open"], filters) | {"closed": closed}
    return found | {"all": found["open"] + found["closed"]}


def queue(session: Session, tab: str, now: datetime, filters: Filters, page: int = 1) -> list[Line]:
    """One page of a tab: what was promised soonest first, what askers owe last; closed questions latest first, after the open
    ones where both stand together. Questions found by meaning come behind all that have the words, the nearest first.
    """
    passed = PAGE * (max(page, 1) - 1)
    spoken = narrowed(select(Question.id).where(tabs(now, filters)[tab]), replace(filters, near=()))
    ids = list(session.scalars(spoken.order_by(*_order(tab)).limit(PAGE).offset(passed)))
    if filters.near and len(ids) < PAGE:  # apart from them: in one order with them, all that have the words would be sorted
        count = passed + len(ids) if ids or not passed else _count(session, spoken)
        meant = select(Question.id).where(tabs(now, filters)[tab], still_means(filters.near))
        there = set(session.scalars(narrowed(meant, replace(filters, words="", near=()))))
        behind = [one for one in filters.near if one in there]
        ids += behind[max(passed - count, 0) :][: PAGE - len(ids)]
    return lines(session, ids)


def lines(session: Session, ids: Any) -> list[Line]:
    """These questions as rows, in this order."""
    rows = session.scalars(select(Question).where(Question.id.in_(ids)).options(joinedload(Question.address)))
    known = {one.id: one for one in rows}
    owners, troubles, answered = _owners(session, ids), _troubles(session, ids), _to_release(session, ids)
    turn = turns.since(session, [one.id for one in known.values() if one.waiting_for == "asker"])
    return [
        Line(
            question=known[one],
            channel=known[one].address.channel,
            owner=owners.get(one, NOBODY)[0],
            accepted=owners.get(one, NOBODY)[1],
            trouble=troubles.get(one, 0),
            to_release=one in answered,
            turn=turn.get(one),
        )
        for one in ids
        if one in known
    ]


def needs_somebody(session: Session, care: Care = EVERYTHING) -> int:
    """How many open questions wait for a coordinator: the number beside the queue on every page."""
    waiting = and_(Question.state.in_(OPEN_STATES), _needs_somebody(), *within(care, Question.id))
    return session.scalar(select(func.count()).select_from(Question).where(waiting)) or 0


def choices(session: Session) -> dict[str, list[str]]:
    """The languages, themes and countries that questions really have, for the filters."""
    columns = {"language": Question.language, "theme": Question.theme, "country": Question.country}
    return {name: distinct(session, column) for name, column in columns.items()}


def distinct(session: Session, column: InstrumentedAttribute[Any]) -> list[str]:
    """The values of an indexed column: one step in the index for each, where DISTINCT would read it all.

    https://wiki.postgresql.org/wiki/Loose_indexscan
    """
    steps = select(func.min(column).label("value")).where(column > "").cte(recursive=True)
    following = select(func.min(column)).where(column > steps.c.value).scalar_subquery()
    steps = steps.union_all(select(following).where(steps.c.value.is_not(None)))
    return list(session.scalars(select(steps.c.value).where(steps.c.value.is_not(None)).order_by(steps.c.value)))


def _count(session: Session, found: Select[int]) -> int:
    return session.scalar(found.with_only_columns(func.count())) or 0


def _sums(
    session: Session, known: Mapping[str, ColumnElement[bool]], among: ColumnElement[bool], filters: Filters
) -> dict[str, int]:
    sums = [func.coalesce(func.sum(case((which, 1), else_=0)), 0).label(name) for name, which in known.items()]
    row = session.execute(narrowed(select(*sums).where(among), filters)).one()
    return {name: int(getattr(row, name)) for name in known}


def _order(tab: str) -> tuple[Any, ...]:
    is_closed, is_asked = case((Question.state == "closed", 1), else_=0), case((Question.waiting_for == "asker", 1), else_=0)
    moment = func.coalesce(Question.promised_at, Question.next_action_at)
    latest = (Question.closed_at.desc(), Question.id.desc())
    if tab == "closed":
        return latest
    return (
        (is_closed, is_asked, case((Question.state != "closed", moment)), *latest)
        if tab == "all"
        else (is_asked, moment, Question.id)
    )


@cache
def _needs_somebody() -> ColumnElement[bool]:
    """A coordinator's turn, or a letter that did not arrive, or perhaps not, and has not gone by another address since."""
    stuck = select(OutboxMessage.question_id).where(OutboxMessage.question_id.is_not(None), is_stuck())
    return or_(Question.waiting_for == "coordinator", Question.id.in_(stuck))


@cache
def is_stuck() -> ColumnElement[bool]:
    copy = aliased(OutboxMessage)
    key = OutboxMessage.effect_key + ":address "
    elsewhere = select(copy.id).where(copy.question_id == OutboxMessage.question_id, copy.effect_key.startswith(key))
    return and_(OutboxMessage.state.in_(("failed", "ambiguous")), ~elsewhere.exists())


def _owners(session: Session, ids: Any) -> dict[int, tuple[str, bool]]:
    rows = session.execute(
        select(Assignment.question_id, Authority.name, Assignment.state)
        .join(Expert, Expert.id == Assignment.expert_id)
        .join(Authority, Authority.id == Expert.authority_id)
        .where(Assignment.question_id.in_(ids), Assignment.state.in_(OPEN_ASSIGNMENT))
        .order_by(Assignment.id)
    )
    return {question_id: (name, state == "accepted") for question_id, name, state in rows}


def _troubles(session: Session, ids: Any) -> dict[int, int]:
    rows = session.execute(
        select(OutboxMessage.question_id, func.count())
        .where(OutboxMessage.question_id.in_(ids), is_stuck())
        .group_by(OutboxMessage.question_id)
    )
    return {question_id: count for question_id, count in rows if question_id is not None}


def _to_release(session: Session, ids: Any) -> set[int]:
    return set(session.scalars(select(Answer.question_id).where(Answer.question_id.in_(ids), Answer.state == "waiting")))
