"""The same question of several people: one goes on, the others wait for its answer, each under their own number.

In: two questions and who says that they are one (``system`` or a person). Everything can be undone: by a coordinator, by
the asker who says that they asked something else, and by itself when the question waited for is closed without an answer.
Nobody learns who else is waiting.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from routing import handing
from routing.assigning import withdraw
from routing.calendars import in_office_time
from routing.cases import APART, move, open_assignments, owner_of_followers, settle_proposal
from routing.errors import RoutingError
from routing.escalating import tell_new_date
from routing.history import note
from routing.locking import followers
from routing.models import Answer, Question
from routing.office import Office
from routing.people import zone_of_asker
from routing.post import post
from routing.recipients import to_asker

JOINABLE = ("received", "proposed", "assigned")


class CannotJoin(RoutingError):
    """These two questions cannot wait for one answer; the message says why."""


def join(
    session: Session,
    office: Office,
    question: Question,
    leader: Question,
    now: datetime,
    *,
    by: str,
    likeness: float | None = None,
) -> None:
    """From now on `question` waits for the answer to `leader`. Raises `CannotJoin`."""
    _check(question, leader)
    for follower in followers(session, question):
        follower.merged_into_id = leader.id
    _remember(session, question)
    withdraw(session, office, question, "joined with the same question", now)
    settle_proposal(session, question, "lapsed", now)
    question.merged_into_id = leader.id
    question.first_word_at = question.first_word_at or now
    question.promised_at = _promised(office, question, leader, now)
    keep_waiting(office, question, leader, now)
    note(session, question, "joined", actor=by, now=now, leader=leader.number, likeness=round(likeness, 3) if likeness else None)
    note(session, leader, "joined-by", actor=by, now=now, follower=question.number)
    facts = {"promised_at": question.promised_at, "zone": zone_of_asker(session, question)}
    asker, edition = to_asker(session, question), str(question.revision)
    post(session, office, asker, "joined", facts, now=now, question=question, edition=edition)


def keep_promise(session: Session, office: Office, question: Question, leader: Question, now: datetime) -> None:
    """Promised what the leader was promised, while that is ahead; whoever was told an earlier date hears the new one."""
    if leader.promised_at is None or leader.promised_at <= now:
        return
    before, question.promised_at = question.promised_at, leader.promised_at
    if before is not None and question.promised_at > before:
        edition = f"together:{question.promised_at.isoformat()}"
        tell_new_date(session, office, question, None, "working_on_it", now, edition=edition)


def keep_waiting(office: Office, question: Question, leader: Question, now: datetime) -> None:
    """Owned by whoever owns the leader (and moved with it, see `routing.cases`), and looked at again within a working day."""
    at = in_office_time(office, now, office.policy.patience.coordinator_nag_after)
    move(question, state="assigned", waiting_for=owner_of_followers(leader.waiting_for), next_action="follow", at=at)


def can_lead(question: Question) -> bool:
    """Whether others can wait for its answer."""
    return question.state in JOINABLE and question.merged_into_id is None and not question.sensitive


def perhaps_the_same(session: Session, question: Question) -> Sequence[Question]:
    """Open questions that were near to this one when it was searched and that it could still be put together with."""
    ids = question.thread.get("perhaps", ())
    if not ids or question.merged_into_id is not None or question.sensitive or question.thread.get("alone"):
        return ()
    found = select(Question).where(Question.id.in_(ids), Question.merged_into_id.is_(None), ~Question.sensitive)
    still = {one.id: one for one in session.scalars(found.where(Question.state.in_(JOINABLE)))}
    return [still[one] for one in ids if one in still] if question.state in JOINABLE else ()


def answer_all(session: Session, office: Office, leader: Question, written: Answer, now: datetime) -> list[Question]:
    """Every follower is answered by the leader's answer; returns them, for their letters."""
    waiting = list(followers(session, leader))
    at = in_office_time(office, now, office.policy.patience.follow_up_after)
    for question in waiting:
        move(question, state="answered", waiting_for="asker", next_action="ask whether used", at=at)
        question.answered_at = now
        note(session, question, "answer-released", actor="system", now=now, answer=written.id, leader=leader.number)
    return waiting


def _remember(session: Session, question: Question) -> None:
    """Who had it and what was promised, should it go on by itself again (`routing.parting`)."""
    if question.merged_into_id is not None:
        return  # it waited for another one, and what was before that still is what was before
    moments = {"promised_at": question.promised_at, "first_word_at": question.first_word_at}
    had = {"waiting_for": question.waiting_for, "experts": [one.expert_id for one in open_assignments(session, question)]}
    told = {name: moment.isoformat() if moment else None for name, moment in moments.items()}
    question.thread = question.thread | {APART: had | told}


def _promised(office: Office, question: Question, leader: Question, now: datetime) -> datetime | None:
    """What the leader was promised, or at least the asker; where that is over there is a new promise, since no letter names a
    date that has passed."""
    promised = leader.promised_at or question.promised_at
    return promised if promised is None or promised > now else handing.promised_by_coordinators(office, question, now)


def _check(question: Question, leader: Question) -> None:
    if question.id == leader.id:
        raise CannotJoin("A question cannot wait for itself.")
    if leader.merged_into_id is not None:
        raise CannotJoin("That question is itself waiting for another one. Put this one together with that one instead.")
    if leader.state not in JOINABLE:
        raise CannotJoin("That question is already answered or closed. Propose its answer, or assign this question.")
    if question.state not in JOINABLE:
        raise CannotJoin("This question is already answered or closed.")
    if question.sensitive or leader.sensitive:
        raise CannotJoin("A sensitive question is never put together with another one.")
