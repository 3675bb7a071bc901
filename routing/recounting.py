"""Deadlines counted again: when an authority's calendar changes, or an expert is away.

A deadline is a promise in working time, so a changed calendar moves it by the very count that made it. An absence moves no
promise: it moves the question, to the next on the ladder, when nothing of the time that is left lies after the return; else
reminders wait for the return.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from routing import absences, escalating
from routing.absences import Days
from routing.calendar import WorkingCalendar, zone_named
from routing.calendars import calendar_of
from routing.cases import OPEN_ASSIGNMENT, open_assignments, questions_with
from routing.deadlines import Due, Moments, NoWorkingTime, add_working_days, add_working_time, next_working_moment, until
from routing.history import note
from routing.locking import lock_all, locked
from routing.models import Absence, Assignment, Authority, Expert, Question
from routing.moments import PLANNED, next_due_of, promise, set_moments
from routing.office import Office
from routing.people import zone_of_asker
from routing.post import post
from routing.recipients import to_asker, to_person

SHORT_DEADLINE = timedelta(minutes=1)
Span = tuple[datetime, datetime]  # from the first moment of an absence to the first working moment after it


def after_calendar(session: Session, office: Office, authority: Authority, now: datetime) -> int:
    """Count the open deadlines of an authority again in its new calendar; returns how many moved. Both sides are told."""
    calendar = calendar_of(authority)
    lock_all(session, [one.question_id for one in _open_at(session, authority)])
    return sum(_recount(session, office, one, authority, calendar, now) for one in _open_at(session, authority))


def note_absence(
    session: Session, office: Office, expert: Expert, first_day: date, last_day: date, source: str, now: datetime
) -> bool:
    """Write an absence down, in place of those that it overlaps, and see to what the expert has open; False when it was known."""
    if first_day > last_day:
        return False
    overlapped = absences.overlapping(session, expert.id, first_day, last_day)
    if [absences.days_of(one) for one in overlapped] == [(first_day, last_day)]:
        return False
    for one in overlapped:
        session.delete(one)
    _put_down(session, expert, (first_day, last_day), source)
    _see_to_open(session, office, expert, now, [(first_day, last_day)])
    return True


def away_from_now(session: Session, office: Office, expert: Expert, last_day: date, source: str, now: datetime) -> bool:
    """An absence of which only the end is told: a longer or earlier one that was known stays as long as it is."""
    known = absences.overlapping(session, expert.id, now.date(), last_day)
    first = min((absences.days_of(one)[0] for one in known), default=now.date())
    last = max((absences.days_of(one)[1] for one in known), default=last_day)
    return note_absence(session, office, expert, min(first, now.date()), max(last, last_day), source, now)


def remove_absence(session: Session, office: Office, expert: Expert, absence: Absence, by: str, now: datetime) -> None:
    """Take an absence back: reminders that waited for the return come when they were planned. What has moved on stays there."""
    session.delete(absence)
    _record(session, "absence-removed", expert, absences.days_of(absence), by, now)
    _see_to_open(session, office, expert, now, ())


def set_absences(session: Session, office: Office | None, expert: Expert, wanted: Sequence[Days], now: datetime) -> None:
    """Make the absences of an expert these and no others, as a file tells them; with an `office`, see to what they have open."""
    known = {absences.days_of(one): one for one in absences.of(session, expert.id)}
    gone, new = [days for days in known if days not in wanted], [days for days in dict.fromkeys(wanted) if days not in known]
    for days in gone:
        session.delete(known[days])
        _record(session, "absence-removed", expert, days, "system", now)
    for days in new:
        _put_down(session, expert, days, "directory")
        _record(session, "absence-noted", expert, days, "system", now)
    if office is not None and (gone or new):
        _see_to_open(session, office, expert, now, new)


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


def _put_down(session: Session, expert: Expert, days: Days, source: str) -> None:
    session.flush()  # what it replaces is gone first: the same days stand only once
    session.add(Absence(expert_id=expert.id, first_day=days[0].isoformat(), last_day=days[1].isoformat(), source=source))


def _record(session: Session, kind: str, expert: Expert, days: Days, by: str, now: datetime) -> None:
    note(session, None, kind, actor=by, now=now, expert=expert.role, since=days[0].isoformat(), until=days[1].isoformat())


def _see_to_open(session: Session, office: Office, expert: Expert, now: datetime, new: Sequence[Days]) -> None:
    """Only a new absence moves a question on: a coordinator may have given one to somebody whom they knew to be away."""
    session.flush()
    lock_all(session, questions_with(session, expert.person_id))
    open_ = select(Assignment).where(Assignment.expert_id == expert.id, Assignment.state.in_(OPEN_ASSIGNMENT))
    for assignment in session.scalars(open_.order_by(Assignment.id)).all():
        question = locked(session, assignment.question_id)
        if question is None:
            continue
        calendar = calendar_of(session.get_one(Authority, expert.authority_id))
        if any(_takes_away(assignment, days, calendar, now) for days in new):
            escalating.move_on(session, office, question, assignment, "declined", "expert_away", now, because="away")
            continue
        _plan_again(session, assignment, expert, calendar, now)
        if question.waiting_for == "expert" and (at_work := open_assignments(session, question)):
            question.next_action_at = next_due_of(at_work)


def _takes_away(assignment: Assignment, days: Days, calendar: WorkingCalendar, now: datetime) -> bool:
    first_day, last_day = days
    if first_day > calendar.local_day(min(now, assignment.deadline_at)):
        return False
    return is_over_before_return(assignment.deadline_at, last_day, calendar)


def _plan_again(session: Session, assignment: Assignment, expert: Expert, calendar: WorkingCalendar, now: datetime) -> None:
    """Every reminder at the moment for which it was planned, or after the absence into which that falls.

    "Yes or no?" does not wait: who is not there to say it is followed by the next on the ladder, as anybody who is silent.
    """
    spans, soonest = [_span(one, calendar) for one in absences.of(session, expert.id)], next_working_moment(now, calendar)
    again = [_placed(one, spans, assignment.deadline_at, soonest) for one in assignment.reminders]
    if again != assignment.reminders:
        assignment.reminders = sorted(again, key=lambda one: datetime.fromisoformat(one["at"]))
        assignment.remind_at = datetime.fromisoformat(assignment.reminders[0]["at"])


def _placed(reminder: dict[str, str], spans: Sequence[Span], deadline: datetime, soonest: datetime) -> dict[str, str]:
    planned = datetime.fromisoformat(reminder.get(PLANNED, reminder["at"]))
    back = max((back for gone, back in spans if gone <= planned < back < deadline), default=None)
    if back is not None:
        return reminder | {"at": back.isoformat(), PLANNED: planned.isoformat()}
    if PLANNED not in reminder:
        return reminder
    return {"at": max(planned, soonest).isoformat(), "stage": reminder["stage"]}


def _span(absence: Absence, calendar: WorkingCalendar) -> Span:
    first_day, last_day = absences.days_of(absence)
    return datetime.combine(first_day, datetime.min.time(), zone_named(calendar.zone)), back_at(last_day, calendar)
