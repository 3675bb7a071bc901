"""Which questions somebody wants to see: by facets, words and meaning, and none beyond their rights.

In: plain filters, and a statement about questions. Out: the statement narrowed to them. Each condition can drive an index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, select, union
from sqlalchemy.orm import Session

from routing.care import EVERYTHING, Care, within
from routing.finding import few, holding, says
from routing.models import Address, Assignment, Expert, Question, QuestionVector

Ts = TypeVarTuple("Ts")
MOST_NEAR = 50  # of the open and of the closed questions each
LOOKED_AT = 300
FEW = 500  # as many questions are handed from query to query by their ids


@dataclass(frozen=True, slots=True)
class Filters:
    """What questions are narrowed to; "" and None mean all. `day_ends` is the end of today where the coordinators work.

    `near` are questions without the words that mean what they say, nearest first (see `widened`): they come after those with.
    `spoken` are the questions with the words, where they were looked up already and are few.
    """

    day_ends: datetime
    tier: str = ""
    language: str = ""
    theme: str = ""
    country: str = ""
    channel: str = ""
    authority: int | None = None
    since: datetime | None = None
    words: str = ""
    near: tuple[int, ...] = ()
    spoken: tuple[int, ...] | None = None
    care: Care = EVERYTHING


def widened(session: Session, filters: Filters, near: Sequence[int]) -> Filters:
    """With those of the near questions that the filters and rights let through and that lack the words; nearest first.

    The questions with the words are looked up on the way, for all queries of a page.
    """
    if not filters.words.strip():
        return filters
    spoken = few(session, filters.words, FEW)
    filters = filters if spoken is None else replace(filters, spoken=tuple(spoken))
    if not near:
        return filters
    states: dict[int, str] = {}
    for part in (near[:LOOKED_AT], near[LOOKED_AT:]):  # where nothing is narrowed the nearest are enough
        if len(states) < LOOKED_AT and part:
            meant = narrowed(select(Question.id, Question.state).where(still_means(part)), replace(filters, words=""))
            states |= {question: state for question, state in session.execute(meant)}
    first = [one for one in near if one in states][:LOOKED_AT]
    with_words = set(session.scalars(select(Question.id).where(Question.id.in_(first), _says(filters))))
    lacking = [one for one in first if one not in with_words]
    is_closed = [one for one in lacking if states[one] == "closed"][:MOST_NEAR]
    is_open = [one for one in lacking if states[one] != "closed"][:MOST_NEAR]
    chosen = {*is_open, *is_closed}
    return replace(filters, near=tuple(one for one in lacking if one in chosen))


def narrowed(found: Select[*Ts], filters: Filters) -> Select[*Ts]:
    """A statement about `Question`, narrowed to these filters."""
    for column, wanted in (
        (Question.tier, filters.tier),
        (Question.language, filters.language),
        (Question.theme, filters.theme),
        (Question.country, filters.country),
    ):
        if wanted:
            found = found.where(column == wanted)
    if filters.channel:
        found = found.where(Question.address_id.in_(select(Address.id).where(Address.channel == filters.channel)))
    if filters.authority is not None:
        found = found.where(Question.id.in_(_asked(filters.authority)))
    if filters.since is not None:
        found = found.where(Question.created_at >= filters.since)
    found = found.where(*within(filters.care, Question.id))
    if not filters.words.strip():
        return found
    return found.where(Question.id.in_(found_by(filters)) if filters.near else _says(filters))


def found_by(filters: Filters) -> Any:
    """The ids of the questions that have the words or are near, each once. A union, so that either index drives the search: OR
    would look at every question."""
    if filters.spoken is None:
        spoken = select(holding(filters.words).subquery().c.question_id).distinct()
    else:
        spoken = select(Question.id).where(Question.id.in_(filters.spoken))
    return union(spoken, _meaning(filters.near)) if filters.near else spoken


def still_means(ids: Sequence[int]) -> ColumnElement[bool]:
    """One of these questions, and its text is the one that was found."""
    return Question.id.in_(_meaning(ids))


def _says(filters: Filters) -> ColumnElement[bool]:
    """The question holds the words."""
    return says(filters.words) if filters.spoken is None else Question.id.in_(filters.spoken)


def _meaning(ids: Sequence[int]) -> Select[int]:
    """These questions, but none that was erased or has changed its text since it was found."""
    known = QuestionVector.vector.is_not(None)
    return select(QuestionVector.question_id).where(QuestionVector.question_id.in_(ids), known)


def _asked(authority_id: int) -> Select[int]:
    """The questions that experts of an authority have or had."""
    return select(Assignment.question_id).join(Expert).where(Expert.authority_id == authority_id)
