"""Brings an index up to date. In: the index so far and the fiches that should be in it. Out: what has to change, and a draft.

Only new and changed fiches are embedded, one after another; the vectors of the others stay. A journal remembers what was embedded
until the draft is written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from retrieval.embedder import Embedder, Floats
from retrieval.index import NEW, Entry, Index, Rows, without_text, words_after
from retrieval.journal import Journal
from retrieval.passages import Piece, pieces_of
from retrieval.values import WHOLE, FicheRecord, FicheText, ReconcileReport
from retrieval.words import WordIndex

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Fresh:
    """So many new vectors, block by block; each look reads them again, since a great collection's are too many to hold."""

    count: int
    dims: int
    blocks: Callable[[], Iterator[Floats]]

    def all(self) -> Floats:
        """float32 [count, dims]"""
        return np.concatenate([np.zeros((0, self.dims), np.float32), *self.blocks()])


@dataclass(frozen=True)
class Draft:
    """What an index shall hold. `kept` int64 [pieces]: the row of the old index where a piece is, or `NEW`; the vectors of the
    new ones are `fresh`, in their order. `words` counts whole entries, old and new."""

    entries: tuple[Entry, ...]
    pieces: tuple[Piece, ...]
    kept: Rows
    fresh: Fresh
    words: WordIndex


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
    """A draft of exactly `wanted`; the slugs in `changed` are cut, embedded and counted, all others must be in `old`.

    Write it before the journal is closed, where the new vectors are.
    """
    total = sum(len(pieces_of(wanted[slug])) for slug in changed)  # cut twice, rather than kept all at once
    pieces: list[Piece] = []
    kept: list[int] = []
    wholes: list[str] = []
    keys: list[bytes] = []
    done = 0
    for slug in sorted(wanted):
        if old is not None and slug not in changed:
            rows = old.rows_of(slug)
            pieces += old.pieces[rows.start : rows.stop]
            kept += rows
            if old.lacks_words:
                wholes += _wholes(pieces_of(wanted[slug]))
            continue
        cut = pieces_of(wanted[slug])
        keys.append(_embedded(cut, embedder, journal))
        done += len(cut)
        pieces += map(without_text, cut)
        kept += [NEW] * len(cut)
        wholes += _wholes(cut)
        if progress:
            progress(done, total)
    known = np.array(kept, np.int64)
    entries = tuple(Entry.of(wanted[slug]) for slug in sorted(wanted))
    fresh = Fresh(total, embedder.dims, lambda: map(journal.read, keys))
    return Draft(entries, tuple(pieces), known, fresh, words_after(old, pieces, known, wholes))


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


def _wholes(pieces: Sequence[Piece]) -> list[str]:
    return [piece.embedded for piece in pieces if WHOLE in piece.views]


def _embedded(pieces: Sequence[Piece], embedder: Embedder, journal: Journal) -> bytes:
    """The key under which the journal has their vectors."""
    key = journal.key(pieces)
    if not journal.has(key, embedder.dims):
        journal.keep(key, encode_pieces(pieces, embedder))
    return key
