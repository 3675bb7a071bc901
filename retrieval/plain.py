"""The search over plain texts, without fiches or disk: what evaluation compares with its peers.

In: texts with their languages. Out: ids by place, scores, and the probability that the first one answers. It ranks with the very
functions of the searcher.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.building import encode_pieces
from retrieval.calibration import Calibration
from retrieval.choosing import embedder_from
from retrieval.embedder import Embedder, Floats
from retrieval.index import Entry, Index
from retrieval.languages import identify_language, short_code
from retrieval.passages import SENTENCE, Piece, chunks, pieces_of
from retrieval.question import read_question
from retrieval.ranking import rank
from retrieval.values import WHOLE, FicheRecord, Passage
from retrieval.work import affordable, shortened

_NOTHING, _NO_SCORE = -1, -9.0


@dataclass(frozen=True)
class Hits:
    """`ids` int64 [n, k] (-1 where there are fewer), `scores` float64 [n, k], `confidence` float64 [n]; perhaps `signals`."""

    ids: NDArray[np.int64]
    scores: NDArray[np.float64]
    confidence: NDArray[np.float64]
    signals: Sequence[Mapping[str, float]] = field(default=(), repr=False)

    def __iter__(self) -> Iterator[NDArray[Any]]:
        """Unpacks as `ids, scores, confidence`."""
        return iter((self.ids, self.scores, self.confidence))


class System(Protocol):
    """Anything that can be compared; ids are places in the texts given to `fit`."""

    def fit(self, texts: Sequence[str], langs: Sequence[str]) -> None: ...

    def search(self, texts: Sequence[str], langs: Sequence[str | None], k: int) -> Hits: ...


class RememberingEmbedder:
    """Encodes each text once; evaluation asks for the same ones under several protocols."""

    def __init__(self, embedder: Embedder):
        self._embedder = embedder
        self.name, self.dims = embedder.name, embedder.dims
        self._known: dict[tuple[str, str], Floats] = {}

    def encode_questions(self, texts: Sequence[str]) -> Floats:
        return self._encode("question", texts)

    def encode_passages(self, texts: Sequence[str]) -> Floats:
        return self._encode("passage", texts)

    def shortened(self, question: str, tokens: int) -> tuple[str, int]:
        """As much of a question as costs at most `tokens`; see `retrieval.work`."""
        return shortened(self._embedder, question, tokens)

    def _encode(self, role: str, texts: Sequence[str]) -> Floats:
        new = list(dict.fromkeys(text for text in texts if (role, text) not in self._known))
        encode = self._embedder.encode_questions if role == "question" else self._embedder.encode_passages
        if new:
            self._known.update(zip(((role, text) for text in new), encode(new), strict=True))
        known = [self._known[role, text] for text in texts]
        return np.stack(known) if known else np.zeros((0, self.dims), np.float32)


class PlainSystem:
    def __init__(self, embedder: Embedder | None = None, calibration: Calibration | None = None):
        self._embedder = RememberingEmbedder(embedder or embedder_from("bundled"))
        self._calibration = calibration or Calibration.shipped()
        self.index = Index.of((), (), np.zeros((0, self._embedder.dims), np.float32))

    def fit(self, texts: Iterable[str], langs: Iterable[str | None] | None = None) -> None:
        """Replaces the pool; `texts` may be long or empty, each is one entry; `langs` are codes of any languages.

        Where a language is None, it is told from the text.
        Raises ValueError where these are no texts, or not as many languages as texts; the pool then stays as it was.
        """
        told = _paired(texts, langs)
        codes = [short_code(language or identify_language(text) or "und") for text, language in told]
        pieces = [
            piece for number, (text, code) in enumerate(zip(told, codes, strict=True)) for piece in _pieces(number, code, text[0])
        ]
        entries = [Entry(str(number), "", code, {code: ""}, {}) for number, code in enumerate(codes)]
        self._index(entries, pieces)

    def fit_fiches(self, fiches: Sequence[FicheRecord]) -> None:
        """Replaces the pool by fiches; ids are their places in `index.entries`."""
        self._index([Entry.of(fiche) for fiche in fiches], [piece for fiche in fiches for piece in pieces_of(fiche)])

    def search(
        self, texts: Iterable[str], langs: Iterable[str | None] | None = None, k: int = 3, *, crossing: bool = False
    ) -> Hits:
        """The best `k` for each question; where its language is None or not ours, it is told from the text.

        `crossing` leaves out, for each question, every text in its own language. Before `fit`, and for a question that says
        nothing, nothing is found, with confidence 0. Raises ValueError as `fit` does, and for a `k` below 0.
        """
        asked = _paired(texts, langs)
        if k < 0:
            raise ValueError(f"k is {k}, but nobody can be shown fewer than 0 texts")
        count = len(asked)
        hits = Hits(np.full((count, k), _NOTHING), np.full((count, k), _NO_SCORE), np.zeros(count), [{}] * count)
        signals: list[Mapping[str, float]] = []
        for place, (text, language) in enumerate(asked):
            signals.append(self._search_one(text, language, hits, place, crossing))
        return Hits(hits.ids, hits.scores, hits.confidence, signals)

    def _search_one(self, text: str, language: str | None, hits: Hits, place: int, crossing: bool) -> Mapping[str, float]:
        question = read_question(text, language)
        allowed = self._other_languages(question.language) if crossing else None
        if not question.queries or not self.index.entries or (allowed is not None and not len(allowed)):
            return {}
        vectors = self._embedder.encode_questions(affordable(question.queries, self._embedder))
        ranked = rank(self.index, question, vectors, allowed)
        found = min(hits.ids.shape[1], len(ranked.fiches))
        hits.ids[place, :found], hits.scores[place, :found] = ranked.fiches[:found], ranked.scores[:found]
        hits.confidence[place] = self._calibration.confidence(ranked.signals)[0]
        return ranked.signals

    def _other_languages(self, language: str | None) -> NDArray[np.int64]:
        return np.array([row for row, piece in enumerate(self.index.pieces) if piece.passage.language != language], np.int64)

    def _index(self, entries: Sequence[Entry], pieces: Sequence[Piece]) -> None:
        self.index = Index.of(entries, pieces, encode_pieces(pieces, self._embedder))


def _paired(texts: Iterable[str], langs: Iterable[str | None] | None) -> list[tuple[str, str | None]]:
    """Each text with its language. Raises ValueError."""
    if isinstance(texts, str) or isinstance(langs, str):
        raise ValueError("texts and languages come as lists, also where there is only one of them")
    told = list(texts)
    languages = [None] * len(told) if langs is None else list(langs)
    if len(told) != len(languages):
        raise ValueError(f"{len(told)} texts, but {len(languages)} languages: give each text one, or None where it is unknown")
    for place, (text, language) in enumerate(zip(told, languages, strict=True)):
        if not isinstance(text, str) or not (language is None or isinstance(language, str)):
            raise ValueError(f"text {place} is {text!r} in {language!r}: both must be strings, the language may be None")
    return list(zip(told, languages, strict=True))


def _pieces(number: int, language: str, text: str) -> list[Piece]:
    """The whole text and its sentences; a text without sections shows these two sides only."""
    cut = chunks(text) or [text]
    passage = Passage(str(number), language, WHOLE, text)
    if len(cut) == 1:
        return [Piece(passage, text, (WHOLE, SENTENCE))]
    parts = [Passage(str(number), language, "text", chunk) for chunk in cut]
    return [Piece(passage, text, (WHOLE,)), *(Piece(p, p.text, (SENTENCE,), i, len(cut)) for i, p in enumerate(parts))]
