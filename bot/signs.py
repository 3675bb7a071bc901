"""Signs of life of the loops of one process: written down for the health page, not oftener than anybody looks.

In: the name of a loop that has just taken a step. Out: its row in the database; an orderly end takes all of them away.
"""

from __future__ import annotations

import asyncio
import time
from datetime import datetime

from bot.clock import Clock
from routing.heartbeats import beat, forget_beats
from routing.store import Store


class SignsOfLife:
    """`seconds`: each loop is written down at most once in this time."""

    def __init__(self, store: Store, clock: Clock, worker: str, seconds: float):
        self._store, self._clock, self._worker, self._seconds = store, clock, worker, seconds
        self._given: dict[str, float] = {}

    async def give(self, loop: str) -> None:
        if time.monotonic() - self._given.get(loop, -self._seconds) < self._seconds:
            return
        self._given[loop] = time.monotonic()
        await asyncio.to_thread(self._write, loop, self._clock.now())

    async def end(self) -> None:
        """An orderly stop is no silence."""
        await asyncio.to_thread(self._forget)

    def _write(self, loop: str, now: datetime) -> None:
        with self._store.transaction() as session:
            beat(session, f"{self._worker}/{loop}", now)

    def _forget(self) -> None:
        with self._store.transaction() as session:
            forget_beats(session, self._worker)
