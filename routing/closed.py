"""On which public holidays the network's own office is closed.

In: the policy's word for it and the office's zone. Out: a country and a region, as `routing.calendar` takes them; neither where
the office keeps nobody's holidays.
"""

from __future__ import annotations

from functools import cache

from babel.core import get_global

from routing.calendar import COUNTRY_ALIASES, CalendarError, public_holidays

BY_ZONE, NONE = "zone", "none"
ANY_YEAR = 2026  # a place is known for every year or for none
Place = tuple[str | None, str | None]


@cache
def place_of(holidays: str, zone: str) -> Place:
    """ "zone" means the country in which the zone lies; none for a zone at sea, or where no holidays are known."""
    if holidays != BY_ZONE:
        return _read(holidays)
    country = get_global("zone_territories").get(zone)
    return (country, None) if country is not None and _has_holidays(country, None) else (None, None)


def is_known(holidays: str) -> bool:
    return holidays in (BY_ZONE, NONE) or _has_holidays(*_read(holidays))


def _read(holidays: str) -> Place:
    if holidays == NONE:
        return None, None
    country, _, region = holidays.upper().partition("-")
    return COUNTRY_ALIASES.get(country, country), region or None


def _has_holidays(country: str | None, region: str | None) -> bool:
    try:
        return country is not None and bool(public_holidays(country, region, ANY_YEAR))
    except CalendarError:
        return False
