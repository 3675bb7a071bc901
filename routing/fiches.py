"""Fiches in the database: imported from a collection, published, looked at again and retired by a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from retrieval import FicheRecord
from retrieval import FicheText as RecordText
from routing import facts as fiche_facts
from routing.errors import NotFound, RoutingError, StaleAction
from routing.history import note
from routing.labels import answered_questions, teach
from routing.models import Fiche, FicheRemark, FicheText, Question
from routing.numbers import FichesPolicy

LONGEST_TITLE = 100
# How many others have validated a fiche as it stands, by its step.
VALIDATIONS: Mapping[str | None, int] = {"validated_local": 1, "validated_expert": 2}


class NotPublishable(RoutingError):
    """The fiche lacks something a published fiche must have; complete it first."""


def published(session: Session) -> list[FicheRecord]:
    """All published fiches with the questions they have answered, as the searcher takes them."""
    answered = answered_questions(session)
    rows = session.scalars(
        select(Fiche).where(Fiche.status == "published").options(selectinload(Fiche.texts)).order_by(Fiche.slug)
    )
    return [replace(as_record(fiche), asked=tuple(answered.get(fiche.slug, ()))) for fiche in rows]


def as_record(fiche: Fiche) -> FicheRecord:
    texts = tuple(RecordText(one.language, one.title, one.summary, dict(one.sections)) for one in fiche.texts)
    return FicheRecord(fiche.slug, fiche.source_language, dict(fiche.facts), texts)


def import_records(session: Session, records: Iterable[FicheRecord], now: datetime) -> dict[str, int]:
    """Add or update published fiches from a collection; returns how many were added, changed and left as they were."""
    counts = {"added": 0, "changed": 0, "unchanged": 0}
    for record in records:
        counts[_import_one(session, record, now)] += 1
    return counts


def publish(session: Session, slug: str, *, by: str, now: datetime, revision: int | None = None, validations: int = 0) -> Fiche:
    """Make a fiche searchable; raises `NotPublishable` with what is missing, `StaleAction` if it has changed since `revision`.

    `validations`: how many others must have validated it as it stands.
    """
    fiche = get(session, slug)
    if revision is not None and fiche.revision != revision:
        raise StaleAction("Somebody has changed this fiche since you opened it. Look at it again before publishing.")
    if VALIDATIONS.get(fiche.step, 0) < validations:
        raise NotPublishable("Somebody else must validate it before it is published. Ask for a review.")
    missing = missing_in(fiche)
    if missing:
        raise NotPublishable(f"Before it can be published the fiche needs: {', '.join(missing)}.")
    fiche.status, fiche.published_at, fiche.published_by, fiche.updated_at = "published", now, by, now
    fiche.confirmed_at, fiche.step = now, None
    fiche.facts = without_past_day(fiche.facts, now)
    fiche.revision += 1
    fiche.content_hash = as_record(fiche).content_hash
    question = session.get(Question, fiche.question_id) if fiche.question_id else None
    note(session, question, "fiche-published", actor=by, now=now, fiche=fiche.slug)
    if question is not None:
        teach(session, question, fiche.slug, helps=True, source="coordinator", now=now)
    return fiche


def revise(
    session: Session, slug: str, texts: Iterable[RecordText], facts: dict[str, Any], *, by: str, now: datetime, revision: int
) -> Fiche:
    """Replace the words and facts of a fiche; `StaleAction` when somebody else did so since `revision` was read."""
    fiche = get(session, slug)
    if fiche.revision != revision:
        raise StaleAction("Somebody has changed this fiche since you opened it. Look at their version before saving yours.")
    _replace_texts(session, fiche, texts)
    fiche.facts, fiche.updated_at, fiche.confirmed_at = without_past_day(facts, now), now, now
    if fiche.status == "review":
        fiche.step = None  # validated were the words before these
    fiche.revision += 1
    fiche.content_hash = as_record(fiche).content_hash
    note(session, None, "fiche-revised", actor=by, now=now, fiche=fiche.slug)
    return fiche


def retire(session: Session, slug: str, *, by: str, now: datetime, why: str = "") -> Fiche:
    """Offer a fiche no more; `why` stays inside, for whoever finds it later."""
    fiche = get(session, slug)
    if why.strip():
        said = FicheRemark(fiche_id=fiche.id, revision=fiche.revision, text=why.strip(), by=by, at=now, step="retired")
        session.add(said)
    fiche.status, fiche.step, fiche.updated_at = "retired", None, now
    fiche.revision += 1
    note(session, None, "fiche-retired", actor=by, now=now, fiche=fiche.slug)
    return fiche


def confirm(session: Session, slug: str, *, by: str, now: datetime) -> Fiche:
    """Somebody has looked at a published fiche again, and it is still right; raises `NotPublishable` for any other."""
    fiche = get(session, slug)
    if fiche.status != "published":
        raise NotPublishable("Only a published fiche can be checked again.")
    fiche.confirmed_at = now
    if (facts := without_past_day(fiche.facts, now)) != fiche.facts:
        fiche.facts = facts
        fiche.revision += 1
        fiche.content_hash = as_record(fiche).content_hash
    note(session, None, "fiche-confirmed", actor=by, now=now, fiche=fiche.slug)
    return fiche


def look_again_at(fiche: Fiche, policy: FichesPolicy) -> datetime | None:
    """When somebody should look at a published fiche again: on its own day, else after the policy's time; None for any other."""
    if fiche.status != "published" or fiche.confirmed_at is None:
        return None
    if (day := fiche_facts.review_due(fiche.facts)) is not None:
        return datetime.combine(day, time(), UTC)
    return fiche.confirmed_at + timedelta(days=policy.look_again_after_days)


