"""What is put before the asker: fiches to choose from, or the question which of several things is meant.

Each verb writes the case, its history and its letters in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from routing.calendars import in_office_time
from routing.cases import move, settle_proposal
from routing.history import note
from routing.models import Proposal, Question
from routing.office import Office
from routing.people import zone_of_asker
from routing.post import post
from routing.recipients import to_asker


def propose(
    session: Session,
    office: Office,
    question: Question,
    matches: Sequence[dict[str, Any]],
    confidence: float,
    confident: bool,
    now: datetime,
    *,
    chosen_by: str = "search",
) -> None:
    """Offer fiches. `matches` are plain facts for the letter: title, place, country, quote, slug and so on."""
    patience = office.policy.patience
    settle_proposal(session, question, "lapsed", now)
    promised = office.policy.confidence.precision if confident and chosen_by == "search" else None
    proposal = Proposal(
        question_id=question.id,
        confidence=confidence,
        chosen_by=chosen_by,
        promised=promised,
        matches=list(matches),
        created_at=now,
    )
    session.add(proposal)
    session.flush()
    remind_at = in_office_time(office, now, patience.proposal_remind_after)
    move(question, state="proposed", waiting_for="asker", next_action="remind of proposal", at=remind_at)
    question.first_word_at = question.first_word_at or now
    note(
        session,
        question,
        "proposed",
        actor="system",
        now=now,
        fiches=[m["slug"] for m in matches],
        confidence=round(confidence, 3),
    )
    closes_at = in_office_time(office, now, patience.proposal_close_after)
    facts = {"matches": list(matches), "confident": confident, "closes_at": closes_at, "zone": zone_of_asker(session, question)}
    post(
        session,
        office,
        to_asker(session, question),
        "proposal",
        facts,
        now=now,
        question=question,
        edition=str(proposal.id),
        value=str(proposal.id),
    )


def ask_which(session: Session, office: Office, question: Question, choices: Sequence[str], now: datetime) -> None:
    """Too vague to search: one clarifying question, with choices."""
    closes_at = in_office_time(office, now, office.policy.patience.clarification_close_after)
    move(question, state="received", waiting_for="asker", next_action="close unclarified", at=closes_at)
    question.first_word_at = question.first_word_at or now
    question.thread = question.thread | {"choices": list(choices)}
    note(session, question, "clarification-asked", actor="system", now=now, choices=list(choices))
    facts = {"choices": list(choices)}
    post(
        session, office, to_asker(session, question), "clarify", facts, now=now, question=question, edition=str(question.revision)
    )
