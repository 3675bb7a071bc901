"""The index: pieces, their vectors, the words of whole entries. In: pieces with vectors. Out: rows to rank.

Pieces and words are in memory; the vectors are behind an interface. Knows how to write all but those into a folder and to read
itself back; `storage.py` decides which folder is the current one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.embedder import Floats
from retrieval.errors import IndexDamaged, WordsOutdated
from retrieval.layout import Layout
from retrieval.passages import SENTENCE, SUMMARY, VIEWS, Piece
from retrieval.runs import runs
from retrieval.values import WHOLE, FicheRecord, Passage
from retrieval.vectors import Vectors
from retrieval.vectors_faiss import VectorIndex
from retrieval.words import WordIndex

# Of so many passages a language needs before half of its own mean is believed.
_PASSAGES_TO_TRUST_A_MEAN = 30
_SAMPLE = 2_000
# In place of a row of an older index: there is none.
NEW = -1
Rows = NDArray[np.int64]


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
        for code in (language or "en", "en", self.source_language):
            if code in self.titles:
                return self.titles[code], code
        return next(((title, code) for code, title in self.titles.items()), (self.slug, self.source_language))


@dataclass(frozen=True)
class Index:
    """Row i of `vectors` belongs to `pieces[i]`, entry j of `words` to the j-th whole piece. Immutable: readers need no lock."""

    entries: tuple[Entry, ...]
    pieces: tuple[Piece, ...]
    vectors: Vectors
    words: WordIndex

    @classmethod
    def of(cls, entries: Sequence[Entry], pieces: Sequence[Piece], vectors: Floats) -> Index:
        return cls(tuple(entries), tuple(pieces), VectorIndex.of(vectors), words_of(pieces))

    @cached_property
    def owners(self) -> Rows:
        """For each row the number of its fiche in `entries`."""
        number = {entry.slug: i for i, entry in enumerate(self.entries)}
        return np.array([number[piece.passage.fiche] for piece in self.pieces], np.int64)

    @cached_property
    def wholes(self) -> Rows:
        """The rows that stand for whole entries, in the order of the word index."""
        return np.flatnonzero(self.views[WHOLE])

    @cached_property
    def views(self) -> Mapping[str, NDArray[np.bool_]]:
        """For each view, which rows belong to it."""
        return {view: np.array([view in piece.views for piece in self.pieces], bool) for view in VIEWS}

    @cached_property
    def layout(self) -> Layout:
        """All pieces by fiche, view and language."""
        return self.layout_of(None)

    def layout_of(self, allowed: Rows | None) -> Layout:
        """The same of these rows alone."""
        sides = np.stack([self.views[view] for view in VIEWS])
        return Layout.of(sides, self.owners, self.languages, len(self.entries), allowed)

    @cached_property
    def asked(self) -> NDArray[np.bool_]:
        """The rows of no view: questions that a fiche has answered."""
        asked: NDArray[np.bool_] = ~np.logical_or.reduce(list(self.views.values()))
        return asked

    @cached_property
    def places(self) -> Rows:
        """For each row its place in the word index, -1 for none."""
        places = np.full(len(self.pieces), -1, np.int64)
        places[self.wholes] = np.arange(len(self.wholes))
        return places

    @cached_property
    def speaking(self) -> Rows:
        """For each entry of the word index the number of its fiche; ascending."""
        return self.owners[self.wholes]

    @cached_property
    def by_language(self) -> tuple[Rows, Rows, Rows]:
        """The places in the word index, those of one language together; where each language begins, and how many it has."""
        languages = self.languages[self.wholes]
        order = np.argsort(languages, kind="stable")
        return order, *runs(languages[order])

    @cached_property
    def quotable(self) -> NDArray[np.bool_]:
        """The rows short enough to be shown: sentences, and the summary for want of any."""
        return self.views[SENTENCE] | self.views[SUMMARY]

    @cached_property
    def tongues(self) -> tuple[str, ...]:
        """The languages of the collection."""
        return tuple(sorted({piece.passage.language for piece in self.pieces}))

    @cached_property
    def languages(self) -> Rows:
        """For each row the number of its language in `tongues`."""
        number = {tongue: i for i, tongue in enumerate(self.tongues)}
        return np.array([number[piece.passage.language] for piece in self.pieces], np.int64)

    @cached_property
    def leanings(self) -> Floats:
        """How each language's passages differ, on average, from all: float32 [tongues, dims]; small samples shrink towards none.

        The model's own correction is fitted on other texts and leaves a rest; this takes away half of it in ranking.
        """
        samples = [self._sample(np.flatnonzero(self.languages == number)) for number in range(len(self.tongues))]
        everything = np.concatenate(samples).mean(0) if samples else np.zeros(self.vectors.dims)
        shrink = [len(sample) / (len(sample) + _PASSAGES_TO_TRUST_A_MEAN) for sample in samples]
        means = [trust * (sample.mean(0) - everything) for trust, sample in zip(shrink, samples, strict=True)]
        return np.array(means, np.float32).reshape(len(self.tongues), self.vectors.dims)

    def rows_of(self, slug: str) -> range:
        """The rows of a fiche; they are neighbours."""
        return self._rows_by_slug[slug]

    def save(self, folder: Path) -> None:
        _write_lines(folder / "entries.jsonl", (asdict(entry) for entry in self.entries))
        _write_lines(folder / "pieces.jsonl", (piece_row(piece) for piece in self.pieces))
        self.words.save(folder / "words.npz")

    @classmethod
    def load(cls, folder: Path, vectors: Vectors) -> Index:
        """With the vectors that belong to what `save` wrote. Raises `IndexDamaged`; outdated words are left out."""
        try:
            entries = tuple(Entry(**row) for row in _read_lines(folder / "entries.jsonl"))
            pieces = tuple(piece_of(row) for row in _read_lines(folder / "pieces.jsonl"))
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise IndexDamaged(f"the list of passages cannot be read: {error}") from error
        return cls(entries, pieces, vectors, current_words(folder / "words.npz")).checked()

    @property
    def lacks_words(self) -> bool:
        """Whether its words must be counted before it can be searched; its vectors can be kept."""
        return self.words.size != len(self.wholes)

    def checked(self) -> Index:
        """Itself. Raises `IndexDamaged` when its parts cannot belong together."""
        known = {entry.slug for entry in self.entries}
        if not all(piece.passage.fiche in known for piece in self.pieces):
            raise IndexDamaged("there are passages of fiches that are not there")
        if len(self.vectors) != len(self.pieces) or (self.words.size and self.lacks_words):
            raise IndexDamaged("vectors, words and passages differ in number")
        return self

    @cached_property
    def _rows_by_slug(self) -> Mapping[str, range]:
        starts = np.flatnonzero(np.diff(self.owners, prepend=-1)).tolist()
        ends = [*starts[1:], len(self.pieces)]
        return {self.pieces[a].passage.fiche: range(a, b) for a, b in zip(starts, ends, strict=True)}

    def _sample(self, rows: Rows) -> Floats:
        step = max(1, len(rows) // _SAMPLE)
        return self.vectors.rows(rows[::step])


def current_words(file: Path) -> WordIndex:
    """The words in a file, none where they were counted by other rules. Raises `IndexDamaged`."""
    try:
        return WordIndex.load(file)
    except WordsOutdated:
        return WordIndex.of(())


def words_of(pieces: Iterable[Piece]) -> WordIndex:
    """The words of the whole entries among `pieces`."""
    wholes = [piece for piece in pieces if WHOLE in piece.views]
    return WordIndex.of([piece.embedded for piece in wholes], [piece.passage.language for piece in wholes])


def words_after(old: Index | None, pieces: Sequence[Piece], kept: Rows, fresh: Sequence[str]) -> WordIndex:
    """The words of the whole entries among `pieces`, of which row i was row `kept[i]` of `old`, or is `NEW`; only the texts of
    new ones, `fresh`, are counted. Where `old` lacks its words, `fresh` are the texts of all."""
    wholes = [(row, piece.passage.language) for row, piece in zip(kept.tolist(), pieces, strict=True) if WHOLE in piece.views]
    if old is None or not old.pieces or old.lacks_words:
        return WordIndex.of(fresh, [language for _, language in wholes])
    places = np.array([NEW if row == NEW else old.places[row] for row, _ in wholes], np.int64)
    return old.words.replaced(places, fresh, [language for row, language in wholes if row == NEW])


def without_text(piece: Piece) -> Piece:
    """A piece as an index keeps it: vectors and postings are all that is left of the embedded text."""
    return replace(piece, embedded="")


def piece_row(piece: Piece) -> list[Any]:
    """A piece as JSON keeps it."""
    passage = piece.passage
    return [passage.fiche, passage.language, passage.part, passage.text, piece.views, piece.ordinal, piece.siblings]


def piece_of(row: Sequence[Any]) -> Piece:
    """A piece from its row; raises ValueError for what is none."""
    fiche, language, part, text, views, ordinal, siblings = row
    return Piece(Passage(fiche, language, part, text), "", tuple(views), ordinal, siblings)


def _write_lines(file: Path, rows: Iterable[Any]) -> None:
    with file.open("w", encoding="utf-8") as opened:
        for row in rows:
            opened.write(json.dumps(row, ensure_ascii=False) + "\n")


def _read_lines(file: Path) -> list[Any]:
    with file.open(encoding="utf-8") as opened:
        return [json.loads(line) for line in opened]
