"""Unigram tokeniser in numpy (Kudo 2018, https://arxiv.org/abs/1804.10959), equal to the `tokenizers` package's.

In: a text. Out: token ids. All substrings of a text that could be pieces are looked up at once by a 64-bit hash in sorted,
memory-mapped tables, so that the 250,000 pieces cost 4 MB instead of the 280 MB that `tokenizers` takes; then one Viterbi pass
over the words that are new, whose pieces are remembered. "<s>" in a text is plain text here: nobody can write control tokens.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
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
_MARKED_BITS = 21
_UNMARKED_BITS = np.uint64(64 - _MARKED_BITS)
_SPACES = re.compile(" {2,}")
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_INVERSE = np.uint64(pow(int(_FACTOR), -1, 2**64))

Codes = NDArray[np.uint64]
Places = NDArray[np.int64]
# Where a piece begins and ends, its score, its id.
Candidate = tuple[int, int, float, int]


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

    @cached_property
    def marks(self) -> NDArray[np.bool_]:
        """Whether any code begins with these 21 bits, for each of them, bool [2 ** 21]; one in eight does."""
        marks = np.zeros(1 << _MARKED_BITS, bool)
        marks[self.codes >> _UNMARKED_BITS] = True
        return marks

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
        lengths = [len(word) for word in new]
        known.update(zip(new, _best_paths(self._candidates(new, lengths), lengths), strict=True))
        return known

    def _candidates(self, words: Sequence[str], lengths: Sequence[int]) -> Iterator[Candidate]:
        """The pieces that each word could be made of, by where they begin; where no character is one, an unknown one is."""
        points = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), np.uint32)
        ends = np.cumsum(lengths)
        counts = np.minimum(np.repeat(ends, lengths) - np.arange(len(points)), self._pieces.longest)
        begin = np.repeat(np.arange(len(points)), counts)
        size = np.arange(len(begin)) - np.repeat(np.cumsum(counts) - counts, counts) + 1
        codes, table = _codes_within(points, begin, size, self._pieces.longest), self._pieces.codes
        # Most are no pieces, which one look tells; finding a place among all codes takes eighteen, far apart.
        likely = np.flatnonzero(self._pieces.marks[codes >> _UNMARKED_BITS] | (size == 1))
        codes, begin, size = codes[likely], begin[likely], size[likely]
        rows = np.searchsorted(table, codes).clip(max=len(table) - 1)
        there = table[rows] == codes
        used = np.flatnonzero(there | (size == 1))
        begin, size, rows, there = begin[used], size[used], rows[used], there[used]
        # Every word has one place more than characters: its end, which is not the beginning of the next.
        place = begin + np.repeat(np.arange(len(words)), lengths)[begin]
        score = np.where(there, self._pieces.scores[rows].astype(float), self._unknown)
        id = np.where(there, self._pieces.ids[rows], UNKNOWN)
        return zip(place.tolist(), (place + size).tolist(), score.tolist(), id.tolist(), strict=True)


def split_words(text: str) -> list[str]:
    """Words of a text with single spaces, each led by "▁", as the Metaspace pre-tokeniser cuts; no piece crosses a border."""
    if not text:
        return []
    marked = text.replace(" ", SPACE)
    parts = marked.split(SPACE)
    head = [] if marked.startswith(SPACE) else [SPACE + parts[0]]
    return head + [SPACE + part for part in parts[1:]]


def _best_paths(candidates: Iterable[Candidate], lengths: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Viterbi: for each word the ids whose scores add up to the most; runs of unknown characters become one unknown token."""
    ends = list(accumulate(length + 1 for length in lengths))
    best = [-1e18] * (ends[-1] if ends else 0)
    for end, length in zip(ends, lengths, strict=True):
        best[end - 1 - length] = 0.0
    back = [(0, UNKNOWN)] * len(best)
    for begin, end, score, id in candidates:
        reached = best[begin] + score
        if reached > best[end]:
            best[end], back[end] = reached, (begin, id)
    for end, length in zip(ends, lengths, strict=True):
        yield _walk_back(back, end - 1, end - 1 - length)


def _walk_back(back: Sequence[tuple[int, int]], at: int, begin: int) -> tuple[int, ...]:
    ids: list[int] = []
    while at > begin:
        at, id = back[at]
        if not (id == UNKNOWN and ids and ids[-1] == UNKNOWN):
            ids.append(id)
    return tuple(ids[::-1])


def _is_control(text: str, score: float) -> bool:
    return text.startswith("<") and text.endswith(">") and score == 0


def _code_of(text: str) -> np.uint64:
    code = np.uint64(0)
    with np.errstate(over="ignore"):
        for mixed in _scramble(np.frombuffer(text.encode("utf-32-le"), np.uint32)):
            code = code * _FACTOR + mixed
    return code


def _codes_within(points: NDArray[np.uint32], begin: Places, size: Places, longest: int) -> Codes:
    """`_code_of` for many substrings of one text at once: the code up to an end less what lies before the beginning."""
    count = max(len(points), longest) + 1
    with np.errstate(over="ignore"):
        powers, inverses = (np.cumprod(np.r_[np.uint64(1), np.full(count - 1, by)]) for by in (_FACTOR, _INVERSE))
        sums = np.cumsum(_scramble(points) * inverses[: len(points)], dtype=np.uint64)
        until = np.r_[np.uint64(0), sums * powers[: len(points)]]
        codes: Codes = until[begin + size] - until[begin] * powers[size]
        return codes


def _scramble(points: NDArray[np.uint32]) -> Codes:
    """Spreads code points over 64 bits, so that the polynomial hash of neighbours does not collide (the mixer of splitmix64)."""
    with np.errstate(over="ignore"):
        mixed = (points.astype(np.uint64) + np.uint64(1)) * np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(29)
        mixed *= np.uint64(0x94D049BB133111EB)
        return mixed ^ (mixed >> np.uint64(32))