def without_past_day(facts: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Once somebody has looked at it, a day that has come is over; the policy's time counts again."""
    day = fiche_facts.review_due(facts)
    past = day is not None and day <= now.astimezone(UTC).date()
    return {name: told for name, told in facts.items() if name != "review_due"} if past else facts


def get(session: Session, slug: str) -> Fiche:
    """A fiche with its texts; raises `NotFound`."""
    fiche = session.scalars(select(Fiche).where(Fiche.slug == slug).options(selectinload(Fiche.texts))).one_or_none()
    if fiche is None:
        raise NotFound(f"There is no fiche {slug!r}.")
    return fiche


def _import_one(session: Session, record: FicheRecord, now: datetime) -> str:
    found = select(Fiche).where(Fiche.slug == record.slug).options(selectinload(Fiche.texts))
    fiche = session.scalars(found).one_or_none()
    if fiche is not None and fiche.content_hash == record.content_hash and fiche.status == "published":
        return "unchanged"
    outcome = "changed" if fiche else "added"
    if fiche is None:
        fiche = Fiche(slug=record.slug, source_language=record.source_language, created_at=now, texts=[])
        session.add(fiche)
    fiche.source_language, fiche.facts = record.source_language, dict(record.facts)
    fiche.status, fiche.step, fiche.content_hash = "published", None, record.content_hash
    fiche.updated_at, fiche.published_at, fiche.published_by, fiche.confirmed_at = now, now, "import", now
    fiche.revision = (fiche.revision or 0) + 1
    _replace_texts(session, fiche, record.texts)
    session.flush()
    return outcome


def _replace_texts(session: Session, fiche: Fiche, texts: Iterable[RecordText]) -> None:
    known = {one.language: one for one in fiche.texts}
    wanted = {text.language: text for text in texts}
    for language in known.keys() - wanted.keys():
        session.delete(known[language])
    for language, text in wanted.items():
        row = known.get(language)
        if row is None:
            row = FicheText(language=language)
            fiche.texts.append(row)
        row.title, row.summary, row.sections = text.title, text.summary, dict(text.sections)


def missing_in(fiche: Fiche) -> list[str]:
    """What a fiche must have and lacks before it can be published, in English words."""
    source = fiche.text_in(fiche.source_language)
    if source is None:
        return [f"a text in its own language ({fiche.source_language})"]
    told = {"a title": source.title.strip(), "a summary": source.summary.strip(), "a theme": fiche.facts.get("themes")}
    told["one section besides the challenge"] = any(text.strip() for key, text in source.sections.items() if key != "challenge")
    return [name for name, there in told.items() if not there]


def wanting_in(fiche: Fiche) -> list[str]:
    """What a good fiche has besides, and this one lacks, in English words."""
    source = fiche.text_in(fiche.source_language)
    told = {
        "a source": fiche.facts.get("sources"),
        "a country": fiche.facts.get("country"),
        "who wrote it": fiche.facts.get("author"),
        "its results": source is not None and source.sections.get("results", "").strip(),
    }
    return [name for name, there in told.items() if not there]
