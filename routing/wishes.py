"""How each console user wants to hear of what burns: their own choice, and which letters it holds back for a bundle.

In: a user and what they chose. Out: `Wishes`, or that a letter is not written singly: it is owed, and told in the next bundle.
Whoever has chosen nothing gets a letter for each matter at once, until there are so many in an hour that they would be noise.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from routing.calendar import CalendarError, WorkingCalendar
from routing.errors import RoutingError
from routing.history import note
from routing.hours import DAYS, HoursError, parse_hours
from routing.matters import fiche_key, letter_key, question_key
from routing.models import Address, ConsoleUser, NoticeChoice, OutboxMessage, Question, ToldMatter
from routing.notices import ANY_HOUR, SORTS, Wishes
from routing.upserts import insert_into

EVERY = (15, 60, 180)
DEFAULT_ALERTS = SORTS[:-1]
DEFAULT_DAYS, OPENS, CLOSES = DAYS[:5], "08:00", "18:00"
CODE_LIFE = timedelta(minutes=30)
BUNDLED = frozenset({"co_question", "co_held", "co_delivery", "co_ambiguous", "co_draft"})
_HOUR = timedelta(hours=1)


class NotChosen(RoutingError):
    """The choice cannot be kept so; the message says why."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody ticked and typed: bundles or single letters, of what and how often (minutes), on which days between which
    times ("08:00"), where and to which of their addresses (None: wherever they sign in)."""

    bundled: bool
    alerts: Sequence[str]
    every: int
    digest: bool
    days: Sequence[str]
    opens: str
    closes: str
    zone: str
    country: str
    address_id: int | None
    monthly: bool = True


def choice_of(session: Session, user_id: int) -> NoticeChoice | None:
    return session.get(NoticeChoice, user_id)


def wishes_of(choice: NoticeChoice | None) -> Wishes:
    """What a row says; without one, only what is owed is told, at any hour."""
    if choice is None or not choice.bundled:
        return Wishes(frozenset(), _HOUR, False, WorkingCalendar.of("UTC", ANY_HOUR))
    calendar = WorkingCalendar.of(choice.zone, choice.hours, choice.country)
    return Wishes(frozenset(choice.alerts), timedelta(minutes=choice.every_minutes), choice.digest, calendar)


def choose(session: Session, user_id: int, chosen: Chosen, *, by: str, now: datetime) -> NoticeChoice:
    """Keep a user's choice. Raises `NotChosen` naming what is wrong; the history says what it was and is."""
    if chosen.every not in EVERY or not set(chosen.alerts) <= set(SORTS) or not set(chosen.days) <= set(DAYS):
        raise NotChosen("Choose from what is offered.")
    if not chosen.days:
        raise NotChosen("Choose at least one day.")
    if chosen.address_id is not None and chosen.address_id not in {one.id for one in addresses(session, user_id)}:
        raise NotChosen("Choose one of your own addresses.")
    hours, country = _hours(chosen.days, chosen.opens, chosen.closes), chosen.country.strip().upper() or None
    try:
        WorkingCalendar.of(chosen.zone, hours, country)
    except CalendarError as error:
        raise NotChosen("Choose a time zone and a country from the lists.") from error
    row = _row(session, user_id, chosen.zone, hours)
    before = _told(row)
    row.bundled, row.alerts, row.every_minutes = chosen.bundled, sorted(set(chosen.alerts)), chosen.every
    row.digest, row.monthly = chosen.digest, chosen.monthly
    row.zone, row.hours, row.country, row.address_id = chosen.zone, hours, country, chosen.address_id
    note(session, None, "notices-chosen", actor=by, now=now, before=before, after=_told(row))
    return row


def addresses(session: Session, user_id: int) -> Sequence[Address]:
    """Where a user's notices may go: their own addresses that work, and the chat they have connected."""
    user, row = session.get_one(ConsoleUser, user_id), choice_of(session, user_id)
    own = Address.person_id == user.person_id
    theirs = own if row is None or row.chat_id is None else own | (Address.id == row.chat_id)
    return session.scalars(select(Address).where(theirs, Address.dead_at.is_(None)).order_by(Address.rank, Address.id)).all()


