"""Pairing: which question a reply belongs to, and whether its sender may speak there.

Only a valid, unrevoked token pairs, and only for the person it was written to. Message-IDs, names, subject numbers and
known senders merely rank the guesses shown beside a held message (a stranger can know all of these).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from routing.cases import locked
from routing.models import Address, Assignment, Event, Expert, InboxMessage, OutboxMessage, Question, ReplyToken
from routing.office import Office
from routing.people import find_address, normal
from routing.tokens import candidates, token_hash
from routing.values import Incoming

OPEN = ("offered", "accepted")


@dataclass(frozen=True, slots=True)
class Paired:
    """The reply is about this question, and its sender may say so."""

    question: Question
    person_id: int
    purpose: str
    assignment_id: int | None


@dataclass(frozen=True, slots=True)
class Guess:
    """Where a held message probably belongs, and why we think so."""

    question_id: int
    number: str
    assignment_id: int | None
    why: str

    def as_fact(self) -> dict[str, object]:
        return {"question_id": self.question_id, "number": self.number, "assignment_id": self.assignment_id, "why": self.why}


@dataclass(frozen=True, slots=True)
class Held:
    reason: str
    guesses: tuple[Guess, ...] = ()


def names_something(item: Incoming) -> bool:
    """True when the message carries what may be one of our reply tokens."""
    return bool(item.tokens or item.facts.get("body_tokens"))


def pair(session: Session, office: Office, item: Incoming) -> Paired | Held:
    """Decide where a reply belongs, or why a person must."""
    found = tokens_named(session, item)
    if not found:
        return Held(
            "Its reply address names no question of ours: it was mistyped beyond repair or made up.", guesses(session, item)
        )
    named = {token.question_id for token in found}
    if len(named) > 1:
        return Held(
            "It names several questions at once. Choose the one it answers.",
            _guesses_of(session, found, "named in its addresses"),
        )
    token = found[0]
    question = locked(session, token.question_id) if token.question_id else None
    if question is None:
        return Held("It replies to a letter that was about no question.", guesses(session, item))
    reason = _why_not(session, office, token, item)
    if reason is not None:
        return Held(reason, _guesses_of(session, found, "its reply address names this question"))
    return Paired(question, token.person_id, token.purpose, token.assignment_id)


def tokens_named(session: Session, item: Incoming) -> list[ReplyToken]:
    """The stored tokens a message names; those in its addresses count before those in its text."""
    for texts in (item.tokens, item.facts.get("body_tokens", ())):
        hashes = [token_hash(meant) for text in texts for meant in candidates(text)]
        found = session.scalars(select(ReplyToken).where(ReplyToken.secret_hash.in_(hashes)).order_by(ReplyToken.id)).all()
        if found:
            return list(found)
    return []


def guesses(session: Session, item: Incoming) -> tuple[Guess, ...]:
    """Where an unpaired message probably belongs, best first."""
    return tuple(dict.fromkeys((*_by_reference(session, item), *_by_sender(session, item))))[:5]


def why_not_a_question(session: Session, office: Office, item: Incoming, now: datetime) -> str | None:
    """Why a mail without a token should not simply become a new question; None when it should."""
    if item.channel != "email":
        return None
    if _by_reference(session, item):
        return "It answers one of our letters, but its reply address is gone. Release it to the question it belongs to."
    if _is_expert(session, item) and _by_sender(session, item):
        return "An expert wrote without using our reply address. Is it an answer, or a new question?"
    if not item.proven and _unproven_today(session, item.sender, now) >= office.policy.caps.unproven_questions_per_day:
        return "Its sender is not authenticated and has sent several questions today. Check that it is really theirs."
    return None


def _is_expert(session: Session, item: Incoming) -> bool:
    address = find_address(session, item.channel, item.sender)
    found = select(Expert.id).where(Expert.person_id == (address.person_id if address else -1), Expert.active)
    return session.scalars(found).first() is not None


def _why_not(session: Session, office: Office, token: ReplyToken, item: Incoming) -> str | None:
    if token.revoked_at is not None:
        return "Its reply address is no longer valid: the question was closed or given to somebody else."
    address = find_address(session, item.channel, item.sender)
    if address is None or address.person_id != token.person_id:
        return f"It came from {item.sender}, not from the person we wrote to. If a colleague answered, release it."
    if token.purpose != "assignment":
        return None
    if not item.proven and office.policy.identity.unauthenticated_replies != "accept":
        return "Its sender could not be authenticated (no DKIM, SPF or DMARC pass from our border server)."
    return _why_not_now(session, token)


def _why_not_now(session: Session, token: ReplyToken) -> str | None:
    assignment = session.get_one(Assignment, token.assignment_id)
    expert = session.get_one(Expert, assignment.expert_id)
    if not expert.active:
        return "Its sender is no longer an expert of the network."
    if assignment.state == "answered":
        return "Its sender has already answered this question. Release it to send it on as an addition."
    if assignment.state not in OPEN:
        return "The question has meanwhile been given to somebody else or closed. Release it to use the answer all the same."
    return None


def _by_reference(session: Session, item: Incoming) -> list[Guess]:
    if not item.references:
        return []
    letters = session.scalars(
        select(OutboxMessage).where(OutboxMessage.message_id.in_(item.references), OutboxMessage.question_id.is_not(None))
    )
    return [
        _guess(session, letter.question_id, letter.assignment_id, "it refers to our letter")
        for letter in letters
        if letter.question_id
    ]


def _by_sender(session: Session, item: Incoming) -> list[Guess]:
    open_at_sender = (
        select(Assignment)
        .join(Expert, Expert.id == Assignment.expert_id)
        .join(Address, Address.person_id == Expert.person_id)
        .where(Address.channel == item.channel, Address.address == normal(item.channel, item.sender), Assignment.state.in_(OPEN))
        .order_by(Assignment.id.desc())
    )
    return [
        _guess(session, one.question_id, one.id, "its sender has this question open") for one in session.scalars(open_at_sender)
    ]


def _guesses_of(session: Session, tokens: list[ReplyToken], why: str) -> tuple[Guess, ...]:
    return tuple(_guess(session, token.question_id, token.assignment_id, why) for token in tokens if token.question_id)


def _guess(session: Session, question_id: int, assignment_id: int | None, why: str) -> Guess:
    return Guess(question_id, session.get_one(Question, question_id).number, assignment_id, why)


def _unproven_today(session: Session, sender: str, now: datetime) -> int:
    asked = (
        select(func.count())
        .select_from(InboxMessage)
        .join(Event, (Event.kind == "question-received") & (Event.question_id == InboxMessage.question_id))
        .where(InboxMessage.sender == sender, InboxMessage.received_at > now - timedelta(days=1))
    )
    return session.scalar(asked) or 0
