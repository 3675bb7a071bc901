"""The editor of a fiche: one language's text beside the source, the facts, and what somebody else has changed meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from bot.console.access import ACT, Guarded
from bot.console.pages import fiche_form
from bot.console.visits import BadForm, Visit
from routing import editing, fiches, overviews, versions
from routing.errors import NotFound, StaleAction
from routing.facts import LONGEST
from routing.languages import LANGUAGES
from routing.models import Fiche, FicheVersion


def edit(visit: Visit) -> Response:
    fiche, every = _read(visit)
    language = _language(visit, fiche)
    text = fiche.text_in(language)
    return _editor(visit, fiche, every, fiche_form.as_form(fiche, text))


def save(visit: Visit) -> Response:
    """Saving what cannot be saved shows the editor again, with everything that was typed."""
    slug, revision = visit.path("slug"), visit.number("revision")
    try:
        draft = fiche_form.draft(visit)
        with visit.store.transaction() as session:
            editing.save(session, slug, draft, by=visit.me.actor, now=visit.now, revision=revision)
    except (editing.NotAFiche, BadForm) as error:
        wrong: dict[str, Any] = {"wrong": str(error), "wrong_field": error.field, "revision": revision}
        return _editor(visit, *_read(visit), fiche_form.typed(visit), 422, **wrong)
    except StaleAction as error:
        return _overtaken(visit, error, revision)
    return visit.go(f"/fiches/{slug}?language={draft.language}", "fiche-saved")


def _overtaken(visit: Visit, error: StaleAction, revision: int) -> Response:
    """Somebody else saved first: what they changed stands above what was typed, and the next save is meant."""
    fiche, every = _read(visit)
    before = next((one.content for one in every if one.revision <= revision), None)
    facts: dict[str, Any] = {"wrong": str(error), "overtaken": True}
    if before is not None:
        facts["theirs"] = versions.differences(before, every[0].content)
        facts["their_facts"] = versions.facts_changed(before, every[0].content)
    return _editor(visit, fiche, every, fiche_form.typed(visit), 409, **facts)


def _read(visit: Visit) -> tuple[Fiche, Sequence[FicheVersion]]:
    """The fiche of the address with all its versions."""
    with visit.store.snapshot() as session:
        fiche = overviews.fiche(session, visit.path("slug"))
        if fiche is None:
            raise NotFound(f"There is no fiche {visit.path('slug')!r}.")
        return fiche, versions.of(session, fiche)


def _editor(
    visit: Visit,
    fiche: Fiche,
    every: Sequence[FicheVersion],
    form: dict[str, Any],
    status: int = 200,
    **more: Any,
) -> Response:
    language = _language(visit, fiche)
    limits = {"title": fiches.LONGEST_TITLE, "summary": editing.LONGEST_SUMMARY}
    limits |= {"section": editing.LONGEST_SECTION, "fact": LONGEST}
    source = fiche.text_in(fiche.source_language)
    nothing_wrong = {"wrong": "", "wrong_field": "", "overtaken": False, "theirs": (), "their_facts": ()}
    facts: dict[str, Any] = nothing_wrong | {
        "fiche": fiche,
        "language_of_text": language,
        "source": None if language == fiche.source_language or visit.field("is_source") == "yes" else source,
        "form": form,
        "limits": limits,
        "revision": fiche.revision,
        "choices": fiche_form.choices(visit.words),
        "countries": visit.words.countries(),
        "headings": fiche_form.headings(visit.words),
        "languages": LANGUAGES,
        "unseen": versions.unseen(every, fiche.source_language, language),
        "there": {text.language for text in fiche.texts},
    }
    return visit.show("fiche_edit.html", status, **facts | more)


def _language(visit: Visit, fiche: Fiche) -> str:
    """Of the text that is edited: as the address or the form says, else the source's."""
    typed = visit.field("language")
    return visit.asked("language", LANGUAGES) or (typed if typed in LANGUAGES else fiche.source_language)


ROUTES = (
    Guarded("/fiches/{slug}/edit", edit, ACT),
    Guarded("/fiches/{slug}", save, ACT, "POST"),
)
