"""Secret links to the page that tells an asker where one question stands.

In: a question, or the secret of an address. Out: a fresh address, or the question behind one. Only hashes are kept, so a
stolen database opens no page; every letter carries a link of its own, and all links of a question can be revoked at once.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from routing.models import Question, StatusLink
from routing.office import Office

LONGEST_SECRET = 64


def new_link(session: Session, office: Office, question: Question, now: datetime) -> str:
    """A fresh address of the question's page, with 192 unguessable bits."""
    secret = secrets.token_urlsafe(24)
    session.add(StatusLink(secret_hash=_hash(secret), question_id=question.id, created_at=now))
    return office.page(f"status/{secret}")


def behind(session: Session, secret: str) -> Question | None:
    """The question behind a secret, or None when there is none or its links have been revoked."""
    if not 0 < len(secret) <= LONGEST_SECRET:
        return None
    known = select(StatusLink).where(StatusLink.secret_hash == _hash(secret), StatusLink.revoked_at.is_(None))
    link = session.scalars(known).one_or_none()
    return session.get(Question, link.question_id) if link else None


def revoke(session: Session, question: Question, now: datetime) -> None:
    """No address given out so far leads to this question any more; the next letter brings a new one."""
    given = update(StatusLink).where(StatusLink.question_id == question.id, StatusLink.revoked_at.is_(None))
    session.execute(given.values(revoked_at=now))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
