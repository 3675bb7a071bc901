"""A fiche is read by others before it is published: by somebody of the network, then by a subject expert; each says a word.

draft → review → validated_local → validated_expert → published. Readers who ask for changes send it back to its writers; what is
changed after somebody has validated it is read again. Only the policy says how many must have read it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from routing import fiches
from routing.errors import RoutingError, StaleAction
from routing.facts import NotAFiche
from routing.history import note
from routing.models import Fiche, FicheRemark, FicheVersion

LONGEST = 20_000
NEXT: Mapping[str | None, str] = {None: "validated_local", "validated_local": "validated_expert"}


class NotByYou(RoutingError):
    """Two different people must have seen it; the message says who may do this."""


def ask_for_review(session: Session, slug: str, *, by: str, now: datetime, revision: int) -> Fiche:
    """The writer has finished, or what was retired is wanted again; others read it before it is published."""
    return _move(session, _at(session, slug, ("draft", "retired"), revision), "review", None, "fiche-in-review", by, now)


def ask_for_changes(session: Session, slug: str, text: str, *, by: str, now: datetime, revision: int) -> Fiche:
    """A reader sends it back, saying what is wanted."""
    fiche = _at(session, slug, ("review",), revision)
    if not text.strip():
        raise NotAFiche("Say what should change. Its authors read it beside the fiche.")
    _say(session, fiche, text, by, now, "changes_requested")
    return _move(session, fiche, "draft", "changes_requested", "fiche-sent-back", by, now)


def validate(session: Session, slug: str, text: str = "", *, by: str, now: datetime, revision: int) -> Fiche:
    """A reader finds it right. Raises `NotByYou` for whoever wrote its last words, or has validated it already."""
    fiche = _at(session, slug, ("review",), revision)
    if fiche.step not in NEXT:
        raise StaleAction("This fiche has already been validated.")
    if by == _last_writer(session, fiche):
        raise NotByYou("You made the last change to it, so somebody else must validate it.")
    if fiche.step is not None and by == _validated_by(session, fiche):
        raise NotByYou("You have already validated it. The second reader must be somebody else.")
    step = NEXT[fiche.step]
    _say(session, fiche, text, by, now, step)
    return _move(session, fiche, "review", step, "fiche-validated", by, now)


def remark(session: Session, slug: str, text: str, *, by: str, now: datetime) -> FicheRemark:
    """What a reader says to the writers; it stays inside."""
    if not text.strip():
        raise NotAFiche("Write the remark first.")
    return _say(session, fiches.get(session, slug), text, by, now, None)


def validations(remarks: Sequence[FicheRemark]) -> list[FicheRemark]:
    """Those of all remarks with which somebody has validated the fiche, oldest first."""
    return [one for one in remarks if one.step in NEXT.values()]


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


def _last_writer(session: Session, fiche: Fiche) -> str | None:
    """Of versions that a person saved; what a machine kept of an answer was nobody's at this console."""
    found = select(FicheVersion.by).where(FicheVersion.fiche_id == fiche.id, FicheVersion.by != "system")
    return session.scalars(found.order_by(FicheVersion.revision.desc())).first()


def _validated_by(session: Session, fiche: Fiche) -> str | None:
    found = select(FicheRemark.by).where(FicheRemark.fiche_id == fiche.id, FicheRemark.step == fiche.step)
    return session.scalars(found.order_by(FicheRemark.id.desc())).first()
