"""Whether a machine writes to us, where neither headers nor words give it away: by the pace of its mail, and by saying the same.

In: a mail and what went to and fro with its sender. Out: the code of `why.WHY` for which the mail is held, or None. A machine
writes when a letter of ours arrives and never else, so each of its mails comes at the heels of a letter; people, even those
who ask five questions in a morning, read and write in between. One mail that comes by itself breaks the row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from routing.models import Address, Event, InboxMessage, OutboxMessage, Question
from routing.policy import CapsPolicy
from routing.values import Incoming

DAY, WEEK = timedelta(days=1), timedelta(days=7)
MOST_COMPARED, LONGEST_COMPARED = 50, 2000
_Letter = tuple[datetime, datetime, int]  # when it was written, when it had left, and the mail that its question came in


def sign_of_a_machine(session: Session, caps: CapsPolicy, row: InboxMessage, item: Incoming, now: datetime) -> str | None:
    """Why a mail that starts something new should wait for a person, or None; mail of experts and askers about a case is none."""
    if item.channel != "email":
        return None
    letters, people = _letters(session, item.sender, now - WEEK)
    if not letters:
        return None
    if _answers_at_once(session, caps, row, letters, people, now):
        return "at-once"
    return "says-the-same" if _says_the_same(session, caps, row, item, people, now) else None


def talks_without_end(session: Session, caps: CapsPolicy, question: Question, now: datetime) -> bool:
    """Whether the asker has written so often about one question that two machines may be passing words on through us."""
    wrote = select(func.count()).select_from(Event).where(Event.question_id == question.id, Event.kind == "asker-wrote")
    limits = ((timedelta(hours=1), caps.per_address_per_hour), (DAY, caps.per_address_per_day))
    return any((session.scalar(wrote.where(Event.at > now - span)) or 0) >= most for span, most in limits)


def one_box(column: InstrumentedAttribute[str], address: str) -> ColumnElement[bool]:
    """Condition: the column holds this address under any tag (`desk+7@` is `desk@`, RFC 5233): one mailbox, one reader."""
    local, _, domain = address.lower().rpartition("@")
    base = local.partition("+")[0]
    tagged = column.startswith(f"{base}+", autoescape=True) & column.endswith(f"@{domain}", autoescape=True)
    return or_(column == f"{base}@{domain}", tagged)


def _letters(session: Session, sender: str, since: datetime) -> tuple[list[_Letter], set[int]]:
    """Our automatic letters to that mailbox, in order, and whom they were written to."""
    found = session.execute(
        select(OutboxMessage.created_at, OutboxMessage.sent_at, Question.inbox_id, OutboxMessage.person_id)
        .join(Address, Address.id == OutboxMessage.address_id)
        .join(Question, Question.id == OutboxMessage.question_id, isouter=True)
        .where(OutboxMessage.created_at > since, OutboxMessage.channel == "email", OutboxMessage.automatic)
        .where(OutboxMessage.state != "cancelled", one_box(Address.address, sender))
        .order_by(OutboxMessage.id)
    ).all()
    letters = [(written, max(written, sent or written), cause or 0) for written, sent, cause, _ in found]
    return letters, {person for *_, person in found}


def _answers_at_once(
    session: Session, caps: CapsPolicy, row: InboxMessage, letters: Sequence[_Letter], people: set[int], now: datetime
) -> bool:
    """Whether this mail and those before it each came at the heels of a letter."""
    most = caps.mails_at_once
    found = select(InboxMessage.received_at, InboxMessage.id).where(_earlier(row, people, now - DAY), InboxMessage.id < row.id)
    earlier = session.execute(found.order_by(InboxMessage.id.desc()).limit(most - 1)).all()
    mails = [(row.received_at, row.id), *((at, number) for at, number in earlier)]
    at_once = timedelta(seconds=caps.at_once_seconds)
    return len(mails) >= most and all(
        any(written <= at <= left + at_once and cause < number for written, left, cause in letters) for at, number in mails
    )


def _says_the_same(
    session: Session, caps: CapsPolicy, row: InboxMessage, item: Incoming, people: set[int], now: datetime
) -> bool:
    """Whether as many earlier mails differ from this one in their numbers at most."""
    text = select(func.substr(InboxMessage.text, 1, LONGEST_COMPARED)).where(_earlier(row, people, now - WEEK))
    earlier = session.scalars(text.order_by(InboxMessage.id.desc()).limit(MOST_COMPARED))
    mine = _without_numbers(item.text[:LONGEST_COMPARED])
    return sum(_without_numbers(each) == mine for each in earlier) >= caps.mails_at_once


def _without_numbers(text: str) -> str:
    return " ".join(re.sub(r"\d+", "#", text.lower()).split())


def _earlier(row: InboxMessage, people: set[int], since: datetime) -> ColumnElement[bool]:
    """Condition: what those people wrote since then, `row` apart."""
    theirs = InboxMessage.person_id.in_(people) & InboxMessage.kind.in_(("message", "unsubscribe"))
    return theirs & (InboxMessage.received_at > since) & (InboxMessage.id != row.id)
