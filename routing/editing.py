"""Editing a fiche by hand: one language's words and the facts, the other languages untouched."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from retrieval import FicheText as RecordText
from routing import facts as fiche_facts
from routing import fiches, versions
from routing.care import EVERYTHING, Care, within
from routing.facts import NotAFiche as NotAFiche
from routing.finding import folded
from routing.history import note
from routing.languages import LANGUAGES
from routing.models import Fiche, FicheText, Question, QuestionWord
from routing.pasted import tidy, tidy_line

LONGEST_SUMMARY = 600
LONGEST_SECTION = 20_000


@dataclass(frozen=True, slots=True)
class Draft:
    """What the editor sends: the text in `language`, who or what translated it, and the facts that concern all languages."""

    language: str
    title: str
    summary: str
    sections: Mapping[str, str]
    facts: Mapping[str, Any]
    is_source: bool
    translator: str = ""
    by_machine: bool = False


def save(session: Session, slug: str, draft: Draft, *, by: str, now: datetime, revision: int) -> Fiche:
    """Write one language of a fiche and its facts; raises `NotAFiche`, or `StaleAction` when somebody else has changed it."""
    draft = tidied(draft)
    _check(draft)
    fiche = fiches.get(session, slug)
    texts = {one.language: RecordText(one.language, one.title, one.summary, dict(one.sections)) for one in fiche.texts}
    if draft.is_source and draft.language not in texts:
        texts.pop(fiche.source_language, None)  # the draft was taken for another language: its text moves
    if draft.is_source:
        fiche.source_language = draft.language
    texts[draft.language] = RecordText(draft.language, draft.title, draft.summary, draft.sections)
    facts = _facts(fiche, draft, texts)
    if fiche.revision == revision:
        versions.keep(session, fiche, "system", fiche.updated_at)
    revised = fiches.revise(session, slug, texts.values(), facts, by=by, now=now, revision=revision)
    written = next(one for one in revised.texts if one.language == draft.language)
    written.translator = None if draft.is_source else draft.translator[: fiche_facts.LONGEST] or None
    versions.keep(session, revised, by, now)
    return revised


def create(session: Session, title: str, language: str, *, by: str, now: datetime) -> Fiche:
    """A blank draft with a title; raises `NotAFiche`."""
    title = tidy_line(title)
    _check(Draft(language, title, "", {}, {}, True))
    _check_new(session, title)
    begun = Fiche(
        slug=f"practice-{now.year}-{secrets.token_hex(4)}",
        source_language=language,
        facts={"themes": [], "sources": []},
        created_at=now,
        updated_at=now,
        texts=[FicheText(language=language, title=title, summary="", sections={})],
    )
    session.add(begun)
    session.flush()
    versions.keep(session, begun, by, now)
    note(session, None, "fiche-begun", actor=by, now=now, fiche=begun.slug)
    return begun


def tidied(draft: Draft) -> Draft:
    """The draft without what a word processor left in it."""
    sections = {key: tidy(text) for key, text in draft.sections.items()}
    return replace(
        draft,
        title=tidy_line(draft.title),
        summary=tidy(draft.summary),
        sections={key: text for key, text in sections.items() if text},
        translator=tidy_line(draft.translator),
    )


def would_have_answered(session: Session, fiche: Fiche, limit: int = 6, care: Care = EVERYTHING) -> list[Question]:
    """Questions that share most words with titles and summaries of a fiche, in all its languages; latest first among equals.

    The question that it grew from is not among them.
    """
    words = {word for one in fiche.texts for word in folded(f"{one.title} {one.summary}") if len(word) >= 6}
    shared = func.count().label("shared")
    near = select(QuestionWord.question_id, shared).where(QuestionWord.word.in_(sorted(words)[:200]))
    near = near.where(QuestionWord.question_id != fiche.question_id) if fiche.question_id else near
    near = (
        near.where(*within(care, QuestionWord.question_id))
        .group_by(QuestionWord.question_id)
        .having(shared >= 2)
        .order_by(shared.desc(), QuestionWord.question_id.desc())
    )
    ids = [found for found, _ in session.execute(near.limit(limit))]
    known = {one.id: one for one in session.scalars(select(Question).where(Question.id.in_(ids)))}
    return [known[one] for one in ids]


def _facts(fiche: Fiche, draft: Draft, languages: Collection[str]) -> dict[str, Any]:
    """The facts that the editor knows take the place of the stored ones; a machine's translations are told by language."""
    machine = {code for code in fiche.facts.get("machine", ()) if code in languages and code != draft.language}
    if draft.by_machine and not draft.is_source:
        machine.add(draft.language)
    told = dict(fiche.facts) | dict(draft.facts) | {"machine": sorted(machine) or None}
    return {key: value for key, value in told.items() if value not in (None, "")}


def _check(draft: Draft) -> None:
    if draft.language not in LANGUAGES:
        raise NotAFiche("Choose the language of the text.", "language")
    if not draft.title:
        raise NotAFiche("The fiche needs a title.", "title")
    if len(draft.title) > fiches.LONGEST_TITLE:
        raise NotAFiche(f"The title has {len(draft.title)} characters; {fiches.LONGEST_TITLE} is the limit.", "title")
    if len(draft.summary) > LONGEST_SUMMARY:
        raise NotAFiche(f"The summary has {len(draft.summary)} characters; {LONGEST_SUMMARY} is the limit.", "summary")
    for key, text in draft.sections.items():
        if len(text) > LONGEST_SECTION:
            name = key.replace("_", " ")
            raise NotAFiche(f"The section {name} is too long; {LONGEST_SECTION} characters is the limit.", key)
    fiche_facts.check(draft.facts)


def _check_new(session: Session, title: str) -> None:
    """Whoever begins the same again would rather go on with what is there."""
    there = select(Fiche.slug).join(FicheText, FicheText.fiche_id == Fiche.id).where(FicheText.title == title)
    if (slug := session.scalars(there.order_by(Fiche.id)).first()) is not None:
        raise NotAFiche(f"There is already a fiche with this title: {slug}.", "title")
