"""Contact health: whether letters to an expert arrive and are answered, in figures a coordinator can act on.

In: the last year of assignments and letters. Out: one frozen line for each expert.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from routing.models import Address, Assignment, Expert, InboxMessage, OutboxMessage

LOOK_BACK = timedelta(days=365)
SILENT_TOO_OFTEN = 3


@dataclass(frozen=True, slots=True)
class Health:
    """What a year of letters says of one expert; `bounces` counts letters that came back, `soft` those of late that may pass."""

    answered: int = 0
    declined: int = 0
    silent: int = 0
    bounces: int = 0
    soft: int = 0
    dead: str = ""
    last_heard_at: datetime | None = None

    @property
    def trouble(self) -> str:
        """Why somebody should look at this contact; "" for a healthy one."""
        if self.dead:
            return f"no working address: {self.dead}"
        if self.silent >= SILENT_TOO_OFTEN and self.silent > self.answered:
            return f"silent {self.silent} times"
        return f"{self.bounces} letters came back" if self.bounces else ""


def health(session: Session, now: datetime, experts: Collection[int]) -> dict[int, Health]:
    """The contact health of these experts, by expert id: of a page of the directory, since years of mail stand behind it."""
    since = now - LOOK_BACK
    asked = select(Expert.id, Expert.person_id).where(Expert.id.in_(experts))
    people = {one: person for one, person in session.execute(asked)}
    states, persons = _states(session, since, people), list(people.values())
    returned, heard = _returned(session, since, persons), _heard(session, since, persons)
    soft, dead = _soft(session, persons), _dead(session, persons)
    return {
        expert: Health(
            answered=states[expert]["answered"],
            declined=states[expert]["declined"],
            silent=states[expert]["lapsed"],
            bounces=returned.get(person, 0),
            soft=soft.get(person, 0),
            dead=dead.get(person, ""),
            last_heard_at=heard.get(person),
        )
        for expert, person in people.items()
    }


def _states(session: Session, since: datetime, experts: Collection[int]) -> defaultdict[int, Counter[str]]:
    states: defaultdict[int, Counter[str]] = defaultdict(Counter)
    counted = select(Assignment.expert_id, Assignment.state, func.count()).where(Assignment.created_at > since)
    counted = counted.where(Assignment.expert_id.in_(experts)).group_by(Assignment.expert_id, Assignment.state)
    for expert, state, count in session.execute(counted):
        states[expert][state] = count
    return states


def _returned(session: Session, since: datetime, people: Collection[int]) -> dict[int, int]:
    failed = select(OutboxMessage.person_id, func.count()).where(
        OutboxMessage.state == "failed", OutboxMessage.created_at > since, OutboxMessage.person_id.in_(people)
    )
    return {person: count for person, count in session.execute(failed.group_by(OutboxMessage.person_id))}


def _heard(session: Session, since: datetime, people: Collection[int]) -> dict[int, datetime]:
    """When each person last wrote themselves; what their machines wrote does not count."""
    own = InboxMessage.kind.in_(("message", "button", "command"))
    found = select(InboxMessage.person_id, func.max(InboxMessage.received_at)).where(own, InboxMessage.received_at > since)
    found = found.where(InboxMessage.person_id.in_(people))
    return {person: at for person, at in session.execute(found.group_by(InboxMessage.person_id)) if person is not None}


def _soft(session: Session, people: Collection[int]) -> dict[int, int]:
    found = select(Address.person_id, func.max(Address.soft_bounces))
    found = found.where(Address.dead_at.is_(None), Address.person_id.in_(people))
    return {person: count for person, count in session.execute(found.group_by(Address.person_id))}


def _dead(session: Session, people: Collection[int]) -> dict[int, str]:
    """Persons none of whose addresses works, with what was wrong with the last one."""
    reasons: dict[int, str] = {}
    alive: set[int] = set()
    theirs = select(Address.person_id, Address.dead_at, Address.dead_reason).where(Address.person_id.in_(people))
    for person, dead_at, reason in session.execute(theirs.order_by(Address.id)):
        if dead_at is None:
            alive.add(person)
        reasons[person] = reason or "unknown"
    return {person: reason for person, reason in reasons.items() if person not in alive}
