"""What the asker says of a proposal or an answer, and what follows: closing, asking an expert, opening again.

Every verdict on a fiche is also a label, on which the confidence of later searches is calibrated.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from routing import becoming, sharing
from routing.assigning import assign
from routing.calendars import calendar_of_expert, in_office_time
from routing.cases import close, move, open_proposal, search_again, settle_proposal
from routing.deadlines import add_working_time, working_time_between
from routing.handing import hand_to_coordinator
from routing.history import note
from routing.labels import teach
from routing.models import Answer, Assignment, Authority, Expert, OutboxMessage, Question
from routing.moments import promise
from routing.office import Office
from routing.post import post
from routing.recipients import to_asker


def accept_proposal(session: Session, office: Office, question: Question, rank: int, now: datetime) -> str:
    """Fiche number `rank` (1 is the first) answers: the case is closed with thanks."""
    proposal = open_proposal(session, question)
    if proposal is None or not 1 <= rank <= len(proposal.matches):
        return "stale"
    proposal.state, proposal.settled_at, proposal.accepted_fiche = "accepted", now, proposal.matches[rank - 1]["slug"]
    for match in (one for one in proposal.matches[:rank] if "answer" not in one):
        _label(session, question, match, helps=match["slug"] == proposal.accepted_fiche, now=now)
    question.verdict, question.answered_at = "accepted", now
    note(session, question, "proposal-accepted", actor="asker", now=now, fiche=proposal.accepted_fiche)
    post(
        session,
        office,
        to_asker(session, question),
        "proposal_accepted",
        {},
        now=now,
        question=question,
        edition=str(proposal.id),
    )
    close(session, question, "answered by a fiche", actor="asker", now=now)
    return f"accepted {proposal.accepted_fiche}"


def refuse_proposal(session: Session, office: Office, question: Question, now: datetime, *, said: str = "") -> str:
    """None of the fiches answers: the question goes to an expert; with new words it is searched for the right one again."""
    proposal = settle_proposal(session, question, "refused", now)
    if proposal is None:
        return "stale"
    for match in (one for one in proposal.matches if "answer" not in one):
        _label(session, question, match, helps=False, now=now)
    question.verdict = "refused"
    note(session, question, "proposal-refused", actor="asker", now=now, said=said)
    question.thread = question.thread | {"wish": "expert"}
    move(question, state="received", waiting_for="us", next_action="search", at=now)
    return "refused; an expert will be asked"


def clarify(session: Session, question: Question, choice: int, now: datetime) -> str:
    """The asker chose what they mean: search again with it."""
    choices = question.thread.get("choices", [])
    if not 1 <= choice <= len(choices):
        return "stale"
    question.text = f"{question.text}\n\n{choices[choice - 1]}"
    question.thread = question.thread | {"clarified": question.thread.get("clarified", 0) + 1}
    note(session, question, "clarified", actor="asker", now=now, choice=choices[choice - 1])
    search_again(question, now)
    return f"meant: {choices[choice - 1]}"


def helped(session: Session, office: Office, question: Question, now: datetime) -> str:
    question.verdict = "helped"
    note(session, question, "helped", actor="asker", now=now)
    if question.state == "answered":
        at = in_office_time(office, now, office.policy.patience.follow_up_after)
        move(question, state="answered", waiting_for="us", next_action="ask whether used", at=at)
    facts = {"ask_share": _may_ask_to_share(session, question)}
    post(session, office, to_asker(session, question), "helped_thanks", facts, now=now, question=question)
    return "the answer helped"


def did_not_help(session: Session, office: Office, question: Question, now: datetime) -> str:
    """Ask what is missing; the next words of the asker open the question again."""
    question.verdict = "not helped"
    note(session, question, "did-not-help", actor="asker", now=now)
    at = in_office_time(office, now, office.policy.patience.clarification_close_after)
    move(question, state="answered", waiting_for="asker", next_action="await what is missing", at=at)
    post(
        session, office, to_asker(session, question), "helped_no", {}, now=now, question=question, edition=str(question.revision)
    )
    return "asked what is missing"


def reopen(session: Session, office: Office, question: Question, missing: str, now: datetime) -> str:
    """The asker says what is missing or asks on: it goes to the expert who answered, else to a coordinator."""
    note(session, question, "reopened", actor="asker", now=now, missing=missing)
    question.verdict = None
    question.text = f"{question.text}\n\n{missing}".strip()
    last = session.scalars(
        select(Assignment)
        .where(Assignment.question_id.in_((question.id, question.merged_into_id)), Assignment.state == "answered")
        .order_by(Assignment.id.desc())
    ).first()
    question.merged_into_id = None
    expert = session.get(Expert, last.expert_id) if last else None
    if expert is None or not expert.active:
        hand_to_coordinator(session, office, question, "no_answer_yet", now)
    else:
        assign(session, office, question, expert, [], now, actor="asker", tell_asker="reopened")
    return "opened again"


def used(session: Session, office: Office, question: Question, how: str, now: datetime) -> str:
    """Whether the answer was used in practice: ``yes``, ``not yet`` or ``no``; then the case is closed."""
    question.used = how
    note(session, question, "used", actor="asker", now=now, how=how)
    post(session, office, to_asker(session, question), "used_thanks", {}, now=now, question=question)
    if how == "yes":
        becoming.tell_used(session, office, question, now)
    if question.state != "closed":
        close(session, question, "answered", actor="asker", now=now)
    return f"used: {how}"


def _may_ask_to_share(session: Session, question: Question) -> bool:
    """Whether the asker's consent is all that is missing for offering the answer to others."""
    found = select(Answer).where(Answer.question_id == question.id, Answer.state == "released").order_by(Answer.id.desc())
    written = session.scalars(found).first()
    return written is not None and not question.sensitive and not question.may_be_shared and sharing.consents(session, written)


