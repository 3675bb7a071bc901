"""Splitting one message into the questions that it holds, each with a number, an expert and an answer of its own.

In: a question whose search has seen unlike parts (`routing.parts`), and a coordinator's click. Out: it keeps the first part, the
others are new questions of the same asker, who is told all numbers in one letter; experts at work hear which part stays theirs.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from routing.cases import open_assignments, open_question, search_again
from routing.errors import RoutingError
from routing.given import Given, write_to_expert
from routing.history import note
from routing.languages import language_of
from routing.locking import followers
from routing.models import Address, Assignment, Question
from routing.models.case import LETTERS_IN
from routing.office import Office
from routing.parts import parts_of
from routing.post import post
from routing.recipients import to_asker

SEVERAL = "several"  # in a question's thread: its search has found its parts unlike
SPLITTABLE = ("received", "proposed", "assigned")
_KEPT = ("message_id", "chat", "thread", "message", LETTERS_IN)


class CannotSplit(RoutingError):
    """This question cannot be split; the message says why."""


def parts(question: Question) -> tuple[str, ...]:
    """The parts to show a coordinator; () where the question is one, or is too far along."""
    if not question.thread.get(SEVERAL) or question.state not in SPLITTABLE or question.merged_into_id is not None:
        return ()
    return parts_of(question.full_text)


def split(session: Session, office: Office, question: Question, now: datetime, *, by: str) -> list[Question]:
    """Open a question for each further part; returns these. Raises `CannotSplit`."""
    first, *others = parts(question) or ("",)
    if not others:
        raise CannotSplit("This question can no longer be split: it has changed, or has been answered.")
    if followers(session, question):
        raise CannotSplit("Somebody else waits for the answer to this question. Separate the two first.")
    question.text, question.subject = first, ""
    question.thread = {key: fact for key, fact in question.thread.items() if key != SEVERAL}
    opened = [_open(session, question, part, now) for part in others]
    note(session, question, "split", actor=by, now=now, others=", ".join(one.number for one in opened))
    for one in opened:
        note(session, one, "split-off", actor=by, now=now, origin=question.number)
    _tell_asker(session, office, question, opened, now)
    at_work = open_assignments(session, question)
    for assignment in at_work:
        _tell_expert(session, office, question, assignment, opened, now)
    if question.state == "assigned":
        question.revision += 1
    else:
        search_again(question, now)
    return opened


def _open(session: Session, question: Question, part: str, now: datetime) -> Question:
    thread = {key: question.thread[key] for key in _KEPT if key in question.thread}
    address, language = session.get_one(Address, question.address_id), language_of(part, question.language)
    opened = open_question(
        session, address=address, language=language, subject="", text=part, inbox_id=None, thread=thread, now=now
    )
    opened.sensitive, opened.tier = question.sensitive, question.tier
    return opened


def _tell_asker(session: Session, office: Office, question: Question, opened: list[Question], now: datetime) -> None:
    """The words go back only to an address that is known to be theirs."""
    to = to_asker(session, question)
    is_theirs = to is not None and to.address.proven_at is not None
    items = [{"number": one.number, "words": one.text if is_theirs else ""} for one in (question, *opened)]
    post(session, office, to, "split", {"items": items}, now=now, question=question, edition=str(question.revision))


def _tell_expert(
    session: Session, office: Office, question: Question, assignment: Assignment, opened: list[Question], now: datetime
) -> None:
    when = {"deadline_at": assignment.deadline_at, "zone": assignment.expert.authority.zone}
    facts = {"question": question.full_text, "others": [one.number for one in opened], **when}
    theirs, edition = Given(question, assignment, assignment.expert), str(question.revision)
    write_to_expert(session, office, theirs, "split_off", facts, now, edition=edition)
