"""What the console reads about questions: the queue with its counts, one question with everything that belongs to it.

In: a session and plain filters. Out: rows and frozen values; nothing is changed here. Times are compared, never asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from routing.cases import OPEN_ASSIGNMENT
from routing.models import (
    Address,
    Answer,
    Assignment,
    Attachment,
    Authority,
    Event,
    Expert,
    Fiche,
    FicheText,
    InboxMessage,
    OutboxMessage,
    Person,
    Proposal,
    Question,
)

Ts = TypeVarTuple("Ts")
PAGE = 50
OWED = ("us", "expert", "coordinator")  # whose silence makes the network late; the clock never runs against the asker


@dataclass(frozen=True, slots=True)
class Filters:
    """What the queue is narrowed to; "" means all. `day_ends` is the end of today where the coordinators work."""

    day_ends: datetime
    tier: str = ""
    language: str = ""
    theme: str = ""
    channel: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One question in the queue.

    `owner` is the authority whose expert has it, `trouble` counts letters that did not arrive, `to_release` says that an
    answer waits for a coordinator.
    """

    question: Question
    channel: str
    owner: str
    accepted: bool
    trouble: int
    to_release: bool


@dataclass(frozen=True, slots=True)
class Case:
    """One question with all that belongs to it, each kind in the order in which it happened."""

    question: Question
    events: Sequence[Event]
    assignments: Sequence[Assignment]
    proposals: Sequence[Proposal]
    answers: Sequence[Answer]
    messages: Sequence[InboxMessage]
    letters: Sequence[OutboxMessage]
    files: Sequence[Attachment]
    people: Mapping[int, Person]


def tabs(now: datetime, filters: Filters) -> dict[str, ColumnElement[bool]]:
    """The queue's tabs, in their order, each as a condition."""
    is_open = Question.state != "closed"
    owed = and_(Question.state.in_(("received", "proposed", "assigned")), Question.waiting_for.in_(OWED))
    return {
        "me": and_(is_open, or_(Question.waiting_for == "coordinator", _has_trouble())),
        "today": and_(owed, Question.promised_at >= now, Question.promised_at < filters.day_ends),
        "overdue": and_(owed, Question.promised_at < now),
        "expert": and_(is_open, Question.waiting_for == "expert"),
        "asker": and_(is_open, Question.waiting_for == "asker"),
        "open": is_open,
        "closed": Question.state == "closed",
    }


def counts(session: Session, now: datetime, filters: Filters) -> dict[str, int]:
    """How many questions stand in each tab under these filters."""
    known = tabs(now, filters)
    sums = [func.coalesce(func.sum(case((which, 1), else_=0)), 0).label(name) for name, which in known.items()]
    row = session.execute(_filtered(select(*sums).select_from(Question).join(Question.address), filters)).one()
    return {name: int(getattr(row, name)) for name in known}


def queue(session: Session, tab: str, now: datetime, filters: Filters, page: int = 1) -> list[Line]:
    """One page of a tab: what was promised soonest first, what askers owe last; closed questions latest first."""
    soonest = (case((Question.waiting_for == "asker", 1), else_=0), func.coalesce(Question.promised_at, Question.next_action_at))
    order = (Question.closed_at.desc(),) if tab == "closed" else soonest
    found = select(Question, Address.channel).join(Question.address).where(tabs(now, filters)[tab])
    found = _filtered(found, filters).order_by(*order, Question.id).limit(PAGE).offset(PAGE * (max(page, 1) - 1))
    rows = session.execute(found).all()
    ids = [question.id for question, _ in rows]
    owners, troubles, answered = _owners(session, ids), _troubles(session, ids), _to_release(session, ids)
    return [
        Line(one, channel, *owners.get(one.id, ("", False)), troubles.get(one.id, 0), one.id in answered) for one, channel in rows
    ]


def needs_somebody(session: Session) -> int:
    """How many open questions wait for a coordinator: the number beside the queue on every page."""
    waiting = and_(Question.state != "closed", or_(Question.waiting_for == "coordinator", _has_trouble()))
    return session.scalar(select(func.count()).select_from(Question).where(waiting)) or 0


def choices(session: Session) -> dict[str, list[str]]:
    """The languages and themes that questions really have, for the filters."""
    languages = session.scalars(select(Question.language).distinct().order_by(Question.language))
    themes = session.scalars(select(Question.theme).distinct().order_by(Question.theme))
    return {"language": list(languages), "theme": [theme for theme in themes if theme]}


def by_number(session: Session, number: str) -> Question | None:
    """The question with this number; "2027-0012", "#2027-0012" and "12" (of any year, the latest) are all understood."""
    told = number.strip().lstrip("#").strip()
    found = session.scalars(select(Question).where(Question.number == told)).one_or_none()
    if found is None and told.isdecimal() and len(told) <= 9:
        ending = Question.number.endswith(f"-{int(told):04d}", autoescape=True)
        found = session.scalars(select(Question).where(ending).order_by(Question.id.desc()).limit(1)).one_or_none()
    return found


