"""Reads what questions mean, in the background, so that the console finds them by it. In: questions. Out: vectors, stored.

A small batch at a time, the latest first, until all are read: a stop in between costs one batch, and another model begins anew.
"""

from __future__ import annotations

import asyncio

from bot.clock import Clock
from retrieval import Embedder
from routing import meaning
from routing.store import Store


class Meaning:
    """Keeps the vectors in step with the questions."""

    def __init__(self, store: Store, embedder: Embedder | None, clock: Clock):
        self._store, self._embedder, self._clock = store, embedder, clock
        self._edition = meaning.edition_of(embedder) if embedder else ""

    async def step(self) -> bool:
        """Read one batch; True when there was one."""
        return await asyncio.to_thread(self.read) > 0

    def read(self) -> int:
        """How many questions were read. Reading goes on outside any transaction."""
        if self._embedder is None:
            return 0
        with self._store.snapshot() as session:
            texts = meaning.to_read(session, self._edition)
        if not texts:
            return 0
        rows = meaning.read(self._embedder, list(texts.values()))
        with self._store.transaction() as session:
            return meaning.write(session, self._edition, texts, rows, self._clock.now())
