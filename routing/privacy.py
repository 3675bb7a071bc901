"""A person's data: all of it on request, and its erasure. History keeps that something happened, not what was said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, delete, false, func, literal, or_, select, update
from sqlalchemy.orm import Session, selectinload, undefer

from routing import askers, links, remembered, sharing, versions
from routing.cases import close
from routing.erasing import ERASED as ERASED
from routing.erasing import erase_letters, erase_notices, names_of
from routing.fiches import as_record
from routing.intake import finish
from routing.locking import lock_all
from routing.models import (
    Address,
    Answer,
    Attachment,
    Base,
    Button,
    Event,
    Fiche,
    InboxMessage,
    OutboxMessage,
    Person,
    Proposal,
    Question,
    ReplyToken,
)

SHORTEST_QUOTE = 8  # characters; "yes" and "no" are nobody's own words
# Asked at every tick. The kind is spelled out, as in the index of these letters alone.
_FINISHED = select(OutboxMessage.id).where(
    OutboxMessage.kind == literal("forgotten", literal_execute=True),
    OutboxMessage.state.in_(("sent", "failed", "ambiguous", "cancelled")),
    OutboxMessage.text != ERASED,
)


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
    """Erase an asker: words, files, names and addresses go; open questions are closed. `keep_letter` may still go out.

    What an expert answered stays, without the asker's words in it: it is the authority's, and may be a fiche by now.
    """
    addresses = session.scalars(select(Address).where(Address.person_id == person.id)).all()
    asked = select(Question).where(Question.asker_id == person.id)
    lock_all(session, session.scalars(asked.with_only_columns(Question.id)).all())
    questions = session.scalars(asked).all()
    words = _words_of(session, person, questions)
    erase_notices(session, person, names_of(session, person, addresses, questions))
    versions.forget_contacts(session, [one.address for one in addresses])
    versions.forget_author(session, person.name)
    for question in questions:
        _erase_question(session, question, words, now, keep_letter)
    _erase_inbox(session, person, addresses, now)
    remembered.erase(session, [one.address for one in addresses], [question.id for question in questions])
    _erase_quotes(session, {question.id for question in questions}, words)
    session.execute(delete(Button).where(Button.person_id == person.id))
    session.execute(update(ReplyToken).where(ReplyToken.person_id == person.id).values(revoked_at=now))
    for question in questions:
        links.revoke(session, question, now)
    erase_letters(session, OutboxMessage.person_id == person.id, keep_letter)
    person.name, person.country, person.authority_id, person.forgotten_at = "", None, None, now
    for address in addresses:
        if keep_letter is None or address.id != keep_letter.address_id:
            address.address = f"erased-{address.id}"
        address.dead_at, address.dead_reason = now, "erased"
    askers.forget(session, person.id)


def rehearse(session: Session, person: Person, now: datetime) -> dict[str, int]:
    """What `erase` would do, counted by doing it and taking it back; by name of what goes."""
    files = select(func.count()).select_from(Attachment).join(Question, Question.id == Attachment.question_id)
    told = {"files": session.scalar(files.where(Question.asker_id == person.id)) or 0}
    with session.no_autoflush:
        before = _erasable(session, person)
    trial = session.begin_nested()
    erase(session, person, now)
    session.flush()
    after = _erasable(session, person)
    trial.rollback()
    session.expire_all()
    return told | {name: before[name] - after[name] for name in before}


def _erasable(session: Session, person: Person) -> dict[str, int]:
    """How much there is of a person that is not erased yet."""
    about = (OutboxMessage.person_id == person.id, OutboxMessage.text != ERASED)
    counted: dict[str, Select[int]] = {
        "questions": _count(Question).where(Question.asker_id == person.id, Question.text != ERASED),
        "open questions": _count(Question).where(Question.asker_id == person.id, Question.state != "closed"),
        "messages": _count(InboxMessage).where(InboxMessage.person_id == person.id, InboxMessage.raw != b""),
        "letters": _count(OutboxMessage).where(*about),
        "addresses": _count(Address).where(Address.person_id == person.id, ~Address.address.startswith("erased-")),
    }
    return {name: session.scalar(query) or 0 for name, query in counted.items()}


def _count(table: type[Base]) -> Select[int]:
    return select(func.count()).select_from(table)


def erase_finished_letters(session: Session) -> int:
    """Once a last letter ("you are forgotten") is out, or cannot go out, its traces go too; returns how many went."""
    found = session.scalars(_FINISHED).all()
    for letter_id in found:
        erase_last_traces(session, letter_id)
    return len(found)


def erase_last_traces(session: Session, letter_id: int) -> None:
    """The text of a last letter and the address it went to, unless that person has written to us again since."""
    letter = session.get_one(OutboxMessage, letter_id)
    erase_letters(session, OutboxMessage.id == letter_id, None)
    session.refresh(letter)
    address = session.get_one(Address, letter.address_id)
    if address.dead_at is not None:
        address.address, address.dead_reason = f"erased-{address.id}", "erased"


def _words_of(session: Session, person: Person, questions: Sequence[Question]) -> list[str]:
    """All that the person has written, paragraph by paragraph, the longest first: others may have quoted it."""
    said = session.execute(select(InboxMessage.subject, InboxMessage.text).where(InboxMessage.person_id == person.id))
    texts = [text for row in said for text in row] + [text for one in questions for text in (one.subject, one.text)]
    names = [name for one in questions for name in sharing.names_of_asker(session, one)]
    texts += [sharing.without_names(text, names) for text in texts]  # as drafts of fiches hold them
    paragraphs = {part.strip() for text in texts for part in text.split("\n\n") if len(part.strip()) >= SHORTEST_QUOTE}
    return sorted(paragraphs, key=len, reverse=True)


def _erase_question(
    session: Session, question: Question, words: Sequence[str], now: datetime, keep_letter: OutboxMessage | None
) -> None:
    if question.state != "closed":
        close(session, question, "erased", actor="asker", now=now)
    session.flush()
    theirs = or_(Answer.question_id == question.id, Answer.assignment_id.in_(_carried_on(question.id)))
    for answer in session.scalars(select(Answer).where(theirs)):
        answer.text = _without(answer.text, words)
    for fiche in session.scalars(select(Fiche).where(Fiche.question_id == question.id).options(selectinload(Fiche.texts))):
        _erase_in_fiche(fiche, question, sharing.names_of_asker(session, question), words)
        versions.forget(session, fiche)
    question.subject, question.text, question.thread = "", ERASED, {}
    session.execute(update(Event).where(Event.question_id == question.id).values(detail={}))
    session.execute(update(Proposal).where(Proposal.question_id == question.id).values(matches=[]))
    session.execute(delete(Attachment).where(Attachment.question_id == question.id))
    erase_letters(session, OutboxMessage.question_id == question.id, keep_letter)


def _erase_in_fiche(fiche: Fiche, question: Question, names: Sequence[str], words: Sequence[str]) -> None:
    """A draft begins with the question's own words, without names; what somebody has rewritten since stays."""
    line = " ".join((question.subject or question.text).split())
    for text in fiche.texts:
        begins = text.title.rstrip("…")
        if line and (line.startswith(begins) or " ".join(sharing.without_names(line, names).split()).startswith(begins)):
            text.title = question.number
        text.summary = _without(text.summary, words)
        text.sections = {key: _without(section, words) for key, section in text.sections.items()}
    fiche.content_hash = as_record(fiche).content_hash
    fiche.revision += 1


