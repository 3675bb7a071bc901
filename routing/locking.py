"""Locking questions: one order for everybody, so that no two transactions ever wait for each other.

Papers (an inbox message, a button, a letter) are locked before questions; questions that wait for nobody before those that
wait for another's answer; among each of these the lower id first. A lock against the order is not waited for: it is had at
once, or `Busy` is raised and the whole step is tried again. Rows that merely name a question (an event, a letter) need not wait
for whoever holds it: FOR NO KEY UPDATE lets their foreign keys pass
(https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS). SQLite lets one writer in at a time; there all of
this is only reading.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from routing.errors import StaleAction
from routing.models import Question

Place = tuple[bool, int]  # in the order: whether it waits for another question, its id
_HELD = "questions held"
_ONE = select(Question).where(Question.id == bindparam("question")).execution_options(populate_existing=True)
_WAITING = _ONE.with_for_update(key_share=True)
_AT_ONCE = _ONE.with_for_update(key_share=True, nowait=True)
_IF_FREE = _ONE.with_for_update(key_share=True, skip_locked=True)


class Busy(StaleAction):
    """Somebody is at work on a question that is needed here too; nothing was written, try again."""


def locked(session: Session, question_id: int) -> Question | None:
    """The question as it is now, locked: whoever acts on it next waits, and reads assignments and proposals after us."""
    return lock_all(session, (question_id,)).get(question_id)


def lock_all(session: Session, ids: Collection[int]) -> dict[int, Question]:
    """Those of these questions that there are, locked, and with them the questions whose answers they wait for."""
    found = _take_all(session, _places(session, ids))
    for one in list(found.values()):  # somebody may have put it together with another one between our look and our lock
        if one.next_action == "follow" and one.merged_into_id not in found and one.merged_into_id is not None:
            found |= _take_all(session, [(False, one.merged_into_id)])
    return found


def locked_if_free(session: Session, question_id: int) -> Question | None:
    """The question alone, locked; None when somebody else is at work on it, or it is gone."""
    question = session.scalars(_IF_FREE, {"question": question_id}).one_or_none()
    if question is not None:
        _held(session).add((question.next_action == "follow", question.id))
    return question


def followers(session: Session, leader: Question) -> Sequence[Question]:
    """The questions that wait for this one's answer, locked; `leader` is locked already."""
    waiting = select(Question).where(Question.merged_into_id == leader.id, Question.next_action == "follow")
    found = waiting.order_by(Question.id).with_for_update(key_share=True).execution_options(populate_existing=True)
    rows = session.scalars(found).all()
    _held(session).update((True, one.id) for one in rows)
    return rows


def _places(session: Session, ids: Collection[int]) -> list[Place]:
    """Where these questions and their leaders stand in the order, by a look without a lock."""
    looked = select(Question.id, Question.next_action, Question.merged_into_id).where(Question.id.in_(ids))
    places: set[Place] = set()
    for one, action, leader in session.execute(looked):
        waited_for = leader if action == "follow" else None
        places.add((waited_for is not None, one))
        if waited_for is not None:
            places.add((False, waited_for))
    return sorted(places)


def _take_all(session: Session, places: Collection[Place]) -> dict[int, Question]:
    taken = (_take(session, place) for place in places)
    return {one.id: one for one in taken if one is not None}


def _take(session: Session, place: Place) -> Question | None:
    held = _held(session)
    against = place not in held and any(place < other for other in held)
    try:
        question = session.scalars(_AT_ONCE if against else _WAITING, {"question": place[1]}).one_or_none()
    except OperationalError as error:
        if not against:
            raise
        raise Busy("Somebody is at work on that question at this moment. Try again.") from error
    held.add(place)
    return question


def _held(session: Session) -> set[Place]:
    """The questions that this transaction has locked so far; a session is one transaction here."""
    known: set[Place] = session.info.setdefault(_HELD, set())
    return known
