"""The moments of an assignment as they are stored: its deadline, its reminders, and what comes next of several.

In: an assignment and the moments that a calendar gives (`routing.deadlines`). Out: its columns, changed; no letter, no history.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from routing.calendars import calendar_of_expert
from routing.deadlines import Moments, add_working_days, until
from routing.models import Assignment, Expert
from routing.policy import TierPolicy

PLANNED = "planned"  # of a reminder that waits for the end of an absence: when it would have come without it


def set_moments(assignment: Assignment, moments: Moments, *, after: datetime | None = None, first: str = "halfway") -> None:
    """Write the deadline and what is due before it; the last reminder says "overdue" when there is grace after the deadline.

    The `first` reminder is half-way, the others come as the deadline draws near. Reminders up to `after` are left out: they have
    been written, or would come too late.
    """
    ahead = [moment for moment in moments.remind if after is None or moment > after]
    first = first if len(ahead) == len(moments.remind) else "due_soon"
    reminders = [{"at": one.isoformat(), "stage": "due_soon" if number else first} for number, one in enumerate(ahead)]
    if moments.overdue < moments.escalate:
        reminders.append({"at": moments.overdue.isoformat(), "stage": "overdue"})
    assignment.reminders = reminders
    assignment.remind_at = datetime.fromisoformat(reminders[0]["at"]) if reminders else None
    assignment.deadline_at, assignment.escalate_at = moments.deadline, moments.escalate
    assignment.explanation = moments.explanation


def put_off(session: Session, assignment: Assignment, days: int, tier: TierPolicy, now: datetime) -> None:
    """Give an expert so many more working days, counted from the old deadline (or from now, when that has passed).

    Reminders and the move to somebody else follow the new deadline.
    """
    calendar = calendar_of_expert(session, session.get_one(Expert, assignment.expert_id))
    # A deadline falls on closing time, which is the first moment after its day: the day itself is what is counted from.
    start = max(assignment.deadline_at - timedelta(microseconds=1), now)
    due = add_working_days(start, days, calendar)
    set_moments(assignment, until(due, now, tier, calendar), after=now, first="due_soon")


def promise(assignments: Iterable[Assignment]) -> datetime:
    """What the asker may count on: of a panel, the first deadline."""
    return min(assignment.deadline_at for assignment in assignments)


def next_due_of(assignments: Iterable[Assignment]) -> datetime:
    return min(map(next_due, assignments))


def next_due(assignment: Assignment) -> datetime:
    """The next moment at which something happens to this assignment."""
    moments = (assignment.accept_by_at, assignment.remind_at, assignment.escalate_at)
    return min(moment for moment in moments if moment is not None)
