"""Fiches: the list, one fiche as a reader sees it, the editor, publishing and retiring."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.console.access import ACT, WATCH, Guarded
from bot.console.changing import changing
from bot.console.errors import Failed
from bot.console.pages import fiche_form
from bot.console.visits import BadForm, Visit
from retrieval import ONE_OF, SECTIONS, SOME_OF
from routing import becoming, editing, fiches, overviews, personal, sharing, versions
from routing.errors import NotFound, RoutingError
from routing.facts import NARROWED, countries, narrowed
from routing.languages import LANGUAGES
from routing.letters.labels import N_
from routing.models import Fiche, FicheText, Question

TABS = {
    "draft": (N_("Drafts"), ("draft", "review")),
    "published": (N_("Published"), ("published",)),
    "due": (N_("To look at again"), ("published",)),
    "retired": (N_("Retired"), ("retired",)),
}
UNREAD = ("draft", "review")


def every(visit: Visit) -> Response:
    with visit.store.snapshot() as session:
        by_status = overviews.fiche_counts(session, visit.care)
        policy = visit.office.policy.fiches
        counts = {name: sum(by_status.get(status, 0) for status in statuses) for name, (_, statuses) in TABS.items()}
        counts["due"] = overviews.due_fiches(session, policy, visit.now)
        tab = visit.asked("tab", tuple(TABS)) or ("draft" if counts["draft"] else "published")
        page, asked, wish = visit.page_number(), visit.asked("words"), wanted(visit)
        only = (*narrowed(wish), *((overviews.is_due(policy, visit.now),) if tab == "due" else ()))
        found = overviews.count_fiches(session, TABS[tab][1], asked, visit.care, only)
        facts: dict[str, Any] = {
            "tabs": {name: title for name, (title, _) in TABS.items()},
            "tab": tab,
            "counts_of": counts,
            "fiches": overviews.fiches(session, TABS[tab][1], asked, page, visit.care, only),
            "asked": asked,
            "wanted": wish,
            "narrowed": urlencode({name: code for name, code in (wish | {"words": asked}).items() if code}),
            "choices": fiche_form.choices(visit.words),
            "countries": countries(session),
            "page": page,
            "pages": -(-found // overviews.PAGE) or 1,
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
    text = next((text for text in fiche.texts if text.language == language), None) or next(iter(fiche.texts), None)
    facts: dict[str, Any] = {
        "fiche": fiche,
        "text": text,
        "question": question,
        "actors": actors,
        "remarks": remarks,
        "near": near,
        "again": fiches.look_again_at(fiche, visit.office.policy.fiches),
        "kinds": personal.KINDS,
        "personal": _personal(fiche, text, telling),
    }
    return visit.show("fiche.html", headings=_headings(visit), **facts)


def edit(visit: Visit) -> Response:
    with visit.store.snapshot() as session:
        fiche = _fiche(visit, overviews.fiche(session, visit.path("slug")))
        every = versions.of(session, fiche)
    language = visit.asked("language", LANGUAGES) or fiche.source_language
    text = next((text for text in fiche.texts if text.language == language), None)
    unseen = versions.unseen(every, fiche.source_language, language)
    return _editor(visit, fiche, language, fiche_form.as_form(fiche, text), "", unseen=unseen)


def save(visit: Visit) -> Response:
    """Saving what cannot be saved shows the editor again, with everything that was typed."""
    slug = visit.path("slug")
    try:
        draft = fiche_form.draft(visit)
        with visit.store.transaction() as session:
            editing.save(session, slug, draft, by=visit.me.actor, now=visit.now, revision=visit.number("revision"))
    except (editing.NotAFiche, BadForm) as error:
        with visit.store.snapshot() as session:
            fiche = _fiche(visit, overviews.fiche(session, slug))
        return _editor(visit, fiche, visit.field("language"), fiche_form.typed(visit), str(error), 422)
    except RoutingError as error:
        typed = "\n\n".join(filter(None, (visit.field(name) for name in ("title", "summary", *SECTIONS))))
        raise Failed(error, typed, f"/fiches/{slug}") from error
    return visit.go(f"/fiches/{slug}?language={draft.language}", "fiche-saved")


def publish(visit: Visit) -> Response:
    slug = visit.path("slug")
    with changing(visit, f"/fiches/{slug}") as session:
        fiche = fiches.publish(session, slug, by=visit.me.actor, now=visit.now, revision=visit.number("revision"))
        becoming.tell_published(session, visit.office, fiche, visit.now)
    visit.desk.service.wake()
    return visit.go(f"/fiches/{slug}", "fiche-published")


def retire(visit: Visit) -> Response:
    slug = visit.path("slug")
    with visit.store.transaction() as session:
        fiches.retire(session, slug, by=visit.me.actor, now=visit.now)
    return visit.go(f"/fiches/{slug}", "fiche-retired")


def confirm(visit: Visit) -> Response:
    slug = visit.path("slug")
    with changing(visit, f"/fiches/{slug}") as session:
        fiches.confirm(session, slug, by=visit.me.actor, now=visit.now)
    return visit.go(f"/fiches/{slug}", "fiche-confirmed")


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


def _editor(
    visit: Visit, fiche: Fiche, language: str, form: dict[str, Any], wrong: str, status: int = 200, unseen: Any = ()
) -> Response:
    limits = {"title": fiches.LONGEST_TITLE, "summary": editing.LONGEST_SUMMARY, "section": editing.LONGEST_SECTION}
    facts: dict[str, Any] = {"fiche": fiche, "language_of_text": language, "form": form, "wrong": wrong, "limits": limits}
    source = next((text for text in fiche.texts if text.language == fiche.source_language), None)
    facts |= {"unseen": unseen, "source": source if language != fiche.source_language else None}
    facts |= {"choices": fiche_form.choices(visit.words), "countries": visit.words.countries()}
    return visit.show("fiche_edit.html", status, **facts, headings=_headings(visit), languages=LANGUAGES)


def _headings(visit: Visit) -> dict[str, str]:
    return {key: visit.words.heading(key) for key in SECTIONS}


ROUTES = (
    Guarded("/fiches", every, WATCH),
    Guarded("/fiches/{slug}", one, WATCH),
    Guarded("/fiches/{slug}/edit", edit, ACT),
    Guarded("/fiches/{slug}", save, ACT, "POST"),
    Guarded("/fiches/{slug}/publication", publish, ACT, "POST"),
    Guarded("/fiches/{slug}/confirmation", confirm, ACT, "POST"),
    Guarded("/fiches/{slug}/retirement", retire, ACT, "POST"),
)
