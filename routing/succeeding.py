"""The first of several with one question steps back: the next one goes on in its place.

In: a question that is about to be closed though others wait for its answer. Out: the first of those has its experts with their
deadlines and reply addresses, an answer of theirs that waits to be read, or its place with the coordinators; the rest wait for
that one. Experts get one letter that says what has changed; askers hear something only where the date has changed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from routing import joining, pausing
from routing.calendars import in_office_time
from routing.cases import OPEN_ASSIGNMENT, SENT_BACK, await_experts, move, open_assignments, recall
from routing.extending import EXTENDED
from routing.given import Given, given, write_to_expert, zone_of_expert
from routing.history import note
from routing.locking import followers, lock_all
from routing.models import Answer, Assignment, Button, Question, ReplyToken
from routing.office import Office

# Letters in which stands what no other one says: a coordinator's words to the expert.
ONLY_THERE = ("assignment", "answer_returned")


def hand_down(session: Session, office: Office, question: Question, now: datetime) -> Question | None:
    """The question that goes on in place of this one, which is left without experts; None where nobody waits, or for nothing."""
    waiting = [one for one in followers(session, question) if not one.sensitive]
    if question.state != "assigned" or not waiting:
        return None
    heir, *others = waiting
    pausing.resume(session, question, open_assignments(session, question), now)  # this asker's reply is not waited for any more
    unsent = select(Answer).where(Answer.question_id == question.id, Answer.state.in_(("waiting", "discarded")))
    answers = session.scalars(unsent).all()
    carried = _carried(session, question, {one.assignment_id for one in answers})
    _take_place(session, question, heir, carried)
    for answer in answers:  # also what was held back: it can be taken up again
        answer.question_id = heir.id
    for one in (heir, *others):
        one.merged_into_id = None if one is heir else heir.id
    _go_on(session, office, question, heir, now)
    note(session, question, "handed-down", actor="system", now=now, follower=heir.number)
    note(session, heir, "took-over", actor="system", now=now, leader=question.number, experts=len(carried))
    joining.keep_promise(session, office, heir, question, now)
    for assignment in open_assignments(session, heir):
        _write(session, office, given(session, assignment), question.number, now)
    return heir


def hand_down_all(session: Session, office: Office, person_id: int, now: datetime) -> None:
    """Every open question of somebody who leaves."""
    asked = select(Question.id).where(Question.asker_id == person_id, Question.state == "assigned")
    for question in lock_all(session, session.scalars(asked).all()).values():
        if question.asker_id == person_id:  # the one that it waits for is locked with it
            hand_down(session, office, question, now)


def _carried(session: Session, question: Question, answered: Collection[int | None]) -> Sequence[Assignment]:
    """Whoever is at work on it, or whose answer has not gone out."""
    given = session.scalars(select(Assignment).where(Assignment.question_id == question.id).order_by(Assignment.id))
    return [one for one in given if one.state in OPEN_ASSIGNMENT or one.id in answered]


def _take_place(session: Session, question: Question, heir: Question, carried: Sequence[Assignment]) -> None:
    """The same assignments under another number: reply addresses and links of letters that have been sent mean the heir now.

    The letters themselves stay with the question whose words are in them. Who has been asked before is not asked again.
    """
    ids = [one.id for one in carried]
    for assignment in carried:
        recall(session, assignment, but=ONLY_THERE)
        assignment.question_id = heir.id
    for door in (ReplyToken, Button):
        session.execute(update(door).where(door.assignment_id.in_(ids)).values(question_id=heir.id))
    session.flush()
    before = set(session.scalars(select(Assignment.expert_id).where(Assignment.question_id == question.id)))
    heir.roster = [row for row in question.roster if row["expert"] not in before]
    for key in (EXTENDED, SENT_BACK):
        heir.thread = heir.thread | {key: [one for one in question.thread.get(key, ()) if one in ids]}
    heir.tier, heir.theme = question.tier, heir.theme or question.theme


def _go_on(session: Session, office: Office, question: Question, heir: Question, now: datetime) -> None:
    """With the experts, or with the coordinators, who have it also where only this question's asker could have gone on."""
    at_work = open_assignments(session, heir)
    if question.waiting_for == "expert" and at_work:
        await_experts(heir, at_work)
        return
    at = question.next_action_at if question.waiting_for == "coordinator" else None
    at = at or in_office_time(office, now, office.policy.patience.coordinator_nag_after)
    move(heir, state="assigned", waiting_for="coordinator", next_action="nag coordinator", at=at)


def _write(session: Session, office: Office, theirs: Given, former: str, now: datetime) -> None:
    facts = {
        "former": former,
        "question": theirs.question.full_text,
        "deadline_at": theirs.assignment.deadline_at,
        "accept_by_at": theirs.assignment.accept_by_at,
        "zone": zone_of_expert(session, theirs.expert),
    }
    write_to_expert(session, office, theirs, "goes_on", facts, now, edition=former)
