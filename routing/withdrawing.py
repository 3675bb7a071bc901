"""An asker steps back from a question: whoever works on it hears so, and whoever asked the same goes on in their place."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from routing import status, succeeding
from routing.asides import says_all
from routing.assigning import tell_moved_on
from routing.cases import close, open_assignments
from routing.letters.vocabulary import plain
from routing.locking import locked
from routing.models import Address, InboxMessage, OutboxMessage, Question
from routing.office import Office
from routing.post import post
from routing.recipients import To, to_asker
from routing.status import NUMBER

_MOST_WORDS_BESIDE = 3  # "and", "the two of them"


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
    """They need no answer any longer: to the questions that they name, to all, or to the only one; else they are asked which."""
    theirs, is_asked_which = status.open_questions(session, to.person.id), says_which(session, to.address, text)
    named = [question for question in theirs if _is_named(question, text, also_in_short=is_asked_which)]
    meant = named or ([] if names(text) else theirs)
    means_all = says_all(text) and (is_asked_which or len(text.split()) <= _MOST_WORDS_BESIDE)  # not "never mind, all is well"
    if len(meant) > 1 and not named and not means_all:
        return status.ask_which(session, office, row, to, meant, now)
    outcomes = [
        step_back(session, office, question, now)
        for question in sorted(meant, key=lambda one: one.id)
        if locked(session, question.id) is not None and question.state != "closed"
    ]
    if not outcomes:
        return status.tell(session, office, row, to, now)
    row.question_id = meant[0].id if len(meant) == 1 else None
    return outcomes[0] if len(outcomes) == 1 else f"{len(outcomes)} questions withdrawn by the asker"


def names(text: str) -> bool:
    """Whether it holds the number of a question."""
    return NUMBER.search(text) is not None


def says_which(session: Session, address: Address, text: str) -> bool:
    """Whether it says nothing but which ones, right after they were asked: "2026-0016", "0015 and 0016", "all of them"."""
    words = plain(text).split()
    numbers = sum(map(str.isdecimal, words))
    if len(words) - numbers > _MOST_WORDS_BESIDE or not (numbers or says_all(text)):
        return False
    last = select(OutboxMessage.kind).where(OutboxMessage.address_id == address.id).order_by(OutboxMessage.id.desc()).limit(1)
    return session.scalar(last) == "withdraw_which"


def _is_named(question: Question, text: str, *, also_in_short: bool) -> bool:
    """By its number; where only numbers are expected, also by the end of one: "0016", "16"."""
    count = question.number.partition("-")[2]
    in_short = set(re.findall(r"[0-9]+", NUMBER.sub(" ", text))) if also_in_short else set()
    return question.number in NUMBER.findall(text) or bool(in_short & {count, count.lstrip("0")})
