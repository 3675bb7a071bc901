"""A question that waits for the answer to another one goes on by itself: with whoever had it, and for the date it was promised.

In: the question, and who says that the two are not one. Out: its owner of before, or a new search where nobody had it yet; and a
letter, unless the asker has never read that it was put together with another one, and for them nothing has changed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from routing import assigning, escalating, handing, holding
from routing.calendars import in_office_time
from routing.cases import APART, move, open_assignments, set_apart
from routing.models import Authority, Expert, Question
from routing.office import Office
from routing.people import zone_of_asker
from routing.post import post
from routing.recipients import to_asker
from routing.resending import recall_unsent


def part(session: Session, office: Office, question: Question, now: datetime, *, by: str) -> str:
    """They were not the same after all, which no machine says again."""
    if question.merged_into_id is None:
        return "was not joined"
    before: dict[str, Any] = question.thread.get(APART, {})
    knows = not recall_unsent(session, question, ("joined",))
    set_apart(session, question, by, now)
    if "promised_at" in before and (before["promised_at"] is not None or not knows):
        question.promised_at = _moment(before["promised_at"])
    if question.promised_at is None:
        question.first_promised_at = None
    if before and not knows:
        question.first_word_at = _moment(before.get("first_word_at"))
    _give_back(session, office, question, before, now)
    is_searched = question.next_action == "search"
    if knows and not (is_searched and by in ("asker", "system")):  # they hear very soon what was found
        _tell(session, office, question, now)
    elif not knows and not is_searched:
        _tell_if_later(session, office, question, _moment(before.get("promised_at")), now)
    return "goes on by itself"


def _give_back(session: Session, office: Office, question: Question, before: dict[str, Any], now: datetime) -> None:
    """To the experts who had it, if they are there, or to the coordinators, who also have it where none of the experts is."""
    experts = [session.get_one(Expert, one) for one in before.get("experts", ())]
    there = [one for one in experts if escalating.is_there(session, one, now)]
    if there:
        first, *others = [(one, escalating.reasons_for(question, one)) for one in there]
        assigning.assign(session, office, question, *first, now, tell_asker="", others=others)
    elif experts or before.get("waiting_for") == "coordinator":
        at = in_office_time(office, now, office.policy.patience.coordinator_nag_after)
        move(question, state="assigned", waiting_for="coordinator", next_action="nag coordinator", at=at)
        if question.promised_at is None or question.promised_at <= now:
            question.promised_at = handing.promised_by_coordinators(office, question, now)


def _tell(session: Session, office: Office, question: Question, now: datetime) -> None:
    """It goes on by itself: who has it now, and when the answer comes, if that is not over."""
    ahead = question.promised_at if question.promised_at is not None and question.promised_at > now else None
    facts = {"promised_at": ahead, "zone": zone_of_asker(session, question), **_whose(session, question)}
    asker, edition = to_asker(session, question), str(question.revision)
    post(session, office, asker, "parted", facts, now=now, question=question, edition=edition)


def _tell_if_later(session: Session, office: Office, question: Question, before: datetime | None, now: datetime) -> None:
    if question.promised_at != before:
        edition, whose = f"apart:{question.revision}", _whose(session, question)
        first = before is None
        holding.tell(session, office, question, "working_on_it", now, before=before, edition=edition, whose=whose, first=first)


def _whose(session: Session, question: Question) -> dict[str, Any]:
    if question.waiting_for == "coordinator":
        return {"with_coordinator": True}
    at_work = open_assignments(session, question)
    if not at_work:
        return {}
    authority = session.get_one(Authority, at_work[0].expert.authority_id)
    return {"authority_kind": authority.kind, "authority_country": authority.country}


def _moment(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None
