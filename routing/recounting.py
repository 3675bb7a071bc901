"""Deadlines counted again: when an authority's calendar changes, or an expert is away.

A deadline is a promise in working time, so a changed calendar moves it by the very count that made it. An absence moves no
promise: it moves the question, to the next on the ladder, when nothing of the time that is left lies after the return; else
reminders wait for the return.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from routing import escalating
from routing.calendar import WorkingCalendar, zone_named
from routing.calendars import calendar_of
from routing.cases import OPEN_ASSIGNMENT, open_assignments, questions_with
from routing.deadlines import Due, Moments, NoWorkingTime, add_working_days, add_working_time, next_working_moment, until
from routing.history import note
from routing.locking import lock_all, locked
from routing.models import Absence, Assignment, Authority, Expert, Question
from routing.moments import next_due_of, promise, set_moments
from routing.office import Office
from routing.people import zone_of_asker
from routing.post import post
from routing.recipients import to_asker, to_person

SHORT_DEADLINE = timedelta(minutes=1)


def after_calendar(session: Session, office: Office, authority: Authority, now: datetime) -> int:
    """Count the open deadlines of an authority again in its new calendar; returns how many moved. Both sides are told."""
    calendar = calendar_of(authority)
    lock_all(session, [one.question_id for one in _open_at(session, authority)])
    return sum(_recount(session, office, one, authority, calendar, now) for one in _open_at(session, authority))


def note_absence(
    session: Session, office: Office, expert: Expert, first_day: date, last_day: date, source: str, now: datetime
) -> bool:
    """Write an absence down and see to what the expert has open; False when it was known."""
    first, last = first_day.isoformat(), last_day.isoformat()
    known = session.query(Absence).filter_by(expert_id=expert.id, last_day=last).first()
    if known is not None or first > last:
        return False
    session.add(Absence(expert_id=expert.id, first_day=first, last_day=last, source=source))
    session.flush()
    lock_all(session, questions_with(session, expert.person_id))
    open_ = select(Assignment).where(Assignment.expert_id == expert.id, Assignment.state.in_(OPEN_ASSIGNMENT))
    for assignment in session.scalars(open_.order_by(Assignment.id)).all():
        _without_expert(session, office, assignment, expert, first_day, last_day, now)
    return True


def is_over_before_return(deadline: datetime, last_day: date, calendar: WorkingCalendar) -> bool:
    """True when no working time lies between the return and the deadline."""
    return back_at(last_day, calendar) >= deadline


def back_at(last_day: date, calendar: WorkingCalendar) -> datetime:
    """The first working moment after an absence."""
    morning = datetime.combine(last_day + timedelta(days=1), datetime.min.time(), zone_named(calendar.zone))
    return next_working_moment(morning.astimezone(UTC), calendar)


def _open_at(session: Session, authority: Authority) -> list[Assignment]:
    found = select(Assignment).join(Expert, Expert.id == Assignment.expert_id)
    found = found.where(Expert.authority_id == authority.id, Assignment.state.in_(OPEN_ASSIGNMENT))
    return list(session.scalars(found.order_by(Assignment.id)))


def _recount(
    session: Session, office: Office, assignment: Assignment, authority: Authority, calendar: WorkingCalendar, now: datetime
) -> bool:
    """Replay the count that the explanation tells of; what a pause gave back is added again."""
    told = assignment.explanation
    if told.get("unit") != "working_days" or (question := locked(session, assignment.question_id)) is None:
        return False
    try:
        due = add_working_days(datetime.fromisoformat(told["start"]), int(told["amount"]), calendar)
        at = add_working_time(due.at, timedelta(seconds=told.get("paused", 0)), calendar).at if told.get("paused") else due.at
    except NoWorkingTime:
        return False
    if at <= now or abs(at - assignment.deadline_at) < SHORT_DEADLINE:
        return False
    paused = {"paused": told["paused"]} if told.get("paused") else {}
    moved = Due(at, due.explanation | paused | {"at": at.isoformat()})
    _move(assignment, until(moved, now, office.policy.tiers[question.tier], calendar), calendar, now)
    _tell(session, office, question, assignment, authority, now)
    return True


def _move(assignment: Assignment, moments: Moments, calendar: WorkingCalendar, now: datetime) -> None:
    """What is counted back from the deadline moves with it; a half-way reminder only falls into the new working time."""
    waiting = [datetime.fromisoformat(one["at"]) for one in assignment.reminders if one["stage"] == "halfway"]
    set_moments(assignment, moments, after=now, first="due_soon")
    taken = {calendar.local_day(datetime.fromisoformat(one["at"])) for one in assignment.reminders}
    halfway = [moment for moment in (next_working_moment(one, calendar) for one in waiting) if moment < moments.deadline]
    kept = [{"at": one.isoformat(), "stage": "halfway"} for one in halfway if calendar.local_day(one) not in taken]
    assignment.reminders = [*kept, *assignment.reminders]
    assignment.remind_at = min((datetime.fromisoformat(one["at"]) for one in assignment.reminders), default=None)
    if assignment.accept_by_at is not None:
        assignment.accept_by_at = min(next_working_moment(assignment.accept_by_at, calendar), moments.deadline)


def _tell(
    session: Session, office: Office, question: Question, assignment: Assignment, authority: Authority, now: datetime
) -> None:
    at_work = open_assignments(session, question)
    promised = promise(at_work)
    question.revision += 1
    if question.waiting_for == "expert":
        question.next_action_at = next_due_of(at_work)
    note(
        session, question, "recounted", actor="system", now=now, why="calendar",
        deadline=assignment.deadline_at.isoformat(), explanation=assignment.explanation,
    )  # fmt: skip
    more = {"reason": "calendar", "tier": question.tier}
    expert, edition = session.get_one(Expert, assignment.expert_id), f"calendar:{question.revision}"
    facts = {"deadline_at": assignment.deadline_at, "zone": authority.zone, "explanation": assignment.explanation} | more
    to = to_person(session, expert.person_id, "assignment")
    post(session, office, to, "deadline_moved", facts, now=now, question=question, assignment=assignment, edition=edition)
    if promised != question.promised_at:
        question.promised_at = promised
        told = {"promised_at": promised, "zone": zone_of_asker(session, question)} | more
        post(session, office, to_asker(session, question), "new_date", told, now=now, question=question, edition=edition)


def _without_expert(
    session: Session, office: Office, assignment: Assignment, expert: Expert, first_day: date, last_day: date, now: datetime
) -> None:
    question = locked(session, assignment.question_id)
    calendar = calendar_of(session.get_one(Authority, expert.authority_id))
    if question is None or first_day > calendar.local_day(assignment.deadline_at):
        return
    if is_over_before_return(assignment.deadline_at, last_day, calendar) and first_day <= calendar.local_day(now):
        escalating.move_on(session, office, question, assignment, "declined", "expert_away", now, because="away")
        return
    _put_off(
        assignment,
        datetime.combine(first_day, datetime.min.time(), zone_named(calendar.zone)),
        back_at(last_day, calendar),
    )
    if question.waiting_for == "expert" and (at_work := open_assignments(session, question)):
        question.next_action_at = next_due_of(at_work)


def _put_off(assignment: Assignment, gone: datetime, back: datetime) -> None:
    """Reminders that fall into the absence wait for the return, if that is before the end. "Yes or no?" does not wait: who is
    not there to say it is followed by the next on the ladder, as anybody who is silent."""
    later = [
        one | {"at": back.isoformat()} if gone <= datetime.fromisoformat(one["at"]) < back < assignment.deadline_at else one
        for one in assignment.reminders
    ]
    if later != assignment.reminders:
        assignment.reminders = later
        assignment.remind_at = min(datetime.fromisoformat(one["at"]) for one in later)
