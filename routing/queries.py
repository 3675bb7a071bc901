"""What the console reads about one question: everything that belongs to it, in the order in which it happened.

In: a session and a number. Out: rows and frozen values; nothing is changed here. The queue stands in `routing.queueing`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from routing.models import (
    Answer,
    Assignment,
    Attachment,
    Event,
    Expert,
    Fiche,
    FicheText,
    InboxMessage,
    OutboxMessage,
    Person,
    Proposal,
    Question,
    QuestionWord,
)


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


def by_number(session: Session, number: str) -> Question | None:
    """The question with this number; "2027-0012", "#2027-0012" and "12" (of any year, the latest) are all understood."""
    told = number.strip().lstrip("#").strip()
    found = session.scalars(select(Question).where(Question.number == told)).one_or_none()
    if found is None and told.isdecimal() and len(told) <= 9:
        # The index of words knows the number's digits, so that no table is read through.
        named = select(QuestionWord.question_id).where(QuestionWord.word == str(int(told)))
        ending = Question.number.endswith(f"-{int(told):04d}", autoescape=True)
        latest = select(Question).where(Question.id.in_(named), ending).order_by(Question.id.desc()).limit(1)
        found = session.scalars(latest).one_or_none()
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
