"""Caps on automatic replies, so that two robots that are wired together fall silent (RFC 3834, section 2).

In: the address a letter would go to, and the question it is about. Out: whether it would be one too many. Letters that somebody
waits for (`DUTIES`) are never counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from routing.models import Address, OutboxMessage, Question
from routing.policy import CapsPolicy

DUTIES = frozenset(
    {
        "assignment", "reminder", "answer", "addition", "answer_missing", "answer_returned", "asker_replied", "ask_back",
        "question_back", "holding", "parted", "sign_in", "new_date", "deadline_moved", "goes_on", "stopped", "stopped_expert",
    }
)  # fmt: skip


def over_cap(
    session: Session, caps: CapsPolicy, address: Address, question: Question | None, now: datetime, *, to_asker: bool
) -> bool:
    """True when one more automatic reply would exceed a cap per address, per thread or per domain."""
    at_domain = Address.address.endswith("@" + address.address.rpartition("@")[2], autoescape=True)
    limits = [
        (OutboxMessage.address_id == address.id, caps.per_address_per_hour, caps.per_address_per_day),
        (at_domain, caps.per_domain_per_hour, caps.per_domain_per_day),
    ]
    if to_asker and address.proven_at is None:  # perhaps somebody else wrote in their name
        limits.append((OutboxMessage.address_id == address.id, caps.unproven_letters_per_day, caps.unproven_letters_per_day))
    if question is not None:
        in_thread = and_(OutboxMessage.address_id == address.id, OutboxMessage.question_id == question.id)
        limits.append((in_thread, caps.per_thread_per_hour, caps.per_thread_per_day))
    counts = _written(session, [where for where, _, _ in limits], now)
    most = [number for _, hourly, daily in limits for number in (hourly, daily)]
    return any(count >= number for count, number in zip(counts, most, strict=True))


def _written(session: Session, wheres: Sequence[ColumnElement[bool]], now: datetime) -> Sequence[int]:
    """How many automatic replies were written: for each condition in the last hour, and in the last day."""
    recent = OutboxMessage.created_at > now - timedelta(hours=1)
    counted = [func.count().filter(*narrowed) for where in wheres for narrowed in ((where, recent), (where,))]
    replies = select(*counted).select_from(OutboxMessage).join(Address, Address.id == OutboxMessage.address_id)
    replies = replies.where(or_(*wheres), OutboxMessage.automatic, OutboxMessage.kind.not_in(DUTIES))
    return session.execute(replies.where(OutboxMessage.created_at > now - timedelta(days=1))).one()
