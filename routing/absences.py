"""Who is away now and in days to come. In: a moment. Out: by expert their absences, each in the zone of their own authority.

At one moment it is another day in Honolulu than in Auckland, so the day is never asked for: the moment is.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from routing.calendar import zone_named
from routing.models import Absence, Authority, Expert

Days = tuple[date, date]  # the first and the last day of an absence, both included
_A_DAY = timedelta(days=1)


def away(session: Session, now: datetime, experts: Collection[int] | None = None) -> dict[int, date]:
    """The last day of the present absence of everybody who is away, the latest of several; of `experts` only if given."""
    yesterday, tomorrow = ((now + days * _A_DAY).date().isoformat() for days in (-1, 1))
    found = select(Absence.expert_id, Absence.first_day, Absence.last_day, Authority.zone)
    found = found.join(Expert, Expert.id == Absence.expert_id).join(Authority, Authority.id == Expert.authority_id)
    found = found.where(Absence.first_day <= tomorrow, Absence.last_day >= yesterday)
    if experts is not None:
        found = found.where(Absence.expert_id.in_(experts))
    last_days: dict[int, date] = {}
    for expert, first, last, zone in session.execute(found):
        today = now.astimezone(zone_named(zone)).date()
        if date.fromisoformat(first) <= today <= (until := date.fromisoformat(last)):
            last_days[expert] = max(until, last_days.get(expert, until))
    return last_days


def ahead(session: Session, now: datetime, experts: Collection[int]) -> dict[int, list[Absence]]:
    """The absences of these experts that are not over yet, by expert, the earliest first."""
    found = select(Absence, Authority.zone).join(Expert, Expert.id == Absence.expert_id)
    found = found.join(Authority, Authority.id == Expert.authority_id)
    found = found.where(Absence.expert_id.in_(experts), Absence.last_day >= (now - _A_DAY).date().isoformat())
    told: dict[int, list[Absence]] = {}
    for absence, zone in session.execute(found.order_by(Absence.first_day, Absence.id)):
        if days_of(absence)[1] >= now.astimezone(zone_named(zone)).date():
            told.setdefault(absence.expert_id, []).append(absence)
    return told


def of(session: Session, expert_id: int) -> Sequence[Absence]:
    """All that is known of one expert, the earliest first."""
    return session.scalars(select(Absence).where(Absence.expert_id == expert_id).order_by(Absence.first_day, Absence.id)).all()


def overlapping(session: Session, expert_id: int, first_day: date, last_day: date) -> list[Absence]:
    """Those that share a day with these days."""
    return [one for one in of(session, expert_id) if days_of(one)[0] <= last_day and first_day <= days_of(one)[1]]


def days_of(absence: Absence) -> Days:
    return date.fromisoformat(absence.first_day), date.fromisoformat(absence.last_day)
