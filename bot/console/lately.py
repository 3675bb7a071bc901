"""What the console remembers for minutes, in memory: who looks at which question now, and what a bulk act can take back.

Kept per process and lost with it: nothing here decides anything.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

STILL_HERE = timedelta(seconds=45)  # three times the beat of an open page
UNDO_WITHIN = timedelta(minutes=10)
MOST = 2_000


@dataclass(frozen=True, slots=True)
class Done:
    """A bulk act: its name, the questions it changed, those it left as they were with the reason why, and when it was done."""

    act: str
    numbers: tuple[str, ...]
    left: tuple[tuple[str, str], ...]
    at: datetime


@dataclass(slots=True)
class Lately:
    """Both memories, bounded."""

    _looking: dict[tuple[str, int], tuple[str, datetime]] = field(default_factory=dict)
    _done: dict[int, Done] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def look(self, number: str, user_id: int, name: str, now: datetime) -> Sequence[str]:
        """Note that somebody looks at a question; returns the names of the others who do."""
        with self._lock:
            if len(self._looking) > MOST:
                self._looking.clear()
            self._looking[number, user_id] = (name, now)
            here = [(who, seen) for (one, user), (who, seen) in self._looking.items() if one == number and user != user_id]
        return sorted(who for who, seen in here if timedelta(0) <= now - seen < STILL_HERE)

    def did(self, session_id: int, done: Done) -> None:
        with self._lock:
            if len(self._done) > MOST:
                self._done.clear()
            self._done[session_id] = done

    def last(self, session_id: int, now: datetime) -> Done | None:
        """What this session did last, while it can be taken back."""
        found = self._done.get(session_id)
        return found if found is not None and now - found.at < UNDO_WITHIN else None

    def forget(self, session_id: int) -> Done | None:
        with self._lock:
            return self._done.pop(session_id, None)
