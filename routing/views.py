"""Saved views of the queue: a name for a narrowed address, each user's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from routing.errors import RoutingError
from routing.models import SavedView

LONGEST_NAME = 40
MOST_VIEWS = 12


class NotAView(RoutingError):
    """The view cannot be kept; the message says why."""


def of(session: Session, user_id: int) -> Sequence[SavedView]:
    return session.scalars(select(SavedView).where(SavedView.user_id == user_id).order_by(SavedView.name)).all()


def save(session: Session, user_id: int, name: str, query: str, now: datetime) -> SavedView:
    """Keep a view, or change what the name stands for; raises `NotAView`."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise NotAView(f"A view needs a name of at most {LONGEST_NAME} characters.")
    told = urlencode([(key, value) for key, value in parse_qsl(query[:500]) if key not in ("page", "told", "seen")])
    known = of(session, user_id)
    found = next((one for one in known if one.name == name), None)
    if found is None and len(known) >= MOST_VIEWS:
        raise NotAView(f"You can save at most {MOST_VIEWS} views. Remove one first.")
    if found is None:
        found = SavedView(user_id=user_id, name=name, query=told, created_at=now)
        session.add(found)
    found.query = told
    session.flush()
    return found


def remove(session: Session, user_id: int, view_id: int) -> None:
    """Remove a view of this user; somebody else's stays."""
    session.execute(delete(SavedView).where(SavedView.id == view_id, SavedView.user_id == user_id))
