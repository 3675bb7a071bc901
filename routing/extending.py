"""More time for an expert: asked for by a reply, or given by a coordinator.

In: an assignment and a number of working days. Out: its new deadline with everything that is counted back from it, and letters to
both sides. Each expert may ask once for each assignment; a coordinator may give time as often as it is needed.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from routing import escalating
from routing.cases import await_experts, open_assignments
from routing.given import Given, write_to_expert, zone_of_expert
from routing.history import note
from routing.moments import promise, put_off
from routing.office import Office

LONGEST_EXTENSION_DAYS = 10
EXTENDED = "more_days"  # in a question's thread: the assignments whose experts have had more time already


def ask_for(session: Session, office: Office, theirs: Given, days: int, now: datetime) -> str:
    """The expert needs more time, which the asker hears; a second wish changes nothing, which the expert hears.

    `days` are working days; more than `LONGEST_EXTENSION_DAYS` are taken for so many.
    """
    question, assignment, days = theirs.question, theirs.assignment, min(days, LONGEST_EXTENSION_DAYS)
    extended = question.thread.get(EXTENDED, [])
    if assignment.id in extended:
        return _refuse(session, office, theirs, days, now)
    assignment.state, assignment.accept_by_at = "accepted", None
    give(session, office, theirs, days, now)
    question.thread = question.thread | {EXTENDED: [*extended, assignment.id]}
    at_work = open_assignments(session, question)
    is_later = question.promised_at is None or promise(at_work) > question.promised_at  # of a panel, others may be quicker
    question.promised_at = promise(at_work) if is_later else question.promised_at
    if question.waiting_for == "expert":  # while the asker or a coordinator owes the next step, that stays so
        await_experts(question, at_work)
    note(
        session, question, "extended", actor=theirs.actor, now=now, days=days,
        deadline=assignment.deadline_at.isoformat(), explanation=assignment.explanation,
    )  # fmt: skip
    if is_later:
        edition = f"extended:{question.revision}"
        escalating.tell_new_date(session, office, question, theirs.expert, "extended", now, edition=edition)
    return f"extended by {days} working days"


def give(session: Session, office: Office, theirs: Given, days: int, now: datetime) -> None:
    """Move one deadline, and tell its expert; `question.revision` tells this letter from the next of its sort."""
    question, assignment = theirs.question, theirs.assignment
    put_off(session, assignment, days, office.policy.tiers[question.tier], now)
    question.revision += 1
    facts = {"reason": "extended", "tier": question.tier, "explanation": assignment.explanation, **_when(session, theirs)}
    write_to_expert(session, office, theirs, "deadline_moved", facts, now, edition=f"extended:{question.revision}")


def _refuse(session: Session, office: Office, theirs: Given, days: int, now: datetime) -> str:
    note(session, theirs.question, "extension-refused", actor="system", now=now, days=days)
    edition = theirs.assignment.deadline_at.isoformat()
    write_to_expert(session, office, theirs, "not_extended", _when(session, theirs), now, edition=edition)
    return "already extended once; nothing changed"


def _when(session: Session, theirs: Given) -> dict[str, object]:
    return {"deadline_at": theirs.assignment.deadline_at, "zone": zone_of_expert(session, theirs.expert)}
