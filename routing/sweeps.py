"""Looking for what is due: one question at a time, each in its own transaction, harmless when run twice.

After downtime only the highest due stage is acted on, so nobody gets a burst of letters about yesterday.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from routing import assigning, confirming, escalating, held, joining, noticing, privacy, reviewing
from routing.calendars import calendar_of_expert, in_office_time
from routing.cases import OPEN_ASSIGNMENT, close, move, open_assignments, open_proposal
from routing.deadlines import after, next_working_moment
from routing.history import note
from routing.locking import locked_if_free
from routing.models import Assignment, Expert, Question
from routing.office import Office
from routing.post import post, to_asker, to_person
from routing.verdicts import zone_of_expert


def due_searches(session: Session, now: datetime, limit: int = 20) -> Sequence[int]:
    """Questions that wait to be searched, oldest first."""
    due = select(Question.id).where(Question.next_action_at <= now, Question.next_action == "search")
    return session.scalars(due.order_by(Question.next_action_at).limit(limit)).all()


def due_questions(session: Session, now: datetime, limit: int = 50) -> Sequence[int]:
    """Questions whose next moment has come, other than those that wait to be searched, and those of experts who have left."""
    due = session.scalars(due_query(now, limit)).all()
    gone = session.scalars(select(Expert.id).where(~Expert.active)).all()
    left = session.scalars(left_query(gone, limit)).all() if gone else ()
    return list(dict.fromkeys((*due, *left)))[:limit]


def due_query(now: datetime, limit: int) -> Select[int]:
    """By the index of moments alone. One query for both kinds ("or exists") would look at every question at every tick."""
    due = select(Question.id).where(Question.next_action_at <= now, Question.next_action != "search")
    return due.order_by(Question.next_action_at).limit(limit)


def left_query(gone: Sequence[int], limit: int) -> Select[int]:
    """Questions that somebody has who is no longer an expert of the network; by the index of experts and states."""
    held = select(Assignment.question_id).join(Question, Question.id == Assignment.question_id)
    held = held.where(Assignment.expert_id.in_(gone), Assignment.state.in_(OPEN_ASSIGNMENT), Question.next_action != "search")
    return held.limit(limit)


def act(session: Session, office: Office, question_id: int, now: datetime) -> str | None:
    """Do what is due for one question; None when nothing is, or another worker holds it."""
    question = locked_if_free(session, question_id)
    if question is None or question.next_action_at is None:
        return None
    if (left := _take_from_those_who_left(session, office, question, now)) is not None:
        return left
    return ACTIONS[question.next_action](session, office, question, now) if question.next_action_at <= now else None


def housekeeping(session: Session, office: Office, now: datetime) -> None:
    """What is due but belongs to no question."""
    held.tell(session, office, now)
    confirming.ask_due(session, office, now)
    reviewing.draw_sample(session, office, now)
    privacy.erase_finished_letters(session)
    noticing.tell_due(session, office, now)


def _take_from_those_who_left(session: Session, office: Office, question: Question, now: datetime) -> str | None:
    for assignment in open_assignments(session, question):
        if not session.get_one(Expert, assignment.expert_id).active:
            because = "no longer an expert of the network"
            escalating.move_on(session, office, question, assignment, "withdrawn", "expert_unreachable", now, because=because)
            return f"moved on: {because}"
    return None


def _remind_of_proposal(session: Session, office: Office, question: Question, now: datetime) -> str:
    proposal = open_proposal(session, question)
    created = proposal.created_at if proposal else now
    closes_at = in_office_time(office, created, office.policy.patience.proposal_close_after)
    if proposal is None or now >= closes_at:
        return _close_silent(session, office, question, now)
    move(question, state="proposed", waiting_for="asker", next_action="close silent", at=closes_at)
    note(session, question, "proposal-reminder", actor="system", now=now)
    facts = {"closes_at": closes_at, "zone": assigning.zone_of_asker(session, question), "matches": proposal.matches}
    post(
        session,
        office,
        to_asker(session, question),
        "proposal_reminder",
        facts,
        now=now,
        question=question,
        edition=str(proposal.id),
        value=str(proposal.id),
    )
    return "reminded the asker of the fiches"


def _close_silent(session: Session, office: Office, question: Question, now: datetime) -> str:
    return _close_with_letter(session, office, question, "no_verdict", now)


def _close_unclarified(session: Session, office: Office, question: Question, now: datetime) -> str:
    """The asker never said what was meant; an expert who asked back need not wait any longer."""
    for assignment in open_assignments(session, question):
        assigning.tell_moved_on(session, office, question, assignment, now)
    return _close_with_letter(session, office, question, "no_clarification", now)


def _close_with_letter(session: Session, office: Office, question: Question, reason: str, now: datetime) -> str:
    close(session, question, reason, actor="system", now=now)
    post(
        session,
        office,
        to_asker(session, question),
        "closed",
        {"reason": reason},
        now=now,
        question=question,
        edition=str(question.revision),
    )
    return f"closed: {reason}"


def _watch_assignments(session: Session, office: Office, question: Question, now: datetime) -> str:
    at_work = open_assignments(session, question)
    done = [_watch(session, office, question, assignment, now) for assignment in at_work]
    still_open = open_assignments(session, question)
    if question.next_action == "watch assignments" and still_open:
        at = min(map(assigning.next_due, still_open))
        move(question, state="assigned", waiting_for="expert", next_action="watch assignments", at=at)
    elif question.next_action == "watch assignments":
        assigning.hand_to_coordinator(session, office, question, "no_answer_yet", now, tell_asker=False)
    return "; ".join(done) or "nobody was at work on it: given to a coordinator"


def _watch(session: Session, office: Office, question: Question, assignment: Assignment, now: datetime) -> str:
    """The highest stage that is due, and only that."""
    if assignment.escalate_at is not None and now >= assignment.escalate_at:
        return _lapse(session, office, question, assignment, now, "no answer by the deadline")
    if assignment.accept_by_at is not None and now >= assignment.accept_by_at:
        return _press_for_word(session, office, question, assignment, now)
    if assignment.remind_at is not None and now >= assignment.remind_at:
        return _remind(session, office, question, assignment, now)
    return "nothing due"


def _press_for_word(session: Session, office: Office, question: Question, assignment: Assignment, now: datetime) -> str:
    """No yes or no in time: one reminder, then, after as long again, the next on the ladder."""
    calendar = calendar_of_expert(session, session.get_one(Expert, assignment.expert_id))
    accept_by = assignment.accept_by_at or now
    last_chance = after(accept_by, office.policy.tiers[question.tier].accept_within, calendar).at
    if assignment.stage > 0 or now >= last_chance or "reminder" not in office.policy.ladder.steps:
        return _lapse(session, office, question, assignment, now, "no word")
    moment = next_working_moment(now, calendar)
    if moment > now:  # warnings reach people in their own working hours only
        assignment.accept_by_at = moment
        return "waits for the expert's working hours"
    assignment.stage, assignment.accept_by_at = 1, last_chance
    if assignment.remind_at is not None and assignment.remind_at <= now:
        _next_reminder(assignment, now)
    return _write_reminder(session, office, question, assignment, "accept", now)


def _remind(session: Session, office: Office, question: Question, assignment: Assignment, now: datetime) -> str:
    if assignment.accept_by_at is not None:  # "yes or no?" comes first; two kinds of reminder at once would only annoy
        _next_reminder(assignment, now)
        return "no reminder: the expert's word is awaited"
    moment = next_working_moment(now, calendar_of_expert(session, session.get_one(Expert, assignment.expert_id)))
    if moment > now:
        assignment.remind_at = moment
        return "waits for the expert's working hours"
    stage = _next_reminder(assignment, now)
    return _write_reminder(session, office, question, assignment, stage, now)


def _next_reminder(assignment: Assignment, now: datetime) -> str:
    """Take the latest reminder that is due, skipping those it overtakes; returns its stage."""
    due = [one for one in assignment.reminders if datetime.fromisoformat(one["at"]) <= now]
    ahead = [one for one in assignment.reminders if datetime.fromisoformat(one["at"]) > now]
    assignment.reminders = ahead
    assignment.remind_at = datetime.fromisoformat(ahead[0]["at"]) if ahead else None
    return str(due[-1]["stage"]) if due else "halfway"


def _write_reminder(
    session: Session, office: Office, question: Question, assignment: Assignment, stage: str, now: datetime
) -> str:
    expert = session.get_one(Expert, assignment.expert_id)
    note(session, question, "reminded", actor="system", now=now, expert=expert.role, stage=stage)
    facts = {
        "question": assigning.full_text(question),
        "deadline_at": assignment.deadline_at,
        "zone": zone_of_expert(session, expert),
        "stage": stage,
        "accept_by_at": assignment.accept_by_at,
        "explanation": assignment.explanation,
    }
    edition = f"{stage}:{assignment.deadline_at.isoformat()}"
    to = to_person(session, expert.person_id, "assignment")
    post(session, office, to, "reminder", facts, now=now, question=question, assignment=assignment, edition=edition)
    return f"reminder: {stage}"


def _lapse(session: Session, office: Office, question: Question, assignment: Assignment, now: datetime, because: str) -> str:
    escalating.move_on(session, office, question, assignment, "lapsed", "expert_silent", now, because=because)
    return f"moved on: {because}"


def _nag_coordinator(session: Session, office: Office, question: Question, now: datetime) -> str:
    at = in_office_time(office, now, office.policy.patience.coordinator_nag_after)
    move(question, state=question.state, waiting_for="coordinator", next_action="nag coordinator", at=at)
    assigning.tell_coordinators(session, office, question, "no_answer_yet", now, edition=f"nag:{question.revision}")
    note(session, question, "coordinators-told-again", actor="system", now=now)
    return "told coordinators again"


def _ask_whether_used(session: Session, office: Office, question: Question, now: datetime) -> str:
    at = in_office_time(office, now, office.policy.patience.follow_up_after)
    move(question, state="answered", waiting_for="asker", next_action="close answered", at=at)
    note(session, question, "asked-whether-used", actor="system", now=now)
    facts = {"answered_at": question.answered_at, "zone": assigning.zone_of_asker(session, question)}
    post(
        session,
        office,
        to_asker(session, question),
        "used_question",
        facts,
        now=now,
        question=question,
        edition=str(question.answered_at),
    )
    return "asked whether it was used"


def _follow(session: Session, office: Office, question: Question, now: datetime) -> str:
    """It waits for another question's answer; should that one have none to wait for, it goes on by itself."""
    leader = session.get(Question, question.merged_into_id) if question.merged_into_id else None
    if leader is None or leader.state not in ("received", "proposed", "assigned"):
        return joining.part(session, question, now, by="system")
    joining.keep_waiting(office, question, leader, now)
    return f"waits for the answer to {leader.number}"


def _close_answered(session: Session, office: Office, question: Question, now: datetime) -> str:
    close(session, question, "answered", actor="system", now=now)
    return "closed: answered"


ACTIONS: dict[str, Callable[[Session, Office, Question, datetime], str]] = {
    "remind of proposal": _remind_of_proposal,
    "close silent": _close_silent,
    "close unclarified": _close_unclarified,
    "watch assignments": _watch_assignments,
    "nag coordinator": _nag_coordinator,
    "ask whether used": _ask_whether_used,
    "await what is missing": _ask_whether_used,
    "close answered": _close_answered,
    "follow": _follow,
}
