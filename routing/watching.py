"""Watching over experts at work: pressing for a word, reminding, and moving on when the time is over.

In: a question that experts have, and the moment. Out: of each assignment the highest stage that is due, done in words; and the
question's next moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from routing import escalating
from routing.calendars import calendar_of_expert
from routing.cases import OPEN_ASSIGNMENT, await_experts, open_assignments
from routing.deadlines import after, next_working_moment
from routing.given import Given, given, write_to_expert, zone_of_expert
from routing.handing import hand_to_coordinator
from routing.history import note
from routing.models import Assignment, Question
from routing.office import Office


def watch_assignments(session: Session, office: Office, question: Question, at_work: Sequence[Assignment], now: datetime) -> str:
    """`at_work`: its open assignments, as `routing.cases.open_assignments` gives them."""
    done = [_watch(session, office, given(session, assignment), now) for assignment in at_work]
    is_as_before = all(one.state in OPEN_ASSIGNMENT for one in at_work)
    still_open = at_work if is_as_before else open_assignments(session, question)
    if question.next_action == "watch assignments" and still_open:
        await_experts(question, still_open)
    elif question.next_action == "watch assignments":
        hand_to_coordinator(session, office, question, "no_answer_yet", now, tell_asker=False)
    return "; ".join(done) or "nobody was at work on it: given to a coordinator"


def _watch(session: Session, office: Office, theirs: Given, now: datetime) -> str:
    """The highest stage that is due, and only that."""
    assignment = theirs.assignment
    if assignment.escalate_at is not None and now >= assignment.escalate_at:
        return _lapse(session, office, theirs, now, "no answer by the deadline")
    if assignment.accept_by_at is not None and now >= assignment.accept_by_at:
        return _press_for_word(session, office, theirs, now)
    if assignment.remind_at is not None and now >= assignment.remind_at:
        return _remind(session, office, theirs, now)
    return "nothing due"


def _press_for_word(session: Session, office: Office, theirs: Given, now: datetime) -> str:
    """No yes or no in time: one reminder, then, after as long again, the next on the ladder."""
    assignment, calendar = theirs.assignment, calendar_of_expert(session, theirs.expert)
    accept_by = assignment.accept_by_at or now
    last_chance = after(accept_by, office.policy.tiers[theirs.question.tier].accept_within, calendar).at
    if assignment.stage > 0 or now >= last_chance or "reminder" not in office.policy.ladder.steps:
        return _lapse(session, office, theirs, now, "no word")
    moment = next_working_moment(now, calendar)
    if moment > now:  # warnings reach people in their own working hours only
        assignment.accept_by_at = moment
        return "waits for the expert's working hours"
    assignment.stage, assignment.accept_by_at = 1, last_chance
    if assignment.remind_at is not None and assignment.remind_at <= now:
        _next_reminder(assignment, now)
    return _write_reminder(session, office, theirs, "accept", now)


def _remind(session: Session, office: Office, theirs: Given, now: datetime) -> str:
    assignment = theirs.assignment
    if assignment.accept_by_at is not None:  # "yes or no?" comes first; two kinds of reminder at once would only annoy
        _next_reminder(assignment, now)
        return "no reminder: the expert's word is awaited"
    moment = next_working_moment(now, calendar_of_expert(session, theirs.expert))
    if moment > now:
        assignment.remind_at = moment
        return "waits for the expert's working hours"
    stage, planned = _next_reminder(assignment, now)
    return _write_reminder(session, office, theirs, stage, now, planned=planned)


def _next_reminder(assignment: Assignment, now: datetime) -> tuple[str, str]:
    """Take the latest reminder that is due, skipping those it overtakes; returns its stage and the moment it was planned for."""
    due = [one for one in assignment.reminders if datetime.fromisoformat(one["at"]) <= now]
    ahead = [one for one in assignment.reminders if datetime.fromisoformat(one["at"]) > now]
    assignment.reminders = ahead
    assignment.remind_at = datetime.fromisoformat(ahead[0]["at"]) if ahead else None
    return (due[-1]["stage"], due[-1]["at"]) if due else ("halfway", "")


def _write_reminder(session: Session, office: Office, theirs: Given, stage: str, now: datetime, *, planned: str = "") -> str:
    """Each reminder once: of those that draw near to one deadline there may be several, each with a moment of its own."""
    question, assignment, expert = theirs.question, theirs.assignment, theirs.expert
    note(session, question, "reminded", actor="system", now=now, expert=expert.role, stage=stage, planned=planned or None)
    facts = {
        "question": question.full_text,
        "deadline_at": assignment.deadline_at,
        "zone": zone_of_expert(session, expert),
        "stage": stage,
        "accept_by_at": assignment.accept_by_at,
        "explanation": assignment.explanation,
    }
    edition = f"{stage}:{assignment.deadline_at.isoformat()}:{planned}"
    write_to_expert(session, office, theirs, "reminder", facts, now, edition=edition)
    return f"reminder: {stage}"


def _lapse(session: Session, office: Office, theirs: Given, now: datetime, because: str) -> str:
    escalating.move_on(session, office, theirs.question, theirs.assignment, "lapsed", "expert_silent", now, because=because)
    return f"moved on: {because}"
