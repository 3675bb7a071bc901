"""The outbox: who may carry which letter when, and what became of it.

A claim is a compare-and-set that raises the row's `fence` and pushes its next attempt behind the lease, so a crash costs
a delay and a worker whose lease lapsed can settle nothing. `at_brink` is committed right before the step that cannot be
taken back: only a letter that was at the brink when its carrier fell silent is ambiguous (RFC 1047); all others are safe
to retry. A chat shows letters in the order they came in, so there each waits a while for those written before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from random import Random
from typing import Any

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session, aliased, joinedload
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from routing.errors import ChannelError, Refused, Unreachable
from routing.history import note
from routing.models import Address, Attachment, Attempt, OutboxMessage, Question
from routing.people import mark_dead, move_chat, takes_no_more
from routing.policy import OutboxPolicy
from routing.values import ButtonLabel, Outgoing, OutgoingFile, Sent

LEASE = timedelta(minutes=2)
# The longest that a letter waits for an earlier one to its chat: a pause in an outage; but one letter that cannot be carried
# must not silence a chat.
IN_TURN = timedelta(minutes=15)
MOST_AMBIGUITIES = 1
_COPIED = ("kind", "person_id", "question_id", "assignment_id", "language", "subject", "text", "buttons", "files", "automatic")

_EARLIER = aliased(OutboxMessage)
_BEFORE_IT = (
    select(_EARLIER.id)
    .where(_EARLIER.address_id == OutboxMessage.address_id, _EARLIER.id < OutboxMessage.id)
    .where(_EARLIER.state.in_(("queued", "claimed")))
    .where(or_(_EARLIER.attempts > 0, _EARLIER.next_attempt_at <= bindparam("now")))  # not what waits for the morning
)
_DUE = (
    select(OutboxMessage)
    .where(OutboxMessage.state.in_(("queued", "claimed")), OutboxMessage.next_attempt_at <= bindparam("now"))
    .where(OutboxMessage.channel.in_(bindparam("channels", expanding=True)))
    .where(
        or_(
            OutboxMessage.channel != "telegram",
            OutboxMessage.created_at <= bindparam("waited_enough"),
            ~_BEFORE_IT.exists(),
        )
    )
    .order_by(OutboxMessage.next_attempt_at, OutboxMessage.id)
    .limit(bindparam("limit"))
    .options(joinedload(OutboxMessage.address, innerjoin=True))
    .with_for_update(of=OutboxMessage, skip_locked=True)
)
_RESTING = (
    select(OutboxMessage)
    .where(OutboxMessage.address_id.in_(bindparam("addresses", expanding=True)))
    .where(OutboxMessage.state == "queued", OutboxMessage.attempts > 0, OutboxMessage.next_attempt_at > bindparam("now"))
    .options(joinedload(OutboxMessage.address, innerjoin=True))
    .with_for_update(of=OutboxMessage, skip_locked=True)
)
_BY_ID = attrgetter("id")

Tell = Callable[[Session, OutboxMessage, datetime], None]
_MOVED = re.compile(r"chat-migrated:(-?[0-9]{1,20})")


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to carry one letter until the lease ends; `fence` proves it when settling."""

    outbox_id: int
    fence: int
    letter: Outgoing


def claim(
    session: Session,
    *,
    worker: str,
    now: datetime,
    limit: int = 10,
    channels: tuple[str, ...] = ("telegram", "email"),
    tell: Tell | None = None,
) -> list[Claim]:
    """Claim up to `limit` due letters, and what rests before them in their chats; those to one address are to be sent in turn.

    `tell` hears of each that two carriers have left in doubt.
    """
    known = {"now": now, "waited_enough": now - IN_TURN, "channels": channels, "limit": limit}
    due = _with_those_before(session, session.scalars(_DUE, known).all(), now)
    claims = [_claim_one(session, row, worker, now, tell or _note_doubt) for row in due]
    session.flush()
    return [made for made in claims if made is not None]


def at_brink(session: Session, claimed: Claim, now: datetime) -> bool:
    """Write down that the irreversible step comes next; False when the lease was lost and the letter must not be sent."""
    return _owned(session, claimed, brink_at=now, next_attempt_at=now + 6 * LEASE)


def settle_sent(session: Session, claimed: Claim, sent: Sent, now: datetime) -> bool:
    """The far side took it. False when somebody else has claimed the letter since."""
    if not _owned(session, claimed, state="sent", sent_at=now, external_id=sent.external_id, leased_by=None, last_error=None):
        return False
    _log(session, claimed, now, "sent", detail=sent.detail)
    if moved := _MOVED.search(sent.detail):
        row = session.get_one(OutboxMessage, claimed.outbox_id)
        move_chat(session, session.get_one(Address, row.address_id), moved[1], now)
    return True


def settle_failure(
    session: Session, claimed: Claim, error: ChannelError, now: datetime, policy: OutboxPolicy, luck: Random
) -> str | None:
    """Decide and write the fate after `error`: ``retry``, ``failed`` or ``ambiguous``; None when the claim was lost."""
    row = session.get_one(OutboxMessage, claimed.outbox_id)
    if isinstance(error, Refused) or takes_no_more(session.get_one(Address, row.address_id)):
        fate = "failed"
    elif isinstance(error, Unreachable):
        fate = "retry" if now - row.created_at < policy.give_up_after(row.channel) else "failed"
    else:
        fate = "retry" if row.ambiguities < MOST_AMBIGUITIES else "ambiguous"
    changes = _changes(row, fate, error, now, policy, luck)
    if not _owned(session, claimed, **changes):
        return None
    _log(
        session,
        claimed,
        now,
        "ambiguous" if "ambiguities" in changes else fate,
        code=getattr(error, "code", ""),
        detail=str(error),
    )
    if isinstance(error, Refused) and error.address_is_dead:
        mark_dead(session.get_one(Address, row.address_id), str(error), now)
    return fate


