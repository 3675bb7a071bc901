"""The policy: every number with what it does, where it acts and what it was; administrators change one at a time, and say why."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from bot.console.access import ADMIN, WATCH, Guarded
from bot.console.changing import changing
from bot.console.policywords import Takes, explained, spelt, takes, title
from bot.console.visits import Visit
from bot.console.words import Words
from routing import overviews, rules


@dataclass(frozen=True, slots=True)
class Shown:
    """A number of the policy as it is written, and in the reader's words; what it may become, while it is being changed."""

    number: rules.Number
    name: str
    now: str
    shipped: str
    says: str
    takes: Takes | None


@dataclass(frozen=True, slots=True)
class Group:
    """A table of the policy: what it is about, and the modules in which its numbers act."""

    title: str
    acts: tuple[str, ...]
    numbers: list[Shown]


def policy(visit: Visit) -> Response:
    with visit.store.snapshot() as session:
        rules.obey(session, visit.office)
        numbers, changes = rules.numbers(session, visit.office), rules.history(session)
        actors = overviews.actors(session)
    may_change = visit.me.role == "admin"
    changing = visit.asked("change") if may_change else ""
    groups: dict[str, Group] = {}
    for one in numbers:
        table = one.key.rpartition(".")[0]
        group = groups.setdefault(table, Group(title(table, visit.words), rules.ACTS[table.partition(".")[0]], []))
        group.numbers.append(_shown(one, changing, visit.words))
    return visit.show("policy.html", groups=groups, changes=changes, actors=actors, may_change=may_change)


def _shown(one: rules.Number, changing: str, words: Words) -> Shown:
    name, now, shipped = one.key.rpartition(".")[2], spelt(one.value, words), spelt(one.shipped, words)
    return Shown(one, name, now, shipped, explained(one.says, words), takes(one.allowed, words) if one.key == changing else None)


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
