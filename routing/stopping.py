"""Whoever wants no more letters gets none: "stop" by mail in eight languages, /stop in a chat, or the bot blocked.

In: such a message. Out: an asker's open questions are withdrawn, an expert is taken off the directory and what they had goes to
the next on the ladder; letters that have not left are taken back, and a last one says what has stopped and how to begin again.
Only who is surely the person may say so: a forged "stop" would silence an expert. The rest waits for a coordinator.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import Session

from routing import escalating, leaving
from routing.cases import close, open_assignments, questions_with
from routing.handing import write_to_coordinators
from routing.history import note
from routing.intake import finish, hold
from routing.locking import lock_all
from routing.machines import sign_of_a_machine
from routing.models import Address, Authority, ConsoleUser, Expert, InboxMessage, OutboxMessage, Person, Question
from routing.office import Office
from routing.pairing import tokens_named
from routing.people import ASKED_FOR, STOPPED, find_address, mark_dead, prove, take_up
from routing.post import post
from routing.recipients import To, to_person
from routing.values import Incoming, Kind
from routing.why import because
from routing.withdrawing import withdraw
from routing.words import understand

WISH = "asked us for no more questions"
ROLES = ("asker", "assignment")  # what a reply may be about (`ReplyToken.purpose`)
_OF_AN_EXPERT = or_(OutboxMessage.assignment_id.is_not(None), OutboxMessage.kind.in_(("became", "confirm_entry")))
_OF_AN_ASKER = OutboxMessage.assignment_id.is_(None) & OutboxMessage.kind.not_in(ASKED_FOR)


def asks_to_stop(item: Incoming) -> bool:
    """Surely, in so many words: such a mail is acted on. Others that read like it are held."""
    is_mail = item.channel == "email" and item.kind in (Kind.MESSAGE, Kind.UNSUBSCRIBE) and item.held is None
    return is_mail and _says(item) == "stop"


def asks_to_begin_again(item: Incoming) -> bool:
    return item.channel == "email" and item.kind is Kind.MESSAGE and item.held is None and item.proven and _says(item) == "start"


def stop(session: Session, office: Office, row: InboxMessage, item: Incoming, now: datetime) -> str:
    """Do as they wish, or keep the message for a person where it is not sure who wishes it."""
    address = find_address(session, item.channel, item.sender)
    roles = _roles(session, item, address) if address is not None else ()
    if address is None or not roles:
        return hold(row, because(row, "unwanted"), now)
    row.person_id = address.person_id
    if (sign := sign_of_a_machine(session, office.policy.caps, row, item, now)) is not None:
        return hold(row, because(row, sign), now)
    lock_all(session, [*_asked_by(session, address.person_id), *questions_with(session, address.person_id)])
    expert = _expert(session, address.person_id) if "assignment" in roles else None
    done = [_as_expert(session, office, expert, now)] if expert is not None else []
    if "asker" in roles and address.dead_reason != STOPPED and (expert is None or _has_asked(session, address.person_id)):
        if item.channel == "email":
            prove(session, item.channel, item.sender, now)
        done.append(_as_asker(session, office, row, address, now))
    return finish(row, "handled", done[0] if done else "they had stopped our letters before", now)


def begin_again(session: Session, office: Office, row: InboxMessage, item: Incoming, now: datetime) -> str | None:
    """Somebody who had stopped our letters wants them again; None where nothing was stopped."""
    address = find_address(session, item.channel, item.sender)
    if address is None:
        return None
    was_stopped = take_up(session, address.person_id)
    expert = session.scalars(select(Expert).where(Expert.person_id == address.person_id, ~Expert.active)).first()
    left = leaving.departures(session, [expert.id]).get(expert.id) if expert is not None else None
    if expert is not None and left is not None and left.actor == f"expert:{expert.id}":
        leaving.put_back(session, expert.id, "", by=left.actor, now=now)
        to = to_person(session, address.person_id, "assignment")
        post(session, office, to, "started_expert", {}, now=now, edition=f"inbox {row.id}")
        return "wants questions again"
    return "wants letters again" if was_stopped else None


def gone(session: Session, office: Office, address: Address, now: datetime) -> None:
    """They have blocked the bot, and could never read an answer: nobody need work on it any longer."""
    lock_all(session, _asked_by(session, address.person_id))
    _end_questions(session, office, address.person_id, now)


def _says(item: Incoming) -> str | None:
    word = understand(item.text.strip() or item.subject, item.language_hint)
    return word.meaning if word is not None else None


def _roles(session: Session, item: Incoming, address: Address) -> Sequence[str]:
    """As what the sender may stop: what the letter they reply to was to them, else all that they are. () where it is not sure
    that it is they, and for coordinators, on whom others count."""
    named = [token for token in tokens_named(session, item) if token.revoked_at is None]
    if any(token.person_id != address.person_id for token in named) or _is_coordinator(session, address.person_id):
        return ()
    purposes = {token.purpose for token in named}
    if not item.proven:  # whoever answers a letter to an asker at its secret address reads what arrives there
        return ("asker",) if purposes == {"asker"} else ()
    return tuple(purposes & set(ROLES)) if purposes else ROLES


def _as_asker(session: Session, office: Office, row: InboxMessage, address: Address, now: datetime) -> str:
    person = session.get_one(Person, address.person_id)
    ended = _end_questions(session, office, person.id, now)
    _take_back(session, person.id, _OF_AN_ASKER)
    last = ended[-1] if ended else None
    row.question_id = last.id if last else None
    facts = {"numbers": [question.number for question in ended]}
    to = To(address, person, "asker")
    post(session, office, to, "stopped", facts, now=now, question=last, edition=f"inbox {row.id}")
    if _expert(session, person.id) is None:  # an expert still gets the letters of an expert
        for one in session.scalars(select(Address).where(Address.person_id == person.id)):
            mark_dead(one, STOPPED, now)
    return "no more letters to the asker"


def _as_expert(session: Session, office: Office, expert: Expert, now: datetime) -> str:
    leaving.take_off(session, expert.id, WISH, by=f"expert:{expert.id}", now=now)
    moved = []
    for question in lock_all(session, questions_with(session, expert.person_id)).values():
        for assignment in (one for one in open_assignments(session, question) if one.expert_id == expert.id):
            moved.append(question.number)
            note(session, question, "declined", actor=f"expert:{expert.id}", now=now, reason=WISH)
            escalating.move_on(session, office, question, assignment, "declined", "expert_declined", now, because="declined")
    _take_back(session, expert.person_id, _OF_AN_EXPERT)
    to, edition = to_person(session, expert.person_id, "assignment"), now.isoformat()
    post(session, office, to, "stopped_expert", {"numbers": moved}, now=now, edition=edition)
    _tell_coordinators(session, office, expert, now)
    return "no more questions to the expert"


def _end_questions(session: Session, office: Office, person_id: int, now: datetime) -> list[Question]:
    """Close what they have open; those that were still to be answered. Who waits with another question of theirs goes first."""
    theirs = select(Question).where(Question.asker_id == person_id, Question.state != "closed")
    asked = session.scalars(theirs.order_by(Question.merged_into_id.is_(None), Question.id)).all()
    unanswered = [question for question in asked if question.state != "answered"]
    for question in unanswered:
        withdraw(session, office, question, now)
    for question in (one for one in asked if one.state == "answered"):
        close(session, question, "answered", actor="asker", now=now)
    return unanswered


def _take_back(session: Session, person_id: int, which: ColumnElement[bool]) -> None:
    """Letters that have not left yet."""
    session.flush()
    theirs = (OutboxMessage.person_id == person_id, OutboxMessage.state == "queued", which)
    session.execute(update(OutboxMessage).where(*theirs).values(state="cancelled"))


def _tell_coordinators(session: Session, office: Office, expert: Expert, now: datetime) -> None:
    authority = session.get_one(Authority, expert.authority_id)
    facts = {"authority": authority.name, "role": expert.role, "url": office.page("directory")}
    edition = f"stopped:{expert.id}:{now.isoformat()}"
    write_to_coordinators(session, office, "co_entry", facts, now, authority_id=authority.id, edition=edition)


def _asked_by(session: Session, person_id: int) -> Collection[int]:
    return session.scalars(select(Question.id).where(Question.asker_id == person_id, Question.state != "closed")).all()


def _has_asked(session: Session, person_id: int) -> bool:
    return bool(session.scalar(select(exists().where(Question.asker_id == person_id))))


def _expert(session: Session, person_id: int) -> Expert | None:
    return session.scalars(select(Expert).where(Expert.person_id == person_id, Expert.active)).first()


def _is_coordinator(session: Session, person_id: int) -> bool:
    return bool(session.scalar(select(exists().where(ConsoleUser.person_id == person_id, ConsoleUser.active))))