def was_asked_whether_used(session: Session, question: Question) -> bool:
    """True while "yes" can only mean that the answer was used: we have asked, and do not know yet."""
    if question.used is not None or question.answered_at is None or question.state not in ("answered", "closed"):
        return False
    asked = select(OutboxMessage.id).where(
        OutboxMessage.question_id == question.id,
        OutboxMessage.kind == "used_question",
        OutboxMessage.created_at >= question.answered_at,
    )
    return session.scalars(asked).first() is not None


def pause(question: Question, office: Office, now: datetime) -> None:
    """The ball is with the asker: the expert's clock stands still until the asker answers or falls silent."""
    at = in_office_time(office, now, office.policy.patience.clarification_close_after)
    question.thread = question.thread | {"paused_at": now.isoformat()}
    move(question, state="assigned", waiting_for="asker", next_action="close unclarified", at=at)


def resume(session: Session, question: Question, assignments: Sequence[Assignment], now: datetime) -> None:
    """Give the experts the working time back that the pause took; without a pause nothing changes."""
    paused = question.thread.get("paused_at")
    if paused is None:
        return
    for assignment in assignments:
        _give_back(session, assignment, datetime.fromisoformat(paused), now)
    question.thread = {key: value for key, value in question.thread.items() if key != "paused_at"}
    if assignments:
        question.promised_at = promise(assignments)


def _give_back(session: Session, assignment: Assignment, paused: datetime, now: datetime) -> None:
    expert = session.get_one(Expert, assignment.expert_id)
    calendar = calendar_of_expert(session, expert)
    lost = working_time_between(paused, now, calendar)
    for name in ("accept_by_at", "remind_at", "deadline_at", "escalate_at"):
        moment = getattr(assignment, name)
        if moment is not None:
            setattr(assignment, name, add_working_time(moment, lost, calendar).at)
    assignment.reminders = [
        reminder | {"at": add_working_time(datetime.fromisoformat(reminder["at"]), lost, calendar).at.astimezone(UTC).isoformat()}
        for reminder in assignment.reminders
    ]
    seconds = int(lost.total_seconds()) + int(assignment.explanation.get("paused", 0))
    assignment.explanation = assignment.explanation | {"at": assignment.deadline_at.isoformat(), "paused": seconds}


def zone_of_expert(session: Session, expert: Expert) -> str:
    return session.get_one(Authority, expert.authority_id).zone


def _label(session: Session, question: Question, match: dict[str, object], *, helps: bool, now: datetime) -> None:
    teach(session, question, str(match["slug"]), helps=helps, source="asker", now=now, signals=match.get("signals"))
