"""Writing what is due to each console user: alerts that bundle what is new, and the morning digest.

In: the moment. Out: letters in the outbox and what was told, in one transaction. A letter's key names the one before it, so two
workers that look at the same moment write one between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from routing import care, narrowing, overviews, queueing
from routing.calendar import zone_named
from routing.care import Care
from routing.matters import burning
from routing.models import Address, ConsoleUser, NoticeChoice, OutboxMessage, Person, ToldMatter
from routing.notices import Due, Matter, Past, Wishes, due, may_look
from routing.office import Office
from routing.people import reachable
from routing.post import post
from routing.recipients import To
from routing.wishes import choice_of, keep, wishes_of

MOST_LISTED, MOST_OFFERED = 12, 6
# The users with a choice of their own, and those to whom something is owed; asked at every tick.
_CHOSEN = ConsoleUser.id.in_(select(NoticeChoice.user_id))
_OWED = ConsoleUser.id.in_(select(ToldMatter.user_id).where(ToldMatter.told_at.is_(None)))
_CONCERNED = select(ConsoleUser).where(ConsoleUser.active, or_(_CHOSEN, _OWED))
_CONCERNED = _CONCERNED.order_by(ConsoleUser.id).with_for_update(skip_locked=True)


def tell_due(session: Session, office: Office, now: datetime) -> int:
    """Write every notice that is due; returns how many."""
    return sum(_tell(session, office, user, now) for user in session.scalars(_CONCERNED).all())


def agenda(session: Session, of: Care, matters: Sequence[Matter], now: datetime, day_ends: datetime) -> dict[str, int]:
    """The counts that a digest tells: what burns by sort, what falls due today, who is at work."""
    counted = queueing.counts(session, now, narrowing.Filters(day_ends=day_ends, care=of))
    sorts = [sort for one in matters for sort in (one.sort, *one.also)]
    told = {name: sorts.count(name) for name in ("overdue", "review", "needs", "undelivered", "draft")}
    return {**told, "held": overviews.held_count(session, of), "today": counted["today"], "expert": counted["expert"]}


def as_facts(office: Office, matters: Iterable[Matter]) -> list[dict[str, Any]]:
    """Matters as a letter tells them: by sort, each with its line and address."""
    return [
        {"sort": sort, "of": [{"number": one.number, "line": one.line, "url": office.page(one.path)} for one in these]}
        for sort, these in groupby(matters, key=lambda one: one.sort)
    ]


def to_user(session: Session, user: ConsoleUser, choice: NoticeChoice | None) -> To | None:
    """Where the user chose, while that works; else their best address."""
    chosen = session.get(Address, choice.address_id) if choice and choice.address_id else None
    address = chosen if chosen is not None and chosen.dead_at is None else reachable(session, user.person_id)
    return To(address, session.get_one(Person, user.person_id), "coordinator") if address else None


def _tell(session: Session, office: Office, user: ConsoleUser, now: datetime) -> int:
    choice = choice_of(session, user.id)
    wishes, past = wishes_of(choice), _past(session, user, choice)
    if not may_look(wishes, past, now):
        return 0
    of = care.of_user(session, user)
    matters = burning(session, of, now, f"user:{user.id}")
    decided = due(wishes, past, matters, now)
    _settle(session, user, choice, decided)
    if decided.day is not None:
        return _digest(session, office, user, choice, wishes, matters, decided.day, now)
    return _alert(session, office, user, choice, decided, now)


def _past(session: Session, user: ConsoleUser, choice: NoticeChoice | None) -> Past:
    rows = session.execute(select(ToldMatter.key, ToldMatter.sort, ToldMatter.told_at).where(ToldMatter.user_id == user.id))
    told = {key: sort if told_at else None for key, sort, told_at in rows}
    latest = select(func.max(OutboxMessage.created_at)).where(*_alerts_to(user))
    day = date.fromisoformat(choice.digested_on) if choice and choice.digested_on else None
    return Past(told, session.scalar(latest), day)


def _settle(session: Session, user: ConsoleUser, choice: NoticeChoice | None, decided: Due) -> None:
    if decided.over:
        gone = delete(ToldMatter).where(ToldMatter.user_id == user.id, ToldMatter.key.in_(decided.over))
        session.execute(gone)
    if decided.day is not None and choice is not None:
        choice.digested_on = decided.day.isoformat()


def _alert(session: Session, office: Office, user: ConsoleUser, choice: NoticeChoice | None, decided: Due, now: datetime) -> int:
    matters = decided.alert
    if not matters:
        return 0
    before = session.scalar(select(func.max(OutboxMessage.id)).where(*_alerts_to(user))) or 0
    facts = _facts(office, user, matters) | {"count": len(matters)}
    letter = post(session, office, to_user(session, user, choice), "co_burning", facts, now=now, edition=f"after {before}")
    _remember(session, user, matters, now)
    return int(letter is not None)


def _digest(
    session: Session,
    office: Office,
    user: ConsoleUser,
    choice: NoticeChoice | None,
    wishes: Wishes,
    matters: Sequence[Matter],
    day: date,
    now: datetime,
) -> int:
    """A digest with nothing to say is not written."""
    midnight = datetime.combine(day + timedelta(days=1), time(), zone_named(wishes.calendar.zone)).astimezone(UTC)
    counts = agenda(session, care.of_user(session, user), matters, now, midnight)
    if not matters and not counts["today"]:
        return 0
    facts = _facts(office, user, matters) | {"counts": counts, "count": len(matters)}
    letter = post(session, office, to_user(session, user, choice), "co_digest", facts, now=now, edition=day.isoformat())
    _remember(session, user, matters, now)
    return int(letter is not None)


def _facts(office: Office, user: ConsoleUser, matters: Sequence[Matter]) -> dict[str, Any]:
    """The first of them in words, with what one click can do about them; an observer is offered nothing."""
    may_act = user.role in ("admin", "coordinator")
    offers = [one for one in matters[:MOST_LISTED] if one.act and may_act][:MOST_OFFERED]
    return {
        "groups": as_facts(office, matters[:MOST_LISTED]),
        "more": max(0, len(matters) - MOST_LISTED),
        "offers": [{"act": one.act, "target": one.target, "number": one.number, "who": one.who} for one in offers],
        "url": office.page("queue"),
        "choice_url": office.page("notices"),
    }


def _remember(session: Session, user: ConsoleUser, matters: Iterable[Matter], now: datetime) -> None:
    for one in matters:
        keep(session, user.id, one.key, one.sort, now)


def _alerts_to(user: ConsoleUser) -> tuple[Any, ...]:
    return OutboxMessage.person_id == user.person_id, OutboxMessage.kind == "co_burning"
