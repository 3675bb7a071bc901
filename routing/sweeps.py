"""Looking for what is due: one question at a time, each in its own transaction, harmless when run twice.

After downtime only the highest due stage is acted on, so nobody gets a burst of letters about yesterday.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from routing import (
    assigning,
    confirming,
    escalating,
    handing,
    held,
    joining,
    monthly,
    noticing,
    parting,
    pausing,
    privacy,
    publishing,
    reviewing,
    succeeding,
)
from routing.calendars import in_office_time
from routing.cases import OPEN_ASSIGNMENT, answer_waits, close, move, open_assignments, open_proposal, settle_assignment
from routing.history import note
from routing.locking import locked_if_free
from routing.models import Assignment, Authority, Expert, Question
from routing.office import Office
from routing.people import zone_of_asker
from routing.post import post
from routing.recipients import to_asker
from routing.watching import watch_assignments


def due_searches(session: Session, now: datetime, limit: int = 20) -> Sequence[int]:
    """Questions that wait to be searched, oldest first."""
    due = select(Question.id).where(Question.next_action_at <= now, Question.next_action == "search")
    return session.scalars(due.order_by(Question.next_action_at).limit(limit)).all()


def due_questions(session: Session, now: datetime, limit: int = 50) -> Sequence[int]:
    """Questions whose next moment has come, other than those that wait to be searched, and those of experts who have left, by
    themselves or with their authority."""
    due = session.scalars(due_query(now, limit)).all()
    gone = session.scalars(select(Expert.id).join(Expert.authority).where(or_(~Expert.active, ~Authority.active))).all()
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
    at_work = open_assignments(session, question)
    if (left := _take_from_those_who_left(session, office, question, at_work, now)) is not None:
        return left
    if question.next_action_at > now:
        return None
    if question.next_action == "watch assignments":
        return watch_assignments(session, office, question, at_work, now)
    return ACTIONS[question.next_action](session, office, question, now)


def housekeeping(session: Session, office: Office, now: datetime) -> None:
    """What is due but belongs to no question."""
    held.tell(session, office, now)
    confirming.ask_due(session, office, now)
    reviewing.draw_sample(session, office, now)
    privacy.erase_finished_letters(session)
    noticing.tell_due(session, office, now)
    monthly.tell_due(session, office, now)
    publishing.publish_due(session, office, now)


def _take_from_those_who_left(
    session: Session, office: Office, question: Question, at_work: Sequence[Assignment], now: datetime
) -> str | None:
    for assignment in at_work:
        if not (assignment.expert.active and assignment.expert.authority.active):
            because = "no longer an expert of the network"
            escalating.move_on(session, office, question, assignment, "withdrawn", "expert_left", now, because=because)
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
    facts = {"closes_at": closes_at, "zone": zone_of_asker(session, question), "matches": proposal.matches}
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
    """The asker never said what was meant; an expert who asked back need not wait any longer. Others of a panel go on."""
    at_work = open_assignments(session, question)
    others = pausing.others_at_work(question, at_work)
    if not others and succeeding.hand_down(session, office, question, now) is not None:
        at_work = []  # they go on for whoever asked the same
    for assignment in (one for one in at_work if one not in others):
        if others:
            settle_assignment(session, assignment, "withdrawn", "the asker did not say more", now)
        assigning.tell_moved_on(session, office, question, assignment, "closed", now)
    if others:
        return _without_a_word(session, office, question, others, now)
    return _close_with_letter(session, office, question, "no_clarification", now)


def _without_a_word(session: Session, office: Office, question: Question, others: Sequence[Assignment], now: datetime) -> str:
    """Who asked the asker back has no answer; the rest of the panel asked nothing and goes on."""
    pausing.resume(session, question, others, now)
    told = {"deadline": others[0].deadline_at.isoformat(), "explanation": others[0].explanation}
    note(session, question, "recounted", actor="system", now=now, why="unclarified", **told)
    escalating.tell_new_date(session, office, question, None, "working_on_it", now, edition=f"unclarified:{question.revision}")
    return "went on without the asker's word"


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


def _nag_coordinator(session: Session, office: Office, question: Question, now: datetime) -> str:
    at = in_office_time(office, now, office.policy.patience.coordinator_nag_after)
    move(question, state=question.state, waiting_for="coordinator", next_action="nag coordinator", at=at)
    why = "answer_waits" if answer_waits(session, question) else "no_answer_yet"
    handing.tell_coordinators(session, office, question, why, now, edition=f"nag:{question.revision}")
    note(session, question, "coordinators-told-again", actor="system", now=now)
    return "told coordinators again"


def _ask_whether_used(session: Session, office: Office, question: Question, now: datetime) -> str:
    at = in_office_time(office, now, office.policy.patience.follow_up_after)
    move(question, state="answered", waiting_for="asker", next_action="close answered", at=at)
    note(session, question, "asked-whether-used", actor="system", now=now)
    facts = {"answered_at": question.answered_at, "zone": zone_of_asker(session, question)}
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
        return parting.part(session, office, question, now, by="system")
    joining.keep_promise(session, office, question, leader, now)
    joining.keep_waiting(office, question, leader, now)
    return f"waits for the answer to {leader.number}"


def _close_answered(session: Session, office: Office, question: Question, now: datetime) -> str:
    close(session, question, "answered", actor="system", now=now)
    return "closed: answered"


ACTIONS: dict[str, Callable[[Session, Office, Question, datetime], str]] = {
    "remind of proposal": _remind_of_proposal,
    "close silent": _close_silent,
    "close unclarified": _close_unclarified,
    "nag coordinator": _nag_coordinator,
    "ask whether used": _ask_whether_used,
    "await what is missing": _ask_whether_used,
    "close answered": _close_answered,
    "follow": _follow,
}
