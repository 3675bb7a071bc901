"""Brings an index up to date. In: the index so far and the fiches that should be in it. Out: what has to change, and a new index.

Only new and changed fiches are embedded; the vectors of the others move over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from retrieval.embedder import Embedder, Floats
from retrieval.index import Entry, Index
from retrieval.passages import Piece, pieces_of
from retrieval.values import FicheRecord, ReconcileReport

Progress = Callable[[int, int], None]
_BATCH = 32


def compare(index: Index | None, wanted: Mapping[str, FicheRecord], degraded: str | None) -> ReconcileReport:
    """What a reconcile has to do, by content hash."""
    known = {entry.slug: entry.content_hash for entry in index.entries} if index else {}
    added = tuple(sorted(wanted.keys() - known.keys()))
    removed = tuple(sorted(known.keys() - wanted.keys()))
    both = sorted(wanted.keys() & known.keys())
    updated = tuple(slug for slug in both if wanted[slug].content_hash != known[slug])
    return ReconcileReport(added, updated, removed, len(both) - len(updated), degraded)


def build(
    old: Index | None, wanted: Mapping[str, FicheRecord], fresh: set[str], embedder: Embedder, progress: Progress | None = None
) -> Index:
    """An index of exactly `wanted`; the slugs in `fresh` are embedded, all others must be in `old`."""
    pieces = [piece for slug in sorted(wanted) for piece in pieces_of(wanted[slug])]
    vectors = np.zeros((len(pieces), embedder.dims), np.float32)
    if old is not None:
        for place, rows in _kept(old, pieces, fresh):
            vectors[place : place + len(rows)] = old.vectors.rows(np.array(rows, np.int64))
    _embed(pieces, vectors, [row for row, piece in enumerate(pieces) if piece.passage.fiche in fresh], embedder, progress)
    return Index.of([Entry.of(wanted[slug]) for slug in sorted(wanted)], pieces, vectors)


def encode_pieces(pieces: Sequence[Piece], embedder: Embedder) -> Floats:
    """float32 [len(pieces), dims]"""
    vectors = np.zeros((len(pieces), embedder.dims), np.float32)
    for encode, as_question in ((embedder.encode_questions, True), (embedder.encode_passages, False)):
        rows = [row for row, piece in enumerate(pieces) if piece.as_question == as_question]
        vectors[rows] = encode([pieces[row].embedded for row in rows])
    return vectors


def _kept(old: Index, pieces: Sequence[Piece], fresh: set[str]) -> Iterator[tuple[int, range]]:
    """Where the pieces of each unchanged fiche begin in the new index, and their rows in the old."""
    seen = set(fresh)
    for place, piece in enumerate(pieces):
        if piece.passage.fiche not in seen:
            seen.add(piece.passage.fiche)
            yield place, old.rows_of(piece.passage.fiche)


def _embed(pieces: Sequence[Piece], vectors: Floats, rows: list[int], embedder: Embedder, progress: Progress | None) -> None:
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        vectors[batch] = encode_pieces([pieces[row] for row in batch], embedder)
        if progress:
            progress(start + len(batch), len(rows))
