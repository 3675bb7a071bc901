"""The clock stands still while the ball is with the asker, because an expert has asked something back.

In: a question, the assignments at work on it, and the moment. Out: the pause, kept in the question's thread (`PAUSED`: since
when; `ASKING`: the assignments whose experts asked), or the working time that it took, given back to the experts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from routing import promising
from routing.calendar import WorkingCalendar
from routing.calendars import calendar_of_expert, in_office_time
from routing.cases import ASKING, PAUSED, await_experts, move
from routing.deadlines import add_working_time, working_time_between
from routing.models import Assignment, Expert, Question
from routing.moments import PLANNED, promise
from routing.office import Office


def pause(question: Question, office: Office, assignment: Assignment, now: datetime) -> None:
    """The asker owes the next step, until they answer or fall silent. Where a coordinator owes one already, because another
    expert's answer waits to be read, that stays so."""
    if question.waiting_for == "coordinator":
        question.revision += 1
        return
    before = question.thread if is_paused(question) else {}
    asking = [*before.get(ASKING, ()), assignment.id]
    since = before.get(PAUSED, now.isoformat())  # who asks twice has waited since the first time
    at = in_office_time(office, now, office.policy.patience.clarification_close_after)
    question.thread = question.thread | {PAUSED: since, ASKING: asking}
    move(question, state="assigned", waiting_for="asker", next_action="close unclarified", at=at)


def is_paused(question: Question) -> bool:
    return PAUSED in question.thread and question.next_action == "close unclarified"


def others_at_work(question: Question, assignments: Sequence[Assignment]) -> list[Assignment]:
    """Those of a panel who have asked nothing, and could go on."""
    asking = question.thread.get(ASKING)
    return [] if asking is None else [one for one in assignments if one.id not in asking]


def resume(session: Session, question: Question, assignments: Sequence[Assignment], now: datetime) -> None:
    """Give the experts the working time back that the pause took, and let them go on; without a pause nothing changes."""
    if not is_paused(question):
        return
    paused = datetime.fromisoformat(question.thread[PAUSED])
    for assignment in assignments:
        _give_back(session, assignment, max(paused, assignment.created_at), now)
    if assignments:
        before, question.promised_at = question.promised_at, promise(assignments)
        promising.wait_as_long(question, before)
        await_experts(question, assignments)


def later_by(assignment: Assignment, lost: timedelta, calendar: WorkingCalendar) -> None:
    """Every moment of an assignment, later by so much working time; the explanation of the deadline says how much in all."""
    if not lost:
        return  # in an evening nothing is lost, and closing time stays closing time
    for name in ("accept_by_at", "remind_at", "deadline_at", "escalate_at"):
        moment = getattr(assignment, name)
        if moment is not None:
            setattr(assignment, name, add_working_time(moment, lost, calendar).at)
    assignment.reminders = [reminder | _moved(reminder, lost, calendar) for reminder in assignment.reminders]
    seconds = int(lost.total_seconds()) + int(assignment.explanation.get("paused", 0))
    assignment.explanation = assignment.explanation | {"at": assignment.deadline_at.isoformat(), "paused": seconds}


def _moved(reminder: Mapping[str, str], lost: timedelta, calendar: WorkingCalendar) -> dict[str, str]:
    told = {name: datetime.fromisoformat(reminder[name]) for name in ("at", PLANNED) if name in reminder}
    return {name: add_working_time(at, lost, calendar).at.astimezone(UTC).isoformat() for name, at in told.items()}


def _give_back(session: Session, assignment: Assignment, paused: datetime, now: datetime) -> None:
    calendar = calendar_of_expert(session, session.get_one(Expert, assignment.expert_id))
    later_by(assignment, working_time_between(paused, now, calendar), calendar)
