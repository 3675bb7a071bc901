"""Lexical evidence: BM25 over the passages. In: passages' texts. Out: for a question, a score per passage that shares words with it.

Words are folded (no case, no accents, Greek in Latin letters), so that "BRASOV" finds "Brașov" and "Thessaloniki" finds
"Θεσσαλονίκη". Robertson & Zaragoza 2009, https://doi.org/10.1561/1500000019.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import IndexDamaged
from retrieval.text import fold

_K1, _B = 1.2, 0.75
_WORD = re.compile(r"\w+")
_LONGEST_WORD = 40
Ints = NDArray[np.int64]
Scores = NDArray[np.float32]


@dataclass(frozen=True)
class WordIndex:
    """Postings in flat arrays: word i of `vocabulary` occurs in `rows[starts[i]:starts[i+1]]`, with BM25 weights beside them."""

    vocabulary: dict[str, int]
    starts: Ints
    rows: NDArray[np.int32]
    weights: Scores
    size: int

    @classmethod
    def of(cls, texts: Sequence[str]) -> WordIndex:
        counts = [Counter(words(text)) for text in texts]
        vocabulary = {word: i for i, word in enumerate(dict.fromkeys(word for count in counts for word in count))}
        total = sum(map(len, counts))
        ids = np.fromiter((vocabulary[word] for count in counts for word in count), np.int64, total)
        rows = np.repeat(np.arange(len(texts), dtype=np.int32), [len(count) for count in counts])
        times = np.fromiter((times for count in counts for times in count.values()), np.float32, total)
        lengths = np.array([sum(count.values()) for count in counts], np.float32)
        order = np.argsort(ids, kind="stable")
        starts = np.searchsorted(ids[order], np.arange(len(vocabulary) + 1))
        weights = _bm25(times[order], lengths[rows[order]], float(lengths.mean()) if total else 1.0, starts, len(texts))
        return cls(vocabulary, starts, rows[order], weights, len(texts))

    def scores(self, question: Iterable[str]) -> Scores:
        """BM25 of every passage for the question's words, float32 [passages]."""
        scores = np.zeros(self.size, np.float32)
        for word in dict.fromkeys(question):
            at = self.vocabulary.get(word)
            if at is not None:
                begin, end = self.starts[at], self.starts[at + 1]
                scores[self.rows[begin:end]] += self.weights[begin:end]
        return scores

    def save(self, file: Path) -> None:
        arrays = {field.name: getattr(self, field.name) for field in fields(self) if field.name not in ("vocabulary", "size")}
        names = np.frombuffer("\n".join(self.vocabulary).encode(), np.uint8)
        with file.open("wb") as opened:
            np.savez(opened, names=names, size=np.int64(self.size), **arrays)

    @classmethod
    def load(cls, file: Path) -> WordIndex:
        """Raises `IndexDamaged`."""
        try:
            with np.load(file, allow_pickle=False) as stored:
                names = stored["names"].tobytes().decode().split("\n")
                vocabulary = {word: i for i, word in enumerate(names) if word}
                return cls(vocabulary, stored["starts"], stored["rows"], stored["weights"], int(stored["size"]))
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise IndexDamaged(f"{file.name} cannot be read: {error}") from error


def words(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return [word[:_LONGEST_WORD] for word in _WORD.findall(fold(text))]


def _bm25(times: Scores, lengths: Scores, mean: float, starts: Ints, size: int) -> Scores:
    """The weight of each posting: inverse document frequency times saturated term frequency."""
    frequency = np.diff(starts)
    rarity = np.log1p((size - frequency + 0.5) / (frequency + 0.5))
    saturated = times * (_K1 + 1) / (times + _K1 * (1 - _B + _B * lengths / mean))
    return (np.repeat(rarity, frequency) * saturated).astype(np.float32)
