"""Acting on a decision: offer fiches, give the question to an expert, ask which is meant, or hand it to a coordinator.

Each verb writes the case, its history and its letters in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from routing import care
from routing.calendars import calendar_of, in_office_time
from routing.cases import move, open_assignments, settle_assignment, settle_proposal
from routing.deadlines import Moments, add_working_days, schedule
from routing.history import note
from routing.models import Assignment, Attachment, Authority, ConsoleUser, Expert, Person, Proposal, Question
from routing.office import Office
from routing.post import post, to_asker, to_person


def propose(
    session: Session,
    office: Office,
    question: Question,
    matches: Sequence[dict[str, Any]],
    confidence: float,
    confident: bool,
    now: datetime,
    *,
    chosen_by: str = "search",
) -> None:
    """Offer fiches. `matches` are plain facts for the letter: title, place, country, quote, slug and so on."""
    patience = office.policy.patience
    settle_proposal(session, question, "lapsed", now)
    promised = office.policy.confidence.precision if confident and chosen_by == "search" else None
    proposal = Proposal(
        question_id=question.id,
        confidence=confidence,
        chosen_by=chosen_by,
        promised=promised,
        matches=list(matches),
        created_at=now,
    )
    session.add(proposal)
    session.flush()
    remind_at = in_office_time(office, now, patience.proposal_remind_after)
    move(question, state="proposed", waiting_for="asker", next_action="remind of proposal", at=remind_at)
    question.first_word_at = question.first_word_at or now
    note(
        session,
        question,
        "proposed",
        actor="system",
        now=now,
        fiches=[m["slug"] for m in matches],
        confidence=round(confidence, 3),
    )
    closes_at = in_office_time(office, now, patience.proposal_close_after)
    facts = {"matches": list(matches), "confident": confident, "closes_at": closes_at, "zone": zone_of_asker(session, question)}
    post(
        session,
        office,
        to_asker(session, question),
        "proposal",
        facts,
        now=now,
        question=question,
        edition=str(proposal.id),
        value=str(proposal.id),
    )


def assign(
    session: Session,
    office: Office,
    question: Question,
    expert: Expert,
    reasons: Iterable[Any],
    now: datetime,
    *,
    actor: str = "system",
    tell_asker: str = "receipt",
    why: str | None = None,
    others: Sequence[tuple[Expert, Iterable[Any]]] = (),
) -> Assignment:
    """Give the question to one expert with a deadline in the expert's own calendar, and tell the asker the date.

    `tell_asker` names the letter: ``receipt`` at first, ``holding`` (with `why`) when it moves on, ``reopened``, or "" for none.
    `others` are asked at the same time, each with a deadline of their own: a panel.
    """
    settle_proposal(session, question, "lapsed", now)
    panel = [(expert, reasons), *others]
    offered = [_offer(session, office, question, one, why_one, now, actor, len(panel)) for one, why_one in panel]
    question.promised_at = promise(offered)
    move(question, state="assigned", waiting_for="expert", next_action="watch assignments", at=next_due_of(offered))
    authority = session.get_one(Authority, expert.authority_id)
    _tell_asker(session, office, question, authority, tell_asker, why, now, edition=str(offered[0].id), experts=len(panel))
    return offered[0]


def add_to_panel(
    session: Session, office: Office, question: Question, expert: Expert, reasons: Iterable[Any], now: datetime, *, actor: str
) -> Assignment:
    """Ask one more expert beside those who have the question; what was promised to the asker stays."""
    beside = open_assignments(session, question)
    for one in beside:
        one.panel = True
    added = _offer(session, office, question, expert, reasons, now, actor, len(beside) + 1)
    if question.waiting_for == "expert":
        at = next_due_of([*beside, added])
        move(question, state="assigned", waiting_for="expert", next_action="watch assignments", at=at)
    return added


def _offer(
    session: Session,
    office: Office,
    question: Question,
    expert: Expert,
    reasons: Iterable[Any],
    now: datetime,
    actor: str,
    of: int,
) -> Assignment:
    """One assignment with its history and its letter; `of` is how many experts are asked together."""
    authority = session.get_one(Authority, expert.authority_id)
    moments = schedule(now, office.policy.tiers[question.tier], calendar_of(authority))
    assignment = _assignment(question, expert, reasons, moments, now)
    assignment.panel = of > 1
    session.add(assignment)
    session.flush()
    note(
        session, question, "assigned", actor=actor, now=now, expert=expert.role, authority=authority.name,
        panel=of if of > 1 else None,
        deadline=moments.deadline.isoformat(), explanation=moments.explanation, reasons=assignment.reasons,
    )  # fmt: skip
    _write_to_expert(session, office, question, assignment, expert, authority, now, of)
    return assignment


def ask_which(session: Session, office: Office, question: Question, choices: Sequence[str], now: datetime) -> None:
    """Too vague to search: one clarifying question, with choices."""
    closes_at = in_office_time(office, now, office.policy.patience.clarification_close_after)
    move(question, state="received", waiting_for="asker", next_action="close unclarified", at=closes_at)
    question.first_word_at = question.first_word_at or now
    question.thread = question.thread | {"choices": list(choices)}
    note(session, question, "clarification-asked", actor="system", now=now, choices=list(choices))
    facts = {"choices": list(choices)}
    post(
        session, office, to_asker(session, question), "clarify", facts, now=now, question=question, edition=str(question.revision)
    )


def hand_to_coordinator(
    session: Session, office: Office, question: Question, reason: str, now: datetime, *, tell_asker: bool = True, text: str = ""
) -> None:
    """Nobody on the roster can take it: a coordinator owes the next step, and is told again until it is done."""
    settle_proposal(session, question, "lapsed", now)
    nag_at = in_office_time(office, now, office.policy.patience.coordinator_nag_after)
    move(question, state="assigned", waiting_for="coordinator", next_action="nag coordinator", at=nag_at)
    question.promised_at = max(
        in_office_time(office, now, office.policy.tiers[question.tier].answer_within), question.promised_at or now
    )
    note(session, question, "handed-to-coordinator", actor="system", now=now, reason=reason)
    tell_coordinators(session, office, question, reason, now, edition=f"{reason}:{question.revision}", text=text)
    if tell_asker:
        question.first_word_at = question.first_word_at or now
        facts = {"promised_at": question.promised_at, "zone": zone_of_asker(session, question)}
        post(
            session,
            office,
            to_asker(session, question),
            "coordinator_has_it",
            facts,
            now=now,
            question=question,
            edition=str(question.revision),
        )


def tell_coordinators(
    session: Session, office: Office, question: Question, reason: str, now: datetime, *, edition: str, text: str = ""
) -> None:
    """`text`: what somebody else said about it."""
    facts = {"question": one_line(question), "reason": reason, "url": office.page(f"questions/{question.number}"), "text": text}
    for person_id in coordinators(session, question):
        post(
            session,
            office,
            to_person(session, person_id, "coordinator"),
            "co_question",
            facts,
            now=now,
            question=question,
            edition=edition,
        )


def coordinators(session: Session, question: Question | None = None, authority_id: int | None = None) -> Sequence[int]:
    """Persons of the active console users who hear of this question or authority; without either, of the network as a whole."""
    users = select(ConsoleUser).where(ConsoleUser.active, ConsoleUser.role.in_(("admin", "coordinator")))
    cares = [(user.person_id, care.of_user(session, user)) for user in session.scalars(users.order_by(ConsoleUser.id))]
    if authority_id is not None:
        return [person for person, theirs in cares if care.covers_authority(theirs, authority_id)]
    about = question.id if question else None
    return [person for person, theirs in cares if care.covers(session, theirs, about)]


def put_off(session: Session, assignment: Assignment, days: int, now: datetime) -> None:
    """Give an expert so many more working days, counted from the old deadline (or from now, when that has passed)."""
    expert = session.get_one(Expert, assignment.expert_id)
    # A deadline falls on closing time, which is the first moment after its day: the day itself is what is counted from.
    start = max(assignment.deadline_at - timedelta(microseconds=1), now)
    due = add_working_days(start, days, calendar_of(session.get_one(Authority, expert.authority_id)))
    assignment.escalate_at = (assignment.escalate_at or assignment.deadline_at) + (due.at - assignment.deadline_at)
    assignment.deadline_at, assignment.explanation = due.at, due.explanation


def tell_moved_on(
    session: Session, office: Office, question: Question, assignment: Assignment, now: datetime, *, may_add: bool = False
) -> None:
    """Thank an expert who need not answer any longer: the question was answered, closed, withdrawn or given to somebody else."""
    to = to_person(session, session.get_one(Expert, assignment.expert_id).person_id, "assignment")
    post(session, office, to, "moved_on", {"may_add": may_add}, now=now, question=question, assignment=assignment)


def withdraw(session: Session, office: Office, question: Question, because: str, now: datetime) -> None:
    """Take the question from whoever has it, and thank them."""
    for assignment in open_assignments(session, question):
        settle_assignment(session, assignment, "withdrawn", because, now)
        tell_moved_on(session, office, question, assignment, now)


def promise(assignments: Iterable[Assignment]) -> datetime:
    """What the asker may count on: of a panel, the first deadline."""
    return min(assignment.deadline_at for assignment in assignments)


def next_due_of(assignments: Iterable[Assignment]) -> datetime:
    return min(map(next_due, assignments))


def next_due(assignment: Assignment) -> datetime:
    """The next moment at which something happens to this assignment."""
    moments = (assignment.accept_by_at, assignment.remind_at, assignment.escalate_at)
    return min(moment for moment in moments if moment is not None)


def zone_of_asker(session: Session, question: Question) -> str:
    return session.get_one(Person, question.asker_id).zone


def one_line(question: Question, limit: int = 200) -> str:
    text = " ".join((question.subject or question.text).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _assignment(question: Question, expert: Expert, reasons: Iterable[Any], moments: Moments, now: datetime) -> Assignment:
    assignment = Assignment(
        question_id=question.id,
        expert_id=expert.id,
        state="offered",
        stage=0,
        reasons=list(reasons),
        accept_by_at=moments.accept_by,
        created_at=now,
    )
    set_moments(assignment, moments)
    return assignment


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


def _write_to_expert(
    session: Session,
    office: Office,
    question: Question,
    assignment: Assignment,
    expert: Expert,
    authority: Authority,
    now: datetime,
    experts: int = 1,
) -> None:
    files = session.scalars(select(Attachment.id).where(Attachment.question_id == question.id)).all()
    shown = session.scalars(select(Proposal).where(Proposal.question_id == question.id).order_by(Proposal.id.desc())).first()
    facts = {
        "question": full_text(question),
        "question_language": question.language,
        "theme": question.theme,
        "deadline_at": assignment.deadline_at,
        "accept_by_at": assignment.accept_by_at,
        "zone": authority.zone,
        "explanation": assignment.explanation,
        "files": len(files) or None,
        "reasons": assignment.reasons or None,
        "suggestions": [match["title"] for match in shown.matches if match.get("title")] if shown else None,
        "experts": experts,
    }
    post(
        session,
        office,
        to_person(session, expert.person_id, "assignment"),
        "assignment",
        facts,
        now=now,
        question=question,
        assignment=assignment,
    )


def full_text(question: Question) -> str:
    """The question as the expert reads it: the subject says something only when the text does not repeat it."""
    subject, text = question.subject.strip(), question.text.strip()
    return text if not subject or subject.lower() in text.lower() else f"{subject}\n\n{text}".strip()


def _tell_asker(
    session: Session,
    office: Office,
    question: Question,
    authority: Authority,
    kind: str,
    why: str | None,
    now: datetime,
    *,
    edition: str,
    experts: int = 1,
) -> None:
    question.first_word_at = question.first_word_at or now
    facts: dict[str, Any] = {"promised_at": question.promised_at, "zone": zone_of_asker(session, question)}
    whose = {"authority_kind": authority.kind, "authority_country": authority.country}
    if kind == "receipt":
        facts |= whose | {"tier": question.tier, "tiers": office.policy.asker.tiers, "experts": experts}
    elif kind == "holding":
        facts |= whose | {"reason": why}
    elif kind != "reopened":
        return
    post(session, office, to_asker(session, question), kind, facts, now=now, question=question, edition=edition)