def new_code(session: Session, user_id: int, now: datetime) -> str:
    """A secret that, said to the bot within half an hour, makes that chat one of the user's addresses."""
    code = secrets.token_urlsafe(18)
    row = _row(session, user_id, "Europe/Brussels", _hours(DEFAULT_DAYS, OPENS, CLOSES), bundled=False)
    row.code_hash, row.code_until = _hash(code), now + CODE_LIFE
    session.flush()
    return code


def connect(session: Session, code: str, address: Address, now: datetime) -> ConsoleUser | None:
    """Use up a code: notices go to this chat from now on; None for a used, old or made-up one."""
    if address.channel != "telegram" or address.address.startswith("-"):  # never a group: others read along
        return None
    found = select(NoticeChoice).where(NoticeChoice.code_hash == _hash(code), NoticeChoice.code_until > now).with_for_update()
    row = session.scalars(found).one_or_none()
    user = session.get(ConsoleUser, row.user_id) if row else None
    if row is None or user is None or not user.active:
        return None
    row.chat_id = row.address_id = address.id
    row.code_hash = row.code_until = None
    note(session, None, "chat-connected", actor=f"user:{user.id}", now=now)
    return user


def holds_back(
    session: Session, person_id: int, kind: str, question: Question | None, edition: str, most: int, now: datetime
) -> bool:
    """Whether a letter of this kind is not written singly to this person; what it is about is owed to them instead."""
    user = session.scalars(select(ConsoleUser).where(ConsoleUser.person_id == person_id, ConsoleUser.active)).first()
    if kind not in BUNDLED or user is None:
        return False
    row = choice_of(session, user.id)
    if row is not None and row.bundled:
        _forget(session, user.id, _key(kind, question, edition))
        return True
    if kind != "co_question" or question is None or _written(session, person_id, now) < most:
        return False
    keep(session, user.id, question_key(question.id), "needs", None)
    return True


def keep(session: Session, user_id: int, key: str, sort: str, told_at: datetime | None) -> None:
    """Write down that a matter was told, or is owed; whoever writes the same at the same moment is no obstacle."""
    row = insert_into(session, ToldMatter).values(user_id=user_id, key=key, sort=sort, told_at=told_at)
    there = {"sort": row.excluded.sort, "told_at": row.excluded.told_at}
    session.execute(row.on_conflict_do_update(index_elements=["user_id", "key"], set_=there))


def _forget(session: Session, user_id: int, key: str) -> None:
    """What is said again is new again."""
    session.execute(delete(ToldMatter).where(ToldMatter.user_id == user_id, ToldMatter.key == key))


def _key(kind: str, question: Question | None, edition: str) -> str:
    if kind in ("co_delivery", "co_ambiguous"):
        return letter_key(int(edition.removeprefix("letter ")))
    return fiche_key(edition.partition(":")[0]) if kind == "co_draft" else question_key(question.id) if question else ""


def _written(session: Session, person_id: int, now: datetime) -> int:
    """Letters about single questions of the last hour."""
    found = select(func.count()).select_from(OutboxMessage)
    recent = (OutboxMessage.created_at > now - _HOUR, OutboxMessage.person_id == person_id, OutboxMessage.kind == "co_question")
    return session.scalar(found.where(*recent)) or 0


def _row(session: Session, user_id: int, zone: str, hours: dict[str, Any], *, bundled: bool = True) -> NoticeChoice:
    row = session.get(NoticeChoice, user_id, with_for_update=True)
    if row is None:
        usual = {"alerts": list(DEFAULT_ALERTS), "every_minutes": 60, "digest": bundled}
        row = NoticeChoice(user_id=user_id, bundled=bundled, zone=zone, hours=hours, **usual)
        session.add(row)
        session.flush()
    return row


def _hours(days: Sequence[str], opens: str, closes: str) -> dict[str, Any]:
    """One span on each chosen day; "00:00" as an end is midnight."""
    span = f"{opens}-{'24:00' if closes == '00:00' else closes}"
    try:
        return parse_hours("; ".join(f"{day} {span}" for day in dict.fromkeys(days))).as_json()
    except HoursError as error:
        raise NotChosen("Your day must end after it begins.") from error


def _told(row: NoticeChoice) -> Mapping[str, Any]:
    names = ("bundled", "alerts", "every_minutes", "digest", "monthly", "zone", "hours", "country", "address_id")
    return {name: getattr(row, name) for name in names}


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
