"""The only place that asks what time it is."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Says what time it is: an aware datetime in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class MovableClock:
    """A clock that runs like the machine's but can be moved; for the demo and for tests."""

    def __init__(self, start: datetime | None = None):
        self._offset = (start - datetime.now(UTC)) if start else timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset

    def move_to(self, moment: datetime) -> None:
        self._offset = moment - datetime.now(UTC)

    def advance(self, step: timedelta) -> None:
        self._offset += step


def jumped(wall_before: datetime, wall_now: datetime, monotonic_before: float, monotonic_now: float | None = None) -> timedelta:
    """How far the wall clock has moved against the monotonic one; a bad clock must not escalate anything."""
    passed = timedelta(seconds=(time.monotonic() if monotonic_now is None else monotonic_now) - monotonic_before)
    return (wall_now - wall_before) - passed
