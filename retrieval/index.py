"""The index in memory: pieces, their vectors, their words. In: pieces with vectors. Out: rows to rank.

Knows how to write itself into a folder and to read itself back; `storage.py` decides which folder is the current one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.embedder import Floats
from retrieval.errors import IndexDamaged
from retrieval.passages import Piece
from retrieval.values import FicheRecord, Passage
from retrieval.vectors import VectorIndex
from retrieval.words import WordIndex


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index keeps of a fiche besides its passages."""

    slug: str
    content_hash: str
    source_language: str
    titles: Mapping[str, str]
    facts: Mapping[str, Any]

    @classmethod
    def of(cls, fiche: FicheRecord) -> Entry:
        facts = json.loads(json.dumps(dict(fiche.facts), default=str))
        return cls(fiche.slug, fiche.content_hash, fiche.source_language, {t.language: t.title for t in fiche.texts}, facts)

    def title_for(self, language: str | None) -> tuple[str, str]:
        """The title and its language: the asker's if there is one, else English, else the source's."""
        for code in (language, "en", self.source_language):
            if code in self.titles:
                return self.titles[code], code
        return next(((title, code) for code, title in self.titles.items()), (self.slug, self.source_language))


@dataclass(frozen=True)
class Index:
    """Row i of `vectors` and of `words` belongs to `pieces[i]`; immutable, so that readers need no lock."""

    entries: tuple[Entry, ...]
    pieces: tuple[Piece, ...]
    vectors: VectorIndex
    words: WordIndex

    @classmethod
    def of(cls, entries: Sequence[Entry], pieces: Sequence[Piece], vectors: Floats) -> Index:
        texts = [piece.embedded for piece in pieces]
        return cls(tuple(entries), tuple(pieces), VectorIndex.of(vectors), WordIndex.of(texts))

    @cached_property
    def entry_of(self) -> Mapping[str, Entry]:
        return {entry.slug: entry for entry in self.entries}

    @cached_property
    def owners(self) -> NDArray[np.int64]:
        """For each row the number of its fiche in `entries`, int64 [rows]."""
        number = {entry.slug: i for i, entry in enumerate(self.entries)}
        return np.array([number[piece.passage.fiche] for piece in self.pieces], np.int64)

    @cached_property
    def languages(self) -> NDArray[np.str_]:
        """For each row the language of its passage."""
        return np.array([piece.passage.language for piece in self.pieces], "U8")

    @cached_property
    def rows_of(self) -> Mapping[str, range]:
        """The rows of each fiche; they are neighbours."""
        starts = np.flatnonzero(np.diff(self.owners, prepend=-1)).tolist()
        ends = [*starts[1:], len(self.pieces)]
        return {self.pieces[a].passage.fiche: range(a, b) for a, b in zip(starts, ends, strict=True)}

    def save(self, folder: Path) -> None:
        _write_lines(folder / "entries.jsonl", (asdict(entry) for entry in self.entries))
        _write_lines(folder / "pieces.jsonl", (_piece_row(piece) for piece in self.pieces))
        self.vectors.save(folder / "vectors.faiss")
        self.words.save(folder / "words.npz")

    @classmethod
    def load(cls, folder: Path) -> Index:
        """Raises `IndexDamaged`."""
        try:
            entries = tuple(Entry(**row) for row in _read_lines(folder / "entries.jsonl"))
            pieces = tuple(_piece(row) for row in _read_lines(folder / "pieces.jsonl"))
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise IndexDamaged(f"the list of passages cannot be read: {error}") from error
        index = cls(entries, pieces, VectorIndex.load(folder / "vectors.faiss"), WordIndex.load(folder / "words.npz"))
        if not len(index.vectors) == index.words.size == len(pieces):
            raise IndexDamaged("vectors, words and passages differ in number")
        return index


def _piece_row(piece: Piece) -> list[Any]:
    passage = piece.passage
    return [passage.fiche, passage.language, passage.part, passage.text, piece.ordinal, piece.siblings]


def _piece(row: Sequence[Any]) -> Piece:
    # The embedded text is not kept: vectors and postings are all that is left of it.
    fiche, language, part, text, ordinal, siblings = row
    return Piece(Passage(fiche, language, part, text), "", ordinal, siblings)


def _write_lines(file: Path, rows: Any) -> None:
    with file.open("w", encoding="utf-8") as opened:
        for row in rows:
            opened.write(json.dumps(row, ensure_ascii=False) + "\n")


def _read_lines(file: Path) -> list[Any]:
    with file.open(encoding="utf-8") as opened:
        return [json.loads(line) for line in opened]
