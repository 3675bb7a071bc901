"""What a coordinator does at one click from a letter: send a waiting answer on, give a question to an expert, file held mail.

In: the button behind a mailed link. Out: what its page shows, or that it was done. The link acts for its reader, so their rights
are looked at anew each time, and it works for a week at most.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from routing import care, coordinating, held
from routing.errors import RoutingError
from routing.locking import locked
from routing.matters import suggested
from routing.models import Answer, Authority, Button, ConsoleUser, Expert, InboxMessage, Question
from routing.office import Office

LIFE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands on the page: `heading` and `words` are keys of the pages' words, `text` what is decided about."""

    number: str
    line: str
    words: str
    heading: str = ""
    text: str = ""
    who: str = ""


def look(session: Session, button: Button, now: datetime) -> Shown | None:
    """What pressing would do; None once it would do nothing, or its reader may not any more."""
    user = _user(session, button)
    if user is None or button.used_at is not None or now - button.created_at > LIFE:
        return None
    return ACTS[button.action][0](session, user, button.value or "")


def press(session: Session, office: Office, button: Button, now: datetime) -> bool:
    """Do it, once; False when there is nothing left to do."""
    session.refresh(button, with_for_update=True)
    if look(session, button, now) is None:
        return False
    user = _user(session, button)
    assert user is not None
    try:
        with session.begin_nested():
            ACTS[button.action][1](session, office, button.value or "", f"user:{user.id}", now)
    except RoutingError:  # somebody was quicker between the page and the click
        return False
    button.used_at = now
    return True


def _user(session: Session, button: Button) -> ConsoleUser | None:
    found = select(ConsoleUser).where(ConsoleUser.person_id == button.person_id, ConsoleUser.active)
    return session.scalars(found.where(ConsoleUser.role.in_(("admin", "coordinator")))).first()


def _covers(session: Session, user: ConsoleUser, question_id: int) -> bool:
    return care.covers(session, care.of_user(session, user), question_id)


def _look_at_answer(session: Session, user: ConsoleUser, value: str) -> Shown | None:
    written = session.get(Answer, int(value))
    if written is None or written.state != "waiting" or not _covers(session, user, written.question_id):
        return None
    question = session.get_one(Question, written.question_id)
    return Shown(question.number, question.subject or question.text, "release", "the_answer", written.text)


def _release(session: Session, office: Office, value: str, by: str, now: datetime) -> None:
    written = session.get_one(Answer, int(value))
    question = locked(session, written.question_id)
    assert question is not None
    coordinating.release_answer(session, office, question, written.id, written.text, by=by, now=now)


def _look_at_choice(session: Session, user: ConsoleUser, value: str) -> Shown | None:
    question_id, expert_id = (int(told) for told in value.split(":"))
    question, expert = session.get_one(Question, question_id), session.get(Expert, expert_id)
    if question.waiting_for != "coordinator" or question.state == "closed" or not _covers(session, user, question_id):
        return None
    if expert is None or (offered := suggested(session, question)) is None or offered.id != expert.id:
        return None
    who = f"{expert.role}, {session.get_one(Authority, expert.authority_id).name}"
    return Shown(question.number, question.subject or question.text, "assign", "", question.text, who)


def _assign(session: Session, office: Office, value: str, by: str, now: datetime) -> None:
    question_id, expert_id = (int(told) for told in value.split(":"))
    question = locked(session, question_id)
    if question is None or question.waiting_for != "coordinator":
        raise coordinating.NotPossible("Nobody is suggested for this question.")
    coordinating.assign_to(session, office, question, expert_id, by=by, now=now)


def _look_at_message(session: Session, user: ConsoleUser, value: str) -> Shown | None:
    row = session.get(InboxMessage, int(value))
    if row is None or row.state != "held" or not row.facts.get("guesses"):
        return None
    question = session.get(Question, _guess(row))
    of = care.of_user(session, user)
    if question is None or not care.covers_message(session, of, row) or not care.covers(session, of, question.id):
        return None
    sender = ", ".join(filter(None, (row.sender_name, row.sender)))
    return Shown(question.number, question.subject or question.text, "file", "the_message", row.text, sender)


def _file(session: Session, office: Office, value: str, by: str, now: datetime) -> None:
    row = held.get_held(session, int(value))
    held.release_to(session, office, row.id, _guess(row), by=by, now=now)


def _guess(row: InboxMessage) -> int:
    return int(row.facts["guesses"][0]["question_id"])


Look = Callable[[Session, ConsoleUser, str], Shown | None]
Act = Callable[[Session, Office, str, str, datetime], None]
ACTS: Mapping[str, tuple[Look, Act]] = {
    "co_release": (_look_at_answer, _release),
    "co_assign": (_look_at_choice, _assign),
    "co_file": (_look_at_message, _file),
}
