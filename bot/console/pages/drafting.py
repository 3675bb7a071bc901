"""How a fiche comes about: a blank one, its versions, review with remarks, and the questions it would have answered."""

from __future__ import annotations

from contextlib import AbstractContextManager
from itertools import zip_longest
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.console.access import ACT, WATCH, Guarded
from bot.console.changing import changing
from bot.console.visits import Visit
from routing import editing, fiches, overviews, validating, versions
from routing.errors import NotFound
from routing.languages import LANGUAGES
from routing.models import Fiche


def blank(visit: Visit) -> Response:
    return _blank(visit)


def create(visit: Visit) -> Response:
    try:
        with visit.store.transaction() as session:
            title, language = visit.field("title"), visit.field("language")
            fiche = editing.create(session, title, language, by=visit.me.actor, now=visit.now)
    except editing.NotAFiche as error:
        return _blank(visit, 422, wrong=str(error))
    return visit.go(f"/fiches/{fiche.slug}/edit", "fiche-begun")


def history(visit: Visit) -> Response:
    """All versions, each with what it changed."""
    with visit.store.snapshot() as session:
        fiche = _fiche(overviews.fiche(session, visit.path("slug")))
        every, actors = versions.of(session, fiche), overviews.actors(session)
    pairs = [(one, before.content if before else one.content) for one, before in zip_longest(every, every[1:]) if one]
    steps = [
        (one, versions.differences(before, one.content), versions.facts_changed(before, one.content)) for one, before in pairs
    ]
    return visit.show("fiche_versions.html", fiche=fiche, steps=steps, actors=actors)


def review(visit: Visit) -> Response:
    """A draft is finished, says its writer; somebody else reads it."""
    with _changing(visit) as session:
        validating.ask_for_review(session, visit.office, **_read(visit))
    return _back(visit, "fiche-in-review")


def send_back(visit: Visit) -> Response:
    with _changing(visit) as session:
        validating.ask_for_changes(session, text=visit.field("text"), **_read(visit))
    return _back(visit, "fiche-sent-back")


def validate(visit: Visit) -> Response:
    with _changing(visit) as session:
        step = validating.validate(session, visit.office, text=visit.field("text"), **_read(visit)).step
    return _back(visit, "fiche-validated" if step == "validated_local" else "fiche-validated-twice")


def remark(visit: Visit) -> Response:
    with _changing(visit) as session:
        validating.remark(session, visit.path("slug"), visit.field("text"), by=visit.me.actor, now=visit.now)
    return _back(visit, "remarked")


def _changing(visit: Visit) -> AbstractContextManager[Session]:
    return changing(visit, f"/fiches/{visit.path('slug')}", visit.field("text"))


def _read(visit: Visit) -> dict[str, Any]:
    """Which fiche somebody has read, at which revision, and who and when."""
    return {"slug": visit.path("slug"), "by": visit.me.actor, "now": visit.now, "revision": visit.number("revision")}


def _back(visit: Visit, told: str) -> Response:
    return visit.go(f"/fiches/{visit.path('slug')}", told)


def _blank(visit: Visit, status: int = 200, wrong: str = "") -> Response:
    facts = {"title": visit.field("title"), "language_of_text": visit.field("language") or visit.language, "wrong": wrong}
    return visit.show("fiche_new.html", status, **facts, most=fiches.LONGEST_TITLE, languages=LANGUAGES)


def _fiche(found: Fiche | None) -> Fiche:
    if found is None:
        raise NotFound("There is no such fiche.")
    return found


ROUTES = (
    Guarded("/fiches/new", blank, ACT),
    Guarded("/fiches/new", create, ACT, "POST"),
    Guarded("/fiches/{slug}/versions", history, WATCH),
    Guarded("/fiches/{slug}/review", review, ACT, "POST"),
    Guarded("/fiches/{slug}/return", send_back, ACT, "POST"),
    Guarded("/fiches/{slug}/validation", validate, ACT, "POST"),
    Guarded("/fiches/{slug}/remarks", remark, ACT, "POST"),
)
