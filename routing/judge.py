"""What a message is to us: an ordered table of small named rules; the rule that hit is recorded with the message."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from routing import answering, asking, bounces, buttons, commands, pairing
from routing.intake import Taken, finish, hold, still_ours
from routing.models import Attachment, InboxMessage
from routing.office import Office
from routing.people import address_of, find_address, mark_dead, revive
from routing.values import Incoming, Kind, Unreadable

Act = Callable[[Session, Office, InboxMessage, Incoming, datetime], str]


def accept(session: Session, office: Office, taken: Taken, item: Incoming | Unreadable, now: datetime) -> str | None:
    """Judge one lent message and act on it; returns the outcome, or None when another worker has it now."""
    row = still_ours(session, taken)
    if row is None:
        return None
    if isinstance(item, Unreadable):
        return hold(row, item.reason, now, rule="unreadable")
    if _is_repeat(session, row, item):
        return finish(row, "ignored", "repeat of an earlier message", now, rule="repeat")
    _copy_facts(session, row, item)
    for name, applies, act in RULES:
        if applies(item):
            row.rule = f"{name}: {item.rule}"
            return act(session, office, row, item, now)
    raise AssertionError("the last rule takes everything")


def _is_repeat(session: Session, row: InboxMessage, item: Incoming) -> bool:
    """The same message by another door (two mailboxes, LMTP and IMAP); UNIQUE(fingerprint) settles a race."""
    if item.fingerprint is None:
        return False
    others = select(InboxMessage.id).where(InboxMessage.fingerprint == item.fingerprint, InboxMessage.id != row.id)
    if session.scalars(others).first() is not None:
        return True
    try:
        with session.begin_nested():
            row.fingerprint = item.fingerprint
    except IntegrityError:
        session.refresh(row)
        return True
    return False


def _copy_facts(session: Session, row: InboxMessage, item: Incoming) -> None:
    row.kind, row.sender, row.sender_name = item.kind.value, item.sender, item.sender_name
    row.subject, row.text, row.cut, row.review = item.subject, item.text, item.cut, item.review
    row.message_id = item.message_id
    row.facts = dict(item.facts) | {"proven": item.proven}
    known = find_address(session, item.channel, item.sender)
    if known is not None:
        row.person_id = known.person_id
        if item.kind is Kind.MESSAGE and item.proven:
            revive(known)
    for file in item.attachments:
        session.add(
            Attachment(inbox_id=row.id, name=file.name, media_type=file.media_type, size=len(file.content), content=file.content)
        )


# ------------------------------------------------------------------------------------------- what the rules do


def _hold_as_read(_session: Session, _office: Office, row: InboxMessage, item: Incoming, now: datetime) -> str:
    return hold(row, item.held or "It needs a person.", now)


def _ignore(_session: Session, _office: Office, row: InboxMessage, item: Incoming, now: datetime) -> str:
    return finish(row, "ignored", f"{item.kind.value}: nothing to do", now)


def _unwanted(_session: Session, _office: Office, row: InboxMessage, _item: Incoming, now: datetime) -> str:
    return hold(row, "Somebody does not want our mail. Check whom we wrote to, then stop writing or apologise.", now)


def _bounced(session: Session, office: Office, row: InboxMessage, item: Incoming, now: datetime) -> str:
    return finish(row, "handled", bounces.record(session, office, row, item, now), now)


def _machine_answered(session: Session, office: Office, row: InboxMessage, item: Incoming, now: datetime) -> str:
    """An auto-reply or acknowledgement is noted, starts an absence when it names a day, and stops no clock."""
    return finish(row, "handled", bounces.note_machine(session, row, item, now), now)


def _membership(session: Session, _office: Office, row: InboxMessage, item: Incoming, now: datetime) -> str:
    address = find_address(session, item.channel, item.sender)
    if address is not None and item.facts.get("blocked"):
        mark_dead(address, "the person blocked the bot", now)
    elif address is not None:
        revive(address)
    return finish(row, "handled", "membership noted", now)


def _press(session: Session, office: Office, row: InboxMessage, item: Incoming, now: datetime) -> str:
    pressed = buttons.press(session, office, item.button or "", chat=item.sender, now=now, inbox=row)
    row.facts = row.facts | {"toast": pressed.toast, "callback_id": item.callback_id}
    return finish(row, "handled", pressed.outcome, now)


def _command(session: Session, office: Office, row: InboxMessage, item: Incoming, now: datetime) -> str:
    return finish(row, "handled", commands.run(session, office, row, item, now), now)


def _silent_in_group(session: Session, office: Office, row: InboxMessage, item: Incoming, now: datetime) -> str:
    return finish(row, "ignored", commands.hint_in_group(session, office, item, now), now)


def _edit(session: Session, office: Office, row: InboxMessage, item: Incoming, now: datetime) -> str:
    return finish(row, "handled", asking.edit(session, office, row, item, now), now)


def _reply(session: Session, office: Office, row: InboxMessage, item: Incoming, now: datetime) -> str:
    """Its token says to what it replies; who sent it and the state of the case say whether it may act."""
    paired = pairing.pair(session, office, item)
    if isinstance(paired, pairing.Held):
        row.facts = row.facts | {"guesses": [guess.as_fact() for guess in paired.guesses]}
        return hold(row, paired.reason, now)
    row.question_id, row.assignment_id, row.person_id = paired.question.id, paired.assignment_id, paired.person_id
    if paired.purpose == "assignment":
        return finish(row, "handled", answering.reply(session, office, row, item, now), now)
    if paired.purpose == "asker":
        return finish(row, "handled", asking.reply(session, office, paired.question, row, item, now), now)
    return finish(row, "handled", asking.remark(session, paired.question, row, now), now)


def _question(session: Session, office: Office, row: InboxMessage, item: Incoming, now: datetime) -> str:
    """Words of a person that name nothing of ours: a new question, or the next sentence of an open one."""
    if not (item.text.strip() or item.subject.strip() or item.attachments or item.facts.get("files")):
        return hold(row, "It has no words and no file, so there is nothing to search for. Ask the sender what they wanted.", now)
    reason = pairing.why_not_a_question(session, office, item, now)
    if reason is not None:
        row.facts = row.facts | {"guesses": [guess.as_fact() for guess in pairing.guesses(session, item)]}
        return hold(row, reason, now)
    address = address_of(
        session, item.channel, item.sender, now=now, name=item.sender_name, language=item.language_hint, proven=item.proven
    )
    row.person_id = address.person_id
    return finish(row, "handled", asking.take(session, office, row, item, address, now), now)


RULES: tuple[tuple[str, Callable[[Incoming], bool], Act], ...] = (
    ("own loop", lambda item: item.kind is Kind.OWN_LOOP, _ignore),
    ("bounce", lambda item: item.kind is Kind.BOUNCE, _bounced),
    ("unwanted", lambda item: item.kind in (Kind.COMPLAINT, Kind.UNSUBSCRIBE), _unwanted),
    ("machine", lambda item: item.kind in (Kind.AUTO_REPLY, Kind.ACKNOWLEDGEMENT), _machine_answered),
    ("nothing to do", lambda item: item.kind in (Kind.READ_RECEIPT, Kind.LIST, Kind.OTHER), _ignore),
    ("doubtful", lambda item: item.held is not None, _hold_as_read),
    ("membership", lambda item: item.kind is Kind.MEMBERSHIP, _membership),
    ("button", lambda item: item.kind is Kind.BUTTON, _press),
    ("command", lambda item: item.kind is Kind.COMMAND, _command),
    ("not meant for us", lambda item: item.group and not item.mentioned, _silent_in_group),
    ("edit", lambda item: item.kind is Kind.EDIT, _edit),
    ("reply", pairing.names_something, _reply),
    ("question", lambda item: True, _question),
)
