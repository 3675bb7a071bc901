"""What stands where a person's words stood, and the erasing of letters: to or about a person, and those that tell of many.

No search, label or report may take `ERASED` for somebody's question. In: whose letters, or by what a person is named. Out: rows
without words; what has not gone out yet never does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from routing.models import Address, Attempt, ConsoleUser, InboxMessage, OutboxMessage, Person, Question, ToldMatter

ERASED = "[erased at the person's request]"


def names_of(session: Session, person: Person, addresses: Sequence[Address], questions: Sequence[Question]) -> list[str]:
    """By what a letter that tells of many matters names this person: numbers, addresses, names."""
    senders = session.scalars(select(InboxMessage.sender_name).where(InboxMessage.person_id == person.id).distinct())
    named = {person.name, *senders, *(one.number for one in questions), *(one.address for one in addresses)}
    return sorted(name for name in named if len(name) > 2)


def erase_notices(session: Session, person: Person, names: Sequence[str]) -> None:
    """Alerts and digests of coordinators that tell of this person; what one that waits told besides is told again."""
    kinds = OutboxMessage.kind.in_(("co_burning", "co_digest"))
    since = select(OutboxMessage).where(OutboxMessage.created_at >= person.created_at, kinds, OutboxMessage.text != ERASED)
    found = [one for one in session.scalars(since) if any(name in one.text for name in names)]
    waiting = {one.person_id for one in found if one.state in ("queued", "claimed")}
    readers = select(ConsoleUser.id).where(ConsoleUser.person_id.in_(waiting))
    session.execute(delete(ToldMatter).where(ToldMatter.user_id.in_(readers)))
    erase_letters(session, OutboxMessage.id.in_([one.id for one in found]), None)


def erase_letters(session: Session, where: Any, keep: OutboxMessage | None) -> None:
    spared = OutboxMessage.id != (keep.id if keep else -1)
    which = select(OutboxMessage.id).where(where, spared)
    session.execute(update(Attempt).where(Attempt.outbox_id.in_(which)).values(detail=""))
    theirs = update(OutboxMessage).where(where, spared)
    gone: dict[str, Any] = {"text": ERASED, "subject": "", "buttons": [], "files": [], "reply_to": None, "last_error": None}
    session.execute(theirs.values(**gone, in_reply_to=None, references=[], external_id=None))
    session.execute(theirs.where(OutboxMessage.state.in_(("queued", "claimed"))).values(state="cancelled"))
