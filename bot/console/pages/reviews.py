"""The monthly sample: answers drawn at random, judged by nine criteria, with what the months have shown."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from bot.console.access import ACT, WATCH, Guarded
from bot.console.changing import changing
from bot.console.visits import Visit
from routing import reviewing


def reviews(visit: Visit) -> Response:
    with visit.store.snapshot() as session:
        sample = reviewing.open_sample(session, visit.care)
        months = reviewing.results(session)
    facts: dict[str, Any] = {"criteria": reviewing.CRITERIA, "marks": reviewing.MARKS, "share": visit.office.policy.sample.share}
    return visit.show("reviews.html", sample=sample, months=months, **facts)


def score(visit: Visit) -> Response:
    marks = {name: visit.field(f"mark-{name}") for name in reviewing.CRITERIA}
    with changing(visit, "/reviews", visit.field("remark")) as session:
        reviewing.score(session, visit.number_in_path("review"), marks, visit.field("remark"), by=visit.me.actor, now=visit.now)
    return visit.go("/reviews", "scored")


ROUTES = (
    Guarded("/reviews", reviews, WATCH),
    Guarded("/reviews/{review:int}", score, ACT, "POST"),
)
