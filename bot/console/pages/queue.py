"""The response queue: tabs with counts, filters, words, and rows that refresh themselves."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.console import clocks
from bot.console.access import WATCH, Guarded
from bot.console.clocks import Clock
from bot.console.visits import Visit
from routing import overviews, queries
from routing.values import LANGUAGES

TABS = {
    "me": "Needs you",
    "overdue": "Overdue",
    "today": "Due today",
    "expert": "With experts",
    "asker": "With askers",
    "open": "All open",
    "closed": "Closed",
}
TIERS = ("urgent", "standard", "extended")
CHANNELS = ("telegram", "email")


@dataclass(frozen=True, slots=True)
class Row:
    line: queries.Line
    clock: Clock


def queue(visit: Visit) -> Response:
    """The page, or for htmx only its changing part: 204 when that part is still what the browser has."""
    tab = visit.asked("tab", tuple(TABS)) or "me"
    filters = _filters(visit)
    page = visit.page_number()
    with visit.store.snapshot() as session:
        counts = queries.counts(session, visit.now, filters)
        rows = queries.queue(session, tab, visit.now, filters, page)
        facts: dict[str, Any] = {
            "tabs": TABS,
            "tab": tab,
            "counts_of": counts,
            "rows": [Row(line, clocks.clock_of(line.question, visit.now, visit.office.zone)) for line in rows],
            "filters": filters,
            "choices": queries.choices(session),
            "held": overviews.held_count(session),
            "needs": queries.needs_somebody(session),
            "page": page,
            "pages": -(-counts[tab] // queries.PAGE) or 1,
            "address": lambda **changes: _address({"tab": tab, "page": 1} | _chosen(filters) | changes),
        }
    if not visit.is_fragment:
        return visit.show("queue.html", seen="", **facts)
    part = visit.desk.pages.render(visit, "queue_rows.html", seen="", **facts)
    seen = hashlib.sha256(part.encode()).hexdigest()[:16]
    if seen == visit.asked("seen"):
        return Response(status_code=204)
    return HTMLResponse(visit.desk.pages.render(visit, "queue_rows.html", seen=seen, **facts))


def find(visit: Visit) -> Response:
    """A number typed into the search box opens the question itself."""
    with visit.store.snapshot() as session:
        question = queries.by_number(session, visit.asked("words"))
    if question is not None:
        return RedirectResponse(f"/questions/{question.number}", 303)
    return RedirectResponse("/queue?" + urlencode({"tab": "open", "words": visit.asked("words")}), 303)


def _filters(visit: Visit) -> queries.Filters:
    return queries.Filters(
        day_ends=clocks.day_ends(visit.now, visit.office.zone),
        tier=visit.asked("tier", TIERS),
        language=visit.asked("language", LANGUAGES),
        theme=visit.asked("theme"),
        channel=visit.asked("channel", CHANNELS),
        words=visit.asked("words"),
    )


def _chosen(filters: queries.Filters) -> dict[str, str | int]:
    names = ("tier", "language", "theme", "channel", "words")
    return {name: getattr(filters, name) for name in names}


def _address(view: dict[str, str | int]) -> str:
    """A view of the queue as an address; what is not narrowed is left out."""
    return "/queue?" + urlencode({key: value for key, value in view.items() if value not in ("", 1)})


ROUTES = (
    Guarded("/queue", queue, WATCH),
    Guarded("/find", find, WATCH),
)
