"""A fiche is read by others before it is published: by somebody of the network, then by a subject expert; each says a word.

draft → review → validated_local → validated_expert → published. Readers who ask for changes send it back to its writers; what is
changed after somebody has validated it is read again. Only the policy says how many must have read it. Who may read it next gets
a letter, and finds it in their digest until it is read (`routing.matters`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from routing import fiches
from routing.errors import RoutingError, StaleAction
from routing.facts import NotAFiche
from routing.handing import coordinators
from routing.history import note
from routing.models import ConsoleUser, Fiche, FicheRemark, Question
from routing.office import Office
from routing.post import post
from routing.readers import last_writer, may_read_next, validated_by
from routing.recipients import to_person

LONGEST = 20_000
NEXT: Mapping[str | None, str] = {None: "validated_local", "validated_local": "validated_expert"}


class NotByYou(RoutingError):
    """Two different people must have seen it; the message says who may do this."""


def ask_for_review(session: Session, office: Office, slug: str, *, by: str, now: datetime, revision: int) -> Fiche:
    """The writer has finished, or what was retired is wanted again; others read it before it is published."""
    fiche = _at(session, slug, ("draft", "retired"), revision)
    _move(session, fiche, "review", None, "fiche-in-review", by, now)
    _tell_readers(session, office, fiche, now)
    return fiche


def ask_for_changes(session: Session, slug: str, text: str, *, by: str, now: datetime, revision: int) -> Fiche:
    """A reader sends it back, saying what is wanted; raises `NotAFiche` when they do not, `StaleAction` when it has changed."""
    fiche = _at(session, slug, ("review",), revision)
    if not text.strip():
        raise NotAFiche("Say what should change. Its authors read it beside the fiche.")
    _say(session, fiche, text, by, now, "changes_requested")
    return _move(session, fiche, "draft", "changes_requested", "fiche-sent-back", by, now)


def validate(session: Session, office: Office, slug: str, text: str = "", *, by: str, now: datetime, revision: int) -> Fiche:
    """A reader finds it right. Raises `NotByYou` for whoever wrote its last words, or has validated it already."""
    fiche = _at(session, slug, ("review",), revision)
    if fiche.step not in NEXT:
        raise StaleAction("This fiche has already been validated.")
    if by == last_writer(session, fiche):
        raise NotByYou("You made the last change to it, so somebody else must validate it.")
    if fiche.step is not None and by == validated_by(session, fiche):
        raise NotByYou("You have already validated it. The second reader must be somebody else.")
    step = NEXT[fiche.step]
    _say(session, fiche, text, by, now, step)
    _move(session, fiche, "review", step, "fiche-validated", by, now)
    if fiches.VALIDATIONS[step] < office.policy.fiches.validations:
        _tell_readers(session, office, fiche, now)
    return fiche


def remark(session: Session, slug: str, text: str, *, by: str, now: datetime) -> FicheRemark:
    """What a reader says to the writers; it stays inside. Raises `NotAFiche` for nothing."""
    if not text.strip():
        raise NotAFiche("Write the remark first.")
    return _say(session, fiches.get(session, slug), text, by, now, None)


def validations(remarks: Sequence[FicheRemark]) -> list[FicheRemark]:
    """Those of all remarks with which somebody has validated the fiche, oldest first."""
    return [one for one in remarks if one.step in NEXT.values()]


def _tell_readers(session: Session, office: Office, fiche: Fiche, now: datetime) -> None:
    """One letter each time it is somebody's turn to read."""
    session.flush()
    title = next((text.title for text in fiche.texts if text.language == fiche.source_language), fiche.slug)
    facts = {"title": title, "url": office.page(f"fiches/{fiche.slug}"), "asked": True}
    question = session.get(Question, fiche.question_id) if fiche.question_id else None
    there = coordinators(session, question)
    users = session.scalars(select(ConsoleUser).where(ConsoleUser.active, ConsoleUser.person_id.in_(there)))
    for user in users.all():
        if may_read_next(session, fiche, f"user:{user.id}"):
            to, edition = to_person(session, user.person_id, "coordinator"), f"{fiche.slug}:{fiche.revision}"
            post(session, office, to, "co_draft", facts, now=now, question=question, edition=edition)


def _at(session: Session, slug: str, statuses: Sequence[str], revision: int) -> Fiche:
    fiche = fiches.get(session, slug)
    if fiche.revision != revision or fiche.status not in statuses:
        raise StaleAction("Somebody has changed this fiche since you opened it. Look at it again.")
    return fiche


def _move(session: Session, fiche: Fiche, status: str, step: str | None, kind: str, by: str, now: datetime) -> Fiche:
    fiche.status, fiche.step, fiche.updated_at = status, step, now
    fiche.revision += 1
    note(session, None, kind, actor=by, now=now, fiche=fiche.slug)
    return fiche


def _say(session: Session, fiche: Fiche, text: str, by: str, now: datetime, step: str | None) -> FicheRemark:
    if len(text) > LONGEST:
        raise NotAFiche(f"The remark is too long; {LONGEST} characters is the limit.")
    said = FicheRemark(fiche_id=fiche.id, revision=fiche.revision, text=text.strip(), by=by, at=now, step=step)
    session.add(said)
    return said
