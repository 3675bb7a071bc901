"""Who may read a fiche in review next: neither whose words it holds, nor who has validated it already.

In: a fiche and a user, as the history names them. Out: yes or no.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from routing.models import Fiche, FicheRemark, FicheVersion


def may_read_next(session: Session, fiche: Fiche, by: str) -> bool:
    return by not in (last_writer(session, fiche), validated_by(session, fiche))


def last_writer(session: Session, fiche: Fiche) -> str | None:
    """Of versions that a person saved; what a machine kept of an answer was nobody's at this console."""
    found = select(FicheVersion.by).where(FicheVersion.fiche_id == fiche.id, FicheVersion.by != "system")
    return session.scalars(found.order_by(FicheVersion.revision.desc())).first()


def validated_by(session: Session, fiche: Fiche) -> str | None:
    """Who took the step at which it stands."""
    if fiche.step is None:
        return None
    found = select(FicheRemark.by).where(FicheRemark.fiche_id == fiche.id, FicheRemark.step == fiche.step)
    return session.scalars(found.order_by(FicheRemark.id.desc())).first()
