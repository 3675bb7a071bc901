"""Keys for programs: who holds one acts as the user who made it, within its scopes. Only hashes are kept.

In: a user and scopes, or a secret. Out: a new secret, shown once, or who is calling. A key ends with its user's right to sign in.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from routing import care
from routing.errors import RoutingError
from routing.history import note
from routing.models import ApiToken, ConsoleUser
from routing.signin import SignedIn

SCOPES = ("read", "act", "manage")
LONGEST_DAYS = 366
PREFIX = "rrm_"  # by which secret scanners know it


class NotAKey(RoutingError):
    """The key cannot be made; the message says why."""


def make(session: Session, user_id: int, name: str, scopes: Iterable[str], days: int, now: datetime) -> str:
    """A new key; returns its secret, which is nowhere to be read again. Raises `NotAKey`."""
    name, wanted = " ".join(name.split()), sorted(set(scopes))
    if not name or len(name) > 60 or not name.isprintable():
        raise NotAKey("A key needs a name of at most 60 characters.")
    if not wanted or not set(wanted) <= set(SCOPES):
        raise NotAKey("Choose what the key may do.")
    if not 1 <= days <= LONGEST_DAYS:
        raise NotAKey(f"A key lasts 1 to {LONGEST_DAYS} days.")
    secret = PREFIX + secrets.token_urlsafe(32)
    ends = now + timedelta(days=days)
    session.add(ApiToken(name=name, secret_hash=_hash(secret), scopes=wanted, user_id=user_id, created_at=now, expires_at=ends))
    note(session, None, "key-made", actor=f"user:{user_id}", now=now, name=name, scopes=wanted)
    return secret


def who(session: Session, secret: str, now: datetime) -> tuple[SignedIn, frozenset[str]] | None:
    """Who calls with this key, and what it may do; None for an ended, revoked or made-up one."""
    found = session.execute(
        select(ApiToken, ConsoleUser)
        .join(ConsoleUser, ConsoleUser.id == ApiToken.user_id)
        .where(
            ApiToken.secret_hash == _hash(secret), ApiToken.revoked_at.is_(None), ApiToken.expires_at > now, ConsoleUser.active
        )
    ).one_or_none()
    if found is None:
        return None
    key, user = found
    return SignedIn(user.id, 0, key.name, user.email, user.role, "", care=care.of_user(session, user)), frozenset(key.scopes)


def of(session: Session, user_id: int) -> Sequence[ApiToken]:
    """The keys of a user that still work or once did, latest first."""
    return session.scalars(select(ApiToken).where(ApiToken.user_id == user_id).order_by(ApiToken.id.desc())).all()


def revoke(session: Session, user_id: int, key_id: int, now: datetime) -> None:
    """End a key of this user; somebody else's stays."""
    theirs = update(ApiToken).where(ApiToken.id == key_id, ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None))
    if session.execute(theirs.values(revoked_at=now)).rowcount:  # type: ignore[attr-defined]
        note(session, None, "key-revoked", actor=f"user:{user_id}", now=now, key=key_id)


def _hash(secret: str) -> str:
    """No salt: 256 random bits cannot be guessed from their hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
