"""Held messages and what a coordinator does with them: release to a question, take as a new question, try again, discard."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from routing import answering, asking, verbs
from routing.cases import OPEN_ASSIGNMENT
from routing.errors import NotFound, StaleAction
from routing.given import given
from routing.handing import write_to_coordinators
from routing.history import note
from routing.intake import finish
from routing.languages import language_of
from routing.locking import locked
from routing.models import Answer, Assignment, Attachment, Expert, InboxMessage, OutboxMessage, Question
from routing.office import Office
from routing.people import address_of
from routing.post import post
from routing.recipients import to_person
from routing.values import Incoming, Kind
from routing.words import understand

TOLD_AGAIN_AFTER = timedelta(days=1)
SURE = frozenset({"named", "quoted", "refers"})  # of `why.GUESSED`: what nobody has who has not got our letter
WEAK = frozenset({"number", "colleague"})  # of the same: hints that no click or key should follow unread
FROM_ELSEWHERE = "it came from somebody who was not asked"
TOO_LATE = frozenset({"already-answered", "no-longer-theirs"})
# Asked at every tick. The kind is spelled out, as in the index of these letters alone.
_HELD = select(func.count(), func.max(InboxMessage.handled_at)).where(InboxMessage.state == "held")
_TOLD = select(func.max(OutboxMessage.created_at)).where(OutboxMessage.kind == literal("co_held", literal_execute=True))


def tell(session: Session, office: Office, now: datetime) -> int:
    """Tell coordinators how much is held: at once when something new is, at most once an hour, and every day until it is none.

    Returns how many letters were written.
    """
    count, newest = session.execute(_HELD).one()
    if newest is None:
        return 0
    told = session.scalar(_TOLD)
    if told is not None and newest <= told and now - told < TOLD_AGAIN_AFTER:
        return 0
    facts, edition = {"count": count, "url": office.page("held")}, f"{now:%Y-%m-%dT%H}"
    return write_to_coordinators(session, office, "co_held", facts, now, edition=edition)


def tell_sender(session: Session, office: Office, row: InboxMessage, now: datetime) -> None:
    """An expert who answers once more, too late or for a colleague hears that a person reads it first."""
    if row.person_id is not None:
        to, guesses = to_person(session, row.person_id, "assignment"), row.facts.get("guesses") or ()
        facts = {"number": str(guesses[0]["number"])} if guesses else {}
        post(session, office, to, "held_notice", facts, now=now, edition=f"inbox {row.id}")


def waits(session: Session, inbox_id: int) -> bool:
    """Whether what a message said is an answer that has not gone yet."""
    waiting = select(Answer.id).where(Answer.inbox_id == inbox_id, Answer.state == "waiting")
    return session.scalars(waiting).first() is not None


def get_held(session: Session, inbox_id: int) -> InboxMessage:
    """The held message, locked; raises `NotFound` or `StaleAction` when somebody has dealt with it."""
    row = session.get(InboxMessage, inbox_id, with_for_update=True)
    if row is None:
        raise NotFound("There is no such message.")
    if row.state != "held":
        raise StaleAction(f"This message has already been dealt with ({row.outcome} by {row.handled_by or 'the system'}).")
    return row


def release_to(
    session: Session,
    office: Office,
    inbox_id: int,
    question_id: int,
    *,
    by: str,
    now: datetime,
    text: str | None = None,
    decision: int | None = None,
) -> str:
    """A coordinator vouches that this is an answer to (or a word of the asker about) that question.

    `decision` is the remembered decision by which it happens, where it is not the coordinator's click. Raises `NotFound`, and
    `StaleAction` for a message that somebody has dealt with.
    """
    row, question = get_held(session, inbox_id), locked(session, question_id)
    if question is None:
        raise NotFound("There is no such question.")
    words = row.text if text is None else text
    row.question_id, row.handled_by = question.id, by
    note(session, question, "mail-released", actor=by, now=now, inbox=row.id, reason=row.reason, remembered=decision)
    if row.person_id == question.asker_id:
        return finish(row, "handled", asking.reply(session, office, question, row, as_item(row, words), now), now)
    assignment = _assignment(session, question, row)
    row.assignment_id = assignment.id if assignment else None
    if assignment is None and question.answered_at is None:
        return finish(row, "handled", f"released by {by}: {_to_be_read(session, office, question, row, words, by, now)}", now)
    word = understand(words, question.language)
    act = verbs.VERBS.get(word.meaning) if word is not None else None
    if assignment is not None and assignment.state in OPEN_ASSIGNMENT:
        theirs = given(session, assignment)
        if word is not None and act is not None:
            outcome = act(session, office, theirs, word, now)
        else:
            outcome = answering.answer(session, office, theirs, words, now, inbox=row)
    elif word is not None and act is not None:
        outcome = f"{word.meaning} noted: it is no longer theirs"  # no answer, and nothing that the asker should read
    else:
        outcome = _as_addition(session, office, question, assignment, row, words, by, now)
    return finish(row, "handled", f"released by {by}: {outcome}", now)


def take_as_question(session: Session, office: Office, row_id: int, *, by: str, now: datetime) -> str:
    """It is a new question after all."""
    row = get_held(session, row_id)
    row.handled_by = by
    return finish(row, "handled", ask(session, office, row, now), now)


def ask(session: Session, office: Office, row: InboxMessage, now: datetime) -> str:
    """Take a stored message as a new question of whoever wrote it."""
    item, language = as_item(row, row.text), office.policy.languages.fallback
    address = address_of(session, item.channel, item.sender, now=now, name=row.sender_name, language=language)
    row.person_id = address.person_id
    return asking.start(session, office, row, item, address, now)


def try_again(session: Session, row_id: int, *, by: str, now: datetime) -> str:
    """Read and judge the unchanged raw bytes anew."""
    row = get_held(session, row_id)
    row.state, row.reason, row.outcome, row.attempts, row.next_attempt_at, row.handled_by = "new", None, None, 0, now, by
    row.fingerprint = None
    for file in session.scalars(select(Attachment).where(Attachment.inbox_id == row.id)):
        session.delete(file)
    return "queued again"


def discard(session: Session, row_id: int, reason: str, *, by: str, now: datetime, decision: int | None = None) -> str:
    """Not for us. The message and the reason stay stored."""
    row = get_held(session, row_id)
    row.handled_by = by
    question = session.get(Question, row.question_id) if row.question_id else None
    note(session, question, "mail-discarded", actor=by, now=now, inbox=row.id, reason=reason, remembered=decision)
    return finish(row, "ignored", f"discarded: {reason}", now)


def as_item(row: InboxMessage, text: str) -> Incoming:
    """The stored message as a value again; a coordinator's release vouches for its sender."""
    return Incoming(
        channel=_channel(row),
        kind=Kind.MESSAGE,
        rule=row.rule or "",
        sender=row.sender or "",
        sender_name=row.sender_name,
        text=text,
        subject=row.subject,
        proven=True,
        message_id=row.message_id,
        facts=row.facts,
    )


