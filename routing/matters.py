"""What burns for one person: overdue questions, answers to release, questions to place, held mail, letters that did not arrive.

In: a session, whose care, the moment. Out: `Matter` values, the most pressing first, each question once. Only indexes of open
things are read, so the length of the history does not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, selectinload

from routing import overviews, readers
from routing.care import Care, covers_message, within
from routing.models import Answer, Assignment, Authority, Expert, Fiche, InboxMessage, OutboxMessage, Question
from routing.notices import SORTS, Matter
from routing.queueing import OPEN_STATES, OWED, is_stuck

MOST = 200  # of one sort: more are counted on the console


def burning(session: Session, care: Care, now: datetime, by: str) -> list[Matter]:
    """Everything that burns in somebody's care, by sort. `by` is who looks: a fiche does not wait for a review by its writer."""
    found = (*_questions(session, care, now), *_held(session, care), *_letters(session, care), *_drafts(session, care, by))
    return sorted(found, key=lambda matter: SORTS.index(matter.sort))


def question_key(question_id: int) -> str:
    return f"question:{question_id}"


def letter_key(letter_id: int) -> str:
    return f"letter:{letter_id}"


def held_key(inbox_id: int) -> str:
    return f"held:{inbox_id}"


def fiche_key(slug: str) -> str:
    return f"fiche:{slug}"


def suggested(session: Session, question: Question) -> Expert | None:
    """The first of the stored roster who is still there and has not been asked about this question."""
    asked = set(session.scalars(select(Assignment.expert_id).where(Assignment.question_id == question.id)))
    for row in question.roster or ():
        expert = session.get(Expert, int(row["expert"]))
        if expert is not None and expert.active and expert.id not in asked:
            return expert
    return None


def _questions(session: Session, care: Care, now: datetime) -> Iterator[Matter]:
    late = and_(Question.state != "answered", Question.waiting_for.in_(OWED), Question.promised_at < now)
    ours = Question.waiting_for == "coordinator"
    found = select(Question).where(Question.state.in_(OPEN_STATES), or_(late, ours), *within(care, Question.id))
    there = session.scalars(found.order_by(Question.promised_at, Question.id).limit(MOST)).all()
    waiting = _waiting_answers(session, [one.id for one in there if one.waiting_for == "coordinator"])
    for question in there:
        yield _question(session, question, waiting.get(question.id), now)


def _question(session: Session, question: Question, answer_id: int | None, now: datetime) -> Matter:
    sorts = ["overdue"] if question.promised_at is not None and question.promised_at < now else []
    act, target, who = "", "", ""
    if answer_id is not None:
        sorts, act, target = [*sorts, "review"], "co_release", str(answer_id)
    elif question.waiting_for == "coordinator":
        sorts = [*sorts, "needs"]
        expert = suggested(session, question)
        if expert is not None:
            act, target = "co_assign", f"{question.id}:{expert.id}"
            who = f"{expert.role}, {session.get_one(Authority, expert.authority_id).name}"
    return Matter(
        question_key(question.id), sorts[0], line_of(question), f"questions/{question.number}", question.number,
        tuple(sorts[1:]), act, target, who,
    )  # fmt: skip


def line_of(question: Question) -> str:
    """What a letter may say of a question; a sensitive one is named by its number alone."""
    return "" if question.sensitive else question.subject or question.text


def _waiting_answers(session: Session, questions: Sequence[int]) -> dict[int, int]:
    """The latest answer of each question that waits for a coordinator's word."""
    found = select(Answer.question_id, Answer.id).where(Answer.question_id.in_(questions), Answer.state == "waiting")
    return {question: answer for question, answer in session.execute(found.order_by(Answer.id))}


def _held(session: Session, care: Care) -> Iterator[Matter]:
    found = select(InboxMessage).where(InboxMessage.state == "held").order_by(InboxMessage.id).limit(MOST)
    for row in session.scalars(found):
        if not covers_message(session, care, row):
            continue
        guessed = row.facts.get("guesses") or ()
        number = str(guessed[0].get("number", "")) if guessed else ""
        act = ("co_file", str(row.id)) if guessed else ("", "")
        said = ": ".join(filter(None, (row.sender_name or row.sender or "", row.subject or row.text)))
        yield Matter(held_key(row.id), "held", said, f"held/{row.id}", number, (), *act)


def _letters(session: Session, care: Care) -> Iterator[Matter]:
    found = select(OutboxMessage.id, OutboxMessage.subject, Question.number, Question.sensitive)
    found = found.join(Question, Question.id == OutboxMessage.question_id).where(is_stuck(), *within(care, Question.id))
    for letter_id, subject, number, sensitive in session.execute(found.order_by(OutboxMessage.id).limit(MOST)):
        yield Matter(letter_key(letter_id), "undelivered", "" if sensitive else subject, "outbox", number)


def _drafts(session: Session, care: Care, by: str) -> Iterator[Matter]:
    """What an answer has become, and whatever waits for a review; a draft that somebody is writing is theirs."""
    waits = or_(Fiche.status == "review", and_(Fiche.status == "draft", Fiche.question_id.is_not(None)))
    found = select(Fiche).where(waits, *overviews.readable(care))
    for fiche in session.scalars(found.options(selectinload(Fiche.texts)).order_by(Fiche.id).limit(MOST)):
        if fiche.status == "review" and not readers.may_read_next(session, fiche, by):
            continue
        title = next((text.title for text in fiche.texts), fiche.slug)
        yield Matter(fiche_key(fiche.slug), "draft", title, f"fiches/{fiche.slug}")
