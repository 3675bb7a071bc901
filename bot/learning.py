"""Keeps the confidence in step with what people say of the fiches. In: verdicts. Out: a calibration, from time to time.

The labelled questions of the chosen collection count too: they stand for askers until there are enough.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from retrieval import LabelledQuestion, Searcher, load_questions
from routing.labels import labelled_questions
from routing.store import Store

log = logging.getLogger(__name__)
# Verdicts that must have come in, or been taken back, before the confidence is fitted anew: each fit searches every question.
ENOUGH_NEWS = 5


class Learning:
    """Fits the confidence when enough verdicts have changed since the last time; the first step after a start always looks."""

    def __init__(self, store: Store, searcher: Searcher, collection: Callable[[], Sequence[LabelledQuestion]]):
        self._store, self._searcher, self._collection = store, searcher, collection
        self._learnt: frozenset[LabelledQuestion] = frozenset()

    async def step(self) -> bool:
        await asyncio.to_thread(self.learn)
        return False

    def learn(self) -> bool:
        """Whether the confidence was fitted anew."""
        with self._store.snapshot() as session:
            judged = labelled_questions(session)
        if len(self._learnt ^ frozenset(judged)) < ENOUGH_NEWS or self._searcher.status().degraded:
            return False
        learnt = self._searcher.calibrate([*self._collection(), *judged])
        self._learnt = frozenset(judged)
        log.info("confidence: learnt from %s questions, %s of them judged by people", learnt.labels, len(judged))
        return True


def labelled_by_hand(collection: Path) -> list[LabelledQuestion]:
    """The development questions of a collection; none where it has no questions.jsonl."""
    file = collection / "questions.jsonl"
    return [one for one in load_questions(file) if one.split == "dev"] if file.is_file() else []
