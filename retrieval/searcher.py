"""The search itself. In: fiches to remember, questions to answer. Out: findings with a calibrated confidence.

The index is a cache of the published fiches: `reconcile` brings it up to date and heals it; a search on a broken or missing index
says so in `Findings.degraded` and finds nothing, so that a person takes the question.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.embedder import Embedder, Floats
from retrieval.errors import IndexDamaged
from retrieval.filters import Filters, allows, check_filters
from retrieval.index import Entry, Index
from retrieval.passages import Piece, pieces_of
from retrieval.question import Question, read_question
from retrieval.ranking import Ranked, rank
from retrieval.storage import Storage
from retrieval.values import FicheRecord, Findings, IndexStatus, Match, Passage, ReconcileReport

log = logging.getLogger(__name__)
Progress = Callable[[int, int], None]
_BATCH = 32


class Searcher:
    """Thread-safe: searches from many threads, one reconcile at a time. Other processes' reconciles are noticed at the next search."""

    def __init__(self, storage: Storage, embedder: Embedder):
        self._storage, self._embedder = storage, embedder
        self._loading, self._writing = threading.Lock(), threading.Lock()
        self._generation: str | None = None
        self._index: Index | None = None
        self._degraded: str | None = "there is no index yet"

    @classmethod
    def open(cls, folder: Path | str, embedder: Embedder) -> Searcher:
        """Opens the index in `folder`, or an empty one; a damaged index is no error here, `status` and `search` tell."""
        searcher = cls(Storage(Path(folder)), embedder)
        searcher._refresh()
        return searcher

    def search(self, text: str, *, language: str | None = None, limit: int = 3, filters: Filters | None = None) -> Findings:
        """The best `limit` fiches for a question. Never raises on what `text` holds; ValueError for an unknown facet."""
        check_filters(filters or {})
        try:
            return self._search(text, language, limit, filters or {})
        except Exception as error:  # whatever it is, the question must reach a person
            log.exception("a search failed")
            return Findings(model=self._embedder.name, degraded=f"the search failed: {type(error).__name__}")

    def reconcile(self, fiches: Iterable[FicheRecord], progress: Progress | None = None) -> ReconcileReport:
        """Makes the index hold exactly these fiches; only new and changed ones are embedded. `progress` gets (done, total) passages."""
        wanted = {fiche.slug: fiche for fiche in fiches}
        with self._writing, self._storage.locked():
            self._refresh()
            report = _compare(self._index, wanted, self._degraded)
            if report.changed:
                index = self._build(wanted, {*report.added, *report.updated}, progress)
                self._serve(self._storage.write(index, self._embedder), index)
        return report

    def status(self) -> IndexStatus:
        self._refresh()
        index = self._index
        counts = Counter(piece.passage.language for piece in index.pieces) if index else {}
        sizes = (len(index.entries), len(index.pieces)) if index else (0, 0)
        return IndexStatus(self._embedder.name, *sizes, self._generation, self._degraded, True, counts)

    def close(self) -> None:
        """Lets go of the index; a later search opens it again."""
        with self._loading:
            self._generation = self._index = None

    def _search(self, text: str, language: str | None, limit: int, filters: Filters) -> Findings:
        question = read_question(text, language)
        self._refresh()
        index, base = self._index, Findings(language=question.language, vague=question.vague, model=self._embedder.name)
        if index is None:
            return _with(base, degraded=self._degraded)
        allowed = _allowed_rows(index, filters)
        if not question.queries or len(index.vectors) == 0 or (allowed is not None and not len(allowed)):
            return base
        ranked = rank(index, question.queries, self._embedder.encode_questions(question.queries), allowed)
        matches = tuple(_match(index, ranked, place, question) for place in range(min(limit, len(ranked.fiches))))
        return _with(base, matches=matches, signals=ranked.signals)

    def _refresh(self) -> None:
        """Loads the current generation if it is not the one in memory."""
        current = self._storage.current()
        if current is not None and current == self._generation:
            return
        with self._loading:
            if current is not None and current == self._generation:
                return
            try:
                generation, index = self._storage.load(self._embedder)
            except IndexDamaged as damage:
                self._generation, self._index, self._degraded = None, None, str(damage)
            else:
                self._generation, self._index, self._degraded = generation, index, None

    def _serve(self, generation: str, index: Index) -> None:
        with self._loading:
            self._generation, self._index, self._degraded = generation, index, None

    def _build(self, wanted: Mapping[str, FicheRecord], fresh: set[str], progress: Progress | None) -> Index:
        pieces = [piece for slug in sorted(wanted) for piece in pieces_of(wanted[slug])]
        vectors = np.zeros((len(pieces), self._embedder.dims), np.float32)
        for place, rows in _kept_rows(self._index, pieces, fresh):
            assert self._index is not None
            vectors[place : place + len(rows)] = self._index.vectors.rows(np.array(rows, np.int64))
        self._embed(pieces, vectors, [i for i, piece in enumerate(pieces) if piece.passage.fiche in fresh], progress)
        return Index.of([Entry.of(wanted[slug]) for slug in sorted(wanted)], pieces, vectors)

    def _embed(self, pieces: list[Piece], vectors: Floats, rows: list[int], progress: Progress | None) -> None:
        for start in range(0, len(rows), _BATCH):
            batch = rows[start : start + _BATCH]
            vectors[batch] = self._embedder.encode_passages([pieces[row].embedded for row in batch])
            if progress:
                progress(start + len(batch), len(rows))


