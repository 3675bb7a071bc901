"""Passkeys of console users: kept, found, counted, removed. Whether a browser's proof holds is checked before (`bot.console`).

In: a user, a checked key, `now`. Out: rows and lines of the record. A passkey ends with its user's right to sign in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from routing.errors import RoutingError
from routing.history import note
from routing.models import ConsoleSession, ConsoleUser, Passkey
from routing.signin import SignedIn, end_others

MOST = 20
# Whoever finds a browser open must not be able to leave a key of their own in it.
FRESH = timedelta(minutes=15)


class NotAPasskey(RoutingError):
    """The passkey cannot be kept; the message says why."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key whose registration has been checked: its id and public half (base64url), and how often it has signed."""

    credential_id: str
    public_key: str
    sign_count: int


def handle(user: ConsoleUser) -> bytes:
    """The name under which a device keeps a user's key: 32 bytes that tell nobody anything (WebAuthn 3, 14.6.1)."""
    return hashlib.sha256(f"console-user:{user.id}:{user.created_at.isoformat()}".encode()).digest()


def of(session: Session, user_id: int) -> Sequence[Passkey]:
    return session.scalars(select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.id)).all()


def is_fresh(session: Session, who: SignedIn, now: datetime) -> bool:
    """True for as long after signing in as a new key may be added."""
    opened = session.get(ConsoleSession, who.session_id)
    return opened is not None and now - opened.created_at < FRESH


def add(session: Session, who: SignedIn, name: str, key: NewKey, now: datetime) -> Passkey:
    """Keep a checked key under a name of the user's. Raises `NotAPasskey`."""
    name = " ".join(name.split())
    if not name or len(name) > 60 or not name.isprintable():
        raise NotAPasskey("A passkey needs a name of at most 60 characters.")
    if not is_fresh(session, who, now):
        raise NotAPasskey("Sign in again first: you can add a passkey only within 15 minutes of signing in.")
    if session.scalar(select(Passkey.id).where(Passkey.credential_id == key.credential_id)) is not None:
        raise NotAPasskey("This passkey is already known.")
    if (session.scalar(select(func.count()).select_from(Passkey).where(Passkey.user_id == who.user_id)) or 0) >= MOST:
        raise NotAPasskey(f"You can have at most {MOST} passkeys. Remove one first.")
    kept = Passkey(
        user_id=who.user_id,
        credential_id=key.credential_id,
        public_key=key.public_key,
        sign_count=key.sign_count,
        name=name,
        created_at=now,
    )
    session.add(kept)
    session.flush()
    note(session, None, "passkey-added", actor=who.actor, now=now, name=name, passkey=kept.id)
    return kept


def known(session: Session, credential_id: str) -> tuple[Passkey, ConsoleUser] | None:
    """The key with this id and its user, who may sign in; locked, so that its count moves once at a time."""
    row = session.execute(
        select(Passkey, ConsoleUser)
        .join(ConsoleUser, ConsoleUser.id == Passkey.user_id)
        .where(Passkey.credential_id == credential_id, ConsoleUser.active)
        .with_for_update(of=Passkey)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def remove(session: Session, who: SignedIn, passkey_id: int, now: datetime) -> bool:
    """Forget a key of this user, and end their other sessions: a device that is lost may be signed in."""
    gone = session.scalars(select(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == who.user_id)).one_or_none()
    if gone is None:
        return False
    note(session, None, "passkey-removed", actor=who.actor, now=now, name=gone.name, passkey=gone.id)
    session.execute(delete(Passkey).where(Passkey.id == gone.id))
    end_others(session, who.user_id, who.session_id, now)
    return True
