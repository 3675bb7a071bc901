"""Handing a question to the coordinators, and telling those who look after it.

In: a question that nobody on the roster can take, or what somebody said of it. Out: its next owner and moment, and letters to the
coordinators whose charge it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from routing import care
from routing.calendars import in_office_time
from routing.cases import move, settle_proposal
from routing.history import note
from routing.models import ConsoleUser, Question
from routing.office import Office
from routing.people import zone_of_asker
from routing.post import post
from routing.recipients import to_asker, to_person


def hand_to_coordinator(
    session: Session, office: Office, question: Question, reason: str, now: datetime, *, tell_asker: bool = True, text: str = ""
) -> None:
    """Nobody on the roster can take it: a coordinator owes the next step, and is told again until it is done."""
    settle_proposal(session, question, "lapsed", now)
    nag_at = in_office_time(office, now, office.policy.patience.coordinator_nag_after)
    move(question, state="assigned", waiting_for="coordinator", next_action="nag coordinator", at=nag_at)
    question.promised_at = promised_by_coordinators(office, question, now)
    note(session, question, "handed-to-coordinator", actor="system", now=now, reason=reason)
    tell_coordinators(session, office, question, reason, now, edition=f"{reason}:{question.revision}", text=text)
    if tell_asker:
        question.first_word_at = question.first_word_at or now
        facts = {"promised_at": question.promised_at, "zone": zone_of_asker(session, question)}
        post(
            session,
            office,
            to_asker(session, question),
            "coordinator_has_it",
            facts,
            now=now,
            question=question,
            edition=str(question.revision),
        )


def promised_by_coordinators(office: Office, question: Question, now: datetime) -> datetime:
    """What the asker is promised where no expert's deadline says it: never a moment that has passed, nor an earlier one."""
    within = office.policy.tiers[question.tier].answer_within
    return max(in_office_time(office, now, within), question.promised_at or now)


def tell_coordinators(
    session: Session, office: Office, question: Question, reason: str, now: datetime, *, edition: str, text: str = ""
) -> None:
    """`text`: what somebody else said about it."""
    facts = {"question": _one_line(question), "reason": reason, "url": office.page(f"questions/{question.number}"), "text": text}
    write_to_coordinators(session, office, "co_question", facts, now, question=question, edition=edition)


def write_to_coordinators(
    session: Session,
    office: Office,
    kind: str,
    facts: Mapping[str, Any],
    now: datetime,
    *,
    question: Question | None = None,
    authority_id: int | None = None,
    edition: str,
) -> int:
    """One letter to each who hears of the question or authority, or of the network as a whole; returns how many were written."""
    reached = (to_person(session, person_id, "coordinator") for person_id in coordinators(session, question, authority_id))
    letters = [post(session, office, to, kind, facts, now=now, question=question, edition=edition) for to in reached]
    return sum(letter is not None for letter in letters)


def coordinators(session: Session, question: Question | None = None, authority_id: int | None = None) -> Sequence[int]:
    """Persons of the active console users who hear of this question or authority; without either, of the network as a whole."""
    users = select(ConsoleUser).where(ConsoleUser.active, ConsoleUser.role.in_(("admin", "coordinator")))
    cares = [(user.person_id, care.of_user(session, user)) for user in session.scalars(users.order_by(ConsoleUser.id))]
    if authority_id is not None:
        return [person for person, theirs in cares if care.covers_authority(theirs, authority_id)]
    about = question.id if question else None
    return [person for person, theirs in cares if care.covers(session, theirs, about)]


def _one_line(question: Question, limit: int = 200) -> str:
    text = " ".join((question.subject or question.text).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
