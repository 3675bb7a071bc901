"""Since when the asker owes the next step: the latest event of the history by which they got it.

In: the events of questions, or their ids. Out: moments, by question; none for who never got it, or before the history was kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from routing.models import Event

TO_ASKER = (
    "asked-back", "asked-the-asker", "clarification-asked", "proposed", "answered", "answer-released", "answer-offered",
    "answer-added", "asked-whether-used",
)  # fmt: skip


def since_of(events: Iterable[Event]) -> datetime | None:
    """Of one question's events."""
    return max((event.at for event in events if event.kind in TO_ASKER), default=None)


def since(session: Session, questions: Collection[int]) -> dict[int, datetime]:
    given = select(Event.question_id, func.max(Event.at)).where(Event.question_id.in_(questions), Event.kind.in_(TO_ASKER))
    rows = session.execute(given.group_by(Event.question_id))
    return {question: at for question, at in rows if question is not None}
