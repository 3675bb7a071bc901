"""People and the addresses at which they can be reached."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from routing.models import Address, Button, InboxMessage, OutboxMessage, Person, Question
from routing.values import Kind

SOFT_BOUNCES_UNTIL_DEAD = 5
STOPPED = "asked us to stop writing"  # why an address is dead that would take letters
# Letters to whoever asked for them, at the address from which they asked and no other: some let their reader in.
ASKED_FOR = ("sign_in", "forget_confirm", "forgotten", "export_ready")
# Asked for every letter, coming or going: made once, since making a statement takes as long as running it.
_AT = select(Address).where(Address.channel == bindparam("channel"), Address.address == bindparam("address"))
_WORKING = select(Address).where(Address.person_id == bindparam("person"), Address.dead_at.is_(None))
_WORKING = _WORKING.order_by(Address.rank, Address.id).limit(1)


def normal(channel: str, address: str) -> str:
    """The one spelling under which an address is stored and compared."""
    return address.strip().lower() if channel == "email" else address.strip()


def find_address(session: Session, channel: str, address: str) -> Address | None:
    return session.scalars(_AT, {"channel": channel, "address": normal(channel, address)}).one_or_none()


def address_of(
    session: Session,
    channel: str,
    address: str,
    *,
    now: datetime,
    name: str = "",
    language: str,
    proven: bool = False,
) -> Address:
    """The stored address; where nobody has used it before, with a new person behind it, who is written to in `language`."""
    found = find_address(session, channel, address)
    if found is None:
        person = Person(name=name, language=language, created_at=now)
        session.add(person)
        session.flush()
        found = Address(person_id=person.id, channel=channel, address=normal(channel, address))
        session.add(found)
    if proven and found.proven_at is None:
        found.proven_at = now
    session.flush()
    return found


def reachable(session: Session, person_id: int) -> Address | None:
    """The person's best address that still works, or None."""
    return session.scalars(_WORKING, {"person": person_id}).one_or_none()


def zone_of_asker(session: Session, question: Question) -> str:
    """In which dates are told to them."""
    return session.get_one(Person, question.asker_id).zone


def prove(session: Session, channel: str, address: str, now: datetime) -> None:
    """Whoever answers from an address at the secret we mailed there reads what arrives there."""
    found = find_address(session, channel, address)
    if found is not None and found.proven_at is None:
        found.proven_at = now


def mark_dead(address: Address, reason: str, now: datetime) -> bool:
    """Note that an address takes no more letters; False when that was known."""
    if address.dead_at is not None:
        return False
    address.dead_at, address.dead_reason = now, reason
    return True


def give_up(session: Session, former: Address, address: Address, now: datetime) -> None:
    """Somebody has another address: letters that have not gone yet go there.

    The former one gets no more, not even what bounces, unless they have written from it: it may be a slip, and a stranger's.
    What machines write from there, or anybody could have forged, says nothing of who reads there.
    """
    waiting = update(OutboxMessage).where(OutboxMessage.address_id == former.id, OutboxMessage.state == "queued")
    session.execute(waiting.where(OutboxMessage.kind.not_in(ASKED_FOR)).values(address_id=address.id))
    theirs = (InboxMessage.person_id == former.person_id, InboxMessage.kind == Kind.MESSAGE.value)
    written = session.execute(select(InboxMessage.sender, InboxMessage.facts).where(*theirs))
    if not any(normal("email", sender or "") == former.address and facts.get("proven") for sender, facts in written):
        mark_dead(former, "replaced before anybody had written from it", now)


def takes_no_more(address: Address) -> bool:
    """Whether not even a letter that is on its way ought to be tried there again. Who has stopped our letters gets the last of
    them: it says that they are stopped."""
    return address.dead_at is not None and address.dead_reason != STOPPED


def revive(address: Address) -> None:
    """The address has just written to us, so it works again; who has stopped our letters says so in words (`take_up`)."""
    if address.dead_reason == STOPPED:
        return
    address.dead_at = address.dead_reason = None
    address.soft_bounces = 0


def take_up(session: Session, person_id: int) -> bool:
    """Who had stopped our letters asks, asks on, or says that they want them again; False where nothing was stopped."""
    stopped = select(Address).where(Address.person_id == person_id, Address.dead_reason == STOPPED)
    found = session.scalars(stopped).all()
    for address in found:
        address.dead_at = address.dead_reason = None
    return bool(found)


def move_chat(session: Session, address: Address, chat: str, now: datetime) -> None:
    """A Telegram group has become another chat (https://core.telegram.org/bots/api#responseparameters): all of it moves along."""
    session.execute(update(Button).where(Button.chat == address.address).values(chat=chat))
    there = find_address(session, address.channel, chat)
    if there is None:
        address.address = chat
        revive(address)
        return
    if there.id != address.id:  # somebody has written from the new chat before we heard of the move
        session.execute(update(Question).where(Question.address_id == address.id).values(address_id=there.id))
        session.execute(update(OutboxMessage).where(OutboxMessage.address_id == address.id).values(address_id=there.id))
        mark_dead(address, "the group moved to another chat", now)
