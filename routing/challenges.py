"""Secrets that a browser must bring back: each is good once, for a short time, for the browser that it was given to.

In: a purpose, the secret of the browser's cookie, `now`. Out: a new secret, or what was noted beside the one brought back.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from routing.models import Challenge

LIFE = timedelta(minutes=10)


def issue(session: Session, purpose: str, holder: str, now: datetime, **detail: Any) -> str:
    """A new secret (43 characters of base64url, 256 random bits); those that nobody brought back in time go."""
    session.execute(delete(Challenge).where(Challenge.expires_at <= now))
    secret = secrets.token_urlsafe(32)
    facts = {"purpose": purpose, "secret_hash": _hash(secret), "holder": _hash(holder), "detail": detail}
    session.add(Challenge(**facts, created_at=now, expires_at=now + LIFE))
    return secret


def use(session: Session, purpose: str, secret: str, holder: str, now: datetime) -> Mapping[str, Any] | None:
    """What was noted beside this secret, which is used up by that; None for a used, old, foreign or made-up one.

    Commit before anything is checked that may fail: a secret brought back with a wrong proof is used up as well.
    """
    theirs = (
        Challenge.purpose == purpose,
        Challenge.secret_hash == _hash(secret),
        Challenge.holder == _hash(holder),
        Challenge.used_at.is_(None),
        Challenge.expires_at > now,
    )
    # One statement decides: of two browsers with the same secret one finds it unused.
    if session.execute(update(Challenge).where(*theirs).values(used_at=now)).rowcount != 1:  # type: ignore[attr-defined]
        return None
    detail: Mapping[str, Any] = session.scalars(select(Challenge.detail).where(Challenge.secret_hash == _hash(secret))).one()
    return detail


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
