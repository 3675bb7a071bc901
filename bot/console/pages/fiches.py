"""Fiches: the list, one fiche as a reader sees it, publishing, looking again and retiring."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.console.access import ACT, WATCH, Guarded
from bot.console.changing import changing
from bot.console.pages import fiche_form
from bot.console.visits import Visit
from retrieval import ONE_OF, SOME_OF
from routing import becoming, editing, fiches, overviews, personal, sharing, versions
from routing.errors import NotFound
from routing.facts import NARROWED, countries, narrowed
from routing.languages import LANGUAGES
from routing.letters.labels import N_
from routing.models import Fiche, FicheText, Question

TABS = {
    "draft": (N_("Drafts"), ("draft",)),
    "review": (N_("In review"), ("review",)),
    "published": (N_("Published"), ("published",)),
    "due": (N_("To check again"), ("published",)),
    "retired": (N_("Retired"), ("retired",)),
}
UNREAD = ("draft", "review")
LADDER = ("draft", "review", "validated_local", "validated_expert", "published")


def every(visit: Visit) -> Response:
    with visit.store.snapshot() as session:
        page, asked, wish = visit.page_number(), visit.asked("words"), wanted(visit)
        only, due = narrowed(wish), overviews.is_due(visit.office.policy.fiches, visit.now)
        by_status = overviews.fiche_counts(session, visit.care, asked, only)
        counts = {name: sum(by_status.get(status, 0) for status in statuses) for name, (_, statuses) in TABS.items()}
        counts["due"] = overviews.count_fiches(session, TABS["due"][1], asked, visit.care, (*only, due))
        tab = visit.asked("tab", tuple(TABS)) or next((name for name in ("draft", "review") if counts[name]), "published")
        only = (*only, due) if tab == "due" else only
        facts: dict[str, Any] = {
            "tabs": {name: title for name, (title, _) in TABS.items()},
            "tab": tab,
            "counts_of": counts,
            "fiches": overviews.fiches(session, TABS[tab][1], asked, page, visit.care, only, longest_unseen=tab == "due"),
            "asked": asked,
            "wanted": wish,
            "narrowed": urlencode({name: code for name, code in (wish | {"words": asked}).items() if code}),
            "choices": fiche_form.choices(visit.words),
            "countries": countries(session),
            "page": page,
            "pages": -(-counts[tab] // overviews.PAGE) or 1,
        }
    return visit.show("fiches.html", **facts)


def wanted(visit: Visit) -> dict[str, str]:
    """What the address narrows the list to, by fact; "" for no wish, or one that is on no list."""
    lists = {**ONE_OF, **SOME_OF}
    wished = {name: visit.asked(name, lists.get(name)) for name in NARROWED}
    return wished | {"country": wished["country"] if re.fullmatch("[A-Z]{2}", wished["country"]) else ""}


def one(visit: Visit) -> Response:
    with visit.store.snapshot() as session:
        fiche = _fiche(visit, overviews.fiche(session, visit.path("slug")))
        asked = fiche.question_id if visit.may_see(session, fiche.question_id) else None
        question = overviews.lines_of(session, {asked}).get(asked) if asked else None
        actors, remarks = overviews.actors(session), versions.remarks(session, fiche)
        near = editing.would_have_answered(session, fiche, care=visit.care)
        telling = sharing.names_of_asker(session, asker) if (asker := _asker_of(session, fiche, asked)) else ()
    language = visit.asked("language", LANGUAGES) or fiche.source_language
    text = fiche.text_in(language) or next(iter(fiche.texts), None)
    facts: dict[str, Any] = {
        "fiche": fiche,
        "text": text,
        "question": question,
        "actors": actors,
        "remarks": remarks,
        "near": near,
        "again": fiches.look_again_at(fiche, visit.office.policy.fiches),
        "needs": _needs(visit, fiche),
        "missing": fiches.missing_in(fiche),
        "wanting": fiches.wanting_in(fiche),
        "ladder": _ladder(fiche),
        "kinds": personal.KINDS,
        "personal": _personal(fiche, text, telling),
    }
    return visit.show("fiche.html", headings=fiche_form.headings(visit.words), **facts)


def publish(visit: Visit) -> Response:
    slug = visit.path("slug")
    with changing(visit, f"/fiches/{slug}") as session:
        validations, revision = visit.office.policy.fiches.validations, visit.number("revision")
        fiche = fiches.publish(session, slug, by=visit.me.actor, now=visit.now, revision=revision, validations=validations)
        becoming.tell_published(session, visit.office, fiche, visit.now)
    visit.desk.service.wake()
    return visit.go(f"/fiches/{slug}", "fiche-published")


def retire(visit: Visit) -> Response:
    slug = visit.path("slug")
    with changing(visit, f"/fiches/{slug}") as session:
        fiches.retire(session, slug, by=visit.me.actor, now=visit.now, why=visit.field("why"))
    return visit.go(f"/fiches/{slug}", "fiche-retired")


def confirm(visit: Visit) -> Response:
    slug = visit.path("slug")
    with changing(visit, f"/fiches/{slug}") as session:
        fiches.confirm(session, slug, by=visit.me.actor, now=visit.now)
    return visit.go(f"/fiches/{slug}", "fiche-confirmed")


def _needs(visit: Visit, fiche: Fiche) -> int:
    """How many more must validate it before the policy lets it be published."""
    return max(0, visit.office.policy.fiches.validations - fiches.VALIDATIONS.get(fiche.step, 0))


def _ladder(fiche: Fiche) -> list[tuple[str, str]]:
    """The way of a fiche that is not out yet: each step with "done", "here" or "ahead"."""
    if fiche.status not in UNREAD:
        return []
    here = LADDER.index(fiche.state) if fiche.state in LADDER else 0
    return [(step, "done" if at < here else "here" if at == here else "ahead") for at, step in enumerate(LADDER)]


def _asker_of(session: Session, fiche: Fiche, asked: int | None) -> Question | None:
    """The question that a draft comes from, where this visitor may see it."""
    return session.get(Question, asked) if asked and fiche.status in UNREAD else None


def _personal(fiche: Fiche, text: FicheText | None, telling: Sequence[str]) -> Mapping[str, Sequence[tuple[str, str | None]]]:
    """For each part of a text that is not published yet its pieces, those marked that may be personal; {} where none are."""
    if text is None or fiche.status not in UNREAD:
        return {}
    parts = {"title": text.title, "summary": text.summary, **text.sections}
    cut = {key: personal.pieces(part, telling) for key, part in parts.items()}
    return cut if any(kind for pieces in cut.values() for _, kind in pieces) else {}


def _fiche(visit: Visit, found: Fiche | None) -> Fiche:
    if found is None:
        raise NotFound(f"There is no fiche {visit.path('slug')!r}.")
    return found


ROUTES = (
    Guarded("/fiches", every, WATCH),
    Guarded("/fiches/{slug}", one, WATCH),
    Guarded("/fiches/{slug}/publication", publish, ACT, "POST"),
    Guarded("/fiches/{slug}/confirmation", confirm, ACT, "POST"),
    Guarded("/fiches/{slug}/retirement", retire, ACT, "POST"),
)
