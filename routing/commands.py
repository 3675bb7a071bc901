"""What an asker can say with a slash: start, ask, status, language, help, export, forget, stop."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from retrieval import language_code
from routing import asking, privacy, status, stopping, succeeding, wishes
from routing.intake import hold
from routing.models import Address, ConsoleUser, Expert, InboxMessage, Person, Question
from routing.models.case import LETTERS_IN
from routing.office import Office
from routing.people import address_of, take_up
from routing.post import post, post_in_reply
from routing.recipients import To
from routing.values import Incoming, OutgoingFile
from routing.why import because


def run(session: Session, office: Office, row: InboxMessage, item: Incoming, now: datetime) -> str:
    """Do what a command says; an unknown one is answered with the list of those there are."""
    language = office.policy.languages.for_letters(item.language_hint)
    address = address_of(session, item.channel, item.sender, now=now, name=item.sender_name, language=language, proven=True)
    row.person_id = address.person_id
    to = To(address, session.get_one(Person, address.person_id), "asker")
    act = COMMANDS.get(item.command or "", _unknown)
    return act(session, office, row, item, to, now)


def hint_in_group(session: Session, office: Office, item: Incoming, now: datetime) -> str:
    """In a group we answer when mentioned, and say so once."""
    language = office.policy.languages.for_letters(item.language_hint)
    address = address_of(session, item.channel, item.sender, now=now, name=item.sender_name, language=language, proven=True)
    to = To(address, session.get_one(Person, address.person_id), "asker")
    said = post(session, office, to, "group_hint", {"bot_name": item.facts.get("bot_name", "RRM")}, now=now)
    return "said once how to ask in a group" if said else "not meant for us"


def forget_person(session: Session, office: Office, person: Person, now: datetime) -> str:
    """Erase what we hold about an asker, after a last letter that says so."""
    address = session.scalars(select(Address).where(Address.person_id == person.id, Address.dead_at.is_(None))).first()
    succeeding.hand_down_all(session, office, person.id, now)
    if address is not None:
        last = post(session, office, To(address, person, "asker"), "forgotten", {}, now=now, edition=now.isoformat())
        privacy.erase(session, person, now, keep_letter=last)
    else:
        privacy.erase(session, person, now)
    return "forgotten"


def _start(session: Session, office: Office, row: InboxMessage, item: Incoming, to: To, now: datetime) -> str:
    user = wishes.connect(session, item.text.strip(), to.address, now) if item.text.strip() else None
    if user is not None:
        theirs = To(to.address, session.get_one(Person, user.person_id), "coordinator")
        facts = {"choice_url": office.page("notices")}
        post(session, office, theirs, "co_connected", facts, now=now, edition=f"inbox {row.id}")
        return "connected for notices"
    take_up(session, to.person.id)
    to.person.welcomed_at = to.person.welcomed_at or now
    post_in_reply(session, office, row, to, "welcome", _welcome(office), now)
    return "welcomed"


def _help(session: Session, office: Office, row: InboxMessage, item: Incoming, to: To, now: datetime) -> str:
    post_in_reply(session, office, row, to, "help", {"mail_address": office.mail_address}, now)
    return "helped"


def about(session: Session, office: Office, row: InboxMessage, item: Incoming, address: Address, now: datetime) -> str:
    """Somebody greets, or asks who we are: in a chat they are welcomed once, then told how it works."""
    to = To(address, session.get_one(Person, address.person_id), "asker")
    is_new = item.channel == "telegram" and to.person.welcomed_at is None
    return (_start if is_new else _help)(session, office, row, replace(item, text=""), to, now)


def _ask(session: Session, office: Office, row: InboxMessage, item: Incoming, to: To, now: datetime) -> str:
    if not item.text.strip():
        post_in_reply(session, office, row, to, "text_first", {}, now)
        return "asked for the question's text"
    return asking.start(session, office, row, item, to.address, now)


def _status(session: Session, office: Office, row: InboxMessage, item: Incoming, to: To, now: datetime) -> str:
    return status.tell(session, office, row, to, now)


def _welcome(office: Office) -> dict[str, object]:
    return {"network": office.network, "mail_address": office.mail_address, "languages": list(office.policy.languages.spoken)}


def ask_language(session: Session, office: Office, row: InboxMessage, to: To, now: datetime) -> str:
    """In which language they want our letters."""
    post_in_reply(session, office, row, to, "which_language", {"languages": list(office.policy.languages.spoken)}, now)
    return "asked which language"


def _language(session: Session, office: Office, row: InboxMessage, item: Incoming, to: To, now: datetime) -> str:
    wanted = language_code(item.text)
    if wanted is None or wanted not in office.policy.languages.spoken:
        return ask_language(session, office, row, to, now)
    to.person.language, to.person.language_chosen = wanted, True
    for question in session.scalars(select(Question).where(Question.asker_id == to.person.id, Question.state != "closed")):
        question.thread = question.thread | {LETTERS_IN: wanted}
    post_in_reply(session, office, row, to, "language_set", {}, now)
    return f"language {wanted}"


def _export(session: Session, office: Office, row: InboxMessage, item: Incoming, to: To, now: datetime) -> str:
    content = json.dumps(privacy.export(session, to.person), ensure_ascii=False, indent=2).encode()
    post_in_reply(session, office, row, to, "export_ready", {}, now, OutgoingFile("my-data.json", "application/json", content))
    return "exported"


def _stop(session: Session, office: Office, row: InboxMessage, item: Incoming, to: To, now: datetime) -> str:
    return stopping.stop(session, office, row, item, now)


def _forget(session: Session, office: Office, row: InboxMessage, item: Incoming, to: To, now: datetime) -> str:
    if is_of_the_network(session, to.person):
        return hold(row, because(row, "must-stay"), now)
    post_in_reply(session, office, row, to, "forget_confirm", {}, now)
    return "asked whether to forget"


def is_of_the_network(session: Session, person: Person) -> bool:
    """True for active experts and coordinators: others count on them, so a person takes them off the directory first."""
    expert = exists().where(Expert.person_id == person.id, Expert.active)
    user = exists().where(ConsoleUser.person_id == person.id, ConsoleUser.active)
    return bool(session.scalar(select(or_(expert, user))))


def _unknown(session: Session, office: Office, row: InboxMessage, item: Incoming, to: To, now: datetime) -> str:
    post_in_reply(session, office, row, to, "unknown_command", {}, now)
    return "unknown command"


WORDS = frozenset({"status", "help", "export", "forget"})  # commands that may also be said in words, by mail

COMMANDS: dict[str, Callable[[Session, Office, InboxMessage, Incoming, To, datetime], str]] = {
    "start": _start,
    "help": _help,
    "ask": _ask,
    "status": _status,
    "language": _language,
    "export": _export,
    "forget": _forget,
    "stop": _stop,
}
