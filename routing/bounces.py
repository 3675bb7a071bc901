"""What machines tell us: a bounce re-opens the delivery and tries the next route; an auto-reply may start an absence.

A bounce is believed only about a letter we really sent to that recipient: the token of its return path or the quoted
Message-ID must be ours, so a forged report cannot silence anybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from routing import escalating
from routing.cases import OPEN_ASSIGNMENT, question_of
from routing.handing import coordinators, write_to_coordinators
from routing.history import note
from routing.locking import locked
from routing.models import Address, Assignment, Expert, InboxMessage, OutboxMessage, Question, ReplyToken
from routing.office import Office
from routing.outbox import copy_to
from routing.pairing import tokens_named
from routing.people import SOFT_BOUNCES_UNTIL_DEAD, mark_dead, takes_no_more
from routing.post import post
from routing.recipients import to_person
from routing.recounting import away_from_now
from routing.values import FailedRecipient, Incoming

SOFT_RETRY_AFTER = timedelta(days=2)
# Permanent failures that say nothing of the recipient: system, routing, protocol, content, policy (RFC 3463 section 3)
REFUSED = ("5.3.", "5.4.", "5.5.", "5.6.", "5.7.")


def record(session: Session, office: Office, row: InboxMessage, item: Incoming, now: datetime) -> str:
    """Act on a bounce; returns what was done in a few words."""
    letter = _letter(session, item)
    if letter is None:
        return "bounce of a letter that is not ours: ignored"
    row.question_id, row.assignment_id = question_of(session, letter), letter.assignment_id
    question = locked(session, row.question_id) if row.question_id else None
    failed = _about(session, letter, item.failed)
    if failed is None or failed.delayed:
        note(
            session, question, "delivery-delayed", actor="mail", now=now, letter=letter.id, status=failed.status if failed else ""
        )
        return "delivery delayed: nothing to do yet"
    return _fail(session, office, letter, question, failed, now)


def note_machine(session: Session, office: Office, row: InboxMessage, item: Incoming, now: datetime) -> str:
    """An auto-reply or acknowledgement: noted, not an answer, and the clock runs on. A stated day of return is an absence."""
    found = tokens_named(session, item)
    question = session.get(Question, found[0].question_id) if found and found[0].question_id else None
    if question is not None:
        row.question_id, row.assignment_id = question.id, found[0].assignment_id
    until = item.absent_until.isoformat() if item.absent_until else None
    note(session, question, "machine-wrote", actor="mail", now=now, inbox=row.id, sort=item.kind.value, absent_until=until)
    expert = _expert_of(session, found)
    if until and expert is not None and item.absent_until and item.absent_until <= (now + timedelta(days=366)).date():
        away_from_now(session, office, expert, item.absent_until, "automatic reply", now)
        return f"{item.kind.value}: away until {until}"
    return f"{item.kind.value}: noted"


def give_up_letter(session: Session, office: Office, letter: OutboxMessage, detail: str, now: datetime) -> None:
    """A letter cannot be delivered: the next address of the person, else the next expert, else a coordinator."""
    about = question_of(session, letter)
    question = locked(session, about) if about else None
    note(session, question, "delivery-failed", actor="system", now=now, letter=letter.id, letter_kind=letter.kind, detail=detail)
    if _by_next_address(session, letter, now):
        return
    assignment = session.get(Assignment, letter.assignment_id) if letter.assignment_id else None
    if question is not None and assignment is not None and assignment.state in OPEN_ASSIGNMENT:
        escalating.move_on(session, office, question, assignment, "bounced", "expert_unreachable", now, because="unreachable")
    _tell_coordinators(session, office, letter, question, assignment, detail, now)


def tell_ambiguous(session: Session, office: Office, letter: OutboxMessage, now: datetime) -> None:
    """Nobody knows whether a letter arrived: counted, shown, and a coordinator is told."""
    question = session.get(Question, letter.question_id) if letter.question_id else None
    note(session, question, "letter-ambiguous", actor="system", now=now, letter=letter.id, letter_kind=letter.kind)
    for person_id in coordinators(session, question):
        if person_id != letter.person_id:
            facts = {"url": office.page("outbox")}
            to = to_person(session, person_id, "coordinator")
            post(session, office, to, "co_ambiguous", facts, now=now, question=question, edition=f"letter {letter.id}")


def _letter(session: Session, item: Incoming) -> OutboxMessage | None:
    """The letter a bounce is about, by its reply token or by our Message-ID in the returned part."""
    by_id = select(OutboxMessage).where(OutboxMessage.message_id.in_(item.references))
    letter = session.scalars(by_id).first() if item.references else None
    if letter is not None:
        return letter
    for token in tokens_named(session, item):
        sent = select(OutboxMessage).where(
            OutboxMessage.person_id == token.person_id,
            OutboxMessage.question_id == token.question_id,
            OutboxMessage.created_at == token.created_at,
            OutboxMessage.channel == "email",
        )
        if (letter := session.scalars(sent).first()) is not None:
            return letter
    return None


def _about(session: Session, letter: OutboxMessage, failed: Iterable[FailedRecipient]) -> FailedRecipient | None:
    """What the report says of our recipient; a report that names nobody is taken to mean them."""
    address = session.get_one(Address, letter.address_id).address
    told = list(failed)
    return next((one for one in told if one.address.lower() == address), told[0] if len(told) == 1 else None)


def _fail(
    session: Session, office: Office, letter: OutboxMessage, question: Question | None, failed: FailedRecipient, now: datetime
) -> str:
    address = session.get_one(Address, letter.address_id)
    if failed.status.startswith(REFUSED) and not failed.hard:
        return _refused(session, office, letter, question, failed, now)
    if not failed.hard and not takes_no_more(address):
        address.soft_bounces += 1
        if address.soft_bounces < SOFT_BOUNCES_UNTIL_DEAD and letter.state == "sent":
            _send_again(letter, now + SOFT_RETRY_AFTER)
            note(session, question, "bounced", actor="mail", now=now, letter=letter.id, hard=False, status=failed.status)
            return "temporary bounce: will be sent again"
    mark_dead(address, f"bounced ({failed.status or 'no status'})", now)
    if letter.state == "sent":
        letter.state, letter.sent_at, letter.last_error = "failed", None, f"bounced: {failed.status}"
    note(session, question, "bounced", actor="mail", now=now, letter=letter.id, hard=True, status=failed.status)
    give_up_letter(session, office, letter, f"bounced {failed.status}".strip(), now)
    return "address is dead: next route taken"


def _refused(
    session: Session, office: Office, letter: OutboxMessage, question: Question | None, failed: FailedRecipient, now: datetime
) -> str:
    """Refused for good, but for what the letter is or how it came: the address lives, the same letter would fail again."""
    if letter.state == "sent":
        letter.state, letter.sent_at, letter.last_error = "failed", None, f"bounced: {failed.status}"
    note(session, question, "bounced", actor="mail", now=now, letter=letter.id, hard=False, status=failed.status)
    give_up_letter(session, office, letter, f"bounced {failed.status}", now)
    return "the letter was refused: next route taken"


def _send_again(letter: OutboxMessage, at: datetime) -> None:
    """The same letter with the same Message-ID, later."""
    letter.state, letter.sent_at, letter.brink_at, letter.next_attempt_at = "queued", None, None, at


def _by_next_address(session: Session, letter: OutboxMessage, now: datetime) -> bool:
    """The same letter to the person's next address, once for each address."""
    other = session.scalars(
        select(Address)
        .where(Address.person_id == letter.person_id, Address.dead_at.is_(None), Address.id != letter.address_id)
        .order_by(Address.rank, Address.id)
    ).first()
    if other is None:
        return False
    key = f"{letter.effect_key}:address {other.id}"
    if session.scalars(select(OutboxMessage.id).where(OutboxMessage.effect_key == key)).first() is not None:
        return False
    session.add(copy_to(other, letter, key, now))
    return True


def _tell_coordinators(
    session: Session,
    office: Office,
    letter: OutboxMessage,
    question: Question | None,
    assignment: Assignment | None,
    detail: str,
    now: datetime,
) -> None:
    role = "expert" if assignment else "asker" if question and letter.person_id == question.asker_id else "coordinator"
    if role == "coordinator":
        return  # a letter about this would take the same dead road
    facts = {"recipient_role": role, "detail": detail or "no reason given", "url": office.page("outbox")}
    write_to_coordinators(session, office, "co_delivery", facts, now, question=question, edition=f"letter {letter.id}")


def _expert_of(session: Session, tokens: list[ReplyToken]) -> Expert | None:
    if not tokens or tokens[0].purpose != "assignment":
        return None
    return session.scalars(select(Expert).where(Expert.person_id == tokens[0].person_id)).first()
