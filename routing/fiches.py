"""Fiches in the database: imported from a collection, drafted from answers, published by a person."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from retrieval import FicheRecord
from retrieval import FicheText as RecordText
from routing import sharing
from routing.errors import NotFound, RoutingError, StaleAction
from routing.handing import coordinators
from routing.history import note
from routing.labels import answered_questions, teach
from routing.models import Answer, Fiche, FicheText, Question
from routing.numbers import FichesPolicy
from routing.office import Office
from routing.post import post
from routing.recipients import to_person

LONGEST_TITLE = 100


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


def draft_from(session: Session, office: Office, question: Question, answer: Answer, now: datetime) -> Fiche:
    """Keep an answer as the draft of a fiche: the question is the challenge, the names of the asker, of their authority and its
    place are left out.

    Its name holds no word of the asker's, because names stay when an asker is forgotten.
    """
    names = sharing.names_of_asker(session, question)
    asked, told = sharing.without_names(question.text, names), sharing.without_names(answer.text, names)
    title = _title(sharing.without_names(question.subject or question.text, names), question.number)
    fiche = Fiche(
        slug=f"{_slug(question.theme or 'practice')}-{question.number}-{secrets.token_hex(3)}",
        status="draft",
        source_language=answer.language,
        facts={"themes": [question.theme] if question.theme else [], "sources": []},
        question_id=question.id,
        created_at=now,
        updated_at=now,
        texts=[
            FicheText(
                language=answer.language,
                title=title,
                summary=_first_sentences(told),
                sections={"challenge": asked, "activities": told},
            )
        ],
    )
    session.add(fiche)
    session.flush()
    note(session, question, "fiche-drafted", actor="system", now=now, fiche=fiche.slug)
    facts = {"title": title, "url": office.page(f"fiches/{fiche.slug}")}
    for person_id in coordinators(session, question):
        post(
            session,
            office,
            to_person(session, person_id, "coordinator"),
            "co_draft",
            facts,
            now=now,
            question=question,
            edition=fiche.slug,
        )
    return fiche


def publish(session: Session, slug: str, *, by: str, now: datetime, revision: int | None = None) -> Fiche:
    """Make a fiche searchable; raises `NotPublishable` with what is missing, `StaleAction` if it has changed since `revision`."""
    fiche = get(session, slug)
    if revision is not None and fiche.revision != revision:
        raise StaleAction("Somebody has changed this fiche since you opened it. Look at it again before publishing.")
    missing = _missing(fiche)
    if missing:
        raise NotPublishable(f"Before it can be published the fiche needs: {', '.join(missing)}.")
    fiche.status, fiche.published_at, fiche.published_by, fiche.updated_at = "published", now, by, now
    fiche.confirmed_at = now
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
    fiche.facts, fiche.updated_at, fiche.confirmed_at = facts, now, now
    fiche.revision += 1
    fiche.content_hash = as_record(fiche).content_hash
    note(session, None, "fiche-revised", actor=by, now=now, fiche=fiche.slug)
    return fiche


def retire(session: Session, slug: str, *, by: str, now: datetime) -> Fiche:
    fiche = get(session, slug)
    fiche.status, fiche.updated_at = "retired", now
    fiche.revision += 1
    note(session, None, "fiche-retired", actor=by, now=now, fiche=fiche.slug)
    return fiche


def confirm(session: Session, slug: str, *, by: str, now: datetime) -> Fiche:
    """Somebody has looked at a published fiche again, and it is still right; raises `NotPublishable` for any other."""
    fiche = get(session, slug)
    if fiche.status != "published":
        raise NotPublishable("Only a published fiche is looked at again.")
    fiche.confirmed_at = now
    note(session, None, "fiche-confirmed", actor=by, now=now, fiche=fiche.slug)
    return fiche


def look_again_at(fiche: Fiche, policy: FichesPolicy) -> datetime | None:
    """When somebody should look at a published fiche again; None for any other."""
    if fiche.status != "published" or fiche.confirmed_at is None:
        return None
    return fiche.confirmed_at + timedelta(days=policy.look_again_after_days)


def get(session: Session, slug: str) -> Fiche:
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
    fiche.status, fiche.content_hash = "published", record.content_hash
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


def _missing(fiche: Fiche) -> list[str]:
    source = next((one for one in fiche.texts if one.language == fiche.source_language), None)
    if source is None:
        return [f"a text in its own language ({fiche.source_language})"]
    told = {"a title": source.title.strip(), "a summary": source.summary.strip(), "a theme": fiche.facts.get("themes")}
    told["one section besides the challenge"] = any(text.strip() for key, text in source.sections.items() if key != "challenge")
    return [name for name, there in told.items() if not there]


def _title(asked: str, number: str) -> str:
    line = " ".join(asked.split()) or number
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"


def _first_sentences(text: str, limit: int = 300) -> str:
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    cut = line[:limit]
    end = max(cut.rfind(mark) for mark in (". ", "; ", "! ", "? "))
    return cut[: end + 1] if end > limit // 3 else cut.rsplit(" ", 1)[0] + "…"


def _slug(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:60].strip("-") or "fiche"
