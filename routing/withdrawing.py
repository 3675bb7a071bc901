"""An asker steps back from a question: whoever works on it hears so, and whoever asked the same goes on in their place."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from routing import succeeding
from routing.assigning import tell_moved_on
from routing.cases import close, open_assignments
from routing.models import Question
from routing.office import Office


def withdraw(session: Session, office: Office, question: Question, now: datetime) -> None:
    """Close a question that its asker no longer needs; the letter that says so is the caller's."""
    succeeding.hand_down(session, office, question, now)
    for assignment in open_assignments(session, question):
        tell_moved_on(session, office, question, assignment, "withdrawn", now)
    close(session, question, "asker_withdrew", actor="asker", now=now)
