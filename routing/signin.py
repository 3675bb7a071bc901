"""Signing in to the console: one-time links by mail, and the sessions that these and other ways in open.

In: an address, a link's secret, a cookie's secret, `now`. Out: a letter in the outbox, a new session, or who is signed in.
Only hashes are kept, so that a stolen database opens no door.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from routing import care
from routing.care import EVERYTHING, Care
from routing.history import note
from routing.languages import LANGUAGES
from routing.models import ConsoleSession, ConsoleUser, Passkey, Person, SignInLink
from routing.office import Office
from routing.people import find_address, normal
from routing.post import post
from routing.recipients import To

LINK_LIFE = timedelta(minutes=15)
# More letters than these are not written; links already sent stay good, so nobody can lock a victim out by asking often.
LINKS_AT_ONCE = 3
SEEN_EVERY = timedelta(minutes=5)  # no closer is written when a session was last used


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is at the other end of a request. `csrf` must come back with every form of this session; `seen_at` is when it was last
    used, as far as that is written (None for a program's key)."""

    user_id: int
    session_id: int
    name: str
    email: str
    role: str
    csrf: str
    language: str = "en"
    care: Care = EVERYTHING
    seen_at: datetime | None = None

    @property
    def actor(self) -> str:
        """The name under which the history keeps what this user does."""
        return f"user:{self.user_id}"


def request_link(session: Session, office: Office, email: str, now: datetime) -> bool:
    """Mail a link to a console user; False (and nothing happens) for anybody else or when enough links are on their way."""
    user = session.scalars(_active().where(ConsoleUser.email == normal("email", email))).one_or_none()
    address = find_address(session, "email", user.email) if user else None
    if user is None or address is None or _links_on_their_way(session, user, now) >= LINKS_AT_ONCE:
        return False
    url = make_link(session, user, now, office.base_url)
    to = To(address, session.get_one(Person, user.person_id), "coordinator")
    facts = {"url": url, "minutes": int(LINK_LIFE / timedelta(minutes=1))}
    return post(session, office, to, "sign_in", facts, now=now, edition=_hash(url)[:24]) is not None


def make_link(session: Session, user: ConsoleUser, now: datetime, base_url: str) -> str:
    """A link that signs `user` in once within a quarter of an hour."""
    secret = secrets.token_urlsafe(32)
    session.add(SignInLink(user_id=user.id, secret_hash=_hash(secret), created_at=now, expires_at=now + LINK_LIFE))
    session.flush()
    return f"{base_url.rstrip('/')}/sign-in/{secret}"


def is_good(session: Session, secret: str, now: datetime) -> bool:
    """True while the link would sign somebody in."""
    return _good_link(session, secret, now) is not None


def sign_in(session: Session, secret: str, now: datetime, *, hours: float, instead_of: str | None = None) -> str | None:
    """Use up a link; returns the new cookie's secret, or None for a used, old or made-up link.

    The browser's earlier session (`instead_of`) ends, so that a planted cookie is worth nothing.
    """
    link = _good_link(session, secret, now, lock=True)
    if link is None:
        return None
    link.used_at = now
    return open_session(session, link.user_id, now, hours=hours, instead_of=instead_of, by="link")


def open_session(
    session: Session, user_id: int, now: datetime, *, hours: float, instead_of: str | None = None, by: str = "link"
) -> str:
    """Sign in somebody who has proven who they are (`by`: link, passkey, provider); returns the new cookie's secret."""
    if instead_of:
        sign_out(session, instead_of, now)
    cookie = secrets.token_urlsafe(32)
    session.add(
        ConsoleSession(
            user_id=user_id,
            secret_hash=_hash(cookie),
            csrf=secrets.token_urlsafe(24),
            created_at=now,
            seen_at=now,
            expires_at=now + timedelta(hours=hours),
        )
    )
    note(session, None, "signed-in", actor=f"user:{user_id}", now=now, by=by)
    return cookie


def vouched_for(session: Session, subject: str, email: str, now: datetime) -> ConsoleUser | None:
    """The user whom an identity provider vouches for. Their address must have been let in here.

    The provider's lasting name for them (`subject`) is kept at their first coming: whoever gets the same address later, when it
    is given to somebody else, is not them (OpenID Connect Core, 5.7).
    """
    user = session.scalars(_active().where(ConsoleUser.email == normal("email", email)).with_for_update()).one_or_none()
    if user is None or (user.subject is not None and user.subject != subject):
        return None
    if user.subject is None:
        user.subject = subject
        note(session, None, "provider-linked", actor=f"user:{user.id}", now=now)
    return user


