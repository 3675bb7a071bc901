"""Pairing: which question a reply belongs to, and whether its sender may speak there.

Only a valid, unrevoked token pairs, and only for the person it was written to. Message-IDs, names, subject numbers and
known senders merely rank the guesses shown beside a held message (a stranger can know all of these).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from routing.cases import questions_with
from routing.locking import lock_all
from routing.models import Address, Assignment, Authority, Event, Expert, InboxMessage, OutboxMessage, Question, ReplyToken
from routing.office import Office
from routing.people import find_address, normal
from routing.tokens import candidates, token_hash
from routing.values import Incoming
from routing.why import GUESSED
from routing.words import understand

OPEN = ("offered", "accepted")
_NUMBER = re.compile(r"\b20\d{2}-\d{4,6}\b")
UNPROVEN = frozenset(
    {
        "border-refused",
        "border-silent",
        "unsigned",
        "foreign",
        "broken",
        "other-letter",
        "no-answer",
        "unchecked",
        "nobody-judges",
    }
)


@dataclass(frozen=True, slots=True)
class Paired:
    """The reply is about this question, and its sender may say so."""

    question: Question
    person_id: int
    purpose: str
    assignment_id: int | None


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


@dataclass(frozen=True, slots=True)
class Held:
    """Why a person must decide (a code of `why.WHY` with its facts), and where the message probably belongs."""

    code: str
    guesses: tuple[Guess, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)


def names_something(item: Incoming) -> bool:
    """True when the message carries what may be one of our reply tokens."""
    return bool(item.tokens or item.facts.get("body_tokens"))


def pair(session: Session, office: Office, item: Incoming, now: datetime) -> Paired | Held:
    """Decide where a reply belongs, or why a person must."""
    found = tokens_named(session, item)
    if not found:
        return Held("unknown-address", guesses(session, item))
    if len({token.question_id for token in found}) > 1:
        return Held("several-questions", _unique(_guesses_of(session, found, "named")))
    token = found[0]
    question = _locked(session, token, item) if token.question_id else None
    if question is None:
        return Held("about-nothing", guesses(session, item))
    named = _guesses_of(session, found, "named")
    other = _quoted_instead(session, question, item)
    if other:
        return Held("quotes-another", _unique((*other, *named)), {"number": question.number, "other": other[0].number})
    doubt = _why_not(session, office, token, item, now)
    if doubt is not None:
        return Held(doubt[0], _unique(named), doubt[1])
    return Paired(question, token.person_id, token.purpose, token.assignment_id)


def _locked(session: Session, token: ReplyToken, item: Incoming) -> Question | None:
    """The question; for an expert who says that they are away all that they have, since all of it may move on."""
    word = understand(item.text) if token.purpose == "assignment" else None
    theirs = questions_with(session, token.person_id) if word is not None and word.meaning == "away_until" else []
    asked = token.question_id or 0
    return lock_all(session, [asked, *theirs]).get(asked)


def entry_of(session: Session, item: Incoming) -> tuple[Authority, int] | None:
    """The authority whose yearly letter this replies to, and who replies; None unless it is proven to be who we wrote to."""
    found = tokens_named(session, item)
    if len(found) != 1 or found[0].authority_id is None or found[0].revoked_at is not None or not item.proven:
        return None
    address = find_address(session, item.channel, item.sender)
    if address is None or address.person_id != found[0].person_id:
        return None
    return session.get_one(Authority, found[0].authority_id), address.person_id


def tokens_named(session: Session, item: Incoming) -> list[ReplyToken]:
    """The stored tokens a message names; those in its addresses count before those in its text."""
    for texts in (item.tokens, item.facts.get("body_tokens", ())):
        if found := _known_tokens(session, texts):
            return found
    return []


def guesses(session: Session, item: Incoming) -> tuple[Guess, ...]:
    """Where an unpaired message probably belongs, best first: what it quotes, refers to, names; what its sender has open."""
    quoted = _guesses_of(session, _known_tokens(session, item.facts.get("body_tokens", ())), "quoted")
    found = (*quoted, *_by_reference(session, item), *_by_number(session, item), *_by_sender(session, item))
    return _unique((*found, *_by_asker(session, item), *_by_colleague(session, item)))


def why_not_a_question(session: Session, office: Office, item: Incoming, now: datetime) -> Held | None:
    """Why a mail without a token should not simply become a new question; None when it should."""
    if item.channel != "email":
        return None
    if sign := item.facts.get("never_answer"):
        return Held("no-answer-wanted", guesses(session, item), {"sign": str(sign)})
    if _by_reference(session, item):
        return Held("address-gone", guesses(session, item))
    if _is_expert(session, item) and _by_sender(session, item):
        return Held("expert-without-address", guesses(session, item))
    if not item.proven and _unproven_today(session, item.sender, now) >= office.policy.caps.unproven_questions_per_day:
        return Held("many-unproven")
    return None


def _known_tokens(session: Session, texts: Iterable[str]) -> list[ReplyToken]:
    hashes = [token_hash(meant) for text in texts for meant in candidates(text)]
    if not hashes:
        return []
    return list(session.scalars(select(ReplyToken).where(ReplyToken.secret_hash.in_(hashes)).order_by(ReplyToken.id)))


def _quoted_instead(session: Session, question: Question, item: Incoming) -> tuple[Guess, ...]:
    """Letters about other questions that the message answers or quotes, when it quotes none about the one it names.

    A reply begun from an old letter may carry its address along; whoever names one question and quotes only another means
    one of them, and a person can see which.
    """
    quoted = _guesses_of(session, _known_tokens(session, item.facts.get("body_tokens", ())), "quoted")
    answered = _by_reference(session, replace(item, references=item.references[:1]))
    for found in (quoted, tuple(answered)):
        if found and all(guess.question_id != question.id for guess in found):
            return found
    return ()


def _is_expert(session: Session, item: Incoming) -> bool:
    address = find_address(session, item.channel, item.sender)
    found = select(Expert.id).where(Expert.person_id == (address.person_id if address else -1), Expert.active)
    return session.scalars(found).first() is not None


Doubt = tuple[str, dict[str, str]]


def _why_not(session: Session, office: Office, token: ReplyToken, item: Incoming, now: datetime) -> Doubt | None:
    days = office.policy.identity.reply_address_days
    if token.revoked_at is not None:
        return "revoked", {}
    if token.created_at + timedelta(days=days) < now:
        return "expired", {"days": str(days)}
    address = find_address(session, item.channel, item.sender)
    if address is None or address.person_id != token.person_id:
        return "other-sender", {"sender": item.sender}
    if token.purpose != "assignment":
        return None
    if not item.proven and office.policy.identity.unauthenticated_replies != "accept":
        return unproven(item), {}
    return _why_not_now(session, token)


def unproven(item: Incoming) -> str:
    """The code that says why nobody vouches for the sender."""
    found = str(item.facts.get("identity", ""))
    return found if found in UNPROVEN else "nobody-judges"


def is_added_to_panel(session: Session, assignment: Assignment) -> bool:
    """Others were asked at the same time, and one of them has answered: what this expert writes is added to that."""
    question = session.get_one(Question, assignment.question_id)
    return assignment.panel and assignment.state == "withdrawn" and question.state in ("answered", "closed")


def _why_not_now(session: Session, token: ReplyToken) -> Doubt | None:
    assignment = session.get_one(Assignment, token.assignment_id)
    expert = session.get_one(Expert, assignment.expert_id)
    if not expert.active:
        return "expert-gone", {}
    if is_added_to_panel(session, assignment):
        return None
    if assignment.state == "answered":
        return "already-answered", {}
    return None if assignment.state in OPEN else ("no-longer-theirs", {})


def _by_reference(session: Session, item: Incoming) -> list[Guess]:
    if not item.references:
        return []
    letters = session.scalars(
        select(OutboxMessage).where(OutboxMessage.message_id.in_(item.references), OutboxMessage.question_id.is_not(None))
    )
    return [_guess(session, letter.question_id, letter.assignment_id, "refers") for letter in letters if letter.question_id]


def _by_sender(session: Session, item: Incoming) -> list[Guess]:
    open_at_sender = (
        select(Assignment)
        .join(Expert, Expert.id == Assignment.expert_id)
        .join(Address, Address.person_id == Expert.person_id)
        .where(Address.channel == item.channel, Address.address == normal(item.channel, item.sender), Assignment.state.in_(OPEN))
        .order_by(Assignment.id.desc())
    )
    return [_guess(session, one.question_id, one.id, "open") for one in session.scalars(open_at_sender)]


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
        .where(Assignment.state.in_(OPEN))
        .order_by(Assignment.id.desc())
        .limit(5)
    )
    return [_guess(session, one.question_id, one.id, "colleague") for one in session.scalars(open_there)]


def _guesses_of(session: Session, tokens: list[ReplyToken], code: str) -> tuple[Guess, ...]:
    return tuple(_guess(session, token.question_id, token.assignment_id, code) for token in tokens if token.question_id)


def _guess(session: Session, question_id: int, assignment_id: int | None, code: str) -> Guess:
    return Guess(question_id, session.get_one(Question, question_id).number, assignment_id, code)


def _unique(found: Iterable[Guess]) -> tuple[Guess, ...]:
    """One guess a question, the first reason for it; at most five."""
    kept: dict[int, Guess] = {}
    for guess in found:
        kept.setdefault(guess.question_id, guess)
    return tuple(kept.values())[:5]


def _unproven_today(session: Session, sender: str, now: datetime) -> int:
    asked = (
        select(func.count())
        .select_from(InboxMessage)
        .join(Event, (Event.kind == "question-received") & (Event.question_id == InboxMessage.question_id))
        .where(InboxMessage.sender == sender, InboxMessage.received_at > now - timedelta(days=1))
    )
    return session.scalar(asked) or 0
