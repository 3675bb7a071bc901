"""The months in figures, for anybody: what `routing.publishing` has anonymised, as a page in eight languages and as a file.

Off unless the policy says otherwise. No cookie is read or set, so that one copy may be kept for everybody who reads the same
language; who has signed in sees the same as all others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from starlette.responses import PlainTextResponse, Response

from bot.console import exports
from bot.console.access import Guarded, Rule
from bot.console.objects import NOTHING
from bot.console.security import STRANGERS_CONTENT
from bot.console.visits import Visit
from bot.console.words import Words
from routing import publishing
from routing.errors import NotFound
from routing.letters.labels import N_
from routing.letters.speech import month_words, span_words
from routing.models import PublicMonth
from routing.months import Month
from routing.reports import Table

PUBLIC = Rule("public", None, "link")
KEPT_SECONDS = 3600
TITLES = {
    "themes": N_("What was asked about"),
    "languages": N_("The languages of the questions"),
    "tiers": N_("The times that were promised"),
    "outcomes": N_("How the questions were answered"),
}
OUTCOMES = {"fiche": N_("by a fiche"), "person": N_("by a person"), "none": N_("not yet answered when this was counted")}


def latest(visit: Visit) -> Response:
    return _shown(visit, "")


def one(visit: Visit) -> Response:
    """A month's page, or with ".csv" its file."""
    name = visit.path("month")
    month = Month.read(name.removesuffix(".csv"))
    if month is None:
        raise NotFound(NOTHING)
    return _as_csv(visit, str(month)) if name.endswith(".csv") else _shown(visit, str(month))


def _shown(visit: Visit, wanted: str) -> Response:
    if (busy := _refused(visit)) is not None:
        return busy
    nobody = replace(visit, who=None)
    months, row = _row(visit, wanted)
    facts: dict[str, Any] = {"months": [(month, _name(month, nobody)) for month in months], "row": row, "page": "/public/report"}
    if row is not None:
        facts |= {"month": _name(row.month, nobody), "tables": _tables(row.figures, nobody.words), **_told(row.figures, nobody)}
    response = nobody.show("public.html", **facts)
    return _for_everybody(visit, response)


def _as_csv(visit: Visit, month: str) -> Response:
    if (busy := _refused(visit)) is not None:
        return busy
    _, row = _row(visit, month)
    table = Table("month", ("month", "table", "row", "column", "value", "withheld"), list(_cells(row)) if row else ())
    headers = {"content-disposition": f'attachment; filename="rrm-{month}.csv"', "content-security-policy": STRANGERS_CONTENT}
    response = Response(exports.as_csv(table), media_type="text/csv; charset=utf-8", headers=headers)
    return _for_everybody(visit, response)


def _refused(visit: Visit) -> Response | None:
    """Nothing is here while the policy says so; one network may ask a page only so often."""
    if not visit.office.policy.public.report:
        raise NotFound(NOTHING)
    host = visit.request.client.host if visit.request.client else "unknown"
    if visit.desk.throttle_of_readers.allows(host, visit.now):
        return None
    return PlainTextResponse("Too many requests.\n", 429, {"retry-after": "900"})


def _row(visit: Visit, wanted: str) -> tuple[list[str], PublicMonth | None]:
    """All published months, and the one that is wanted ("": the latest, if there is any)."""
    with visit.store.snapshot() as session:
        months = list(publishing.published(session))
        row = session.get(PublicMonth, wanted or (months[0] if months else ""))
    if row is None and wanted:
        raise NotFound(NOTHING)
    return months, row


def _for_everybody(visit: Visit, response: Response) -> Response:
    """It may be kept by whoever passes it on, for each language apart (RFC 9111)."""
    mark = f'"{hashlib.sha256(response.body).hexdigest()[:24]}"'
    kept = {"cache-control": f"public, max-age={KEPT_SECONDS}", "vary": "Accept-Language", "etag": mark}
    if visit.request.headers.get("if-none-match") == mark:
        return Response(status_code=304, headers=kept)
    response.headers.update(kept)
    return response


