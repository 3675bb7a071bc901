"""A coordinator asks the asker something: the ball is with the asker, and comes back to whoever had it.

In: an open question and what is to be known. Out: a letter to the asker, and the next moment; the clock of experts at work stands
still meanwhile. Who answers hands it back: to those experts, or to the coordinators (`returned`).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from routing import handing, pausing
from routing.calendars import in_office_time
from routing.cases import answer_waits, move, open_assignments, settle_proposal
from routing.coordinating import NotPossible
from routing.history import note
from routing.models import Question
from routing.office import Office
from routing.post import post
from routing.recipients import to_asker


def ask(session: Session, office: Office, question: Question, text: str, *, by: str, now: datetime) -> None:
    """Raises `NotPossible` where nothing is asked, nobody could be reached, or nothing is open to be asked about."""
    asker = to_asker(session, question)
    if not text.strip():
        raise NotPossible("Write the question to the asker first.")
    if question.state in ("answered", "closed"):
        raise NotPossible("The question is already answered or closed.")
    if question.next_action == "follow":
        raise NotPossible("It is waiting for the answer to another question. Ask there.")
    if asker is None:
        raise NotPossible("None of the asker’s addresses works any more, so no letter would reach them.")
    settle_proposal(session, question, "lapsed", now)
    note(session, question, "asked-the-asker", actor=by, now=now, text=text.strip())
    _wait(session, office, question, now)
    question.first_word_at = question.first_word_at or now
    facts, edition = {"text": text.strip()}, str(question.revision)
    post(session, office, asker, "question_back", facts, now=now, question=question, edition=edition, automatic=False)


def returned(session: Session, office: Office, question: Question, text: str, now: datetime) -> None:
    """The asker has answered, and no expert is at work on it: a coordinator has it again."""
    handing.hand_to_coordinator(session, office, question, "asker_replied", now, tell_asker=False, text=text)


def _wait(session: Session, office: Office, question: Question, now: datetime) -> None:
    """An expert's answer that waits to be released goes on waiting; else the asker owes the next step."""
    question.revision += 1
    at_work = open_assignments(session, question)
    for assignment in at_work:
        pausing.pause(question, office, assignment, now)
    if not at_work and not answer_waits(session, question):
        at = in_office_time(office, now, office.policy.patience.clarification_close_after)
        move(question, state="assigned", waiting_for="asker", next_action="close unclarified", at=at)
