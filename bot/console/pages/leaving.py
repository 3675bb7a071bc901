"""Taking an expert off the directory and putting them back: as forms of the directory, and as verbs for programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.responses import JSONResponse, Response

from bot.console.access import ACT, Guarded
from bot.console.changing import changing
from bot.console.pages.api import DO, READ
from bot.console.pages.directory import back
from bot.console.visits import Visit
from routing import entries, leaving
from routing.models import Expert


def remove(visit: Visit) -> Response:
    reason = visit.field("reason")
    with changing(visit, back(visit), reason) as session:
        leaving.take_off(session, visit.number_in_path("expert"), reason, by=visit.me.actor, now=visit.now)
    return visit.go(back(visit), "expert-removed")


def restore(visit: Visit) -> Response:
    with changing(visit, back(visit)) as session:
        leaving.put_back(session, visit.number_in_path("expert"), "", by=visit.me.actor, now=visit.now)
    return visit.go(back(visit), "expert-returned")


def listed(visit: Visit) -> Response:
    """Every expert with the number by which the verbs name them."""
    with visit.store.snapshot() as session:
        names = dict(entries.authority_names(session))
        lines = entries.expert_lines(session, visit.now, list(names))
        told = [_told(line.expert, names) | {"open_now": line.open_now} for one in names for line in lines.get(one, ())]
    return JSONResponse({"experts": told})


def removed(visit: Visit) -> Response:
    return _done(visit, leaving.take_off)


def restored(visit: Visit) -> Response:
    return _done(visit, leaving.put_back)


def _done(visit: Visit, act: Callable[..., Expert]) -> Response:
    with visit.store.transaction() as session:
        number, reason = visit.number_in_path("expert"), visit.field("reason")
        told = _told(act(session, number, reason, by=visit.me.actor, now=visit.now), dict(entries.authority_names(session)))
    visit.desk.service.wake()
    return JSONResponse(told)


def _told(expert: Expert, names: Mapping[int, str]) -> dict[str, Any]:
    return {"expert": expert.id, "role": expert.role, "authority": names[expert.authority_id], "active": expert.active}


ROUTES = (
    Guarded("/experts/{expert:int}/removal", remove, ACT, "POST"),
    Guarded("/experts/{expert:int}/return", restore, ACT, "POST"),
    Guarded("/api/v1/experts", listed, READ),
    Guarded("/api/v1/experts/{expert:int}/removal", removed, DO, "POST"),
    Guarded("/api/v1/experts/{expert:int}/return", restored, DO, "POST"),
)
