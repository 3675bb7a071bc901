"""Writing letters: from a kind and its facts to one outbox row, in the transaction of the change that caused it.

Nobody gets the same letter twice (the effect key is unique), machines and our own addresses get none, and automatic replies
are capped (`routing.caps`).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from routing import links, wishes
from routing.calendars import plain_calendar
from routing.caps import DUTIES, over_cap
from routing.deadlines import next_working_moment
from routing.doors import About, address_reply, new_button, put_in_thread
from routing.history import note
from routing.letters import KINDS, Letter, write
from routing.models import Assignment, Authority, Button, InboxMessage, OutboxMessage, Person, Question, ReplyToken
from routing.office import Office
from routing.recipients import To
from routing.values import OutgoingFile

# Letters to askers that answer nothing they have just done: at night they would only wake people.
UNASKED = frozenset({"proposal_reminder", "used_question", "closed", "holding", "became", "published", "confirm_entry"})
_SAME = select(OutboxMessage.id).where(OutboxMessage.effect_key == bindparam("key"))
_NEVER_WRITTEN_TO = re.compile(
    r"^(?:no-?reply|do-?not-?reply|mailer-daemon|postmaster|bounces?|daemon)(?:[+._-].*)?@", re.IGNORECASE
)


def post(
    session: Session,
    office: Office,
    to: To | None,
    kind: str,
    facts: Mapping[str, Any],
    *,
    now: datetime,
    question: Question | None = None,
    assignment: Assignment | None = None,
    edition: str = "",
    language: str | None = None,
    automatic: bool = True,
    attached: Iterable[OutgoingFile] = (),
    enclosed: Iterable[Mapping[str, object]] = (),
    value: str | None = None,
    authority: Authority | None = None,
    not_before: datetime | None = None,
) -> OutboxMessage | None:
    """Write one letter; None when it exists already, may not be written, or there is no address left to write to.

    `facts` are what `routing.letters` needs for this kind, `edition` tells apart letters of one kind to one person about
    one question, `value` is kept with every button; `authority`: the letter is about its entry in the directory. It leaves at
    once, or at `not_before`.
    """
    if to is None or not _may_write(session, office, to, kind, question, now):
        return None
    if to.purpose == "coordinator" and _comes_bundled(session, office, to, kind, question, edition, now):
        return None
    key = effect_key(kind, question, to.person.id, assignment, edition)
    if session.scalars(_SAME, {"key": key}).first() is not None:
        return None
    language = language or (question.letters_in if question and to.purpose == "asker" else to.person.language)
    if question is not None and to.purpose == "asker" and "status_url" in KINDS[kind].may:
        facts = {**facts, "status_url": links.new_link(session, office, question, now)}
    letter = composed(to, question, kind, facts, language)
    row = _row(office, to, kind, letter, key, language, now, automatic)
    row.next_attempt_at = not_before or now
    if to.medium == "telegram" and kind in UNASKED and facts.get("reason") != "asker_withdrew":
        row.next_attempt_at = _waking(office, to.person, row.next_attempt_at)
    about = About(question, assignment, authority)
    row.question_id, row.assignment_id = about.ids["question_id"], about.ids["assignment_id"]
    row.files = [*map(dict, enclosed), *_made(attached)]
    doors: list[ReplyToken | Button] = []
    if to.medium == "email":
        doors.append(address_reply(office, row, to, about, now))
        put_in_thread(session, row, to, about)
    for action, label in letter.buttons:
        button, shown = new_button(office, to, action, label, about, value, now)
        doors.append(button)
        row.buttons.append(shown)
    return _kept(session, row, doors)


def post_in_reply(
    session: Session,
    office: Office,
    row: InboxMessage,
    to: To,
    kind: str,
    facts: Mapping[str, Any],
    now: datetime,
    *attached: OutgoingFile,
    value: str | None = None,
) -> OutboxMessage | None:
    """One letter to whoever wrote `row`, about themselves rather than a question, in their own language."""
    edition, language = f"inbox {row.id}", to.person.language
    return post(session, office, to, kind, facts, now=now, edition=edition, attached=attached, language=language, value=value)


def composed(to: To, question: Question | None, kind: str, facts: Mapping[str, Any], language: str) -> Letter:
    """The letter that `post` writes from these facts."""
    return write(kind, language, **_all_facts(to, question, facts))


def _made(attached: Iterable[OutgoingFile]) -> list[dict[str, str]]:
    """Files that were made for this letter alone; others are stored already, and only named (`routing.enclosing`)."""
    return [{"name": one.name, "media_type": one.media_type, "content": one.content.hex()} for one in attached]


def _kept(session: Session, row: OutboxMessage, doors: Iterable[ReplyToken | Button]) -> OutboxMessage | None:
    """Write the letter with the secrets by which it is answered; None when somebody has written the same one since we looked."""
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        if session.scalars(_SAME, {"key": row.effect_key}).first() is None:
            raise
        return None
    session.add_all(doors)
    session.flush()
    return row


def _waking(office: Office, person: Person, now: datetime) -> datetime:
    """`now`, or in quiet hours the next moment at which a telephone may ring where the person is."""
    return next_working_moment(now, plain_calendar(person.zone, office.policy.hours.waking))


def effect_key(kind: str, question: Question | None, person: int, assignment: Assignment | None, edition: str) -> str:
    """What makes a letter the same letter: kind, question, recipient, assignment, edition."""
    return ":".join((kind, question.number if question else "-", str(person), str(assignment.id) if assignment else "-", edition))


def _all_facts(to: To, question: Question | None, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts every letter has. The asker's own words go back only to an address known to be theirs (never a relay)."""
    told = {"medium": to.medium, **facts}
    if question is not None:
        told["number"] = question.number
    if to.purpose == "asker" and to.medium == "email" and to.address.proven_at is None:
        told.pop("question", None)
    return told


def _may_write(session: Session, office: Office, to: To, kind: str, question: Question | None, now: datetime) -> bool:
    if to.medium != "email":
        return True
    if office.is_ours(to.address.address) or _NEVER_WRITTEN_TO.match(to.address.address):
        note(session, question, "letter-not-written", actor="system", now=now, letter_kind=kind, why="machine or own address")
        return False
    if kind in DUTIES or to.purpose == "coordinator":
        return True
    if not over_cap(session, office.policy.caps, to.address, question, now, to_asker=to.purpose == "asker"):
        return True
    note(
        session,
        question,
        "letter-not-written",
        actor="system",
        now=now,
        letter_kind=kind,
        why="cap on automatic replies reached",
    )
    return False


def _comes_bundled(
    session: Session, office: Office, to: To, kind: str, question: Question | None, edition: str, now: datetime
) -> bool:
    """A coordinator hears of it with other matters: by their own choice, or because so many letters would be noise."""
    most = office.policy.caps.coordinator_letters_per_hour
    return wishes.holds_back(session, to.person.id, kind, question, edition, most, now)


def _row(
    office: Office, to: To, kind: str, letter: Letter, key: str, language: str, now: datetime, automatic: bool
) -> OutboxMessage:
    return OutboxMessage(
        effect_key=key,
        kind=kind,
        channel=to.medium,
        address_id=to.address.id,
        person_id=to.person.id,
        language=language,
        subject=letter.subject,
        text=letter.text,
        buttons=[],
        files=[],
        references=[],
        automatic=automatic,
        message_id=f"<{secrets.token_hex(16)}.{kind.replace('_', '-')}@{office.reply_domain}>",
        next_attempt_at=now,
        created_at=now,
    )
