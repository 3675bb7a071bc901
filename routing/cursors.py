"""How far a channel has read, by name. Saved only after what was read is stored."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from routing.models import Cursor


def load(session: Session, name: str, *, lock: bool = False) -> dict[str, Any] | None:
    """`lock`: nobody else loads it so until this transaction ends."""
    row = session.get(Cursor, name, with_for_update=lock or None)
    return dict(row.value) if row else None


def save(session: Session, name: str, value: dict[str, Any], now: datetime) -> None:
    row = session.get(Cursor, name)
    if row is None:
        session.add(Cursor(name=name, value=value, updated_at=now))
    else:
        row.value, row.updated_at = value, now
