"""Pairing: which question a reply belongs to, and whether its sender may speak there.

Only a valid, unrevoked token pairs, and only for the person it was written to. Everything else merely ranks the guesses that are
shown beside a held message (`routing.guessing`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from routing.cases import OPEN_ASSIGNMENT, SENT_BACK, questions_with
from routing.guessing import Guess, by_reference, by_sender, guesses, known_tokens, of_tokens, quoted, unique
from routing.locking import lock_all
from routing.models import Assignment, Authority, Event, Expert, InboxMessage, Question, ReplyToken
from routing.office import Office
from routing.people import find_address
from routing.values import Incoming
from routing.words import understand

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
        return Held("several-questions", unique(of_tokens(session, found, "named")))
    token = found[0]
    question = _locked(session, token, item) if token.question_id else None
    if question is None:
        return Held("about-nothing", guesses(session, item))
    named = of_tokens(session, found, "named")
    other = _quoted_instead(session, question, item)
    if other:
        return Held("quotes-another", unique((*other, *named)), {"number": question.number, "other": other[0].number})
    doubt = _why_not(session, office, token, item, now)
    if doubt is not None:
        return Held(doubt[0], unique(named), doubt[1])
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
        if found := known_tokens(session, texts):
            return found
    return []


def why_not_a_question(session: Session, office: Office, item: Incoming, now: datetime) -> Held | None:
    """Why a mail without a token should not simply become a new question; None when it should."""
    if item.channel != "email":
        return None
    if sign := item.facts.get("never_answer"):
        return Held("no-answer-wanted", guesses(session, item), {"sign": str(sign)})
    if by_reference(session, item):
        return Held("address-gone", guesses(session, item))
    if is_expert(session, item) and by_sender(session, item):
        return Held("expert-without-address", guesses(session, item))
    if not item.proven and _unproven_today(session, item.sender, now) >= office.policy.caps.unproven_questions_per_day:
        return Held("many-unproven")
    return None


def _quoted_instead(session: Session, question: Question, item: Incoming) -> tuple[Guess, ...]:
    """Letters about other questions that the message answers or quotes, when it quotes none about the one it names.

    A reply begun from an old letter may carry its address along; whoever names one question and quotes only another means
    one of them, and a person can see which.
    """
    answered = by_reference(session, replace(item, references=item.references[:1]))
    for found in (quoted(session, item), tuple(answered)):
        if found and all(guess.question_id != question.id for guess in found):
            return found
    return ()


def is_expert(session: Session, item: Incoming) -> bool:
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
    return None if is_courtesy(item) else _why_not_now(session, token)


def is_courtesy(item: Incoming) -> bool:
    """Mere thanks, or a word in return: nobody need read it, whatever has become of the question."""
    said = understand(item.text)
    return said is not None and said.meaning == "thanks" and not item.attachments


def unproven(item: Incoming) -> str:
    """The code that says why nobody vouches for the sender."""
    found = str(item.facts.get("identity", ""))
    return found if found in UNPROVEN else "nobody-judges"


def is_added_to_panel(session: Session, assignment: Assignment) -> bool:
    """Others were asked at the same time, and one of them has answered: what this expert writes is added to that.

    Not what completes an answer that was sent back: without its first half, which nobody has released, it says too little.
    """
    question = session.get_one(Question, assignment.question_id)
    if assignment.id in question.thread.get(SENT_BACK, ()):
        return False
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
    return None if assignment.state in OPEN_ASSIGNMENT else ("no-longer-theirs", {})


def _unproven_today(session: Session, sender: str, now: datetime) -> int:
    asked = (
        select(func.count())
        .select_from(InboxMessage)
        .join(Event, (Event.kind == "question-received") & (Event.question_id == InboxMessage.question_id))
        .where(InboxMessage.sender == sender, InboxMessage.received_at > now - timedelta(days=1))
    )
    return session.scalar(asked) or 0
