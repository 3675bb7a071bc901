"""What a message is to us: an ordered table of small named rules; the rule that hit is recorded with the message."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from routing import asking, bounces, buttons, commands, confirming, held, machines, pairing, remembered, replying, stopping
from routing.intake import Taken, finish, hold, still_ours
from routing.models import Address, Attachment, InboxMessage
from routing.office import Office
from routing.people import address_of, find_address, mark_dead, move_chat, prove, revive
from routing.unaddressed import take
from routing.values import Incoming, Kind, Unreadable
from routing.why import because
from routing.words import understand

NOT_ARRIVED = ("challenge", "moderated")  # a machine tells us that its owner has not got our letter, and what would help

Act = Callable[[Session, Office, InboxMessage, Incoming, datetime], str]


def accept(session: Session, office: Office, taken: Taken, item: Incoming | Unreadable, now: datetime) -> str | None:
    """Judge one lent message and act on it; returns the outcome, or None when another worker has it now."""
    row = still_ours(session, taken)
    if row is None:
        return None
    if isinstance(item, Unreadable):
        return _hold_unread(session, row, taken, item, now)
    _copy_facts(session, row, item)
    earlier = _claim_fingerprint(session, row, item.fingerprint)
    if earlier is not None and (outcome := _settle_repeat(session, row, earlier, item, now)) is not None:
        return outcome
    _keep_files(session, row, item)
    for name, applies, act in RULES:
        if applies(item):
            row.rule = f"{name}: {item.rule}"
            return act(session, office, row, item, now)
    raise AssertionError("the last rule takes everything")


def _hold_unread(session: Session, row: InboxMessage, taken: Taken, item: Unreadable, now: datetime) -> str:
    """What cannot be read is held once, also when a mailbox that was renumbered hands it over again."""
    if taken.raw and _claim_fingerprint(session, row, f"raw:{hashlib.sha256(taken.raw).hexdigest()}") is not None:
        return finish(row, "ignored", "repeat of an earlier message", now, rule="repeat")
    return hold(row, item.reason, now, rule="unreadable")


def _claim_fingerprint(session: Session, row: InboxMessage, fingerprint: str | None) -> InboxMessage | None:
    """Write the fingerprint down, or return the earlier copy that has it; UNIQUE(fingerprint) settles a race."""
    if fingerprint is None:
        return None
    same = select(InboxMessage).where(InboxMessage.fingerprint == fingerprint, InboxMessage.id != row.id).with_for_update()
    if (earlier := session.scalars(same).first()) is not None:
        return earlier
    session.flush()
    try:
        with session.begin_nested():
            row.fingerprint = fingerprint
    except IntegrityError:
        session.refresh(row, ["fingerprint"])
        return session.scalars(same).one()
    return None


def _settle_repeat(session: Session, row: InboxMessage, earlier: InboxMessage, item: Incoming, now: datetime) -> str | None:
    """The same mail by another door (two recipients, LMTP and IMAP, a renumbered mailbox).

    It is ignored, unless only this copy carries the reply address or the proof of its sender: then it takes the place of an
    earlier copy that is held. One that has been acted on stands, and a person decides what the reply address adds.
    """
    row.question_id, row.assignment_id = earlier.question_id, earlier.assignment_id
    more_named = set(row.facts["named"]) - set(earlier.facts.get("named", ()))
    if earlier.state == "held" and (more_named or (item.proven and not earlier.facts.get("proven"))):
        earlier.fingerprint = None
        finish(earlier, "ignored", f"another copy of it says more: message {row.id}", now)
        session.flush()
        row.fingerprint = item.fingerprint
        return None
    if more_named and earlier.state != "ignored":
        return hold(row, because(row, "came-twice", outcome=earlier.outcome), now, rule="repeat")
    return finish(row, "ignored", "repeat of an earlier message", now, rule="repeat")


def _copy_facts(session: Session, row: InboxMessage, item: Incoming) -> None:
    row.kind, row.sender, row.sender_name = item.kind.value, item.sender, item.sender_name
    row.subject, row.text, row.cut, row.review = item.subject, item.text, item.cut, item.review
    row.message_id = item.message_id
    row.facts = dict(item.facts) | {"proven": item.proven, "named": [token.id for token in pairing.tokens_named(session, item)]}
    known = find_address(session, item.channel, item.sender)
    if known is not None:
        row.person_id = known.person_id
        if item.kind is Kind.MESSAGE and item.proven:
            revive(known)


def _keep_files(session: Session, row: InboxMessage, item: Incoming) -> None:
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
    return hold(row, because(row, "unwanted"), now)


def _bounced(session: Session, office: Office, row: InboxMessage, item: Incoming, now: datetime) -> str:
    return finish(row, "handled", bounces.record(session, office, row, item, now), now)


def _machine_answered(session: Session, office: Office, row: InboxMessage, item: Incoming, now: datetime) -> str:
    """An auto-reply or acknowledgement is noted, starts an absence when it names a day, and stops no clock."""
    return finish(row, "handled", bounces.note_machine(session, office, row, item, now), now)


def _membership(session: Session, office: Office, row: InboxMessage, item: Incoming, now: datetime) -> str:
    address = find_address(session, item.channel, item.sender)
    if address is not None and item.facts.get("migrated_to"):
        move_chat(session, address, str(item.facts["migrated_to"]), now)
    elif address is not None and item.facts.get("blocked"):
        mark_dead(address, "the person blocked the bot", now)
        stopping.gone(session, office, address, now)
    elif address is not None:
        revive(address)
    return finish(row, "handled", "membership noted", now)


def _press(session: Session, office: Office, row: InboxMessage, item: Incoming, now: datetime) -> str:
    pressed = buttons.press(session, office, item.button or "", chat=item.sender, now=now, inbox=row)
    row.facts = row.facts | {"toast": pressed.words, "spent": pressed.spent, "callback_id": item.callback_id}
    return finish(row, "handled", pressed.outcome, now)


def _command(session: Session, office: Office, row: InboxMessage, item: Incoming, now: datetime) -> str:
    outcome = commands.run(session, office, row, item, now)
    return outcome if row.state == "held" else finish(row, "handled", outcome, now)


def _word(session: Session, office: Office, row: InboxMessage, item: Incoming, now: datetime) -> str:
    """A mail that says only "status", "help", "export" or "forget", in any language, is the command of that name."""
    if (sign := machines.sign_of_a_machine(session, office.policy.caps, row, item, now)) is not None:
        return hold(row, because(row, sign), now)
    return _command(session, office, row, replace(item, command=_command_word(item)), now)


def _begin_again(session: Session, office: Office, row: InboxMessage, item: Incoming, now: datetime) -> str:
    """Where nothing was stopped, who writes "start" is welcomed as in a chat."""
    outcome = stopping.begin_again(session, office, row, item, now)
    if outcome is not None and "questions" in outcome:
        return finish(row, "handled", outcome, now)
    return _command(session, office, row, replace(item, command="start", text=""), now)


def _command_word(item: Incoming) -> str | None:
    if item.channel != "email" or not item.proven:
        return None
    word = understand(item.text.strip() or item.subject, item.language_hint)
    return word.meaning if word is not None and word.meaning in commands.WORDS else None


def _silent_in_group(session: Session, office: Office, row: InboxMessage, item: Incoming, now: datetime) -> str:
    return finish(row, "ignored", commands.hint_in_group(session, office, item, now), now)


def _edit(session: Session, office: Office, row: InboxMessage, item: Incoming, now: datetime) -> str:
    return finish(row, "handled", asking.edit(session, office, row, item, now), now)


def _reply(session: Session, office: Office, row: InboxMessage, item: Incoming, now: datetime) -> str:
    """Its token says to what it replies; who sent it and the state of the case say whether it may act."""
    entry = pairing.entry_of(session, item)
    if entry is not None:
        row.person_id = entry[1]
        return finish(row, "handled", confirming.reply(session, office, entry[0], entry[1], item.text, now), now)
    paired = pairing.pair(session, office, item, now)
    if isinstance(paired, pairing.Held) and paired.code == "about-nothing" and pairing.is_courtesy(item):
        return finish(row, "handled", "thanks noted: nothing is open", now)
    if isinstance(paired, pairing.Held):
        return _hold_or_repeat(session, office, row, item, paired, now)
    row.question_id, row.assignment_id, row.person_id = paired.question.id, paired.assignment_id, paired.person_id
    if paired.purpose == "asker":
        prove(session, item.channel, item.sender, now)
    if _command_word(item) is not None:
        return _word(session, office, row, item, now)
    if paired.purpose == "asker" and machines.talks_without_end(session, office.policy.caps, paired.question, now):
        return hold(row, because(row, "without-end"), now)
    if paired.purpose == "assignment":
        outcome = replying.reply(session, office, row, item, now)
        return outcome if row.state == "held" else finish(row, "handled", outcome, now)
    if paired.purpose == "asker":
        return finish(row, "handled", asking.reply(session, office, paired.question, row, item, now), now)
    return finish(row, "handled", asking.remark(session, paired.question, row, now), now)


def _hold_or_repeat(
    session: Session, office: Office, row: InboxMessage, item: Incoming, doubt: pairing.Held, now: datetime
) -> str:
    """Held with its guesses; and dealt with at once where a coordinator has decided on this sender and question before."""
    row.facts = row.facts | {"guesses": [guess.as_fact() for guess in doubt.guesses]}
    hold(row, because(row, doubt.code, **doubt.facts), now)
    if (repeated := remembered.repeat(session, office, row, item, doubt, now)) is not None:
        return repeated
    if item.proven and (doubt.code in held.TOO_LATE or (doubt.code == "other-sender" and pairing.is_expert(session, item))):
        held.tell_sender(session, office, row, now)
    return "held"


def _question(session: Session, office: Office, row: InboxMessage, item: Incoming, now: datetime) -> str:
    """Words of a person that name nothing of ours: a new question, or the next sentence of an open one."""
    if not (item.text.strip() or item.subject.strip() or item.attachments):
        refused = ", ".join(item.facts.get("files_refused", ()))
        why = because(row, "no-words-no-file", files=refused) if refused else because(row, "no-words")
        return hold(row, why, now)
    doubt = pairing.why_not_a_question(session, office, item, now)
    if doubt is not None:
        return _hold_or_repeat(session, office, row, item, doubt, now)
    if (sign := machines.sign_of_a_machine(session, office.policy.caps, row, item, now)) is not None:
        return hold(row, because(row, sign), now)
    row.person_id = (address := _sender(session, office, item, now)).person_id
    return finish(row, "handled", take(session, office, row, item, address, now), now)


def _sender(session: Session, office: Office, item: Incoming, now: datetime) -> Address:
    language = office.policy.languages.for_letters(item.language_hint)
    return address_of(session, item.channel, item.sender, now=now, name=item.sender_name, language=language, proven=item.proven)


RULES: tuple[tuple[str, Callable[[Incoming], bool], Act], ...] = (
    ("own loop", lambda item: item.kind is Kind.OWN_LOOP, _ignore),
    ("bounce", lambda item: item.kind is Kind.BOUNCE, _bounced),
    ("stop", stopping.asks_to_stop, stopping.stop),
    ("unwanted", lambda item: item.kind in (Kind.COMPLAINT, Kind.UNSUBSCRIBE), _unwanted),
    ("not arrived", lambda item: item.kind is Kind.AUTO_REPLY and item.rule in NOT_ARRIVED, _hold_as_read),
    ("machine", lambda item: item.kind in (Kind.AUTO_REPLY, Kind.ACKNOWLEDGEMENT), _machine_answered),
    ("nothing to do", lambda item: item.kind in (Kind.READ_RECEIPT, Kind.LIST, Kind.OTHER), _ignore),
    ("doubtful", lambda item: item.held is not None, _hold_as_read),
    ("membership", lambda item: item.kind is Kind.MEMBERSHIP, _membership),
    ("button", lambda item: item.kind is Kind.BUTTON, _press),
    ("command", lambda item: item.kind is Kind.COMMAND, _command),
    ("not meant for us", lambda item: item.group and not item.mentioned, _silent_in_group),
    ("edit", lambda item: item.kind is Kind.EDIT, _edit),
    ("begin again", stopping.asks_to_begin_again, _begin_again),
    ("reply", pairing.names_something, _reply),
    ("word", lambda item: _command_word(item) is not None, _word),
    ("question", lambda item: True, _question),
)
