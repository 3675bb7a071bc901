"""Unigram tokeniser in numpy (Kudo 2018, https://arxiv.org/abs/1804.10959), equal to the `tokenizers` package's.

In: a text. Out: token ids. All substrings of a text that could be pieces are looked up at once by a 64-bit hash in sorted,
memory-mapped tables, so that the 250,000 pieces cost 4 MB instead of the 280 MB that `tokenizers` takes; then one Viterbi pass
per word, whose result is remembered. "<s>" in a text is plain text here: nobody can write control tokens.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SPACE = "▁"
BEGIN, END, UNKNOWN = 0, 2, 3
LONGEST_INPUT = 512
# The penalty that sentencepiece and `tokenizers` put on unknown characters, below the worst score of the vocabulary.
_UNKNOWN_PENALTY = 10.0
_REMEMBERED_WORDS = 20_000
# More characters than this for each token that is allowed are not looked at.
_LONGEST_PIECES = 12
_SPACES = re.compile(" {2,}")
_FACTOR = np.uint64(0x9E3779B97F4A7C15)

Codes = NDArray[np.uint64]
Places = NDArray[np.int64]
Candidate = tuple[int, float, int]


@dataclass(frozen=True)
class PieceTable:
    """The vocabulary, ordered by hash: `codes` uint64 [n], `scores` float32 [n], `ids` int32 [n]."""

    codes: Codes
    scores: NDArray[np.float32]
    ids: NDArray[np.int32]
    longest: int
    worst: float
    exceptions: Mapping[str, str]

    @classmethod
    def of(cls, pieces: Sequence[tuple[str, float]], exceptions: Mapping[str, str]) -> PieceTable:
        """From (text, score) by token id, control tokens left out. Raises ValueError should two pieces share a hash."""
        kept = [(text, score, id) for id, (text, score) in enumerate(pieces) if not _is_control(text, score)]
        codes = np.array([_code_of(text) for text, _, _ in kept], np.uint64)
        if len(np.unique(codes)) != len(codes):
            raise ValueError("two pieces of the vocabulary have the same hash")
        order = np.argsort(codes)
        scores = np.array([score for _, score, _ in kept], np.float32)[order]
        ids = np.array([id for _, _, id in kept], np.int32)[order]
        odd = {key: value for key, value in exceptions.items() if unicodedata.normalize("NFKC", key) != value}
        return cls(codes[order], scores, ids, max(len(text) for text, _, _ in kept), min(s for _, s, _ in kept), odd)

    def save(self, folder: Path) -> None:
        for name in ("codes", "scores", "ids"):
            np.save(folder / f"{name}.npy", getattr(self, name))

    @classmethod
    def load(cls, folder: Path, longest: int, worst: float, exceptions: Mapping[str, str]) -> PieceTable:
        codes, scores, ids = (np.load(folder / f"{name}.npy", mmap_mode="r") for name in ("codes", "scores", "ids"))
        return cls(codes, scores, ids, longest, worst, exceptions)


class Tokeniser:
    """Turns text into ids; safe to use from many threads."""

    def __init__(self, pieces: PieceTable):
        self._pieces = pieces
        self._exceptions = str.maketrans(dict(pieces.exceptions))
        self._unknown = pieces.worst - _UNKNOWN_PENALTY
        self._known: dict[str, tuple[int, ...]] = {}

    def ids(self, text: str, limit: int = LONGEST_INPUT) -> list[int]:
        """Ids of `text` between the begin and end tokens, at most `limit` altogether."""
        words = self._words(text)
        known = self._known_words(words)
        ids = [id for word in words for id in known[word]]
        return [BEGIN, *ids[: limit - 2], END]

    def beginning(self, text: str, limit: int) -> tuple[str, int]:
        """As many words from the beginning of a text as have at most `limit` tokens without the ends, and how many they have.

        The work is bounded by `limit`, not by the text; a first word longer than that is cut.
        """
        seen = text[: limit * _LONGEST_PIECES]
        words = self._words(seen)
        known = self._known_words(words)
        used = list(accumulate(len(known[word]) for word in words))
        kept = bisect_right(used, limit)
        if kept == len(words) and len(seen) == len(text):
            return text, used[-1] if used else 0
        if words and not kept:
            return words[0][: limit + 1].replace(SPACE, " ").strip(), limit
        return "".join(words[:kept]).replace(SPACE, " ").strip(), used[kept - 1] if kept else 0

    def _words(self, text: str) -> list[str]:
        return split_words(_SPACES.sub(" ", unicodedata.normalize("NFKC", text.translate(self._exceptions))))

    def _known_words(self, words: Iterable[str]) -> Mapping[str, tuple[int, ...]]:
        known = self._known
        new = [word for word in dict.fromkeys(words) if word not in known]
        if not new:
            return known
        if len(known) + len(new) > _REMEMBERED_WORDS:
            self._known = known = {word: known[word] for word in words if word in known}
        for word, candidates in zip(new, self._candidates(new), strict=True):
            known[word] = tuple(_best_path(candidates, self._unknown))
        return known

    def _candidates(self, words: Sequence[str]) -> list[list[list[Candidate]]]:
        """For each word and character in it: the pieces that begin there, as (end in the word, score, id), shortest first."""
        lengths = [len(word) for word in words]
        ends = np.cumsum(lengths)
        starts = np.repeat(ends - lengths, lengths)
        points = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), np.uint32)
        found: list[list[Candidate]] = [[] for _ in range(len(points))]
        for size, at, rows in self._lookups(points, np.repeat(ends, lengths)):
            score, id = self._pieces.scores[rows].tolist(), self._pieces.ids[rows].tolist()
            for place, end, s, i in zip(at.tolist(), (at + size - starts[at]).tolist(), score, id, strict=True):
                found[place].append((end, s, i))
        return [found[end - length : end] for end, length in zip(ends.tolist(), lengths, strict=True)]

    def _lookups(self, points: NDArray[np.uint32], ends: Places) -> Iterator[tuple[int, Places, Places]]:
        """For each piece length: the places where a piece of it begins, and its rows in the table."""
        places, mixed, codes = np.arange(len(points)), _scramble(points), np.zeros(len(points), np.uint64)
        table = self._pieces.codes
        for size in range(1, self._pieces.longest + 1):
            places = places[ends[places] - places >= size]
            if not len(places):
                return
            with np.errstate(over="ignore"):
                codes[places] = codes[places] * _FACTOR + mixed[places + size - 1]
            rows = np.searchsorted(table, codes[places]).clip(max=len(table) - 1)
            hit = np.flatnonzero(table[rows] == codes[places])
            yield size, places[hit], rows[hit]


def split_words(text: str) -> list[str]:
    """Words of a text with single spaces, each led by "▁", as the Metaspace pre-tokeniser cuts; no piece crosses a border."""
    if not text:
        return []
    marked = text.replace(" ", SPACE)
    parts = marked.split(SPACE)
    head = [] if marked.startswith(SPACE) else [SPACE + parts[0]]
    return head + [SPACE + part for part in parts[1:]]


def _best_path(candidates: list[list[Candidate]], unknown: float) -> list[int]:
    """Viterbi: the ids whose scores add up to the most; runs of unknown characters become one unknown token."""
    size = len(candidates)
    best = [0.0] + [-1e18] * size
    back: list[tuple[int, int]] = [(0, UNKNOWN)] * (size + 1)
    for start, here in enumerate(candidates):
        so_far = best[start]
        if not here or here[0][0] != start + 1:
            here = [*here, (start + 1, unknown, UNKNOWN)]
        for end, score, id in here:
            if so_far + score > best[end]:
                best[end], back[end] = so_far + score, (start, id)
    return _walk_back(back)


def _walk_back(back: Sequence[tuple[int, int]]) -> list[int]:
    ids: list[int] = []
    at = len(back) - 1
    while at:
        at, id = back[at]
        if not (id == UNKNOWN and ids and ids[-1] == UNKNOWN):
            ids.append(id)
    return ids[::-1]


def _is_control(text: str, score: float) -> bool:
    return text.startswith("<") and text.endswith(">") and score == 0


def _code_of(text: str) -> np.uint64:
    code = np.uint64(0)
    with np.errstate(over="ignore"):
        for mixed in _scramble(np.frombuffer(text.encode("utf-32-le"), np.uint32)):
            code = code * _FACTOR + mixed
    return code


def _scramble(points: NDArray[np.uint32]) -> Codes:
    """Spreads code points over 64 bits, so that the polynomial hash of neighbours does not collide (the mixer of splitmix64)."""
    with np.errstate(over="ignore"):
        mixed = (points.astype(np.uint64) + np.uint64(1)) * np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(29)
        mixed *= np.uint64(0x94D049BB133111EB)
        return mixed ^ (mixed >> np.uint64(32))
