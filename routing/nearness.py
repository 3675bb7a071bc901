"""Questions that are near in meaning to what somebody types, in whatever language: the search of the console besides words.

In: a store and a few words. Out: the ids of questions, nearest first, none that is not near; and why words alone must do where
meaning cannot help. The vectors stand in memory: 40 MB and some 20 ms a search for 100,000 questions (benchmarks/console.py). A
search reads only what is new; the service's loop follows besides, so that no first search waits for model and vectors, and that
what is erased leaves the memory. Rights and filters are not asked here: whoever shows questions applies them to these as to all
others, and asks whether each still means what it did (`routing.narrowing`).
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from retrieval import Embedder
from routing.meaning import Rows, edition_of, named, unread, width
from routing.models import QuestionVector
from routing.store import Store

log = logging.getLogger(__name__)
# How near: the cosine and, of the concepts that both name, the share (their own cosine), which a small model's cosine alone does
# not tell well across languages. Both numbers were chosen for the bundled model by benchmarks/search_by_meaning.py, which shows
# what others would find; cosines of another model lie elsewhere, so it needs a floor of its own (docs/models.md).
CONCEPTS = 0.3
NEAR_AT = 0.5
MOST_NEAR = 1_000
_PART = 1_024  # rows compared at a time: as bytes and as numbers they stay in a processor's cache
_FETCHED = 2_000  # rows at a time
_WARMING = "a"  # any word
_REMEMBERED = 256  # searches: an open page asks the same again every ten seconds
Ids = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Nearness:
    """`ids` are near, nearest first; `lack` says what is missing: "away" (no model), "unmeasured" (nobody has measured how near
    is near with this model), "reading" (`unread` questions wait)."""

    ids: tuple[int, ...] = ()
    lack: Literal["", "away", "unmeasured", "reading"] = ""
    unread: int = 0

    @property
    def by_meaning(self) -> bool:
        """Whether anything is looked for besides words."""
        return self.lack in ("", "reading")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed: its unit vector, float32 [dims], and the concepts it names."""

    vector: Floats
    concepts: frozenset[int]


