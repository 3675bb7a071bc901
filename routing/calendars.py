"""Whose working time counts: the calendar of an authority as stored, and that of the network's own office."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from routing.calendar import WorkingCalendar
from routing.deadlines import after
from routing.models import Authority, Expert
from routing.office import Office
from routing.policy import Term

DEFAULT_HOURS = "mon-fri 09:00-17:00"


def calendar_of(authority: Authority) -> WorkingCalendar:
    """The authority's working calendar; raises `CalendarError` or `HoursError` when the stored one is wrong."""
    return WorkingCalendar.of(
        authority.zone, authority.hours or DEFAULT_HOURS, authority.country, authority.subdivision, authority.exceptions
    )


def calendar_of_expert(session: Session, expert: Expert) -> WorkingCalendar:
    return calendar_of(session.get_one(Authority, expert.authority_id))


def office_calendar(office: Office) -> WorkingCalendar:
    """The network's own working week, for terms that askers and coordinators are given."""
    return WorkingCalendar.of(office.zone, office.policy.hours.office)


def in_office_time(office: Office, now: datetime, term: Term) -> datetime:
    """When a term given to an asker or a coordinator is over (aware UTC)."""
    return after(now, term, office_calendar(office)).at
