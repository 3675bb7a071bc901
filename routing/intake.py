"""Intake: raw bytes first, judgement later.

`receive` stores what a channel hands over, before anybody is told that we have it; the same thing twice is one row.
`claim` lends a stored message to one worker, what one sender wrote in the order it came in, and one that fails three times is
held with its raw bytes unchanged.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased, undefer

from routing.failpoints import failpoint
from routing.models import InboxMessage
from routing.why import because

LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 3
UNREAD_AFTER = timedelta(hours=1)
# The longest that a message waits for an earlier one of its sender that cannot be handled: a sentence out of order is better
# than one that nobody sees.
IN_TURN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Taken:
    """One stored message lent to a worker; `attempt` is its fence."""

    id: int
    attempt: int
    channel: str
    raw: bytes
    envelope: dict[str, Any]


def receive(
    session: Session,
    *,
    channel: str,
    external_id: str,
    raw: bytes,
    now: datetime,
    envelope: dict[str, Any] | None = None,
    sender: str | None = None,
) -> int | None:
    """Store one message; returns its id, or None when this very message is stored already.

    `sender` is who seems to have written it, by which its turn is known; the judge writes down who did.
    """
    known = select(InboxMessage.id).where(InboxMessage.channel == channel, InboxMessage.external_id == external_id)
    if session.scalars(known).first() is not None:
        return None
    row = InboxMessage(
        channel=channel,
        external_id=external_id,
        raw=raw,
        envelope=envelope or {},
        sender=sender,
        received_at=now,
        next_attempt_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # another process stored it between our look and our write
        return None
    failpoint("intake.before_commit")
    return row.id


def claim(session: Session, now: datetime, limit: int = 10, channels: Collection[str] | None = None) -> list[Taken]:
    """Lend due messages to the caller, oldest first: those of its own channels, and what nobody has read for an hour."""
    due = (
        select(InboxMessage)
        .where(InboxMessage.state == "new", InboxMessage.next_attempt_at <= now, _in_turn(now))
        .order_by(InboxMessage.id)
        .limit(limit)
        .options(undefer(InboxMessage.raw))
        .with_for_update(skip_locked=True)
    )
    if channels is not None:  # another worker may be the one that reads the other channels
        due = due.where(or_(InboxMessage.channel.in_(channels), InboxMessage.received_at <= now - UNREAD_AFTER))
    return [taken for row in _harmless(session.scalars(due).all()) if (taken := _lend(row, now)) is not None]


def _in_turn(now: datetime) -> ColumnElement[bool]:
    """Condition: nothing that its sender wrote before waits or is being handled, here or by another worker.

    The second of two sentences must not be read first, and a machine is known by what it wrote before.
    """
    earlier = aliased(InboxMessage)
    same_sender = (earlier.channel == InboxMessage.channel) & (earlier.sender == InboxMessage.sender)
    waiting = select(earlier.id).where(earlier.state == "new", earlier.id < InboxMessage.id, same_sender)
    return or_(~waiting.exists(), InboxMessage.received_at <= now - IN_TURN)


def still_ours(session: Session, taken: Taken) -> InboxMessage | None:
    """The row, locked, if nobody else has taken it since."""
    row = session.get(InboxMessage, taken.id, with_for_update=True)
    return row if row is not None and row.state == "new" and row.attempts == taken.attempt else None


def give_up(session: Session, taken: Taken, error: str, now: datetime) -> None:
    """Handling failed unexpectedly: try again soon, and after three tries hold it for a person."""
    row = still_ours(session, taken)
    if row is None:
        return
    if row.attempts >= MOST_ATTEMPTS:
        hold(row, because(row, "failed", error=error), now, rule="poison")
    else:
        row.next_attempt_at = now + timedelta(seconds=3 * row.attempts)


def hold(row: InboxMessage, reason: str, now: datetime, *, rule: str | None = None) -> str:
    """Keep a message for a person, with the reason."""
    row.reason = reason
    return finish(row, "held", "held", now, rule=rule)


def finish(row: InboxMessage, state: str, outcome: str, now: datetime, *, rule: str | None = None) -> str:
    """Close the book on a message: its state, and in a few words what came of it."""
    row.state, row.outcome, row.handled_at = state, outcome, now
    row.rule = rule or row.rule
    return outcome


def _harmless(rows: Sequence[InboxMessage]) -> Sequence[InboxMessage]:
    """A message whose handling has stopped a worker before is lent alone, so that it takes no other with it."""
    return rows[:1] if rows and rows[0].attempts else [row for row in rows if not row.attempts]


def _lend(row: InboxMessage, now: datetime) -> Taken | None:
    if row.attempts >= MOST_ATTEMPTS:
        hold(row, because(row, "stopped-worker"), now, rule="poison")
        return None
    row.attempts += 1
    row.next_attempt_at = now + LEASE
    return Taken(row.id, row.attempts, row.channel, row.raw, row.envelope)