@dataclass(frozen=True, slots=True)
class Stock:
    """The rows of one edition up to a serial, uint8 [n, width]. Never changed, only replaced.

    `lengths` are the norms of the vectors, `named` the numbers of concepts, float32 [n] each.
    """

    ids: Ids
    rows: Rows
    dims: int
    lengths: Floats
    named: Floats
    serial: int

    @classmethod
    def of(cls, ids: Sequence[int], rows: Rows, dims: int, serial: int = 0) -> Stock:
        lengths = [np.linalg.norm(rows[part, :dims].view(np.int8).astype(np.float32), axis=1) for part in _parts(rows)]
        counts = [np.unpackbits(rows[part, dims:], axis=1).sum(axis=1, dtype=np.float32) for part in _parts(rows)]
        return cls(np.array(ids, np.int64), rows, dims, _joined(lengths), _joined(counts), serial)

    def with_new(self, fresh: Stock) -> Stock:
        """A question that was read again counts as it is now."""
        if not len(fresh.ids) or not len(self.ids):
            return fresh if len(fresh.ids) else self
        old = self.only(~np.isin(self.ids, fresh.ids))
        ids, rows = np.concatenate([old.ids, fresh.ids]), np.concatenate([old.rows, fresh.rows])
        lengths, counts = _joined([old.lengths, fresh.lengths]), _joined([old.named, fresh.named])
        return Stock(ids, rows, self.dims, lengths, counts, max(old.serial, fresh.serial))

    def only(self, kept: NDArray[np.bool_]) -> Stock:
        if kept.all():
            return self
        return Stock(self.ids[kept], self.rows[kept], self.dims, self.lengths[kept], self.named[kept], self.serial)

    def near(self, asked: Asked, at_least: float = NEAR_AT, most: int = MOST_NEAR) -> Ids:
        """The ids of what is at least so near, the nearest first."""
        nearness = self.nearness(asked)
        near = np.flatnonzero(nearness >= at_least)
        return self.ids[near[np.argsort(-nearness[near], kind="stable")[:most]]]

    def nearness(self, asked: Asked) -> Floats:
        """float32 [n]"""
        products = [self.rows[part, : self.dims].view(np.int8).astype(np.float32) @ asked.vector for part in _parts(self.rows)]
        cosines = _joined(products) / np.maximum(self.lengths, 1)
        return np.asarray(cosines + CONCEPTS * self._shared(asked.concepts), np.float32)

    def _shared(self, concepts: frozenset[int]) -> Floats:
        """The cosines of the concepts that a question names with these (0 to 1)."""
        both = np.zeros(len(self.ids), np.float32)
        for place in concepts:
            both += self.rows[:, self.dims + place // 8] >> (7 - place % 8) & 1
        return np.asarray(both / np.sqrt(np.maximum(self.named, 1) * max(len(concepts), 1)), np.float32)


class Meanings:
    """One for each process, shared by its threads; without an embedder it says that meaning is away.

    `near_at` is the floor of nearness that was measured for the embedder; None leaves the search by meaning off.
    """

    def __init__(self, store: Store, embedder: Embedder | None = None, near_at: float | None = NEAR_AT):
        self._store, self._near_at = store, near_at
        self._edition, self._dims = (edition_of(embedder), embedder.dims) if embedder else ("", 0)
        self._stock = Stock.of((), np.zeros((0, width(self._dims)), np.uint8), self._dims)
        self._following = threading.Lock()
        self._read = lru_cache(_REMEMBERED)(partial(_read, embedder)) if embedder else None

    def near(self, asked: str) -> Nearness:
        """What is near to these words; nothing for what holds no letter. A model that fails is away, and raises nothing."""
        if not any(letter.isalpha() for letter in asked):
            return Nearness()
        if self._read is None:
            return Nearness(lack="away")
        if self._near_at is None:
            return Nearness(lack="unmeasured")
        try:
            read = self._read(" ".join(asked.split()))
        except Exception:
            log.exception("searching by meaning")
            return Nearness(lack="away")
        stock, waiting = self._learned()
        return Nearness(tuple(stock.near(read, self._near_at).tolist()), "reading" if waiting else "", waiting)

    def follow(self) -> None:
        """Have the model and all that it has read at hand, and forget what is there no more: too long for each search to look."""
        if self._read is None or self._near_at is None:
            return
        with contextlib.suppress(Exception):  # a model that fails says so when it is asked
            self._read(_WARMING)
        self._learned()
        with self._following, self._store.snapshot() as session:
            there = select(QuestionVector.question_id).where(QuestionVector.edition == self._edition)
            if session.scalar(select(func.count()).select_from(there.subquery())) != len(self._stock.ids):
                self._stock = self._stock.only(np.isin(self._stock.ids, np.array(session.scalars(there).all(), np.int64)))

    def _learned(self) -> tuple[Stock, int]:
        """What is read by now, and how many questions are not. One after the other, each by a look that is later than the one
        before: a thread that still sees an older moment would forget what another has learnt since.
        """
        with self._following, self._store.snapshot() as session:
            self._stock = self._stock.with_new(self._fresh(session))
            return self._stock, unread(session, self._edition)

    def _fresh(self, session: Session) -> Stock:
        columns = select(QuestionVector.question_id, QuestionVector.vector, QuestionVector.serial)
        new = columns.where(QuestionVector.edition == self._edition, QuestionVector.serial > self._stock.serial)
        ids, rows, serial, wide = [], bytearray(), self._stock.serial, width(self._dims)
        for question_id, row, at in session.execute(new.execution_options(yield_per=_FETCHED)):
            if row is not None and len(row) == wide:
                ids.append(question_id)
                rows += row
                serial = max(serial, at)
        return Stock.of(ids, np.frombuffer(rows, np.uint8).reshape(len(ids), wide), self._dims, serial)


def _read(embedder: Embedder, asked: str) -> Asked:
    return Asked(embedder.encode_questions([asked])[0], named(asked))


def _parts(rows: Rows) -> list[slice]:
    return [slice(start, start + _PART) for start in range(0, len(rows), _PART)]


def _joined(parts: Sequence[Floats]) -> Floats:
    return np.concatenate([np.zeros(0, np.float32), *parts])
