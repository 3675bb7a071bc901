"""The facts of a fiche, which need no translation: what each may be, and how a list of fiches is narrowed by them.

In: facts as the editor sends them, or what a reader of the list wishes. Out: a refusal that says what to write instead, or
conditions for the database.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import JSON, ColumnElement, select, type_coerce
from sqlalchemy.orm import Session

from retrieval import ONE_OF, SOME_OF
from routing import personal
from routing.errors import RoutingError
from routing.models import Fiche

NARROWED = ("themes", "target_groups", "country", *ONE_OF)
LONGEST = 200  # characters of a fact in words
MOST_LINES = 40  # of sources, and of figures
_COUNTRY, _CURRENCY = re.compile(r"[A-Z]{2}"), re.compile(r"[A-Z]{3}")


class NotAFiche(RoutingError):
    """Something in the form is too long, missing or no address; the message says which, `field` names where it was typed."""

    def __init__(self, message: str, field: str = ""):
        super().__init__(message)
        self.field = field


def check(facts: Mapping[str, Any]) -> None:
    """Raises `NotAFiche` for the first fact that cannot stand."""
    told = {key: [facts[key]] for key in ONE_OF if facts.get(key)} | {key: facts.get(key) or () for key in SOME_OF}
    for key, codes in {**ONE_OF, **SOME_OF}.items():
        _check_codes(key, told.get(key, ()), codes)
    if facts.get("country") and not _COUNTRY.fullmatch(facts["country"]):
        raise NotAFiche("Give the country as a code of two letters, such as RO.", "country")
    if facts.get("year_start") and facts.get("year_end") and facts["year_end"] < facts["year_start"]:
        raise NotAFiche("The last year is before the first.", "year_end")
    _check_budget(facts.get("budget"), facts.get("currency") or "")
    _check_author(facts.get("author") or "", bool(facts.get("author_agreed")))
    _check_day(facts.get("review_due") or "")
    _check_sources(facts.get("sources") or (), facts.get("figures") or ())


def review_due(facts: Mapping[str, Any]) -> date | None:
    """The day that a fiche itself names for being looked at again."""
    try:
        return date.fromisoformat(facts.get("review_due") or "")
    except ValueError:
        return None


def narrowed(wanted: Mapping[str, str]) -> tuple[ColumnElement[bool], ...]:
    """Fiches that have each of these facts: `NARROWED` to a code, "" for no wish."""
    return tuple(_has(name, code) for name, code in wanted.items() if code)


def countries(session: Session) -> Sequence[str]:
    """Codes of the countries that have a fiche."""
    return sorted(filter(None, session.scalars(select(fact("country")).distinct())))


def fact(name: str) -> ColumnElement[str]:
    """A fact of one value, as the database compares it: text; days compare as they follow one another."""
    told: ColumnElement[str] = type_coerce(Fiche.facts, JSON)[name].as_string()
    return told


def _has(name: str, code: str) -> ColumnElement[bool]:
    # A list of codes comes out as JSON on both databases; no code is a part of another one with its quotation marks.
    return fact(name).contains(f'"{code}"', autoescape=True) if name in SOME_OF else fact(name) == code


def _check_codes(field: str, told: Iterable[str], codes: Sequence[str]) -> None:
    for code in told:
        if code not in codes:
            raise NotAFiche(f"“{code}” is not on the list. Choose one that is.", field)


def _check_budget(budget: int | None, currency: str) -> None:
    if currency and not _CURRENCY.fullmatch(currency):
        raise NotAFiche("Give the currency as a code of three letters, such as EUR.", "currency")
    if budget is not None and not currency:
        raise NotAFiche("A budget needs its currency.", "currency")


def _check_author(author: str, agreed: bool) -> None:
    """What has the shape of a person. Names of the directory would be no proof: many of them are those of offices."""
    if not agreed and any(place.kind in ("name", "mail", "phone") for place in personal.places(author)):
        raise NotAFiche("Give a role and its body as the author, unless the person named has agreed.", "author")


def _check_day(day: str) -> None:
    if day and review_due({"review_due": day}) is None:
        raise NotAFiche("Write a day like this: 2027-05-31.", "review_due")


def _check_sources(sources: Sequence[str], figures: Sequence[Mapping[str, str]]) -> None:
    for field, lines in (("sources", sources), ("figures", figures)):
        if len(lines) > MOST_LINES:
            raise NotAFiche(f"There are {len(lines)} lines; {MOST_LINES} is the limit.", field)
    for figure in figures:
        if not figure["value"] or not figure["meaning"]:
            raise NotAFiche("A figure needs what it counts: figure | what it counts | address of the source.", "figures")
    told = [("sources", source) for source in sources] + [("figures", figure["source"]) for figure in figures]
    for field, source in told:
        if not _is_web_address(source):
            raise NotAFiche(f"{source!r} is not a web address: it must begin with https://.", field)


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:  # a bracket that opens no IPv6 address
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
