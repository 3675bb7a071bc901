"""To whom a letter goes: a person at the address that works, and in what part they read it.

In: a question or a person. Out: a `To`, or None where no address is left to write to.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from routing.models import Address, Person, Question
from routing.people import reachable


@dataclass(frozen=True, slots=True)
class To:
    """Who a letter goes to, and what a reply to it will be about."""

    address: Address
    person: Person
    purpose: str  # assignment | asker | coordinator

    @property
    def medium(self) -> str:
        return self.address.channel


def to_asker(session: Session, question: Question) -> To | None:
    """The asker, where the question was asked; else at the next address that still works."""
    asked_from = session.get_one(Address, question.address_id)
    address = asked_from if asked_from.dead_at is None else reachable(session, question.asker_id)
    return To(address, session.get_one(Person, question.asker_id), "asker") if address else None


def to_person(session: Session, person_id: int, purpose: str) -> To | None:
    address = reachable(session, person_id)
    return To(address, session.get_one(Person, person_id), purpose) if address else None
