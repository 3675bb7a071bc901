"""Up the ladder: when an expert is silent, declines or cannot be reached, the question moves to the next one.

The roster was ranked when the question was first routed and is stored with it; only who is away, gone or full by now is
looked up afresh. When the ladder is used up a coordinator owes the next step.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from routing import holding, pausing
from routing.absences import away
from routing.assigning import assign, tell_moved_on
from routing.cases import open_assignments, settle_assignment
from routing.handing import hand_to_coordinator
from routing.history import note
from routing.models import Address, Assignment, Authority, Expert, Question
from routing.moments import promise
from routing.office import Office
from routing.people import reachable
from routing.roster import Choice, Reason, Seat, next_on_ladder


def move_on(
    session: Session,
    office: Office,
    question: Question,
    assignment: Assignment,
    state: str,
    why: str,
    now: datetime,
    *,
    because: str,
) -> None:
    """End one assignment and give the question to the next on the ladder; the asker hears the new date and the reason.

    `state` is what the assignment becomes (declined, lapsed, bounced, withdrawn), `why` the reason as the asker is told it.
    """
    settle_assignment(session, assignment, state, because, now)
    if state in ("lapsed", "withdrawn"):  # the others know: they declined, are away, or no letter reaches them
        tell_moved_on(session, office, question, assignment, "passed_on", now)
    if others := open_assignments(session, question):
        _go_on_without(session, office, question, assignment, others, now)
        return
    if question.waiting_for == "coordinator":
        return  # who reads another expert's answer, or has taken the question: nothing moves by itself
    successor = next_expert(session, office, question, now)
    note(
        session,
        question,
        "escalated",
        actor="system",
        now=now,
        because=because,
        to=successor.role if successor else "coordinator",
    )
    if successor is None:
        before, edition = question.promised_at, f"coordinator:{assignment.id}"
        hand_to_coordinator(session, office, question, "ladder_exhausted", now, tell_asker=False)
        holding.tell(session, office, question, why, now, before=before, edition=edition, whose={"with_coordinator": True})
    else:
        assign(session, office, question, successor, reasons_for(question, successor), now, tell_asker="holding", why=why)


def _go_on_without(
    session: Session, office: Office, question: Question, gone: Assignment, others: Sequence[Assignment], now: datetime
) -> None:
    """Of a panel the others are still at work: nobody waits for what only the one who is gone asked, and where the earliest
    deadline was theirs the asker hears the next one."""
    before = question.promised_at
    if len(others) == len(pausing.others_at_work(question, others)):
        pausing.resume(session, question, others, now)
    if before is not None and promise(others) > before:
        question.promised_at = promise(others)
        question.revision += 1
        tell_new_date(session, office, question, None, "working_on_it", now, edition=f"panel:{gone.id}")


def next_expert(session: Session, office: Office, question: Question, now: datetime) -> Expert | None:
    """The next on the stored roster who has not been asked and is there; None when a coordinator takes over."""
    asked = session.scalars(
        select(Expert)
        .join(Assignment, Assignment.expert_id == Expert.id)
        .where(Assignment.question_id == question.id)
        .order_by(Assignment.id)
    ).all()
    tried = [Seat(expert.id, expert.authority_id) for expert in asked]
    choices = _of_those_there(session, stored_roster(question), now)
    if not tried:
        return session.get_one(Expert, choices[0].expert) if choices else None
    choice = next_on_ladder(tried[-1], choices, tried, office.policy.ladder)
    return session.get_one(Expert, choice.expert) if choice else None


def is_there(session: Session, expert: Expert, now: datetime) -> bool:
    """Neither gone nor away, and a letter can arrive."""
    is_listed = expert.active and session.get_one(Authority, expert.authority_id).active
    return is_listed and reachable(session, expert.person_id) is not None and not away(session, now, [expert.id])


def stored_roster(question: Question) -> list[Choice]:
    """The ranking made when the question was first routed."""
    return [
        Choice(row["expert"], row["authority"], row["score"], reasons_from(row["reasons"]), row["deputy"])
        for row in question.roster
    ]


def reasons_from(rows: list[dict[str, Any]]) -> tuple[Reason, ...]:
    return tuple(Reason(row["code"], {key: value for key, value in row.items() if key != "code"}) for row in rows)


def tell_new_date(
    session: Session,
    office: Office,
    question: Question,
    expert: Expert | None,
    why: str,
    now: datetime,
    *,
    edition: str,
    before: datetime | None = None,
) -> None:
    """The holding note: there is a new date, and this is why. `before`: the date they know, where it may be the same one."""
    authority = session.get_one(Authority, expert.authority_id) if expert is not None else None
    whose = {"authority_kind": authority.kind, "authority_country": authority.country} if authority is not None else None
    holding.tell(session, office, question, why, now, before=before, edition=edition, whose=whose)


def reasons_for(question: Question, expert: Expert) -> list[Any]:
    return next((list(row["reasons"]) for row in question.roster if row["expert"] == expert.id), [])


def _of_those_there(session: Session, choices: Sequence[Choice], now: datetime) -> list[Choice]:
    """Without those who are gone, away or cannot be reached any more."""
    ids = [choice.expert for choice in choices]
    can_be_reached = select(Address.id).where(Address.person_id == Expert.person_id, Address.dead_at.is_(None)).exists()
    listed = select(Expert.id).join(Expert.authority).where(Expert.id.in_(ids), Expert.active, Authority.active)
    there = set(session.scalars(listed.where(can_be_reached)))
    there -= away(session, now, ids).keys()
    return [choice for choice in choices if choice.expert in there]