def _channel(row: InboxMessage) -> str:
    return "telegram" if row.channel.startswith("telegram") else "email"


def _assignment(session: Session, question: Question, row: InboxMessage) -> Assignment | None:
    """The sender's own assignment, else the one whose letter the mail answers; None where only a coordinator knows of one."""
    theirs = select(Assignment).where(Assignment.question_id == question.id).order_by(Assignment.id.desc())
    all_of_them = session.scalars(theirs).all()
    experts = {one.id: session.get_one(Expert, one.expert_id).person_id for one in all_of_them}
    own = next((one for one in all_of_them if experts[one.id] == row.person_id), None)
    surely = {guess["assignment_id"] for guess in row.facts.get("guesses") or () if guess["code"] in SURE}
    return own or next((one for one in all_of_them if one.id == row.assignment_id or one.id in surely), None)


def _to_be_read(
    session: Session, office: Office, question: Question, row: InboxMessage, words: str, by: str, now: datetime
) -> str:
    """An answer by nobody whom we asked: it waits beside the question, where it is read once more before the asker has it."""
    written = _written(session, question, None, row, words, by, now)
    note(session, question, "answered", actor=written.author, now=now, answer=written.id, review=FROM_ELSEWHERE)
    return answering.await_review(session, office, question, FROM_ELSEWHERE, now)


def _as_addition(
    session: Session,
    office: Office,
    question: Question,
    assignment: Assignment | None,
    row: InboxMessage,
    words: str,
    by: str,
    now: datetime,
) -> str:
    """A late or second answer: sent on to the asker as an addition, by the coordinator's decision."""
    written = _written(session, question, assignment, row, words, by, now)
    send_on = answering.release if question.answered_at is None else answering.supplement
    send_on(session, office, question, written, now, by=by)
    return "sent on as an addition"


def _written(
    session: Session, question: Question, assignment: Assignment | None, row: InboxMessage, words: str, by: str, now: datetime
) -> Answer:
    """The words as an answer; its author is the expert who was asked, else the one who wrote, else whoever releases it."""
    wrote = session.scalars(select(Expert.id).where(Expert.person_id == row.person_id)).first() if row.person_id else None
    expert_id = assignment.expert_id if assignment else wrote
    written = Answer(
        question_id=question.id,
        assignment_id=assignment.id if assignment else None,
        inbox_id=row.id,
        author=f"expert:{expert_id}" if expert_id else by,
        language=language_of(words, question.language),
        text=words,
        state="waiting",
        created_at=now,
    )
    session.add(written)
    session.flush()
    return written
