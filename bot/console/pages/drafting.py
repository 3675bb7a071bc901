"""How a fiche comes about: a blank one, its versions, review with remarks, and the questions it would have answered."""

from __future__ import annotations

from itertools import zip_longest

from starlette.responses import Response

from bot.console.access import ACT, WATCH, Guarded
from bot.console.changing import changing
from bot.console.visits import Visit
from routing import editing, overviews, versions
from routing.errors import NotFound
from routing.languages import LANGUAGES
from routing.models import Fiche


def blank(visit: Visit) -> Response:
    return visit.show("fiche_new.html", languages=LANGUAGES)


def create(visit: Visit) -> Response:
    with changing(visit, "/fiches", visit.field("title")) as session:
        title, language = visit.field("title"), visit.field("language")
        fiche = editing.create(session, title, language, by=visit.me.actor, now=visit.now)
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
    return _settle(visit, "fiche-in-review", editing.ask_for_review)


def send_back(visit: Visit) -> Response:
    return _settle(visit, "fiche-sent-back", editing.send_back)


def remark(visit: Visit) -> Response:
    slug, text = visit.path("slug"), visit.field("text")
    with changing(visit, f"/fiches/{slug}", text) as session:
        editing.remark(session, slug, text, by=visit.me.actor, now=visit.now)
    return visit.go(f"/fiches/{slug}", "remarked")


def _settle(visit: Visit, told: str, act: editing.Step) -> Response:
    slug = visit.path("slug")
    with changing(visit, f"/fiches/{slug}") as session:
        act(session, slug, by=visit.me.actor, now=visit.now, revision=visit.number("revision"))
    return visit.go(f"/fiches/{slug}", told)


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
    Guarded("/fiches/{slug}/remarks", remark, ACT, "POST"),
)
