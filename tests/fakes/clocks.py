"""A clock for tests of what happens at a moment: real time plays no part."""

from __future__ import annotations

from datetime import datetime, timedelta


class StillClock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: datetime):
        self.moment = start

    def now(self) -> datetime:
        return self.moment

    def move_to(self, moment: datetime) -> None:
        self.moment = moment

    def advance(self, step: timedelta) -> None:
        self.moment += step
