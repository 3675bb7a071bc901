"""Facets that narrow a search before anything is ranked. In: wanted values by facet. Out: the fiches that have them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from retrieval.codes import ONE_OF
from retrieval.index import Entry

FACETS = ("country", "theme", "target_group", "language", "year", *ONE_OF)
_SEVERAL = {"theme": "themes", "target_group": "target_groups"}
Filters = Mapping[str, Any]


def allows(filters: Filters, entry: Entry) -> bool:
    """Whether a fiche passes every facet; a facet takes one value or several, of which one must fit.

    `language` asks for a translation, `year` for a practice that ran then. An empty value means no wish.
    Raises ValueError for a facet that does not exist.
    """
    return all(
        _fits(facet, set(_several(wanted)), entry) for facet, wanted in filters.items() if wanted not in (None, "", (), [])
    )


def check_filters(filters: Filters) -> None:
    """Raises ValueError for a facet that does not exist."""
    for facet in filters:
        if facet not in FACETS:
            raise ValueError(f'"{facet}" is no facet; facets are {", ".join(FACETS)}')


def _fits(facet: str, wanted: set[str], entry: Entry) -> bool:
    match facet:
        case "theme" | "target_group":
            return not wanted.isdisjoint(str(code).casefold() for code in entry.facts.get(_SEVERAL[facet], ()))
        case "language":
            return not wanted.isdisjoint(entry.titles)
        case "year":
            return any(_ran_in(int(year), entry) for year in wanted if year.isdecimal())
    check_filters({facet: wanted})
    return str(entry.facts.get(facet, "")).casefold() in wanted


def _ran_in(year: int, entry: Entry) -> bool:
    """A practice without an end is still running; one without a beginning has no year at all."""
    start, end = entry.facts.get("year_start"), entry.facts.get("year_end")
    return isinstance(start, int) and start <= year and (end is None or year <= int(end))


def _several(wanted: Any) -> Iterable[str]:
    values = [wanted] if isinstance(wanted, (str, int)) else wanted
    return (str(value).casefold() for value in values)
