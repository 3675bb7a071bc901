"""What a coordinator does about a letter that did not go out, or of which nobody knows whether it did.

Each verb raises `NotFound` for what is not there, `StaleAction` where the letter has moved on meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from routing.errors import NotFound, StaleAction
from routing.history import note
from routing.models import Address, OutboxMessage, Question
from routing.outbox import copy_to

UNSETTLED = ("failed", "ambiguous")


def retry(session: Session, outbox_id: int, *, by: str, now: datetime) -> OutboxMessage:
    """The same letter with the same Message-ID, at once; one that waits for its next try need not wait."""
    letter = _letter(session, outbox_id, (*UNSETTLED, "queued"))
    letter.state, letter.next_attempt_at, letter.brink_at, letter.ambiguities = "queued", now, None, 0
    _note(session, letter, "letter-retried", by, now)
    return letter


def mark_arrived(session: Session, outbox_id: int, *, by: str, now: datetime) -> OutboxMessage:
    """Somebody knows that it arrived, by telephone for instance."""
    letter = _letter(session, outbox_id, UNSETTLED)
    letter.state, letter.sent_at = "sent", now
    _note(session, letter, "letter-arrived", by, now)
    return letter


def send_to(session: Session, outbox_id: int, address_id: int, *, by: str, now: datetime) -> OutboxMessage:
    """The same letter to another address of the same person; this one is not tried again."""
    letter = _letter(session, outbox_id, UNSETTLED)
    address = session.get(Address, address_id)
    if address is None or address.person_id != letter.person_id:
        raise NotFound("This person has no such address.")
    key = f"{letter.effect_key}:address {address.id}"
    if session.scalars(select(OutboxMessage.id).where(OutboxMessage.effect_key == key)).first() is not None:
        raise StaleAction("This letter has already gone to that address.")
    copy = copy_to(address, letter, key, now)
    session.add(copy)
    letter.state = "cancelled"
    _note(session, letter, "letter-redirected", by, now, channel=address.channel)
    return copy


def let_go(session: Session, outbox_id: int, *, by: str, now: datetime) -> OutboxMessage:
    """It need not arrive any longer."""
    letter = _letter(session, outbox_id, (*UNSETTLED, "queued"))
    letter.state = "cancelled"
    _note(session, letter, "letter-cancelled", by, now)
    return letter


def _letter(session: Session, outbox_id: int, states: tuple[str, ...]) -> OutboxMessage:
    letter = session.get(OutboxMessage, outbox_id, with_for_update=True)
    if letter is None:
        raise NotFound("There is no such letter.")
    if letter.state not in states:
        raise StaleAction(f"This letter is now {letter.state}. Look at it again.")
    return letter


def _note(session: Session, letter: OutboxMessage, kind: str, by: str, now: datetime, **detail: str) -> None:
    question = session.get(Question, letter.question_id) if letter.question_id else None
    note(session, question, kind, actor=by, now=now, letter=letter.id, letter_kind=letter.kind, **detail)


def recall_unsent(session: Session, question: Question, kinds: Collection[str]) -> bool:
    """Cancel letters of these kinds that wait; True where the last of them goes nowhere, since it was never tried."""
    session.flush()
    of_these = (OutboxMessage.question_id == question.id, OutboxMessage.kind.in_(kinds))
    waiting = update(OutboxMessage).where(*of_these, OutboxMessage.state == "queued").values(state="cancelled")
    stopped = {row.id: row.attempts for row in session.execute(waiting.returning(OutboxMessage.id, OutboxMessage.attempts))}
    last = session.scalar(select(func.max(OutboxMessage.id)).where(*of_these))
    return stopped.get(last) == 0
