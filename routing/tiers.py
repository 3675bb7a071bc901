"""Another promised time for a question: chosen by its asker, or set by a coordinator.

A running deadline is counted anew from when the expert was asked, as if the tier had been this one from the beginning;
where that moment has passed, or is very near, it is counted from now, so that nobody is late for a promise they never gave.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from routing import promising
from routing.calendar import WorkingCalendar
from routing.calendars import calendar_of_expert, in_office_time
from routing.cases import open_assignments
from routing.deadlines import Moments, schedule, working_time_between
from routing.history import note
from routing.models import Assignment, Authority, Expert, Question
from routing.moments import next_due_of, promise, set_moments
from routing.office import Office
from routing.people import zone_of_asker
from routing.policy import TierPolicy
from routing.post import post
from routing.recipients import to_asker, to_person


def change(session: Session, office: Office, question: Question, tier: str, *, by: str, now: datetime) -> bool:
    """Promise another time, and tell both sides the new date; False when that is the time promised already."""
    if tier == question.tier:
        return False
    note(session, question, "tier-changed", actor=by, now=now, before=question.tier, after=tier)
    question.tier = tier
    question.revision += 1
    assignments = open_assignments(session, question)
    for assignment in assignments:
        _recount(session, office, question, assignment, now)
    if assignments:
        question.promised_at = promise(assignments)
        if question.waiting_for == "expert":
            question.next_action_at = next_due_of(assignments)
    elif question.promised_at is not None and question.waiting_for == "coordinator":
        question.promised_at = in_office_time(office, now, office.policy.tiers[tier].answer_within)
    if by == "asker":
        promising.as_chosen(question)
    _tell_asker(session, office, question, now)
    return True


def moments_after(assigned_at: datetime, now: datetime, tier: TierPolicy, calendar: WorkingCalendar) -> Moments:
    """The moments of a tier from when the expert was asked; from now where less than half of its working time is left."""
    then = schedule(assigned_at, tier, calendar)
    whole = working_time_between(assigned_at, then.deadline, calendar)
    left = working_time_between(now, then.deadline, calendar) if now < then.deadline else whole * 0
    return then if left * 2 >= whole else schedule(now, tier, calendar)


def _recount(session: Session, office: Office, question: Question, assignment: Assignment, now: datetime) -> None:
    expert = session.get_one(Expert, assignment.expert_id)
    calendar = calendar_of_expert(session, expert)
    moments = moments_after(assignment.created_at, now, office.policy.tiers[question.tier], calendar)
    set_moments(assignment, moments, after=now)
    if assignment.accept_by_at is not None:
        assignment.accept_by_at = moments.accept_by
    facts = {
        "deadline_at": assignment.deadline_at,
        "zone": session.get_one(Authority, expert.authority_id).zone,
        "reason": "tier",
        "tier": question.tier,
        "explanation": assignment.explanation,
    }
    to, edition = to_person(session, expert.person_id, "assignment"), f"tier:{question.revision}"
    post(session, office, to, "deadline_moved", facts, now=now, question=question, assignment=assignment, edition=edition)


def _tell_asker(session: Session, office: Office, question: Question, now: datetime) -> None:
    if question.promised_at is None:
        return
    facts = {
        "promised_at": question.promised_at,
        "zone": zone_of_asker(session, question),
        "reason": "tier",
        "tier": question.tier,
    }
    to, edition = to_asker(session, question), f"tier:{question.revision}"
    post(session, office, to, "new_date", facts, now=now, question=question, edition=edition, automatic=False)
