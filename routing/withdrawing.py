"""An asker steps back from a question: whoever works on it hears so, and whoever asked the same goes on in their place."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy.orm import Session

from routing import status, succeeding
from routing.assigning import tell_moved_on
from routing.cases import close, open_assignments
from routing.locking import locked
from routing.models import InboxMessage, Question
from routing.office import Office
from routing.post import post
from routing.recipients import To, to_asker

_NUMBER = re.compile(r"[0-9]{4}-[0-9]+")


def withdraw(session: Session, office: Office, question: Question, now: datetime) -> None:
    """Close a question that its asker no longer needs; the letter that says so is the caller's."""
    succeeding.hand_down(session, office, question, now)
    for assignment in open_assignments(session, question):
        tell_moved_on(session, office, question, assignment, "withdrawn", now)
    close(session, question, "asker_withdrew", actor="asker", now=now)


def step_back(session: Session, office: Office, question: Question, now: datetime) -> str:
    """The same, with the letter."""
    withdraw(session, office, question, now)
    facts = {"reason": "asker_withdrew"}
    post(session, office, to_asker(session, question), "closed", facts, now=now, question=question, edition="withdrawn")
    return "withdrawn by the asker"


def wished(session: Session, office: Office, row: InboxMessage, text: str, to: To, now: datetime) -> str:
    """They need no answer any longer: to the question that they name, or the only open one; of several they are asked which."""
    theirs, named = status.open_questions(session, to.person.id), _NUMBER.findall(text)
    meant = [question for question in theirs if not named or question.number in named]
    if len(meant) > 1:
        return status.ask_which(session, office, row, to, meant, now)
    question = locked(session, meant[0].id) if meant else None
    if question is None or question.state == "closed":
        return status.tell(session, office, row, to, now)
    row.question_id = question.id
    return step_back(session, office, question, now)
