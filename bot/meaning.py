"""Reads what questions mean, in the background, so that the console finds them by it. In: questions. Out: vectors, stored.

A small batch at a time, the latest first, until all are read: a stop in between costs one batch, and another model begins anew.
Half of the time is left to what people wait for.
"""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta

from bot.clock import Clock
from retrieval import Embedder
from routing import meaning
from routing.nearness import Meanings
from routing.store import Store

LONGEST_REST = 5.0  # seconds; a stop waits for it
SWEEP_EVERY = timedelta(hours=1)


class Meaning:
    """Keeps the vectors in step with the questions, and what this process's searches have in memory (`meanings`) with both."""

    def __init__(
        self, store: Store, embedder: Embedder | None, clock: Clock, meanings: Meanings | None = None, batch: int = meaning.BATCH
    ):
        self._store, self._embedder, self._clock, self._batch = store, embedder, clock, batch
        self._meanings = meanings
        self._edition = meaning.edition_of(embedder) if embedder else ""
        self._swept_at: datetime | None = None

    async def step(self) -> bool:
        """Read one batch, and rest as long as that took if there may be more; True when there was one."""
        began = time.monotonic()
        done = await asyncio.to_thread(self.read)
        if self._meanings is not None:
            await asyncio.to_thread(self._meanings.follow)
        if done == self._batch:
            await asyncio.sleep(min(time.monotonic() - began, LONGEST_REST))
        return done > 0

    def read(self) -> int:
        """How many questions were read. Reading goes on outside any transaction."""
        if self._embedder is None:
            return 0
        self._sweep(self._clock.now())
        with self._store.snapshot() as session:
            texts = meaning.to_read(session, self._edition, self._batch)
        if not texts:
            return 0
        rows = meaning.read(self._embedder, list(texts.values()))
        with self._store.transaction() as session:
            return meaning.write(session, self._edition, texts, rows, self._clock.now())

    def _sweep(self, now: datetime) -> None:
        if self._swept_at is None or now - self._swept_at >= SWEEP_EVERY:
            with self._store.transaction() as session:
                meaning.sweep(session, self._edition, now)
            self._swept_at = now
