"""A question's history: one line for everything that happens to it, in the transaction in which it happens."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from routing import announcing  # noqa: F401  tells webhooks of every event
from routing.models import Event, Question


def note(session: Session, question: Question | None, kind: str, *, actor: str, now: datetime, **detail: Any) -> Event:
    """Add one line to the history; `detail` must be plain values."""
    event = Event(question_id=question.id if question else None, at=now, actor=actor, kind=kind, detail=detail)
    session.add(event)
    return event
