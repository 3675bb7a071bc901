"""Fiches: the list, one fiche as a reader sees it, the editor, publishing and retiring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.console.access import ACT, WATCH, Guarded
from bot.console.changing import changing
from bot.console.errors import Failed
from bot.console.visits import BadForm, Visit
from bot.console.wordlists import STAGES
from retrieval import SECTIONS
from routing import becoming, editing, fiches, overviews, personal, sharing, versions
from routing.errors import NotFound, RoutingError
from routing.languages import LANGUAGES
from routing.letters.labels import LABELS, N_
from routing.models import Fiche, FicheText, Question

TABS = {
    "draft": (N_("Drafts"), ("draft", "review")),
    "published": (N_("Published"), ("published",)),
    "due": (N_("To look at again"), ("published",)),
    "retired": (N_("Retired"), ("retired",)),
}
PLAIN = ("title", "summary", "country", "place", "owner", "stage", "year_start", "year_end", "sources")
UNREAD = ("draft", "review")
THEMES = tuple(LABELS)[:16]


def every(visit: Visit) -> Response:
    with visit.store.snapshot() as session:
        by_status = overviews.fiche_counts(session, visit.care)
        policy = visit.office.policy.fiches
        counts = {name: sum(by_status.get(status, 0) for status in statuses) for name, (_, statuses) in TABS.items()}
        counts["due"] = overviews.due_fiches(session, policy, visit.now)
        tab = visit.asked("tab", tuple(TABS)) or ("draft" if counts["draft"] else "published")
        page, asked = visit.page_number(), visit.asked("words")
        only = (overviews.is_due(policy, visit.now),) if tab == "due" else ()
        facts: dict[str, Any] = {
            "tabs": {name: title for name, (title, _) in TABS.items()},
            "tab": tab,
            "counts_of": counts,
            "fiches": overviews.fiches(session, TABS[tab][1], asked, page, visit.care, only),
            "asked": asked,
            "page": page,
            "pages": -(-counts[tab] // overviews.PAGE) or 1,
        }
    return visit.show("fiches.html", **facts)


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
    return _editor(
        visit, fiche, language, _as_form(fiche, text), "", unseen=versions.unseen(every, fiche.source_language, language)
    )


def save(visit: Visit) -> Response:
    """Saving what cannot be saved shows the editor again, with everything that was typed."""
    slug = visit.path("slug")
    try:
        draft = _draft(visit)
        with visit.store.transaction() as session:
            editing.save(session, slug, draft, by=visit.me.actor, now=visit.now, revision=visit.number("revision"))
    except (editing.NotAFiche, BadForm) as error:
        with visit.store.snapshot() as session:
            fiche = _fiche(visit, overviews.fiche(session, slug))
        return _editor(visit, fiche, visit.field("language"), _typed(visit), str(error), 422)
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
    themes = {code: visit.words.theme(code) for code in THEMES}
    facts |= {"stages": {code: visit.words.stage(code) for code in STAGES}}
    return visit.show("fiche_edit.html", status, **facts, headings=_headings(visit), themes=themes, languages=LANGUAGES)


def _headings(visit: Visit) -> dict[str, str]:
    return {key: visit.words.heading(key) for key in SECTIONS}


def _as_form(fiche: Fiche, text: Any) -> dict[str, Any]:
    """A stored fiche as the editor's fields."""
    facts = fiche.facts
    return {
        "title": text.title if text else "",
        "summary": text.summary if text else "",
        "sections": dict(text.sections) if text else {},
        "themes": list(facts.get("themes", ())),
        "country": facts.get("country", ""),
        "place": facts.get("place", ""),
        "owner": facts.get("owner", ""),
        "stage": facts.get("stage", ""),
        "year_start": facts.get("year_start", ""),
        "year_end": facts.get("year_end", ""),
        "sources": "\n".join(facts.get("sources", ())),
    }


def _typed(visit: Visit) -> dict[str, Any]:
    """What was typed, as the editor's fields."""
    plain = {name: visit.field(name) for name in PLAIN}
    return plain | {"themes": visit.fields("theme"), "sections": {key: visit.field(key) for key in SECTIONS}}


def _draft(visit: Visit) -> editing.Draft:
    country = visit.field("country").strip().upper()
    if country and (len(country) != 2 or not country.isalpha()):
        raise BadForm("The country is a code of two letters, such as RO.")
    facts: dict[str, Any] = {
        "themes": [code for code in visit.fields("theme") if code in THEMES],
        "country": country,
        "place": visit.field("place").strip()[:200],
        "owner": visit.field("owner").strip()[:200],
        "stage": visit.field("stage") if visit.field("stage") in STAGES else "",
        "year_start": _year(visit, "year_start"),
        "year_end": _year(visit, "year_end"),
        "sources": [line.strip() for line in visit.field("sources").splitlines() if line.strip()][:20],
    }
    return editing.Draft(
        language=visit.field("language"),
        title=visit.field("title"),
        summary=visit.field("summary"),
        sections={key: visit.field(key) for key in SECTIONS},
        facts=facts,
        is_source=visit.field("is_source") == "yes",
    )


def _year(visit: Visit, name: str) -> int | None:
    told = visit.field(name).strip()
    if not told:
        return None
    if not told.isdecimal() or not 1900 <= int(told[:5]) <= 2100:
        raise BadForm("A year is written with four digits.")
    return int(told)


ROUTES = (
    Guarded("/fiches", every, WATCH),
    Guarded("/fiches/{slug}", one, WATCH),
    Guarded("/fiches/{slug}/edit", edit, ACT),
    Guarded("/fiches/{slug}", save, ACT, "POST"),
    Guarded("/fiches/{slug}/publication", publish, ACT, "POST"),
    Guarded("/fiches/{slug}/confirmation", confirm, ACT, "POST"),
    Guarded("/fiches/{slug}/retirement", retire, ACT, "POST"),
)
