"""The record: who did what when, over all questions, latest first. It can be read, never changed."""

from __future__ import annotations

from starlette.responses import Response

from bot.console.access import ACT, Guarded
from bot.console.visits import Visit
from routing import overviews


def record(visit: Visit) -> Response:
    before = visit.asked("before")
    with visit.store.snapshot() as session:
        kinds = overviews.event_kinds(session)
        kind = visit.asked("kind", kinds)
        last = int(before) if before.isdecimal() and len(before) < 12 else None
        events = overviews.events(session, (kind,) if kind else (), last, visit.care)
        actors = overviews.actors(session)
    more = events[-1][0].id if len(events) >= 2 * overviews.PAGE else None
    return visit.show("record.html", events=events, kinds=kinds, kind=kind, actors=actors, more=more)


ROUTES = (Guarded("/record", record, ACT),)
