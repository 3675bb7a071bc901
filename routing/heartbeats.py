"""Signs of life, one row for each loop of each process: a loop can die while its process lives."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from routing.models import Heartbeat

SILENT_AFTER = timedelta(minutes=5)


def beat(session: Session, name: str, now: datetime) -> None:
    row = session.get(Heartbeat, name)
    if row is None:
        session.add(Heartbeat(name=name, at=now))
    else:
        row.at = now


def forget_beats(session: Session, worker: str) -> None:
    """An orderly stop is no silence."""
    session.execute(delete(Heartbeat).where(Heartbeat.name.startswith(f"{worker}/", autoescape=True)))