def outgoing(session: Session, row: OutboxMessage, address: str) -> Outgoing:
    """The letter as a channel carries it; a stored file that has been erased since stays away."""
    files = (_file(session, told) for told in row.files)
    return Outgoing(
        id=row.id,
        channel=row.channel,
        address=address,
        language=row.language,
        subject=row.subject,
        text=row.text,
        message_id=row.message_id,
        created_at=row.created_at,
        reply_to=row.reply_to,
        in_reply_to=row.in_reply_to,
        references=tuple(row.references),
        buttons=tuple(ButtonLabel(**button) for button in row.buttons),
        files=tuple(file for file in files if file is not None),
        automatic=row.automatic,
        kind=row.kind,
    )


def _file(session: Session, told: Mapping[str, Any]) -> OutgoingFile | None:
    if "content" in told:
        return OutgoingFile(told["name"], told["media_type"], bytes.fromhex(told["content"]))
    stored = session.scalar(select(Attachment.content).where(Attachment.id == told["attachment"]))
    return OutgoingFile(told["name"], told["media_type"], stored) if stored is not None else None


def copy_to(address: Address, letter: OutboxMessage, key: str, now: datetime) -> OutboxMessage:
    """The same letter to another address of the same person, as a mail of its own."""
    copy = OutboxMessage(**{name: getattr(letter, name) for name in _COPIED})
    copy.effect_key, copy.channel, copy.address_id = key, address.channel, address.id
    copy.message_id = f"<{address.id}.{letter.message_id.strip('<>')}>"
    copy.reply_to, copy.references, copy.next_attempt_at, copy.created_at = letter.reply_to, [], now, now
    return copy


def _with_those_before(session: Session, due: Sequence[OutboxMessage], now: datetime) -> Sequence[OutboxMessage]:
    """With the letters that rest after a failure and were written before a due one to the same chat, in order.

    When an outage ends, the letter whose pause ends first takes them along; else the answer would come before the receipt.
    """
    last = {row.address_id: row.id for row in sorted(due, key=_BY_ID) if row.channel == "telegram"}
    if not last:
        return due
    resting = session.scalars(_RESTING, {"addresses": list(last), "now": now}).all()
    return sorted((*due, *(row for row in resting if row.id < last[row.address_id])), key=_BY_ID)


def _claim_one(session: Session, row: OutboxMessage, worker: str, now: datetime, tell: Tell) -> Claim | None:
    if row.brink_at is not None and not _resolve_lapsed_brink(session, row, now, tell):
        return None
    row.state, row.leased_by = "claimed", worker
    row.attempts, row.fence = row.attempts + 1, row.fence + 1
    row.next_attempt_at = now + LEASE
    return Claim(row.id, row.fence, outgoing(session, row, row.address.address))


def _resolve_lapsed_brink(session: Session, row: OutboxMessage, now: datetime, tell: Tell) -> bool:
    """Its last carrier died past the brink: count the window, allow one blind resend, then leave it to a person."""
    session.add(
        Attempt(
            outbox_id=row.id, fence=row.fence, at=now, outcome="ambiguous", detail="the sender stopped before the answer came"
        )
    )
    row.ambiguities, row.brink_at = row.ambiguities + 1, None
    if row.ambiguities <= MOST_AMBIGUITIES:
        return True
    row.state, row.leased_by = "ambiguous", None
    tell(session, row, now)
    return False


def _note_doubt(session: Session, row: OutboxMessage, now: datetime) -> None:
    question = session.get(Question, row.question_id) if row.question_id else None
    note(session, question, "letter-ambiguous", actor="system", now=now, letter=row.id, letter_kind=row.kind)


def _changes(
    row: OutboxMessage, fate: str, error: ChannelError, now: datetime, policy: OutboxPolicy, luck: Random
) -> dict[str, object]:
    changes: dict[str, object] = {"last_error": str(error), "leased_by": None, "brink_at": None}
    if not isinstance(error, Refused | Unreachable):
        changes["ambiguities"] = row.ambiguities + 1
    if fate == "retry":
        asked = getattr(error, "retry_after", None)
        wait = asked if asked is not None else policy.pause_seconds(row.attempts, row.channel, luck)
        return changes | {"state": "queued", "next_attempt_at": now + timedelta(seconds=wait)}
    return changes | {"state": fate}


def _owned(session: Session, claimed: Claim, **changes: object) -> bool:
    """Apply `changes` if the claim still stands (fencing)."""
    session.flush()
    table = OutboxMessage.metadata.tables[OutboxMessage.__tablename__]
    ours = (table.c.id == claimed.outbox_id, table.c.fence == claimed.fence, table.c.state == "claimed")
    if session.connection().execute(update(table).where(*ours).values(changes)).rowcount != 1:
        return False
    key = identity_key(OutboxMessage, claimed.outbox_id)
    if (loaded := session.identity_map.get(key)) is not None:  # what is loaded of it is changed too
        for name, value in changes.items():
            set_committed_value(loaded, name, value)
    return True


def _log(session: Session, claimed: Claim, now: datetime, outcome: str, *, code: str = "", detail: str = "") -> None:
    session.add(Attempt(outbox_id=claimed.outbox_id, fence=claimed.fence, at=now, outcome=outcome, code=code, detail=detail))
