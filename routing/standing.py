"""Where a question stands, as its asker may know it: the one source of /status and of the page behind the secret link.

In: a question. Out: a frozen `Standing`. It names kinds of authorities and steps, never people, and no word of anybody but
the asker; what the asker wrote is shown only where their address has proven to be theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from routing.cases import open_assignments
from routing.models import Address, Answer, Assignment, Authority, Event, Expert, Person, Question
from routing.office import Office
from routing.pausing import is_paused
from routing.policy import TIERS

# What the asker is told of the history: kind of event -> key of the page's words. Everything else is our own business.
STEPS: Mapping[str, str] = {
    "question-received": "received",
    "proposed": "proposed",
    "proposal-refused": "refused",
    "assigned": "asked",
    "accepted": "accepted",
    "asked-back": "asked_back",
    "asked-the-asker": "we_asked",
    "asker-wrote": "wrote",
    "extended": "extended",
    "handed-to-coordinator": "coordinator",
    "joined": "joined",
    "unjoined": "unjoined",
    "took-over": "unjoined",
    "answer-released": "answered",
    "answer-added": "added",
    "helped": "helped",
    "did-not-help": "not_helped",
    "reopened": "reopened",
    "used": "used",
    "fiche-published": "published",
    "tier-changed": "tier",
    "closed": "closed",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened; `key` is one of the values of `STEPS`, or ``moved`` and ``review``."""

    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """One question for its asker. `tiers` are those the asker may still choose; `line` is "" where nothing may be shown."""

    number: str
    language: str
    zone: str
    line: str
    state: str
    waiting_for: str
    promised_at: datetime | None
    explanation: Mapping[str, Any]
    authority: tuple[str, str] | None
    tier: str
    tiers: tuple[str, ...]
    is_paused: bool
    is_shared: bool
    steps: tuple[Step, ...]


def standing(session: Session, office: Office, question: Question) -> Standing:
    """Everything the asker of this question may know about it."""
    leader = leader_of(session, question)
    at_work = next(iter(open_assignments(session, leader)), None)
    is_open = question.state not in ("answered", "closed")
    return Standing(
        number=question.number,
        language=question.letters_in,
        zone=session.get_one(Person, question.asker_id).zone,
        line=_line(session, question),
        state=question.state,
        waiting_for=question.waiting_for,
        promised_at=question.promised_at if is_open else None,
        explanation=at_work.explanation if at_work and is_open and at_work.deadline_at == question.promised_at else {},
        authority=_kind_of(session, at_work) if at_work and is_open else None,
        tier=question.tier,
        tiers=tiers_to_choose(office, question),
        is_paused=is_paused(question),
        is_shared=leader is not question,
        steps=tuple(_steps(session, question)),
    )


def leader_of(session: Session, question: Question) -> Question:
    """The question whose answer this one waits for; itself where it goes on alone."""
    return session.get_one(Question, question.merged_into_id) if question.merged_into_id else question


def tiers_to_choose(office: Office, question: Question) -> tuple[str, ...]:
    """The promised times the asker may choose; () where there is nothing left to promise, or others decide."""
    if question.state not in ("received", "proposed", "assigned") or question.merged_into_id is not None:
        return ()
    allowed = office.policy.asker.tiers
    return tuple(tier for tier in TIERS if tier in allowed) if set(allowed) - {question.tier} else ()


def _line(session: Session, question: Question) -> str:
    """Unproven, the address may be a stranger's choice, and the page would carry the stranger's words to its owner."""
    address = session.get_one(Address, question.address_id)
    if address.channel == "email" and address.proven_at is None:
        return ""
    return " ".join((question.subject or question.text).split())


def _kind_of(session: Session, assignment: Assignment) -> tuple[str, str]:
    expert = session.get_one(Expert, assignment.expert_id)
    authority = session.get_one(Authority, expert.authority_id)
    return authority.kind, authority.country


def _steps(session: Session, question: Question) -> Iterator[Step]:
    """What happened, in order; a second expert is "somebody else", and an answer that waits is said to wait."""
    asked = False
    for event in session.scalars(select(Event).where(Event.question_id == question.id).order_by(Event.id)):
        key = STEPS.get(event.kind)
        if key == "asked" and event.detail.get("panel"):
            continue
        if key == "asked" and asked:
            key = "moved"
        asked = asked or key == "asked"
        if key is not None:
            yield Step(key, event.at)
    waiting = select(Answer.created_at).where(Answer.question_id == question.id, Answer.state == "waiting")
    if (since := session.scalars(waiting.order_by(Answer.id.desc())).first()) is not None:
        yield Step("review", since)
