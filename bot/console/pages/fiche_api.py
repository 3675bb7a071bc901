"""Fiches for programs: a list narrowed by status, words and facts, and one fiche whole, in all its languages.

What a fiche says of whom to ask is for people at the console, and left out.
"""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response

from bot.console.access import Guarded
from bot.console.pages.api import FICHE_STATES, READ, moment
from bot.console.pages.fiches import wanted
from bot.console.visits import Visit
from routing import fiches, overviews, validating, versions
from routing.errors import NotFound
from routing.facts import narrowed
from routing.models import Fiche
from routing.models.knowledge import STEPS

UNTOLD = ("contact",)


def listed(visit: Visit) -> Response:
    status, words, page = visit.asked("status", FICHE_STATES) or "published", visit.asked("words"), visit.page_number()
    statuses, only = ("draft", "review") if status in STEPS else (status,), narrowed(wanted(visit))
    only = (*only, Fiche.step == status) if status in STEPS else only
    with visit.store.snapshot() as session:
        found = overviews.fiches(session, statuses, words, page, visit.care, only)
        count = overviews.count_fiches(session, statuses, words, visit.care, only)
    return JSONResponse({"page": page, "count": count, "fiches": [_line(one) for one in found]})


def one(visit: Visit) -> Response:
    with visit.store.snapshot() as session:
        fiche = overviews.fiche(session, visit.path("slug"))
        if fiche is None:
            raise NotFound(f"There is no fiche {visit.path('slug')!r}.")
        validated = validating.validations(versions.remarks(session, fiche))
    texts = {
        text.language: {
            "title": text.title,
            "summary": text.summary,
            "sections": dict(text.sections),
            "translator": text.translator,
        }
        for text in fiche.texts
    }
    again = fiches.look_again_at(fiche, visit.office.policy.fiches)
    told: dict[str, Any] = {"texts": texts}
    told |= {"published_at": moment(fiche.published_at), "confirmed_at": moment(fiche.confirmed_at)}
    told["validations"] = [{"step": one.step, "revision": one.revision, "at": moment(one.at)} for one in validated]
    return JSONResponse(_line(fiche) | told | {"look_again_at": moment(again), "revision": fiche.revision})


def _line(fiche: Fiche) -> dict[str, Any]:
    titles = {text.language: text.title for text in fiche.texts}
    return {
        "slug": fiche.slug,
        "status": fiche.status,
        "step": fiche.step,
        "source_language": fiche.source_language,
        "languages": sorted(titles),
        "title": titles.get(fiche.source_language) or next(iter(titles.values()), ""),
        "facts": {name: told for name, told in fiche.facts.items() if name not in UNTOLD},
        "updated_at": moment(fiche.updated_at),
    }


ROUTES = (
    Guarded("/api/v1/fiches", listed, READ),
    Guarded("/api/v1/fiches/{slug}", one, READ),
)
