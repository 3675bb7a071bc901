"""Editing a fiche by hand: one language's words and the facts, the other languages untouched."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from retrieval import FicheText as RecordText
from routing import facts as fiche_facts
from routing import fiches, versions
from routing.care import EVERYTHING, Care, within
from routing.errors import StaleAction
from routing.facts import NotAFiche as NotAFiche
from routing.finding import folded
from routing.history import note
from routing.languages import LANGUAGES
from routing.models import Fiche, FicheRemark, FicheText, Question, QuestionWord

LONGEST_SUMMARY = 600
LONGEST_SECTION = 20_000
Step = Callable[..., Fiche]


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
    _check(draft)
    fiche = fiches.get(session, slug)
    texts = {one.language: RecordText(one.language, one.title, one.summary, dict(one.sections)) for one in fiche.texts}
    if draft.is_source and draft.language not in texts:
        texts.pop(fiche.source_language, None)  # the draft was taken for another language: its text moves
    if draft.is_source:
        fiche.source_language = draft.language
    sections = {key: text.strip() for key, text in draft.sections.items() if text.strip()}
    texts[draft.language] = RecordText(draft.language, draft.title.strip(), draft.summary.strip(), sections)
    facts = _facts(fiche, draft, texts)
    if fiche.revision == revision:
        versions.keep(session, fiche, "system", fiche.updated_at)
    revised = fiches.revise(session, slug, texts.values(), facts, by=by, now=now, revision=revision)
    written = next(one for one in revised.texts if one.language == draft.language)
    written.translator = None if draft.is_source else draft.translator.strip()[: fiche_facts.LONGEST] or None
    versions.keep(session, revised, by, now)
    return revised


def create(session: Session, title: str, language: str, *, by: str, now: datetime) -> Fiche:
    """A blank draft with a title; raises `NotAFiche`."""
    _check(Draft(language, title, "", {}, {}, True))
    begun = Fiche(
        slug=f"practice-{now.year}-{secrets.token_hex(4)}",
        source_language=language,
        facts={"themes": [], "sources": []},
        created_at=now,
        updated_at=now,
        texts=[FicheText(language=language, title=title.strip(), summary="", sections={})],
    )
    session.add(begun)
    session.flush()
    note(session, None, "fiche-begun", actor=by, now=now, fiche=begun.slug)
    return begun


def ask_for_review(session: Session, slug: str, *, by: str, now: datetime, revision: int) -> Fiche:
    """The writer has finished; a second person reads it before it is published."""
    return _step(session, slug, "draft", "review", "fiche-in-review", by, now, revision)


def send_back(session: Session, slug: str, *, by: str, now: datetime, revision: int) -> Fiche:
    """The reader asks for changes."""
    return _step(session, slug, "review", "draft", "fiche-sent-back", by, now, revision)


def remark(session: Session, slug: str, text: str, *, by: str, now: datetime) -> FicheRemark:
    """What a reader says to the writers; it stays inside."""
    if not text.strip() or len(text) > LONGEST_SECTION:
        raise NotAFiche("A remark needs words.")
    fiche = fiches.get(session, slug)
    said = FicheRemark(fiche_id=fiche.id, revision=fiche.revision, text=text.strip(), by=by, at=now)
    session.add(said)
    return said


def would_have_answered(session: Session, fiche: Fiche, limit: int = 6, care: Care = EVERYTHING) -> list[Question]:
    """Questions that share most words with titles and summaries of a fiche, in all its languages; latest first among equals."""
    words = {word for one in fiche.texts for word in folded(f"{one.title} {one.summary}") if len(word) >= 6}
    shared = func.count().label("shared")
    near = select(QuestionWord.question_id, shared).where(QuestionWord.word.in_(sorted(words)[:200]))
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


def _step(session: Session, slug: str, before: str, after: str, kind: str, by: str, now: datetime, revision: int) -> Fiche:
    fiche = fiches.get(session, slug)
    if fiche.revision != revision or fiche.status != before:
        raise StaleAction("Somebody has changed this fiche since you opened it. Look at it again.")
    fiche.status, fiche.updated_at = after, now
    fiche.revision += 1
    note(session, None, kind, actor=by, now=now, fiche=fiche.slug)
    return fiche


def _check(draft: Draft) -> None:
    if draft.language not in LANGUAGES:
        raise NotAFiche("Choose the language of the text.")
    if not draft.title.strip():
        raise NotAFiche("The fiche needs a title.")
    if len(draft.title.strip()) > fiches.LONGEST_TITLE:
        raise NotAFiche(f"The title has {len(draft.title.strip())} characters; {fiches.LONGEST_TITLE} is the limit.")
    if len(draft.summary.strip()) > LONGEST_SUMMARY:
        raise NotAFiche(f"The summary has {len(draft.summary.strip())} characters; {LONGEST_SUMMARY} is the limit.")
    for key, text in draft.sections.items():
        if len(text) > LONGEST_SECTION:
            raise NotAFiche(f"The section {key.replace('_', ' ')} is too long; {LONGEST_SECTION} characters is the limit.")
    fiche_facts.check(draft.facts)