def _without(text: str, words: Sequence[str]) -> str:
    for word in words:
        text = text.replace(word, ERASED)
    return text


def _erase_inbox(session: Session, person: Person, addresses: Sequence[Address], now: datetime) -> None:
    """Messages of the person, also those that could not be read; what is still to be read was written after the wish."""
    sent_by = (and_(InboxMessage.channel == one.channel, InboxMessage.sender == one.address) for one in addresses)
    theirs = or_(InboxMessage.person_id == person.id, and_(InboxMessage.state != "new", or_(false(), *sent_by)))
    files = select(InboxMessage.id).where(theirs)
    session.execute(delete(Attachment).where(Attachment.inbox_id.in_(files)))
    blank: dict[str, Any] = {"raw": b"", "cut": "", "subject": "", "message_id": None, "text": ERASED}
    blank |= {"sender": None, "sender_name": "", "facts": {}, "envelope": {}}
    session.execute(update(InboxMessage).where(theirs, InboxMessage.reason.is_not(None)).values(reason=ERASED))
    session.execute(update(InboxMessage).where(theirs).values(**blank))
    _erase_unread(session, addresses, blank, now)


def _erase_quotes(session: Session, about: set[int], words: Sequence[str]) -> None:
    """What others wrote about the questions stays without quotations; reports of machines go as a whole."""
    carried = set(session.scalars(_carried_on(*about)))
    near = or_(InboxMessage.question_id.in_(about), InboxMessage.question_id.is_(None), InboxMessage.assignment_id.in_(carried))
    for row in session.scalars(select(InboxMessage).where(InboxMessage.kind.is_not(None), near)):
        guesses = row.facts.get("guesses", ()) if row.question_id is None else ()
        is_about = row.question_id in about or row.assignment_id in carried
        if not is_about and not any(guess["question_id"] in about for guess in guesses):
            continue
        row.text = _without(row.text, words) if row.kind == "message" else ERASED
        row.raw, row.cut, row.subject, row.message_id = b"", "", "", None


def _carried_on(*questions: int) -> Select[int | None]:
    """Assignments that their experts were given for these questions, also where they have gone on with another one."""
    given = select(OutboxMessage.assignment_id).where(OutboxMessage.question_id.in_(questions))
    return given.where(OutboxMessage.assignment_id.is_not(None))


def _erase_unread(session: Session, addresses: Sequence[Address], blank: dict[str, Any], now: datetime) -> None:
    """Of what nobody could read, or has read yet, only the raw bytes tell whom it came from."""
    unread = select(InboxMessage).where(InboxMessage.kind.is_(None), InboxMessage.raw != b"").options(undefer(InboxMessage.raw))
    for row in session.scalars(unread):
        if any(_names(row, address) for address in addresses):
            for name, value in blank.items():
                setattr(row, name, value)
            finish(row, "ignored", "erased", now)


def _names(row: InboxMessage, address: Address) -> bool:
    if row.channel != address.channel:
        return False
    if address.channel == "email":
        return address.address.encode() in row.raw.lower()
    return re.search(rb'"id": ?' + re.escape(address.address.encode()) + rb"[^0-9]", row.raw) is not None
