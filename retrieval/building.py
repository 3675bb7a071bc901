"""Brings an index up to date. In: the index so far and the fiches that should be in it. Out: what has to change, and a draft.

Only new and changed fiches are embedded, one after another; the vectors of the others stay. A journal remembers what was embedded
until the draft is written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from retrieval.embedder import Embedder, Floats
from retrieval.index import Entry, Index, Rows
from retrieval.journal import Journal
from retrieval.passages import Piece, pieces_of
from retrieval.values import FicheRecord, FicheText, ReconcileReport

Progress = Callable[[int, int], None]
NEW = -1


@dataclass(frozen=True)
class Draft:
    """What an index shall hold. `kept` int64 [pieces]: the row of the old index where a piece's vector is, or `NEW`; the vectors
    of the new ones are `fresh`, float32 [new pieces, dims], in their order."""

    entries: tuple[Entry, ...]
    pieces: tuple[Piece, ...]
    kept: Rows
    fresh: Floats


def compare(index: Index | None, wanted: Mapping[str, FicheRecord], degraded: str | None) -> ReconcileReport:
    """What a reconcile has to do, by content hash."""
    known = {entry.slug: entry.content_hash for entry in index.entries} if index else {}
    added = tuple(sorted(wanted.keys() - known.keys()))
    removed = tuple(sorted(known.keys() - wanted.keys()))
    both = sorted(wanted.keys() & known.keys())
    updated = tuple(slug for slug in both if wanted[slug].content_hash != known[slug])
    return ReconcileReport(added, updated, removed, len(both) - len(updated), degraded)


def draft(
    old: Index | None,
    wanted: Mapping[str, FicheRecord],
    changed: set[str],
    embedder: Embedder,
    journal: Journal,
    progress: Progress | None = None,
) -> Draft:
    """A draft of exactly `wanted`; the slugs in `changed` are embedded, all others must be in `old`."""
    fiches = {slug: pieces_of(wanted[slug]) for slug in sorted(wanted)}
    rows = [_kept(old, slug, len(pieces), changed) for slug, pieces in fiches.items()]
    kept = np.concatenate([np.zeros(0, np.int64), *rows])
    fresh = np.zeros((int((kept == NEW).sum()), embedder.dims), np.float32)
    at = 0
    for slug, pieces in fiches.items():
        if slug in changed:
            fresh[at : at + len(pieces)] = _embedded(pieces, embedder, journal)
            at += len(pieces)
            if progress:
                progress(at, len(fresh))
    pieces_of_all = tuple(piece for pieces in fiches.values() for piece in pieces)
    return Draft(tuple(Entry.of(wanted[slug]) for slug in fiches), pieces_of_all, kept, fresh)


def encode_pieces(pieces: Sequence[Piece], embedder: Embedder) -> Floats:
    """float32 [len(pieces), dims]"""
    vectors = np.zeros((len(pieces), embedder.dims), np.float32)
    for encode, as_question in ((embedder.encode_questions, True), (embedder.encode_passages, False)):
        rows = [row for row, piece in enumerate(pieces) if piece.as_question == as_question]
        vectors[rows] = encode([pieces[row].embedded for row in rows])
    return vectors


@cache
def cutting() -> str:
    """Changes whenever fiches are cut into other pieces than before; the index of another cut is made anew."""
    section = "One sentence. Another one, which is longer than the first; and a third? " * 9
    texts = (FicheText(code, "Title", "Summary.", {"challenge": section, "results": "Short."}) for code in ("en", "el"))
    cut = pieces_of(FicheRecord("sample", "en", {"place": "Brașov", "owner": "Town hall"}, tuple(texts)))
    told = repr([(p.passage, p.embedded, p.views, p.ordinal, p.siblings) for p in cut])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _kept(old: Index | None, slug: str, count: int, changed: set[str]) -> Rows:
    if old is None or slug in changed:
        return np.full(count, NEW, np.int64)
    return np.array(old.rows_of(slug), np.int64)


def _embedded(pieces: Sequence[Piece], embedder: Embedder, journal: Journal) -> Floats:
    vectors = journal.find(pieces)
    if vectors is None or vectors.shape[1] != embedder.dims:
        vectors = encode_pieces(pieces, embedder)
        journal.keep(pieces, vectors)
    return vectors
