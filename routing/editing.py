"""Editing a fiche by hand: one language's words and the facts, the other languages untouched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from retrieval import FicheText as RecordText
from routing import fiches
from routing.errors import RoutingError
from routing.models import Fiche
from routing.values import LANGUAGES

LONGEST_SUMMARY = 600
LONGEST_SECTION = 20_000


class NotAFiche(RoutingError):
    """Something in the form is too long, missing or no address; the message says which."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What the editor sends: the text in `language`, the facts that concern all languages."""

    language: str
    title: str
    summary: str
    sections: Mapping[str, str]
    facts: Mapping[str, Any]
    is_source: bool


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
    facts = {key: value for key, value in (dict(fiche.facts) | dict(draft.facts)).items() if value not in (None, "")}
    return fiches.revise(session, slug, texts.values(), facts, by=by, now=now, revision=revision)


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
    for source in draft.facts.get("sources", ()):
        if urlsplit(source).scheme not in ("http", "https") or not urlsplit(source).netloc:
            raise NotAFiche(f"{source!r} is no web address; it begins with https://.")