def _name(month: str, visit: Visit) -> str:
    read = Month.read(month)
    return month_words(read.day, visit.language) if read else month


def _told(figures: Mapping[str, Any], visit: Visit) -> dict[str, Any]:
    """The figures that are no table, in words; None for what is withheld."""

    def spans(name: str) -> dict[str, str | None]:
        told = figures[name] or {"half": None, "most": None}
        return {part: None if value is None else span_words(value, visit.language) for part, value in told.items()}

    share = figures["share"]
    return {
        "asked": figures["asked"],
        "share": [visit.words.percent(part) for part in share] if share else None,
        "first_word": spans("first_word"),
        "answer": spans("answer"),
        "matrix": _matrix(figures["tables"].get("learning"), visit.words),
    }


def _tables(figures: Mapping[str, Any], words: Words) -> list[tuple[str, str, list[tuple[str, int | None]] | None]]:
    """(key, title, rows or None): each row a category in words with its count, None where it is withheld; the largest first."""
    names: dict[str, Callable[[str], str]] = {
        "themes": words.theme,
        "languages": words.language,
        "tiers": words.tier,
        "outcomes": lambda code: words.say(OUTCOMES[code]),
    }
    return [(key, words.say(title), _rows(key, figures["tables"].get(key), names[key], words)) for key, title in TITLES.items()]


def _rows(
    key: str, table: Mapping[str, int | None] | None, name: Callable[[str], str], words: Words
) -> list[tuple[str, int | None]] | None:
    """In the order of the list of categories, themes and languages with the largest first."""
    if table is None:
        return None
    codes = [code for code in publishing.KNOWN[key] if code in table]
    if key in ("themes", "languages"):
        codes.sort(key=lambda code: -(table[code] or 0))
    return [(name(code) if code else words.say("other"), table[code]) for code in codes]


def _matrix(cells: Mapping[str, int | None] | None, words: Words) -> dict[str, Any] | None:
    """The rows and columns in which anything is shown; None where nothing is."""
    shown = [key.split(">") for key, count in (cells or {}).items() if count]
    if not cells or not shown:
        return None
    rows, columns = (sorted({pair[side] for pair in shown}, key=lambda code: (not code, code)) for side in (0, 1))

    def name(code: str) -> str:
        return words.country(code) if code else words.say("elsewhere")

    return {
        "columns": [name(code) for code in columns],
        "rows": [(name(asks), [cells[f"{asks}>{teaches}"] for teaches in columns]) for asks in rows],
        "is_whole": None not in cells.values(),
    }


def _cells(row: PublicMonth) -> list[tuple[Any, ...]]:
    """Every figure of the page as a line of its own; a value that is withheld is empty and marked "c", as Eurostat does."""
    figures = row.figures
    share = figures["share"]
    lines: list[tuple[str, str, str, Any]] = [("asked", "", "", figures["asked"])]
    for table, cells in figures["tables"].items():
        if cells is None:
            lines.append((table, "", "", None))
        lines += [(table, *_place(table, key), count) for key, count in (cells or {}).items()]
    lines.append(("share kept, rounded", "", "", share and round(share[0], 4)))
    for name in ("first_word", "answer"):
        told = figures[name] or {"half": None, "most": None}
        lines += [(f"minutes to {name.replace('_', ' ')}", part, "", told[part]) for part in ("half", "most")]
    return [(row.month, *place, "" if value is None else value, "c" if value is None else "") for *place, value in lines]


def _place(table: str, key: str) -> tuple[str, str]:
    asks, _, teaches = key.partition(">")
    return (asks or "other", teaches or "other") if table == "learning" else (key or "other", "")


ROUTES = (
    Guarded("/public/report", latest, PUBLIC),
    Guarded("/public/report/{month}", one, PUBLIC),
)