def _compare(index: Index | None, wanted: Mapping[str, FicheRecord], degraded: str | None) -> ReconcileReport:
    known = {entry.slug: entry.content_hash for entry in index.entries} if index else {}
    added = tuple(sorted(wanted.keys() - known.keys()))
    removed = tuple(sorted(known.keys() - wanted.keys()))
    both = sorted(wanted.keys() & known.keys())
    updated = tuple(slug for slug in both if wanted[slug].content_hash != known[slug])
    return ReconcileReport(added, updated, removed, len(both) - len(updated), degraded)


def _kept_rows(index: Index | None, pieces: list[Piece], fresh: set[str]) -> Iterable[tuple[int, range]]:
    """Where the pieces of unchanged fiches begin in the new index, and their rows in the old."""
    seen: set[str] = set(fresh)
    for place, piece in enumerate(pieces):
        if index is not None and piece.passage.fiche not in seen:
            seen.add(piece.passage.fiche)
            yield place, index.rows_of[piece.passage.fiche]


def _allowed_rows(index: Index, filters: Filters) -> NDArray[np.int64] | None:
    if not filters:
        return None
    allowed = np.array([allows(filters, entry) for entry in index.entries], bool)
    return np.flatnonzero(allowed[index.owners])


def _match(index: Index, ranked: Ranked, place: int, question: Question) -> Match:
    entry, piece = index.entries[ranked.fiches[place]], index.pieces[ranked.rows[place]]
    title, title_language = entry.title_for(question.language)
    quote = _quote(index, piece, question.language)
    return Match(entry.slug, place + 1, float(ranked.scores[place]), piece.passage, title, title_language, quote)


def _quote(index: Index, piece: Piece, language: str | None) -> Passage | None:
    """The same part in the asker's language; of several pieces the one that lies as far into the part."""
    if language == piece.passage.language:
        return piece.passage
    rows = index.rows_of[piece.passage.fiche]
    same = [index.pieces[row] for row in rows if index.pieces[row].passage.part == piece.passage.part]
    there = [other for other in same if other.passage.language == language]
    if not there:
        return None
    return there[min(len(there) - 1, piece.ordinal * len(there) // piece.siblings)].passage


def _with(findings: Findings, **changes: Any) -> Findings:
    from dataclasses import replace

    return replace(findings, **changes)
