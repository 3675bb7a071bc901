"""The policy: every number with what it does, where it acts and what it was; administrators change one at a time, and say why."""

from __future__ import annotations

from starlette.responses import Response

from bot.console.access import ADMIN, WATCH, Guarded
from bot.console.changing import changing
from bot.console.visits import Visit
from routing import overviews, rules


def policy(visit: Visit) -> Response:
    with visit.store.snapshot() as session:
        rules.obey(session, visit.office)
        numbers, changes = rules.numbers(session, visit.office), rules.history(session)
        actors = overviews.actors(session)
    groups: dict[str, list[rules.Number]] = {}
    for one in numbers:
        groups.setdefault(one.key.rpartition(".")[0], []).append(one)
    may_change = visit.me.role == "admin"
    return visit.show("policy.html", groups=groups, changes=changes, actors=actors, acts=rules.ACTS, may_change=may_change)


def change(visit: Visit) -> Response:
    key, told, was, why = (visit.field(name) for name in ("key", "value", "was", "why"))
    with changing(visit, "/policy", told) as session:
        rules.change(session, visit.office, key, told, was, why, by=visit.me.actor, now=visit.now)
    with visit.store.snapshot() as session:
        rules.obey(session, visit.office)
    return visit.go("/policy", "policy")


ROUTES = (
    Guarded("/policy", policy, WATCH),
    Guarded("/policy", change, ADMIN, "POST"),
)
