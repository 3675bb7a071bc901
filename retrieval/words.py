"""Lexical evidence: BM25 over whole entries. In: their texts. Out: for a question, a score per entry that shares words with it.

Words are folded (no case, no accents, Greek in Latin letters), and a long word also counts by its first five letters, because
Turkish, Greek and Croatian put grammar at the end. Concepts (see `concepts.py`) are kept beside the words, as terms of their own.
Robertson & Zaragoza 2009, https://doi.org/10.1561/1500000019.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from retrieval.concepts import concepts, edition
from retrieval.errors import IndexDamaged
from retrieval.text import fold

_K1, _B = 1.2, 0.75
_WORD = re.compile(r"\w+")
_LONGEST_WORD, _STEM = 40, 5
# So many postings take a third of a millisecond; five thousand fiches in eight languages stay below.
_MOST_POSTINGS = 100_000
_STEM_MARK, _CONCEPT_MARK = "~", "="
# The edition of the rules by which words are counted.
_COUNTING = 2
Ints = NDArray[np.int64]
Scores = NDArray[np.float32]


@dataclass(frozen=True)
class WordIndex:
    """Flat postings: term i of `vocabulary` occurs in `entries[starts[i]:starts[i+1]]`, with its BM25 weights beside."""

    vocabulary: dict[str, int]
    starts: Ints
    entries: NDArray[np.int32]
    weights: Scores
    size: int

    @classmethod
    def of(cls, texts: Sequence[str]) -> WordIndex:
        vocabulary: dict[str, int] = {}
        ids, times = array("q"), array("f")  # text by text: the terms of a whole collection at once would take ten times as much
        sizes, lengths = np.zeros(len(texts), np.int64), np.zeros(len(texts), np.float32)
        for place, text in enumerate(texts):
            own = terms(text)
            counts = Counter(own + concept_terms(text))
            ids.extend(vocabulary.setdefault(term, len(vocabulary)) for term in counts)
            times.extend(counts.values())
            sizes[place], lengths[place] = len(counts), len(own)
        terms_of, often = np.frombuffer(ids, np.int64), np.frombuffer(times, np.float32)
        entries = np.repeat(np.arange(len(texts), dtype=np.int32), sizes)
        order = np.argsort(terms_of, kind="stable")
        starts = np.searchsorted(terms_of[order], np.arange(len(vocabulary) + 1))
        relative = lengths[entries[order]] / (lengths.mean() if len(ids) else 1.0)
        return cls(vocabulary, starts, entries[order], _bm25(often[order], relative, starts, len(texts)), len(texts))

    def scores(self, question: Iterable[str]) -> Scores:
        """BM25 of every entry for a question's terms, float32 [entries].

        The rarest terms count first, and those that would take the work beyond a bound, in great collections, not at all.
        """
        spans = sorted(map(self._postings, dict.fromkeys(question)), key=lambda span: span[1] - span[0])
        work = accumulate(end - begin for begin, end in spans)
        counted = [slice(*span) for span, so_far in zip(spans, work, strict=True) if so_far <= _MOST_POSTINGS]
        if not counted:
            return np.zeros(self.size, np.float32)
        entries, weights = (np.concatenate([of[span] for span in counted]) for of in (self.entries, self.weights))
        return np.bincount(entries, weights, self.size).astype(np.float32)

    def most(self, question: Iterable[str]) -> float:
        """What an entry would score that held every term of the question many times; unknown terms count as the rarest."""
        frequencies = [end - begin for begin, end in map(self._postings, dict.fromkeys(question))]
        return float((_K1 + 1) * _rarity(np.array(frequencies, np.int64), self.size).sum())

    def holding(self, words: Iterable[str]) -> Ints:
        """The entries that hold all of these words, ascending."""
        held = [self.entries[slice(*self._postings(word))] for word in words]
        if not held:
            return np.arange(self.size)
        return reduce(np.intersect1d, sorted(held, key=len)).astype(np.int64)

    def save(self, file: Path) -> None:
        names = np.frombuffer("\n".join(self.vocabulary).encode(), np.uint8)
        with file.open("wb") as opened:
            size = np.int64(self.size)
            terms: dict[str, Any] = {_terms_name(): names}
            np.savez(opened, size=size, starts=self.starts, entries=self.entries, weights=self.weights, **terms)

    @classmethod
    def load(cls, file: Path) -> WordIndex:
        """Raises `IndexDamaged`."""
        try:
            with np.load(file, allow_pickle=False) as stored:
                names = stored[_terms_name()].tobytes().decode().split("\n")
                vocabulary = {term: i for i, term in enumerate(names) if term}
                return cls(vocabulary, stored["starts"], stored["entries"], stored["weights"], int(stored["size"]))
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            raise IndexDamaged(f"{file.name} cannot be read: {error}") from error

    def _postings(self, term: str) -> tuple[int, int]:
        at = self.vocabulary.get(term)
        return (0, 0) if at is None else (int(self.starts[at]), int(self.starts[at + 1]))


def _terms_name() -> str:
    """Another whenever what is counted changes, so that older files are made anew."""
    return f"terms-{_COUNTING}-{edition()}"


def words(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return [word[:_LONGEST_WORD] for word in _WORD.findall(fold(text))]


def terms(text: str) -> list[str]:
    """What is counted: each word, and the stem of each long one."""
    found = words(text)
    return found + [_STEM_MARK + word[:_STEM] for word in found if len(word) > _STEM]


def concept_terms(text: str) -> list[str]:
    """What is counted of a text's concepts; they never meet a word."""
    return [_CONCEPT_MARK + name for name in concepts(text)]


def _bm25(times: Scores, lengths: Scores, starts: Ints, size: int) -> Scores:
    """The weight of each posting: rarity of the term times its saturated frequency; `lengths` relative to the mean entry."""
    frequency = np.diff(starts)
    saturated = times * (_K1 + 1) / (times + _K1 * (1 - _B + _B * lengths))
    return (np.repeat(_rarity(frequency, size), frequency) * saturated).astype(np.float32)


def _rarity(frequency: Ints, size: int) -> NDArray[np.float64]:
    rarity: NDArray[np.float64] = np.log1p((size - frequency + 0.5) / (frequency + 0.5))
    return rarity
