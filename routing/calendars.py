"""Whose working time counts: the calendar of an authority as stored, and that of the network's own office.

Calendars are made once for the same values: reading hours and cutting days costs more than counting deadlines in them.
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from routing.calendar import WorkingCalendar
from routing.closed import place_of
from routing.deadlines import after
from routing.hours import Hours
from routing.models import Authority, Expert
from routing.office import Office
from routing.policy import Term


def calendar_of(authority: Authority) -> WorkingCalendar:
    """The authority's working calendar; raises `CalendarError` or `HoursError` when the stored one is wrong or empty."""
    hours, exceptions = _frozen(authority.hours), _frozen(authority.exceptions or {})
    return _calendar(authority.zone, hours, authority.country, authority.subdivision, exceptions)


def calendar_of_expert(session: Session, expert: Expert) -> WorkingCalendar:
    return calendar_of(session.get_one(Authority, expert.authority_id))


def office_calendar(office: Office) -> WorkingCalendar:
    """The network's own working days, for terms that askers and coordinators are given."""
    hours = office.policy.hours
    return _office_calendar(office.zone, hours.office, *place_of(hours.holidays, office.zone))


def in_office_time(office: Office, now: datetime, term: Term) -> datetime:
    """When a term given to an asker or a coordinator is over (aware UTC)."""
    return after(now, term, office_calendar(office)).at


@lru_cache(maxsize=256)
def plain_calendar(zone: str, hours: Hours) -> WorkingCalendar:
    """A week without holidays."""
    return WorkingCalendar.of(zone, hours)


@lru_cache(maxsize=16)
def _office_calendar(zone: str, hours: Hours, country: str | None, region: str | None) -> WorkingCalendar:
    return WorkingCalendar.of(zone, hours, country, region)


@lru_cache(maxsize=256)
def _calendar(zone: str, hours: str, country: str | None, subdivision: str | None, exceptions: str) -> WorkingCalendar:
    return WorkingCalendar.of(zone, json.loads(hours), country, subdivision, json.loads(exceptions))


def _frozen(told: Any) -> str:
    """Stored JSON as a key; the order of its parts is part of what was written."""
    return json.dumps(told)
