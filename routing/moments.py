"""The moments of an assignment as they are stored: its deadline, its reminders, and what comes next of several.

In: an assignment and the moments that a calendar gives (`routing.deadlines`). Out: its columns, changed; no letter, no history.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from routing.calendars import calendar_of
from routing.deadlines import Moments, add_working_days
from routing.models import Assignment, Authority, Expert


def set_moments(assignment: Assignment, moments: Moments, *, after: datetime | None = None) -> None:
    """Write the deadline and what is due before it; the last reminder says "overdue" when there is grace after the deadline.

    Reminders up to `after` are left out: they have been written, or would come too late.
    """
    ahead = [moment for moment in moments.remind if after is None or moment > after]
    reminders = [{"at": moment.isoformat(), "stage": "halfway"} for moment in ahead]
    if len(reminders) > 1 or (reminders and len(ahead) < len(moments.remind)):
        reminders[-1]["stage"] = "due_soon"
    if moments.overdue < moments.escalate:
        reminders.append({"at": moments.overdue.isoformat(), "stage": "overdue"})
    assignment.reminders = reminders
    assignment.remind_at = datetime.fromisoformat(reminders[0]["at"]) if reminders else None
    assignment.deadline_at, assignment.escalate_at = moments.deadline, moments.escalate
    assignment.explanation = moments.explanation


def put_off(session: Session, assignment: Assignment, days: int, now: datetime) -> None:
    """Give an expert so many more working days, counted from the old deadline (or from now, when that has passed)."""
    expert = session.get_one(Expert, assignment.expert_id)
    # A deadline falls on closing time, which is the first moment after its day: the day itself is what is counted from.
    start = max(assignment.deadline_at - timedelta(microseconds=1), now)
    due = add_working_days(start, days, calendar_of(session.get_one(Authority, expert.authority_id)))
    assignment.escalate_at = (assignment.escalate_at or assignment.deadline_at) + (due.at - assignment.deadline_at)
    assignment.deadline_at, assignment.explanation = due.at, due.explanation


def promise(assignments: Iterable[Assignment]) -> datetime:
    """What the asker may count on: of a panel, the first deadline."""
    return min(assignment.deadline_at for assignment in assignments)


def next_due_of(assignments: Iterable[Assignment]) -> datetime:
    return min(map(next_due, assignments))


def next_due(assignment: Assignment) -> datetime:
    """The next moment at which something happens to this assignment."""
    moments = (assignment.accept_by_at, assignment.remind_at, assignment.escalate_at)
    return min(moment for moment in moments if moment is not None)
