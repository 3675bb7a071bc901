"""The response queue: tabs with counts, filters, words, and rows that refresh themselves."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.orm import Session
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.console import clocks, queueview
from bot.console.access import WATCH, Guarded
from bot.console.clocks import Clock
from bot.console.pages.bulk import UNDO
from bot.console.visits import Visit
from routing import askers, entries, narrowing, overviews, queries, queueing, views
from routing.languages import LANGUAGES
from routing.letters.labels import N_
from routing.nearness import Nearness

TABS = {
    "all": N_("Open and closed"),  # of what is searched for
    "me": N_("Needs you"),
    "overdue": N_("Overdue"),
    "today": N_("Due today"),
    "expert": N_("With experts"),
    "asker": N_("With askers"),
    "open": N_("All open"),
    "closed": N_("Closed"),
}
TIERS = ("urgent", "standard", "extended")
CHANNELS = ("telegram", "email")
PERIODS = {
    "1": N_("since yesterday"),
    "7": N_("last 7 days"),
    "30": N_("last 30 days"),
    "90": N_("last 90 days"),
    "365": N_("last 12 months"),
}
Asked = Callable[..., str]  # a part of a view by its name, "" when it is not among those allowed
NARROWED = ("tier", "language", "theme", "country", "authority", "channel", "period", "words")


@dataclass(frozen=True, slots=True)
class Row:
    line: queueing.Line
    clock: Clock
    is_near: bool  # found by meaning, without the words


def queue(visit: Visit) -> Response:
    """The page, or for htmx only its changing part: 204 when that part is still what the browser has."""
    tab = which_tab(visit, "me")
    chosen, page, near = _chosen(visit), visit.page_number(), searched(visit)
    with visit.store.snapshot() as session:
        filters = narrowing.widened(session, narrowed(visit), near.ids)
        counts = queueing.counts(session, visit.now, filters)
        rows = queueing.queue(session, tab, visit.now, filters, page)
        facts: dict[str, Any] = {
            "tabs": {name: title for name, title in TABS.items() if name != "all" or chosen["words"]},
            "tab": tab,
            "counts_of": counts,
            "rows": [_row(visit, line, line.question.id in filters.near) for line in rows],
            "near": near,
            "chosen": chosen,
            "narrowed": any(chosen.values()),
            "choices": {} if visit.is_fragment else queueing.choices(session),
            "authorities": () if visit.is_fragment else entries.authority_names(session),
            "periods": PERIODS,
            "held": overviews.held_count(session, visit.care),
            "views": () if visit.is_fragment else views.of(session, visit.me.user_id),
            "query": address({"tab": tab, "page": page, **chosen}).partition("?")[2],
            "page": page,
            "pages": -(-counts[tab] // queueing.PAGE) or 1,
            "address": lambda **changes: address({"tab": tab, "page": 1, **chosen, **changes}),
        }
    if not visit.is_fragment:
        done = visit.desk.lately.last(visit.me.session_id, visit.now)
        return visit.show("queue.html", seen="", done=done, can_undo=done is not None and done.act in UNDO, **facts)
    part = visit.desk.pages.render(visit, "queue_rows.html", seen="", **facts)
    seen = hashlib.sha256(part.encode()).hexdigest()[:16]
    if seen == visit.asked("seen"):
        return Response(status_code=204)
    return HTMLResponse(visit.desk.pages.render(visit, "queue_rows.html", seen=seen, **facts))


def find(visit: Visit) -> Response:
    """A number typed into the search box opens the question itself."""
    with visit.store.snapshot() as session:
        question = queries.by_number(session, visit.asked("words"))
        if question is not None and not visit.may_see(session, question.id):
            question = None
    if question is not None:
        return RedirectResponse(f"/questions/{question.number}", 303)
    return RedirectResponse("/queue?" + urlencode({"tab": "all", "words": visit.asked("words")}), 303)


def which_tab(visit: Visit, ordinary: str) -> str:
    """Words that were just typed are looked for everywhere, from whichever tab; only then open and closed stand together."""
    words, tab = visit.asked("words").strip(), visit.asked("tab", tuple(TABS))
    is_new = words != visit.request.query_params.get("before", words).strip()
    if not words:
        return tab if tab not in ("", "all") else ordinary
    return "all" if is_new or not tab else tab


def searched(visit: Visit) -> Nearness:
    """What is near in meaning to the words that are asked for; a mail address means nothing."""
    words = visit.asked("words").strip()
    return visit.desk.service.meanings.near(words) if words and not askers.is_address(words) else Nearness()


def address(view: Mapping[str, object]) -> str:
    """A view of the queue as an address; what is not narrowed is left out."""
    return "/queue?" + urlencode({key: value for key, value in view.items() if value not in ("", 1)})


def next_in(visit: Visit, session: Session, besides: str) -> str:
    """The number of the first question that needs somebody in the view from which the visitor came; "" without another."""
    view = queueview.read(visit.came_from)

    def asked(name: str, allowed: Sequence[str] | None = None) -> str:
        told = view.get(name, "")
        return told if allowed is None or told in allowed else ""

    filters = narrowing.widened(session, narrowed(visit, asked), ())
    lines = queueing.queue(session, "me", visit.now, filters)
    return next((line.question.number for line in lines if line.question.number != besides), "")


def narrowed(visit: Visit, asked: Asked | None = None) -> narrowing.Filters:
    """The filters that the address asks for, or another view."""
    asked = asked or visit.asked
    authority, period = asked("authority"), asked("period", tuple(PERIODS))
    return narrowing.Filters(
        day_ends=clocks.day_ends(visit.now, visit.office.zone),
        tier=asked("tier", TIERS),
        language=asked("language", LANGUAGES),
        theme=asked("theme"),
        country=asked("country"),
        channel=asked("channel", CHANNELS),
        authority=int(authority) if authority.isdecimal() and len(authority) < 10 else None,
        since=visit.now - timedelta(days=int(period)) if period else None,
        words=asked("words"),
        care=visit.care,
    )


def _chosen(visit: Visit) -> dict[str, str | int]:
    """What the address narrows, as the form shows it."""
    allowed = {"tier": TIERS, "language": LANGUAGES, "channel": CHANNELS, "period": tuple(PERIODS)}
    return {name: visit.asked(name, allowed.get(name)) for name in NARROWED}


def _row(visit: Visit, line: queueing.Line, is_near: bool) -> Row:
    clock = clocks.clock_of(line.question, visit.now, visit.office.zone, visit.words.say, line.turn)
    return Row(line, clock, is_near)


ROUTES = (
    Guarded("/queue", queue, WATCH),
    Guarded("/find", find, WATCH),
)
