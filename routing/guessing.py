"""Where a message that no token pairs probably belongs: guesses for a person, never acted on by themselves.

In: a message. Out: questions, best first, each with the code of why we think so. A stranger can know Message-IDs, names, subject
numbers and who writes to us, so none of these pairs anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from routing.cases import OPEN_ASSIGNMENT, question_of
from routing.models import Address, Assignment, Expert, OutboxMessage, Question, ReplyToken
from routing.people import find_address, normal
from routing.tokens import candidates, token_hash
from routing.values import Incoming
from routing.why import GUESSED

_TOKENS = select(ReplyToken).where(ReplyToken.secret_hash.in_(bindparam("hashes", expanding=True))).order_by(ReplyToken.id)
_NUMBER = re.compile(r"\b20\d{2}-\d{4,6}\b")


@dataclass(frozen=True, slots=True)
class Guess:
    """Where a held message probably belongs, and a code of `why.GUESSED` that says why we think so."""

    question_id: int
    number: str
    assignment_id: int | None
    code: str

    def as_fact(self) -> dict[str, object]:
        known = {"question_id": self.question_id, "number": self.number, "assignment_id": self.assignment_id}
        return {**known, "code": self.code, "why": GUESSED[self.code]}


def guesses(session: Session, item: Incoming) -> tuple[Guess, ...]:
    """Where an unpaired message probably belongs, best first: what it quotes, refers to, names; what its sender has open."""
    found = (*quoted(session, item), *by_reference(session, item), *_by_number(session, item), *by_sender(session, item))
    return unique((*found, *_by_asker(session, item), *_by_colleague(session, item)))


def quoted(session: Session, item: Incoming) -> tuple[Guess, ...]:
    """The questions of our letters that stand in the text."""
    return of_tokens(session, known_tokens(session, item.facts.get("body_tokens", ())), "quoted")


def by_reference(session: Session, item: Incoming) -> list[Guess]:
    if not item.references:
        return []
    letters = session.scalars(
        select(OutboxMessage).where(OutboxMessage.message_id.in_(item.references), OutboxMessage.question_id.is_not(None))
    )
    about = [(letter, question_of(session, letter)) for letter in letters]
    return [_guess(session, question, letter.assignment_id, "refers") for letter, question in about if question]


def by_sender(session: Session, item: Incoming) -> list[Guess]:
    open_at_sender = (
        select(Assignment)
        .join(Expert, Expert.id == Assignment.expert_id)
        .join(Address, Address.person_id == Expert.person_id)
        .where(
            Address.channel == item.channel,
            Address.address == normal(item.channel, item.sender),
            Assignment.state.in_(OPEN_ASSIGNMENT),
        )
        .order_by(Assignment.id.desc())
    )
    return [_guess(session, one.question_id, one.id, "open") for one in session.scalars(open_at_sender)]


def known_tokens(session: Session, texts: Iterable[str]) -> list[ReplyToken]:
    hashes = [token_hash(meant) for text in texts for meant in candidates(text)]
    if not hashes:
        return []
    return list(session.scalars(_TOKENS, {"hashes": hashes}))


def of_tokens(session: Session, tokens: list[ReplyToken], code: str) -> tuple[Guess, ...]:
    return tuple(_guess(session, token.question_id, token.assignment_id, code) for token in tokens if token.question_id)


def unique(found: Iterable[Guess]) -> tuple[Guess, ...]:
    """One guess a question, the first reason for it; at most five."""
    kept: dict[int, Guess] = {}
    for guess in found:
        kept.setdefault(guess.question_id, guess)
    return tuple(kept.values())[:5]


def _by_number(session: Session, item: Incoming) -> list[Guess]:
    """Numbers in the subject: anybody may know them, so they only order the guesses."""
    numbers = list(dict.fromkeys(_NUMBER.findall(item.subject)))[:5]
    found = session.scalars(select(Question).where(Question.number.in_(numbers))) if numbers else ()
    return [_guess(session, question.id, None, "number") for question in found]


def _by_asker(session: Session, item: Incoming) -> list[Guess]:
    address = find_address(session, item.channel, item.sender)
    theirs = select(Question).where(Question.asker_id == (address.person_id if address else -1), Question.state != "closed")
    return [
        _guess(session, question.id, None, "asked") for question in session.scalars(theirs.order_by(Question.id.desc()).limit(5))
    ]


def _by_colleague(session: Session, item: Incoming) -> list[Guess]:
    """What somebody at the sender's mail domain has open: colleagues answer for each other."""
    domain = item.sender.rpartition("@")[2]
    if item.channel != "email" or not domain:
        return []
    open_there = (
        select(Assignment)
        .join(Expert, Expert.id == Assignment.expert_id)
        .join(Address, Address.person_id == Expert.person_id)
        .where(Address.channel == "email", Address.address.endswith("@" + domain.lower(), autoescape=True))
        .where(Assignment.state.in_(OPEN_ASSIGNMENT))
        .order_by(Assignment.id.desc())
        .limit(5)
    )
    return [_guess(session, one.question_id, one.id, "colleague") for one in session.scalars(open_there)]


def _guess(session: Session, question_id: int, assignment_id: int | None, code: str) -> Guess:
    return Guess(question_id, session.get_one(Question, question_id).number, assignment_id, code)
