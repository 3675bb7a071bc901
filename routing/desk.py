"""What an expert does on the page behind a mailed link: the same verbs as by reply, chosen instead of written.

In: the link's button and what the form says. Out: the outcome in a few words. The page is the expert's alone by its secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from routing import answering, buttons, verbs
from routing.cases import questions_with
from routing.errors import RoutingError
from routing.extending import LONGEST_EXTENSION_DAYS
from routing.given import Given, given
from routing.locking import lock_all
from routing.models import Assignment, Button, Question
from routing.office import Office
from routing.words import Word

# What the form calls it -> the word that says the same in a mail.
CHOICES: Mapping[str, str] = {
    "answer": "",
    "ask_first": "ask_back",
    "more_time": "more_days",
    "away": "away_until",
    "colleague": "suggest",
    "cannot": "decline",
}
LONGEST_ANSWER = 50_000


class NothingSaid(RoutingError):
    """The field that this choice needs is empty or makes no sense."""


def choose(session: Session, office: Office, button: Button, choice: str, text: str, now: datetime) -> str | None:
    """Do what was chosen; None when the question has moved on meanwhile. Raises `NothingSaid`."""
    session.refresh(button, with_for_update=True)
    question = _locked(session, button, choice)
    if question is None or not buttons.is_live(session, button):
        return None
    theirs = given(session, session.get_one(Assignment, button.assignment_id))
    return _act(session, office, theirs, choice, text.strip(), now)


def _locked(session: Session, button: Button, choice: str) -> Question | None:
    """The question; for whoever is away all that they have, since all of it may move on."""
    theirs = questions_with(session, button.person_id) if choice == "away" else []
    return lock_all(session, [button.question_id or 0, *theirs]).get(button.question_id or 0)


def _act(session: Session, office: Office, theirs: Given, choice: str, text: str, now: datetime) -> str:
    if choice not in CHOICES or (not text and choice != "cannot") or len(text) > LONGEST_ANSWER:
        raise NothingSaid("Fill in the field first.")
    if choice == "answer":
        return answering.answer(session, office, theirs, text, now)
    word = _word(choice, text, now.date())
    return verbs.VERBS[word.meaning](session, office, theirs, word, now)


def _word(choice: str, text: str, today: date) -> Word:
    if choice == "more_time":
        if not text.isdecimal() or not 1 <= int(text) <= LONGEST_EXTENSION_DAYS:
            raise NothingSaid("A whole number of working days.")
        return Word("more_days", number=int(text))
    if choice == "away":
        try:
            until = date.fromisoformat(text)
        except ValueError as error:
            raise NothingSaid("A day, such as 2027-01-31.") from error
        if not 0 <= (until - today).days <= 366:
            raise NothingSaid("A day within a year.")
        return Word("away_until", text=text)
    return Word(CHOICES[choice], text=text[:1000] if choice != "ask_first" else text)
