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
from dataclasses import dataclass, field
from functools import cached_property, reduce
from itertools import repeat
from pathlib import Path
from typing import Any, TypeVar
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from retrieval.concepts import concepts, edition
from retrieval.errors import IndexDamaged, WordsOutdated
from retrieval.text import fold

_K1, _B = 1.2, 0.75
_WORD = re.compile(r"\w+")
_LONGEST_WORD, _STEM = 40, 5
# So many postings take a third of a millisecond; five thousand fiches in eight languages stay below.
_MOST_POSTINGS = 100_000
# A common term is in one of so many entries, and in so many at least; so many weights of such terms are kept (4 MB).
_COMMON, _LEAST_COMMON, _MOST_SPREAD = 8, 300, 1_000_000
_STEM_MARK, _CONCEPT_MARK = "~", "="
_TERMS = "terms-"
# The edition of the rules by which words are counted.
_COUNTING = 5
# More often than a small number can say, a term is counted so often.
_MOST_TIMES = 0xFFFF
Ints = NDArray[np.int64]
Number = TypeVar("Number", bound=np.generic)
Counts = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.uint16], NDArray[np.uint32]]
Scores = NDArray[np.float32]


@dataclass(frozen=True)
class WordIndex:
    """Flat postings: term i of `vocabulary` occurs in `entries[starts[i]:starts[i+1]]`, so many `times` in each, with its BM25
    `weights` beside; `lengths` are the numbers of words of the entries."""

    vocabulary: dict[str, int]
    starts: Ints
    entries: NDArray[np.int32]
    times: NDArray[np.uint16]
    lengths: NDArray[np.uint32]
    weights: Scores
    _spread: dict[int, Scores] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, texts: Sequence[str], languages: Iterable[str | None] = repeat(None)) -> WordIndex:
        return _weighted({}, _no(np.int32), _no(np.int32), _no(np.uint16), _no(np.uint32)).replaced(
            np.full(len(texts), -1), texts, languages
        )

    @property
    def size(self) -> int:
        """The number of entries."""
        return len(self.lengths)

    def replaced(self, kept: Ints, fresh: Iterable[str], languages: Iterable[str | None] = repeat(None)) -> WordIndex:
        """A new index whose entry i is this one's entry `kept[i]`, or the next text of `fresh` where that is -1.

        `languages` are those of `fresh`; concepts are told by the words of the text's own language where it is known.
        """
        vocabulary, old, stays = dict(self.vocabulary), kept[kept >= 0], np.flatnonzero(kept >= 0)
        places, lengths = np.full(self.size, -1, np.int32), np.zeros(len(kept), np.uint32)
        places[old], lengths[stays] = stays, self.lengths[old]
        terms_of, sizes, often, lengths[kept < 0] = _counted(zip(fresh, languages, strict=False), vocabulary)
        entries = np.repeat(np.flatnonzero(kept < 0).astype(np.int32), sizes)
        alive = places[self.entries] >= 0
        known = np.repeat(np.arange(len(self.vocabulary), dtype=np.int32), np.diff(self.starts))[alive]
        return _weighted(
            vocabulary,
            np.concatenate([known, terms_of]),
            np.concatenate([places[self.entries[alive]], entries]),
            np.concatenate([self.times[alive], often]),
            lengths,
        )

    def weighed(self, question: Iterable[str]) -> tuple[Scores, float]:
        """BM25 of every entry for a question's terms, float32 [entries], and of one that held each many times, unknown ones too.

        The rarest terms count first, and those that would take the work beyond a bound, in great collections, not at all.
        """
        asked = dict.fromkeys(question)
        known = [at for term in asked if (at := self.vocabulary.get(term)) is not None]
        rarity = sum(map(self._rarities.__getitem__, known)) + (len(asked) - len(known)) * _rarity(0, self.size)
        return self._scores(known), (_K1 + 1) * float(rarity)

    def scores(self, question: Iterable[str]) -> Scores:
        return self.weighed(question)[0]

    def most(self, question: Iterable[str]) -> float:
        return self.weighed(question)[1]

    def holding(self, words: Iterable[str]) -> Ints:
        """The entries that hold all of these words, ascending."""
        held = [self.entries[slice(*self._postings(word))] for word in words]
        if not held:
            return np.arange(self.size)
        return reduce(np.intersect1d, sorted(held, key=len)).astype(np.int64)

    def save(self, file: Path) -> None:
        names = np.frombuffer("\n".join(self.vocabulary).encode(), np.uint8)
        with file.open("wb") as opened:
            terms: dict[str, Any] = {_terms_name(): names}
            np.savez(opened, starts=self.starts, entries=self.entries, times=self.times, lengths=self.lengths, **terms)

    @classmethod
    def load(cls, file: Path) -> WordIndex:
        """Raises `IndexDamaged`; `WordsOutdated` where the file is whole, but counts otherwise."""
        try:
            with np.load(file, allow_pickle=False) as stored:
                if _terms_name() not in stored and any(name.startswith(_TERMS) for name in stored):
                    raise WordsOutdated(f"{file.name} was counted by other rules than this program's")
                names = stored[_terms_name()].tobytes().decode().split("\n")
                vocabulary = {term: i for i, term in enumerate(names) if term}
                starts, entries, times, lengths = (stored[name] for name in ("starts", "entries", "times", "lengths"))
                return cls(vocabulary, starts, entries, times, lengths, _bm25(starts, entries, times, lengths))
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            raise IndexDamaged(f"{file.name} cannot be read: {error}") from error

    @cached_property
    def _borders(self) -> memoryview[int]:
        """`starts`, of which single ones are read faster than of an array."""
        starts: Any = self.starts
        return memoryview(starts)

    @cached_property
    def _rarities(self) -> memoryview[float]:
        """The rarity of each term, likewise."""
        rarities: Any = _rarity(np.diff(self.starts), self.size)
        return memoryview(rarities)

    def _postings(self, term: str) -> tuple[int, int]:
        at = self.vocabulary.get(term)
        return (0, 0) if at is None else (self._borders[at], self._borders[at + 1])

    def _scores(self, known: Sequence[int]) -> Scores:
        begins, left, spans = self._borders, _MOST_POSTINGS, list[slice]()
        for count, begin in sorted((begins[at + 1] - begins[at], begins[at]) for at in known):
            left -= count
            if left < 0:
                break
            spans.append(slice(begin, begin + count))
        often = max(_LEAST_COMMON, self.size // _COMMON)
        rare = [span for span in spans if span.stop - span.start <= often]
        scores = np.zeros(self.size, np.float32)
        if rare:
            entries, weights = (np.concatenate([of[span] for span in rare]) for of in (self.entries, self.weights))
            scores += np.bincount(entries, weights, self.size)
        for span in spans[len(rare) :]:
            scores += self._spread_out(span)
        return scores

    def _spread_out(self, span: slice) -> Scores:
        """The weights of a common term, float32 [entries], which are added up ten times faster than its postings are."""
        known = self._spread.get(span.start)
        if known is None:
            known = np.zeros(self.size, np.float32)
            known[self.entries[span]] = self.weights[span]
            if len(self._spread) * self.size < _MOST_SPREAD:
                self._spread[span.start] = known
        return known


def _terms_name() -> str:
    """Another whenever what is counted changes, so that older files are made anew."""
    return f"{_TERMS}{_COUNTING}-{edition()}"


def words(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return [word[:_LONGEST_WORD] for word in _WORD.findall(fold(text))]


def terms(text: str) -> list[str]:
    """What is counted: each word, and the stem of each long one."""
    found = words(text)
    return found + [_STEM_MARK + word[:_STEM] for word in found if len(word) > _STEM]


def concept_terms(text: str, language: str | None = None, *, or_of_any: bool = False) -> list[str]:
    """What is counted of a text's concepts (see `concepts`); they never meet a word."""
    return [_CONCEPT_MARK + name for name in concepts(text, language, or_of_any=or_of_any)]


def _no(kind: type[Number]) -> NDArray[Number]:
    return np.zeros(0, kind)


def _counted(texts: Iterable[tuple[str, str | None]], vocabulary: dict[str, int]) -> Counts:
    """Which terms each text holds, how many those are, how often each, and the number of words; grows the vocabulary.

    Text by text: the terms of a whole collection at once would take ten times as much memory.
    """
    ids, sizes, times, lengths = array("i"), array("i"), array("H"), array("I")
    for text, language in texts:
        own = terms(text)
        counts = Counter(own + concept_terms(text, language))
        ids.extend(vocabulary.setdefault(term, len(vocabulary)) for term in counts)
        times.extend(min(often, _MOST_TIMES) for often in counts.values())
        sizes.append(len(counts))
        lengths.append(len(own))
    return (
        np.frombuffer(ids, np.int32),
        np.frombuffer(sizes, np.int32),
        np.frombuffer(times, np.uint16),
        np.frombuffer(lengths, np.uint32),
    )


def _weighted(
    vocabulary: dict[str, int],
    terms_of: NDArray[np.int32],
    entries: NDArray[np.int32],
    times: NDArray[np.uint16],
    lengths: NDArray[np.uint32],
) -> WordIndex:
    """From postings in any order; a term that no entry holds any more is forgotten."""
    there = np.bincount(terms_of, minlength=len(vocabulary)) > 0
    numbers = np.cumsum(there, dtype=np.int32) - 1
    left = {term: int(numbers[i]) for term, i in vocabulary.items() if there[i]}
    order = np.lexsort((entries, terms_of))
    starts = np.searchsorted(numbers[terms_of[order]], np.arange(len(left) + 1))
    entries, times = entries[order], times[order]
    return WordIndex(left, starts, entries, times, lengths, _bm25(starts, entries, times, lengths))


def _bm25(starts: Ints, entries: NDArray[np.int32], times: NDArray[np.uint16], lengths: NDArray[np.uint32]) -> Scores:
    """The weight of each posting: rarity of the term times its saturated frequency, which counts less in a longer entry."""
    frequency = np.diff(starts)
    relative = lengths.astype(np.float32) / max(float(lengths.mean()) if len(lengths) else 0.0, 1.0)
    saturated = times * np.float32(_K1 + 1) / (times + np.float32(_K1) * (1 - _B + np.float32(_B) * relative[entries]))
    return np.asarray(np.repeat(_rarity(frequency, len(lengths)).astype(np.float32), frequency) * saturated, np.float32)


def _rarity(frequency: Ints | int, size: int) -> Any:
    return np.log1p((size - frequency + 0.5) / (frequency + 0.5))
