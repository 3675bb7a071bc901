"""Who is away right now. In: a moment. Out: by expert the last day of their absence, each in the zone of their own authority.

At one moment it is another day in Honolulu than in Auckland, so the day is never asked for: the moment is.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from routing.calendar import zone_named
from routing.models import Absence, Authority, Expert

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
