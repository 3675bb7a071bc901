"""What a console user looks after: the whole network, or the questions that experts of certain authorities have or had.

In: a user's authorities and an object's id. Out: whether it is theirs, and the condition that narrows a list to what is. What
nobody has been asked yet belongs to those who look after everything, as does held mail that is about no question.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from routing.errors import NotFound, RoutingError
from routing.history import note
from routing.models import Assignment, Authority, Charge, ConsoleUser, Expert, InboxMessage, Question

Column = InstrumentedAttribute[int] | InstrumentedAttribute[int | None]


class NotTheirs(RoutingError):
    """Administrators look after everything; who looks after what cannot be set so."""


@dataclass(frozen=True, slots=True)
class Care:
    """The authorities somebody looks after; None: all of the network."""

    authorities: frozenset[int] | None = None

    @property
    def is_whole(self) -> bool:
        return self.authorities is None


EVERYTHING = Care()


def of_user(session: Session, user: ConsoleUser) -> Care:
    """Administrators look after everything, whatever was set before they became that."""
    if user.role == "admin":
        return EVERYTHING
    found = frozenset(session.scalars(select(Charge.authority_id).where(Charge.user_id == user.id)))
    return Care(found) if found else EVERYTHING


def tell_of_silence_again(session: Session) -> None:
    """Who looks after an authority by now may not have been told that it is silent; whoever was told is not told twice."""
    session.execute(update(Authority).where(Authority.silence_told_at.is_not(None)).values(silence_told_at=None))


def within(care: Care, question_id: Column) -> tuple[ColumnElement[bool], ...]:
    """The conditions, none or one, that narrow rows with this column to questions in somebody's care."""
    return () if care.is_whole else (question_id.in_(_questions(care)),)


def covers(session: Session, care: Care, question_id: int | None) -> bool:
    """Whether a question is in somebody's care; what belongs to no question is only for those who look after everything."""
    if care.is_whole or question_id is None:
        return care.is_whole
    return session.scalar(select(Question.id).where(Question.id == question_id, *within(care, Question.id))) is not None


def covers_message(session: Session, care: Care, message: InboxMessage) -> bool:
    """Mail about a question in care; of held mail, by where it is believed to belong."""
    if message.question_id is not None or care.is_whole:
        return covers(session, care, message.question_id)
    guesses = list(message.facts.get("guesses") or [])
    return bool(guesses) and covers(session, care, int(guesses[0]["question_id"]))


def covers_authority(care: Care, authority_id: int) -> bool:
    return care.authorities is None or authority_id in care.authorities


def give(session: Session, user_id: int, authorities: Collection[int], *, by: str, now: datetime) -> None:
    """From now on this user looks after these authorities; none of them: the whole network. Raises `NotTheirs`."""
    user = session.get(ConsoleUser, user_id, with_for_update=True)
    if user is None:
        raise NotFound("There is no such user.")
    if user.role == "admin" and authorities:
        raise NotTheirs("Administrators look after the whole network.")
    rows = session.execute(select(Authority.id, Authority.name).where(Authority.id.in_(authorities)))
    known = {found: name for found, name in rows}
    if len(known) != len(set(authorities)):
        raise NotFound("There is no such authority.")
    before = _names(session, user_id)
    session.execute(delete(Charge).where(Charge.user_id == user_id))
    session.add_all(Charge(user_id=user_id, authority_id=one) for one in sorted(known))
    tell_of_silence_again(session)
    note(session, None, "care-given", actor=by, now=now, user=user_id, before=before, after=sorted(known.values()))


def _names(session: Session, user_id: int) -> list[str]:
    found = select(Authority.name).join(Charge, Charge.authority_id == Authority.id).where(Charge.user_id == user_id)
    return sorted(session.scalars(found))


def _questions(care: Care) -> Select[int]:
    asked = select(Assignment.question_id).join(Expert, Expert.id == Assignment.expert_id)
    return asked.where(Expert.authority_id.in_(care.authorities or ()))
