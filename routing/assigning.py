"""Giving a question to an expert, or to several at once, and taking it from them again.

Each verb writes the case, its history and its letters in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from routing import enclosing, holding
from routing.calendars import calendar_of
from routing.cases import await_experts, open_assignments, settle_assignment, settle_proposal
from routing.deadlines import Moments, schedule
from routing.given import Given, write_to_expert, zone_of_expert
from routing.history import note
from routing.models import Assignment, Authority, Expert, Proposal, Question
from routing.moments import promise, set_moments
from routing.office import Office
from routing.people import zone_of_asker
from routing.post import post
from routing.recipients import to_asker


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
    said: tuple[str, str] = ("assignment", ""),
) -> Assignment:
    """Give the question to one expert with a deadline in the expert's own calendar, and tell the asker the date.

    `tell_asker` names the letter: ``receipt`` at first, ``holding`` (with `why`) when it moves on, ``reopened``, or "" for none.
    `others` are asked at the same time, each with a deadline of their own: a panel. `said`: the letter that the expert gets, and
    what stands in it: in the first one a coordinator's word, in another what the asker has said since they had the question.
    """
    settle_proposal(session, question, "lapsed", now)
    panel = [(expert, reasons), *others]
    offered = [_offer(session, office, question, one, why_one, now, actor, len(panel), said) for one, why_one in panel]
    before, question.promised_at = question.promised_at, promise(offered)
    await_experts(question, offered)
    authority = session.get_one(Authority, expert.authority_id)
    question.first_word_at = question.first_word_at or now
    if tell_asker == "holding":
        whose, edition = _whose(authority), str(offered[0].id)
        why, first = why or "working_on_it", before is None
        holding.tell(session, office, question, why, now, before=before, edition=edition, whose=whose, first=first)
    else:
        _tell_asker(session, office, question, authority, tell_asker, now, edition=str(offered[0].id), experts=len(panel))
    return offered[0]


def add_to_panel(
    session: Session,
    office: Office,
    question: Question,
    expert: Expert,
    reasons: Iterable[Any],
    now: datetime,
    *,
    actor: str,
    word: str = "",
) -> Assignment:
    """Ask one more expert beside those who have the question; what was promised to the asker stays. `word`: from `actor`."""
    beside = open_assignments(session, question)
    for one in beside:
        one.panel = True
    added = _offer(session, office, question, expert, reasons, now, actor, len(beside) + 1, ("assignment", word))
    if question.waiting_for == "expert":
        await_experts(question, [*beside, added])
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
    said: tuple[str, str] = ("assignment", ""),
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
        panel=of if of > 1 else None, word=said[1] if said[0] == "assignment" and said[1] else None,
        deadline=moments.deadline.isoformat(), explanation=moments.explanation, reasons=assignment.reasons,
    )  # fmt: skip
    if said[0] == "assignment":
        _write_first(session, office, Given(question, assignment, expert), now, of, said[1])
    else:
        _write_again(session, office, Given(question, assignment, expert), now, *said)
    return assignment


def tell_moved_on(
    session: Session,
    office: Office,
    question: Question,
    assignment: Assignment,
    why: str,
    now: datetime,
    *,
    may_add: bool = False,
) -> None:
    """Thank an expert who need not answer any longer, since the question was `why`: passed_on, answered, withdrawn, closed."""
    theirs = Given(question, assignment, session.get_one(Expert, assignment.expert_id))
    write_to_expert(session, office, theirs, "moved_on", {"reason": why, "may_add": may_add}, now)


def withdraw(
    session: Session, office: Office, question: Question, because: str, now: datetime, *, why: str = "passed_on"
) -> None:
    """Take the question from whoever has it, and thank them; `why` as they are told it, `because` for the history."""
    for assignment in open_assignments(session, question):
        settle_assignment(session, assignment, "withdrawn", because, now)
        tell_moved_on(session, office, question, assignment, why, now)


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


def _write_first(session: Session, office: Office, theirs: Given, now: datetime, experts: int, word: str) -> None:
    """The question with all that helps to answer it, a coordinator's `word`, and by when; `experts` are asked together."""
    question, assignment = theirs.question, theirs.assignment
    files = enclosing.of_question(session, question)
    shown = session.scalars(select(Proposal).where(Proposal.question_id == question.id).order_by(Proposal.id.desc())).first()
    facts = {
        "question": question.full_text,
        "question_language": question.language,
        "theme": question.theme,
        "deadline_at": assignment.deadline_at,
        "accept_by_at": assignment.accept_by_at,
        "zone": zone_of_expert(session, theirs.expert),
        "explanation": assignment.explanation,
        "files": len(files.going) or None,
        "kept": files.facts["kept"],
        "reasons": assignment.reasons or None,
        "suggestions": [match["title"] for match in shown.matches if match.get("title")] if shown else None,
        "experts": experts,
        "remark": word or None,
    }
    write_to_expert(session, office, theirs, "assignment", facts, now, enclosed=files.going)


def _write_again(session: Session, office: Office, theirs: Given, now: datetime, kind: str, text: str) -> None:
    """To an expert who has worked on it before: what is new comes first."""
    files, zone = enclosing.of_question(session, theirs.question), zone_of_expert(session, theirs.expert)
    when = {"deadline_at": theirs.assignment.deadline_at, "zone": zone}
    facts = {"text": text, "question": theirs.question.full_text, **when, **files.facts}
    write_to_expert(session, office, theirs, kind, facts, now, enclosed=files.going)


def _tell_asker(
    session: Session,
    office: Office,
    question: Question,
    authority: Authority,
    kind: str,
    now: datetime,
    *,
    edition: str,
    experts: int = 1,
) -> None:
    facts: dict[str, Any] = {"promised_at": question.promised_at, "zone": zone_of_asker(session, question)}
    if kind == "receipt":
        facts |= _whose(authority) | {"tier": question.tier, "tiers": office.policy.asker.tiers, "experts": experts}
    elif kind != "reopened":
        return
    post(session, office, to_asker(session, question), kind, facts, now=now, question=question, edition=edition)


def _whose(authority: Authority) -> dict[str, Any]:
    return {"authority_kind": authority.kind, "authority_country": authority.country}
