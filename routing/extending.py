"""More time for an expert: asked for by a reply, or given by a coordinator.

In: an assignment and a number of working days. Out: its new deadline with everything that is counted back from it, and letters to
both sides. Each expert may ask once for each assignment; a coordinator may give time as often as it is needed.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from routing import escalating
from routing.cases import await_experts, open_assignments
from routing.history import note
from routing.models import Assignment, Authority, Expert, Question
from routing.moments import promise, put_off
from routing.office import Office
from routing.post import post
from routing.recipients import to_person

LONGEST_EXTENSION_DAYS = 10
EXTENDED = "more_days"  # in a question's thread: the assignments whose experts have had more time already


def ask_for(
    session: Session, office: Office, question: Question, assignment: Assignment, expert: Expert, days: int, now: datetime
) -> str:
    """The expert needs more time, which the asker hears; a second wish changes nothing, which the expert hears."""
    days = min(days, LONGEST_EXTENSION_DAYS)
    extended = question.thread.get(EXTENDED, [])
    if assignment.id in extended:
        return _refuse(session, office, question, assignment, expert, days, now)
    assignment.state, assignment.accept_by_at = "accepted", None
    give(session, office, question, assignment, days, now)
    question.thread = question.thread | {EXTENDED: [*extended, assignment.id]}
    at_work = open_assignments(session, question)
    is_later = question.promised_at is None or promise(at_work) > question.promised_at  # of a panel, others may be quicker
    question.promised_at = promise(at_work) if is_later else question.promised_at
    if question.waiting_for == "expert":  # while the asker or a coordinator owes the next step, that stays so
        await_experts(question, at_work)
    note(
        session, question, "extended", actor=f"expert:{expert.id}", now=now, days=days,
        deadline=assignment.deadline_at.isoformat(), explanation=assignment.explanation,
    )  # fmt: skip
    if is_later:
        escalating.tell_new_date(session, office, question, expert, "extended", now, edition=f"extended:{question.revision}")
    return f"extended by {days} working days"


def give(session: Session, office: Office, question: Question, assignment: Assignment, days: int, now: datetime) -> None:
    """Move one deadline, and tell its expert; `question.revision` tells this letter from the next of its sort."""
    expert = session.get_one(Expert, assignment.expert_id)
    put_off(session, assignment, days, office.policy.tiers[question.tier], now)
    question.revision += 1
    facts = _when(session, assignment, expert) | {
        "reason": "extended",
        "tier": question.tier,
        "explanation": assignment.explanation,
    }
    to, edition = to_person(session, expert.person_id, "assignment"), f"extended:{question.revision}"
    post(session, office, to, "deadline_moved", facts, now=now, question=question, assignment=assignment, edition=edition)


def _refuse(
    session: Session, office: Office, question: Question, assignment: Assignment, expert: Expert, days: int, now: datetime
) -> str:
    note(session, question, "extension-refused", actor="system", now=now, days=days)
    to, facts = to_person(session, expert.person_id, "assignment"), _when(session, assignment, expert)
    edition = assignment.deadline_at.isoformat()
    post(session, office, to, "not_extended", facts, now=now, question=question, assignment=assignment, edition=edition)
    return "already extended once; nothing changed"


def _when(session: Session, assignment: Assignment, expert: Expert) -> dict[str, object]:
    return {"deadline_at": assignment.deadline_at, "zone": session.get_one(Authority, expert.authority_id).zone}
