"""An answer goes back to the expert who wrote it, with what a coordinator misses in it; the asker sees nothing of this.

Whatever was sent back or held back can be taken up again, when nothing better comes.

In: an answer that waits to be released, a remark and a number of working days. Out: the same assignment at work again with a new
deadline, and a letter to its expert. What they write next is read by a coordinator before it goes on, beside their first answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from routing import answering, escalating
from routing.calendars import calendar_of_expert
from routing.cases import SENT_BACK, answer_waits, await_experts, open_assignments
from routing.coordinating import MOST_DAYS, NotPossible, able_to_answer, short_word, waiting_answer
from routing.deadlines import add_working_days, until
from routing.errors import NotFound, StaleAction
from routing.given import Given, write_to_expert, zone_of_expert
from routing.history import note
from routing.models import Answer, Assignment, Question
from routing.moments import promise, set_moments
from routing.office import Office

DAYS_WANTED = f"Give the expert 1 to {MOST_DAYS} working days."


def send_back(
    session: Session, office: Office, question: Question, answer_id: int, remark: str, days: int, *, by: str, now: datetime
) -> Assignment:
    """Ask its author for a better answer within so many working days of their calendar.

    The asker hears only of a date that becomes later. Raises `NotPossible` where nobody is there to be asked.
    """
    written = waiting_answer(session, question, answer_id)
    if not (remark := short_word(remark)):
        raise NotPossible("Write what is missing or should change. The expert will read it.")
    if not 1 <= days <= MOST_DAYS:
        raise NotPossible(DAYS_WANTED)
    theirs = _author(session, question, written)
    written.state = "discarded"
    _set_to_work(session, office, theirs, days, now)
    before, at_work = question.promised_at, open_assignments(session, question)
    question.promised_at = max(promise(at_work), before) if before is not None else promise(at_work)
    question.thread = question.thread | {SENT_BACK: [*question.thread.get(SENT_BACK, ()), theirs.assignment.id]}
    if answer_waits(session, question):  # a coordinator owes the next step as before
        question.revision += 1
    else:
        await_experts(question, at_work)
    told = {"answer": written.id, "text": remark, "expert": theirs.expert.role}
    note(session, question, "answer-sent-back", actor=by, now=now, deadline=theirs.assignment.deadline_at.isoformat(), **told)
    _write(session, office, theirs, written, remark, now)
    if before is None or question.promised_at > before:
        edition = f"sent back:{question.revision}"
        escalating.tell_new_date(session, office, question, theirs.expert, "working_on_it", now, edition=edition)
    return theirs.assignment


def take_up_again(session: Session, office: Office, question: Question, answer_id: int, *, by: str, now: datetime) -> Answer:
    """An answer that was held back, or sent back to its author, waits for a coordinator once more.

    Whoever is at work on the question stays so until an answer goes out.
    """
    written = session.get(Answer, answer_id, with_for_update=True)
    if written is None or written.question_id != question.id:
        raise NotFound("There is no such answer.")
    if written.state != "discarded":
        raise StaleAction("This answer is not held back any more.")
    if question.state != "assigned" or question.next_action == "follow":
        raise NotPossible("This question has moved on meanwhile. Copy the words of the answer where you need them.")
    if answer_waits(session, question):
        raise NotPossible("Another answer waits to be read. Decide about that one first.")
    written.state = "waiting"
    note(session, question, "answer-taken-up", actor=by, now=now, answer=written.id)
    answering.await_review(session, office, question, "taken up again", now)
    return written


def sent_back(question: Question, waiting: Answer | None, answers: Sequence[Answer]) -> Sequence[Answer]:
    """What the author of a waiting answer had written before it was sent back, of all `answers` of the question. Pure."""
    if waiting is None or waiting.assignment_id not in question.thread.get(SENT_BACK, ()):
        return ()
    theirs = [one for one in answers if one.assignment_id == waiting.assignment_id and one.id < waiting.id]
    return [one for one in theirs if one.state == "discarded"]


def _author(session: Session, question: Question, written: Answer) -> Given:
    """Who wrote it, if they were asked by us and a letter can reach them."""
    assignment = session.get(Assignment, written.assignment_id) if written.assignment_id else None
    if assignment is None or assignment.question_id != question.id:
        raise NotPossible("Nobody whom we asked has written this answer, so it cannot go back. Ask an expert instead.")
    if question.state != "assigned" or question.next_action == "follow":
        raise NotPossible("This question has moved on meanwhile, so the answer cannot go back. Assign the question instead.")
    if any(one.expert_id == assignment.expert_id for one in open_assignments(session, question)):
        raise NotPossible("This expert already has the question.")
    return Given(question, assignment, able_to_answer(session, assignment.expert_id))


def _set_to_work(session: Session, office: Office, theirs: Given, days: int, now: datetime) -> None:
    """The assignment is open again; nobody need accept it a second time."""
    assignment, calendar = theirs.assignment, calendar_of_expert(session, theirs.expert)
    due = add_working_days(now, days, calendar)
    set_moments(assignment, until(due, now, office.policy.tiers[theirs.question.tier], calendar), after=now, first="due_soon")
    assignment.state, assignment.accept_by_at = "accepted", None
    assignment.settled_at = assignment.settled_because = None
    session.flush()


def _write(session: Session, office: Office, theirs: Given, written: Answer, remark: str, now: datetime) -> None:
    facts = {
        "text": remark,
        "answer": written.text,
        "deadline_at": theirs.assignment.deadline_at,
        "zone": zone_of_expert(session, theirs.expert),
    }
    write_to_expert(session, office, theirs, "answer_returned", facts, now, edition=f"answer {written.id}")
