"""A person's data: all of it on request, and its erasure. History keeps that something happened, not what was said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from routing.cases import close
from routing.models import (
    Address,
    Answer,
    Attachment,
    Button,
    Event,
    InboxMessage,
    OutboxMessage,
    Person,
    Proposal,
    Question,
    ReplyToken,
)

ERASED = "[erased at the person's request]"


def export(session: Session, person: Person) -> dict[str, Any]:
    """Everything held about a person, as plain values."""
    questions = session.scalars(select(Question).where(Question.asker_id == person.id).order_by(Question.id)).all()
    return {
        "person": {"name": person.name, "language": person.language, "zone": person.zone, "since": person.created_at.isoformat()},
        "addresses": [
            {"channel": one.channel, "address": one.address}
            for one in session.scalars(select(Address).where(Address.person_id == person.id))
        ],
        "questions": [
            {
                "number": one.number,
                "asked": one.created_at.isoformat(),
                "subject": one.subject,
                "text": one.text,
                "state": one.state,
            }
            for one in questions
        ],
        "messages": [
            {"received": one.received_at.isoformat(), "channel": one.channel, "subject": one.subject, "text": one.text}
            for one in session.scalars(select(InboxMessage).where(InboxMessage.person_id == person.id).order_by(InboxMessage.id))
        ],
        "letters": [
            {"written": one.created_at.isoformat(), "channel": one.channel, "subject": one.subject, "text": one.text}
            for one in session.scalars(
                select(OutboxMessage).where(OutboxMessage.person_id == person.id).order_by(OutboxMessage.id)
            )
        ],
        "answers": [
            {"text": one.text, "released": one.released_at.isoformat() if one.released_at else None}
            for one in session.scalars(select(Answer).where(Answer.question_id.in_([question.id for question in questions])))
        ],
    }


def erase(session: Session, person: Person, now: datetime, *, keep_letter: OutboxMessage | None = None) -> None:
    """Erase an asker: words, files, names and addresses go; open questions are closed. `keep_letter` may still go out."""
    questions = session.scalars(select(Question).where(Question.asker_id == person.id)).all()
    for question in questions:
        if question.state != "closed":
            close(session, question, "erased", actor="asker", now=now)
        question.subject, question.text, question.thread = "", ERASED, {}
        session.execute(update(Event).where(Event.question_id == question.id).values(detail={}))
        session.execute(update(Proposal).where(Proposal.question_id == question.id).values(matches=[]))
        session.execute(delete(Attachment).where(Attachment.question_id == question.id))
        _erase_letters(session, OutboxMessage.question_id == question.id, keep_letter)
    blank: dict[str, Any] = {
        "raw": b"",
        "text": ERASED,
        "subject": "",
        "cut": "",
        "sender": None,
        "sender_name": "",
        "facts": {},
        "envelope": {},
    }
    session.execute(update(InboxMessage).where(InboxMessage.person_id == person.id).values(**blank))
    session.execute(delete(Button).where(Button.person_id == person.id))
    session.execute(update(ReplyToken).where(ReplyToken.person_id == person.id).values(revoked_at=now))
    _erase_letters(session, OutboxMessage.person_id == person.id, keep_letter)
    person.name, person.forgotten_at = "", now
    for address in session.scalars(select(Address).where(Address.person_id == person.id)):
        if keep_letter is None or address.id != keep_letter.address_id:
            address.address = f"erased-{address.id}"
        address.dead_at, address.dead_reason = now, "erased"


def erase_last_traces(session: Session, letter_id: int) -> None:
    """After the last letter ("you are forgotten") has gone out, its text and the address it went to go too."""
    letter = session.get_one(OutboxMessage, letter_id)
    letter.text, letter.subject, letter.buttons = ERASED, "", []
    address = session.get_one(Address, letter.address_id)
    address.address = f"erased-{address.id}"


def _erase_letters(session: Session, where: Any, keep: OutboxMessage | None) -> None:
    theirs = update(OutboxMessage).where(where, OutboxMessage.id != (keep.id if keep else -1))
    session.execute(theirs.values(text=ERASED, subject="", buttons=[], files=[], reply_to=None))
    session.execute(theirs.where(OutboxMessage.state.in_(("queued", "claimed"))).values(state="cancelled"))