def whole_case(session: Session, number: str) -> Case | None:
    """Everything about one question; None when there is none with this number."""
    loaded = (joinedload(Question.asker).selectinload(Person.addresses), joinedload(Question.address))
    question = session.scalars(select(Question).where(Question.number == number).options(*loaded)).one_or_none()
    if question is None:
        return None
    letters = _letters(session, question)
    return Case(
        question=question,
        events=session.scalars(select(Event).where(Event.question_id == question.id).order_by(Event.id)).all(),
        assignments=_assignments(session, question),
        proposals=session.scalars(select(Proposal).where(Proposal.question_id == question.id).order_by(Proposal.id)).all(),
        answers=session.scalars(select(Answer).where(Answer.question_id == question.id).order_by(Answer.id)).all(),
        messages=session.scalars(
            select(InboxMessage).where(InboxMessage.question_id == question.id).order_by(InboxMessage.id)
        ).all(),
        letters=letters,
        files=session.scalars(select(Attachment).where(Attachment.question_id == question.id).order_by(Attachment.id)).all(),
        people=_people(session, {letter.person_id for letter in letters}),
    )


def events_after(session: Session, question_id: int, event_id: int) -> Sequence[Event]:
    """What has happened to a question since somebody looked at it."""
    newer = select(Event).where(Event.question_id == question_id, Event.id > event_id).order_by(Event.id)
    return session.scalars(newer).all()


def titles(session: Session, slugs: set[str]) -> dict[str, str]:
    """English titles of fiches, else those of their own language."""
    found = select(Fiche.slug, Fiche.source_language, FicheText.language, FicheText.title).join(Fiche.texts)
    rows = session.execute(found.where(Fiche.slug.in_(slugs))).all()
    own = {slug: title for slug, source, language, title in rows if language == source}
    return own | {slug: title for slug, _, language, title in rows if language == "en"}


def _filtered(found: Select[*Ts], filters: Filters) -> Select[*Ts]:
    for column, wanted in (
        (Question.tier, filters.tier),
        (Question.language, filters.language),
        (Question.theme, filters.theme),
        (Address.channel, filters.channel),
    ):
        if wanted:
            found = found.where(column == wanted)
    for word in filters.words.split()[:8]:
        found = found.where(_says(word))
    return found


def _says(word: str) -> ColumnElement[bool]:
    """Somewhere in the question; `autoescape` takes % and _ as they are written."""
    columns = (Question.text, Question.subject, Question.number)
    return or_(*(column.icontains(word.lstrip("#"), autoescape=True) for column in columns))


def _has_trouble() -> ColumnElement[bool]:
    """A letter that did not arrive, or perhaps not, and has not gone by another address since."""
    return exists().where(OutboxMessage.question_id == Question.id, _is_stuck())


def _is_stuck() -> ColumnElement[bool]:
    copy = aliased(OutboxMessage)
    key = OutboxMessage.effect_key + ":address "
    went_elsewhere = exists().where(copy.question_id == OutboxMessage.question_id, copy.effect_key.startswith(key))
    return and_(OutboxMessage.state.in_(("failed", "ambiguous")), ~went_elsewhere)


def _owners(session: Session, ids: list[int]) -> dict[int, tuple[str, bool]]:
    rows = session.execute(
        select(Assignment.question_id, Authority.name, Assignment.state)
        .join(Expert, Expert.id == Assignment.expert_id)
        .join(Authority, Authority.id == Expert.authority_id)
        .where(Assignment.question_id.in_(ids), Assignment.state.in_(OPEN_ASSIGNMENT))
        .order_by(Assignment.id)
    )
    return {question_id: (name, state == "accepted") for question_id, name, state in rows}


def _troubles(session: Session, ids: list[int]) -> dict[int, int]:
    rows = session.execute(
        select(OutboxMessage.question_id, func.count())
        .where(OutboxMessage.question_id.in_(ids), _is_stuck())
        .group_by(OutboxMessage.question_id)
    )
    return {question_id: count for question_id, count in rows if question_id is not None}


def _to_release(session: Session, ids: list[int]) -> set[int]:
    return set(session.scalars(select(Answer.question_id).where(Answer.question_id.in_(ids), Answer.state == "waiting")))


def _assignments(session: Session, question: Question) -> Sequence[Assignment]:
    expert = joinedload(Assignment.expert)
    found = select(Assignment).where(Assignment.question_id == question.id).order_by(Assignment.id)
    return session.scalars(found.options(expert.joinedload(Expert.authority), expert.joinedload(Expert.person))).all()


def _letters(session: Session, question: Question) -> Sequence[OutboxMessage]:
    found = select(OutboxMessage).where(OutboxMessage.question_id == question.id).order_by(OutboxMessage.id)
    return session.scalars(found.options(joinedload(OutboxMessage.address), selectinload(OutboxMessage.tries))).all()


def _people(session: Session, ids: set[int]) -> dict[int, Person]:
    found = select(Person).where(Person.id.in_(ids)).options(selectinload(Person.addresses))
    return {person.id: person for person in session.scalars(found)}
