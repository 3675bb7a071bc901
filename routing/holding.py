"""The holding note: who looks after a question or when its answer comes has changed, and the asker hears why.

In: what changed, and the last such note. Out: one note, or none. Addresses that turn out dead one after the other change the
owner several times in a few minutes; the asker hears of it once, in the words that are true by then. A note that has not left
yet is replaced; soon after one that has, only a later date is told, and otherwise the date that was promised stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from routing.history import note
from routing.models import OutboxMessage, Question
from routing.office import Office
from routing.people import zone_of_asker
from routing.post import post
from routing.recipients import to_asker

KIND = "holding"
UNREACHABLE = "expert_unreachable"
# A dead address seldom comes alone, and mail servers say so within minutes: what follows is told in the same note.
SETTLES = timedelta(minutes=10)
TOLD_BEFORE = "the asker heard of a change a short while ago, and the date stays"


@dataclass(frozen=True, slots=True)
class Last:
    """The last note about a question: the moment at which it left, or will if it `waits`."""

    at: datetime
    waits: bool


def leaves_at(
    last: Last | None, why: str, before: datetime | None, promised: datetime | None, now: datetime, quiet: timedelta
) -> datetime | None:
    """When the note about this change goes out; None where the asker need not hear of it. Pure.

    `before` is the date that they know (None: they know of none), `promised` the new one, `quiet` how soon after a note another
    one would only annoy.
    """
    is_later = before is None or promised is None or promised > before
    if last is not None and not last.waits and now - last.at < quiet and not is_later:
        return None
    if why != UNREACHABLE:
        return now
    return last.at if last is not None and last.waits and last.at > now else now + SETTLES


def tell(
    session: Session,
    office: Office,
    question: Question,
    why: str,
    now: datetime,
    *,
    before: datetime | None,
    edition: str,
    whose: Mapping[str, Any] | None = None,
    first: bool = False,
) -> None:
    """Tell the asker, unless they need not hear of it: then what they were promised `before` stays promised.

    `whose`: kind and country of the authority that has it now, or that the coordinators do; `first`: they know of no date yet.
    """
    last = _last(session, question)
    quiet = timedelta(hours=office.policy.patience.asker_told_once_within_hours)
    at = leaves_at(_seen(last), why, before, question.promised_at, now, quiet)
    if at is None:
        question.promised_at = before
        note(session, question, "letter-not-written", actor="system", now=now, letter_kind=KIND, why=TOLD_BEFORE)
        return
    unsent = last if last is not None and last.state == "queued" else None
    if unsent is not None:
        _take_back(session, unsent)
    facts = {"promised_at": question.promised_at, "zone": zone_of_asker(session, question), "reason": why, **(whose or {})}
    facts["first_date"] = first
    facts["sooner"] = before is not None and question.promised_at is not None and question.promised_at < before
    facts["same_date"] = before is not None and question.promised_at == before and unsent is None  # else they never heard it
    post(session, office, to_asker(session, question), KIND, facts, now=now, question=question, edition=edition, not_before=at)


def _last(session: Session, question: Question) -> OutboxMessage | None:
    notes = select(OutboxMessage).where(
        OutboxMessage.question_id == question.id,
        OutboxMessage.person_id == question.asker_id,
        OutboxMessage.kind == KIND,
        OutboxMessage.state.in_(("queued", "claimed", "sent")),
    )
    return session.scalars(notes.order_by(OutboxMessage.id.desc())).first()


def _seen(last: OutboxMessage | None) -> Last | None:
    if last is None:
        return None
    waits = last.state == "queued"
    return Last(last.next_attempt_at if waits else last.sent_at or last.created_at, waits)


def _take_back(session: Session, last: OutboxMessage) -> None:
    """Unless somebody has begun to carry it in this very moment."""
    waiting = update(OutboxMessage).where(OutboxMessage.id == last.id, OutboxMessage.state == "queued")
    session.execute(waiting.values(state="cancelled"))
