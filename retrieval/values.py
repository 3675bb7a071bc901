"""Frozen values that cross the package's border: fiches going in, findings coming out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# The order in which a fiche is told; keys of `FicheText.sections`.
SECTIONS = (
    "challenge",
    "objectives",
    "activities",
    "actors",
    "resources",
    "results",
    "success_factors",
    "difficulties",
    "lessons",
    "transferability",
)
WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class FicheText:
    """One language's text of a fiche; `sections` maps keys of `SECTIONS` to paragraphs."""

    language: str
    title: str
    summary: str
    sections: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FicheRecord:
    """One reviewed practice in all its translations; `facts` holds the fields that are no prose (country, themes, year, ...).

    `asked`: questions that it has answered, each with its language; they help to find it and are never shown.
    """

    slug: str
    source_language: str
    facts: Mapping[str, Any]
    texts: tuple[FicheText, ...]
    asked: tuple[tuple[str, str], ...] = ()

    @property
    def content_hash(self) -> str:
        """SHA-256 (hex) of everything that search depends on; equal content gives equal hashes in any process."""
        content = {
            "slug": self.slug,
            "source_language": self.source_language,
            "facts": dict(self.facts),
            "texts": sorted(
                ([t.language, t.title, t.summary, dict(t.sections)] for t in self.texts), key=lambda text: str(text[0])
            ),
        }
        if self.asked:
            content["asked"] = sorted(map(list, self.asked))
        return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Passage:
    """A searchable piece of a fiche; `part` is "whole" or a section key, `text` what a reader is shown."""

    fiche: str
    language: str
    part: str
    text: str


@dataclass(frozen=True, slots=True)
class Match:
    """One fiche found. `passage` is the piece that spoke for it, `quote` the same piece in the asker's language if it exists."""

    fiche: str
    rank: int
    score: float
    passage: Passage
    title: str
    title_language: str
    quote: Passage | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """What a search says: matches, best first, and how far to trust them.

    `confidence` is the calibrated probability that the first match answers, `confidence_any` that one of the first three does.
    `assured`: the confidence reaches the precision that the collection's own labels let the searcher promise.
    `degraded` gives the reason when the index could not be used; `matches` is then empty and a person should take the question.
    """

    matches: tuple[Match, ...] = ()
    confidence: float = 0.0
    confidence_any: float = 0.0
    language: str | None = None
    vague: bool = False
    signals: Mapping[str, float] = field(default_factory=dict)
    suggest_only: bool = True
    assured: bool = True
    model: str = ""
    degraded: str | None = None


@dataclass(frozen=True, slots=True)
class ReconcileReport:
    """What a reconcile changed, as fiche slugs; `kept` counts those left alone."""

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    kept: int = 0
    healed: str | None = None

    @property
    def changed(self) -> bool:
        return bool(self.added or self.updated or self.removed or self.healed)


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """The index at a glance; `degraded` is None when it serves."""

    model: str
    fiches: int
    passages: int
    generation: str | None
    degraded: str | None
    suggest_only: bool
    languages: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """A question whose answers are known; no `answers` means that no fiche of the collection answers it."""

    id: str
    language: str
    text: str
    answers: tuple[str, ...]
    split: str = "dev"