def who(session: Session, cookie: str, now: datetime) -> SignedIn | None:
    """Who signed in with this cookie; None once it has ended or expired, or the user may not sign in any longer."""
    row = session.execute(
        select(ConsoleSession, ConsoleUser, Person.name, Person.language)
        .join(ConsoleUser, ConsoleUser.id == ConsoleSession.user_id)
        .join(Person, Person.id == ConsoleUser.person_id)
        .where(
            ConsoleSession.secret_hash == _hash(cookie),
            ConsoleSession.ended_at.is_(None),
            ConsoleSession.expires_at > now,
            ConsoleUser.active,
        )
    ).one_or_none()
    if row is None:
        return None
    opened, user, name, language = row
    called = name or user.email.partition("@")[0]
    theirs = care.of_user(session, user)
    return SignedIn(user.id, opened.id, called, user.email, user.role, opened.csrf, language, theirs, opened.seen_at)


def sessions(session: Session, user_id: int, now: datetime) -> Sequence[ConsoleSession]:
    """Where a user is signed in: their open sessions, the latest used first."""
    theirs = select(ConsoleSession).where(ConsoleSession.user_id == user_id, ConsoleSession.ended_at.is_(None))
    there = theirs.where(ConsoleSession.expires_at > now).order_by(ConsoleSession.seen_at.desc(), ConsoleSession.id.desc())
    return session.scalars(there).all()


def is_seen_anew(who: SignedIn, now: datetime) -> bool:
    """Whether it is time to write down that this session is in use."""
    return who.seen_at is not None and now - who.seen_at >= SEEN_EVERY


def note_use(session: Session, session_id: int, now: datetime) -> None:
    session.execute(update(ConsoleSession).where(ConsoleSession.id == session_id).values(seen_at=now))


def choose_language(session: Session, user_id: int, language: str) -> None:
    """The language in which a user reads the console and gets letters; raises KeyError for none of ours."""
    if language not in LANGUAGES:
        raise KeyError(language)
    person = session.get_one(Person, session.get_one(ConsoleUser, user_id).person_id)
    person.language, person.language_chosen = language, True


def sign_out(session: Session, cookie: str, now: datetime) -> None:
    ended = update(ConsoleSession).where(ConsoleSession.secret_hash == _hash(cookie), ConsoleSession.ended_at.is_(None))
    session.execute(ended.values(ended_at=now))


def end_others(session: Session, user_id: int, kept: int | None, now: datetime) -> None:
    """End all sessions of a user but one (`kept`, its id)."""
    theirs = update(ConsoleSession).where(ConsoleSession.user_id == user_id, ConsoleSession.ended_at.is_(None))
    session.execute((theirs.where(ConsoleSession.id != kept) if kept else theirs).values(ended_at=now))


def forbid(session: Session, email: str, *, by: str, now: datetime) -> bool:
    """Let a user sign in no longer and end all their sessions; False when there is no such user."""
    user = session.scalars(_active().where(ConsoleUser.email == normal("email", email))).one_or_none()
    if user is None:
        return False
    user.active, user.subject = False, None
    end_others(session, user.id, None, now)
    session.execute(delete(Passkey).where(Passkey.user_id == user.id))
    session.execute(update(SignInLink).where(SignInLink.user_id == user.id, SignInLink.used_at.is_(None)).values(used_at=now))
    note(session, None, "user-removed", actor=by, now=now, user=user.id)
    return True


def _good_link(session: Session, secret: str, now: datetime, *, lock: bool = False) -> SignInLink | None:
    found = (
        select(SignInLink)
        .join(ConsoleUser, ConsoleUser.id == SignInLink.user_id)
        .where(
            SignInLink.secret_hash == _hash(secret),
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > now,
            ConsoleUser.active,
        )
    )
    return session.scalars(found.with_for_update(of=SignInLink) if lock else found).one_or_none()


def _links_on_their_way(session: Session, user: ConsoleUser, now: datetime) -> int:
    recent = select(func.count()).select_from(SignInLink)
    recent = recent.where(SignInLink.user_id == user.id, SignInLink.used_at.is_(None), SignInLink.expires_at > now)
    return session.scalar(recent) or 0


def _active() -> Select[ConsoleUser]:
    return select(ConsoleUser).where(ConsoleUser.active)


def _hash(secret: str) -> str:
    """No salt: 256 random bits cannot be guessed from their hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
