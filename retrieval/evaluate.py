"""Measures the search on public questions and on a collection's own. In: folders of data. Out: rows of numbers, not printed.

Protocols, after LAReQA (Roy et al. 2020, https://arxiv.org/abs/2004.05484):
pair    questions in one language, entries in one language; the mean over equal and over different languages
single  every entry exists in one language, drawn at random: the case of a network in which each writes in its own
all     every entry exists in every language, and every translation of the right one must come before anything else (mAP)
near    as single, but half of the entries are gone, so half of the questions have no answer though their neighbours do
far     as near, but whole topics are gone
XQuAD is https://github.com/google-deepmind/xquad, CC BY-SA 4.0. The language correction and the confidence are not fitted to it,
but the few weights set by hand (the shares in `neutral`, the weights in `ranking`, the length of a piece) were chosen with its
`single` protocol in view, and with the shipped collection's questions: read those figures as development figures.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.calibration import Calibration, Label, calibration_error
from retrieval.collection import load_collection, load_questions
from retrieval.embedder import Embedder
from retrieval.measures import area_under_roc, coverage_at, mean_average_precision, reciprocal_rank
from retrieval.parallel import Parallel, read_squad
from retrieval.plain import Hits, PlainSystem, System

XQUAD_LANGUAGES = ("en", "es", "el", "ro", "tr")
PROTOCOLS = ("pair", "single", "all", "near", "far")
DRAWS = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One number: `value` of `measure`, for `system` under `protocol`, over `count` questions."""

    protocol: str
    system: str
    measure: str
    value: float
    count: int


RowMaker = Callable[[str, float, int], Row]
Ranks = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Draw:
    """A pool with each entry in one language; `kept` says which entries are in it."""

    languages: NDArray[np.int64]
    kept: NDArray[np.bool_]


def system(embedder: Embedder | None = None, calibration: Calibration | None = None) -> PlainSystem:
    """The whole search over plain texts: `fit(texts, langs)`, then `search(texts, langs, k)` -> ids, scores, confidence."""
    return PlainSystem(embedder, calibration)


def run(
    systems: Mapping[str, Callable[[], System]] | None = None,
    *,
    protocols: Sequence[str] = PROTOCOLS,
    corpora: Path | None = None,
    sample: int | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> Iterator[Row]:
    """Runs protocols over XQuAD for each system; `sample` takes that many questions of each language at random.

    Raises FileNotFoundError without XQuAD in `corpora` (default: $RRM_CORPORA, else ../shared/corpora beside the project).
    """
    data = read_squad({code: (corpora or corpora_folder()) / "xquad" / f"xquad.{code}.json" for code in XQUAD_LANGUAGES})
    data = data.sampled(sample, seed)
    for name, make in (systems or {"rrm": system}).items():
        made = make()
        for protocol in protocols:
            yield from _MEASURES[protocol](name, made, data, draws, seed)


def run_collection(folder: Path, embedder: Embedder | None = None, split: str | None = None) -> Iterator[Row]:
    """Measures a collection on its own `questions.jsonl`; `split` is "dev", "test" or None for both."""
    fiches = load_collection(folder)
    asked = load_questions(folder / "questions.jsonl", frozenset(fiche.slug for fiche in fiches))
    asked = [question for question in asked if split in (None, question.split)]
    own = PlainSystem(embedder)
    own.fit_fiches(fiches)
    hits = own.search([q.text for q in asked], [q.language for q in asked], 3)
    slug = [entry.slug for entry in own.index.entries]
    right = np.array(
        [[slug[i] in q.answers if i >= 0 else False for i in row] for q, row in zip(asked, hits.ids, strict=True)], bool
    )
    answerable = np.array([bool(q.answers) for q in asked])
    row = _rows("collection", "rrm")
    yield row("R@1", right[answerable, 0].mean(), answerable.sum())
    yield row("R@3", right[answerable].any(1).mean(), answerable.sum())
    for language in sorted({q.language for q in asked}):
        here = answerable & np.array([q.language == language for q in asked])
        yield row(f"R@1 {language}", right[here, 0].mean() if here.any() else float("nan"), here.sum())
    yield from _trust(row, hits.confidence, right[:, 0], answerable)


def corpora_folder() -> Path:
    own = os.environ.get("RRM_CORPORA")
    return Path(own) if own else Path(__file__).resolve().parents[1] / ".." / "shared" / "corpora"


def _pair(name: str, made: System, data: Parallel, draws: int, seed: int) -> Iterator[Row]:
    row = _rows("pair", name)
    same: list[float] = []
    cross: list[float] = []
    for there in data.languages:
        made.fit(data.entries[there], [there] * data.size)
        for here in data.languages:
            hits = made.search(data.questions[here], [here] * len(data.answers), 1)
            found = float((hits.ids[:, 0] == data.answers).mean())
            (same if here == there else cross).append(found)
            if here == there:
                yield row(f"R@1 {here}-{there}", found, len(data.answers))
    yield row("R@1 same", float(np.mean(same)), len(data.answers) * len(same))
    yield row("R@1 cross", float(np.mean(cross)), len(data.answers) * len(cross))


def _single(name: str, made: System, data: Parallel, draws: int, seed: int) -> Iterator[Row]:
    ranks: dict[str, list[NDArray[np.int64]]] = {language: [] for language in data.languages}
    same: list[NDArray[np.bool_]] = []
    for draw in _draws(data, draws, seed, "single"):
        pool = _fit(made, data, draw)
        for number, language in enumerate(data.languages):
            hits = made.search(data.questions[language], [language] * len(data.answers), 10)
            ranks[language].append(_ranks(hits, pool, data.answers))
            same.append(draw.languages[data.answers] == number)
    by_language = {language: np.concatenate(of) for language, of in ranks.items()}
    everything = np.concatenate([of[draw] for draw in range(draws) for of in ranks.values()])
    own = np.concatenate(same)
    yield from _single_rows(_rows("single", name), by_language, everything, own)


def _single_rows(row: RowMaker, by_language: Mapping[str, Ranks], ranks: Ranks, own: NDArray[np.bool_]) -> Iterator[Row]:
    for depth in (1, 3, 10):
        yield row(f"R@{depth}", float((ranks <= depth).mean()), len(ranks))
    yield row("MRR@10", float(reciprocal_rank(ranks).mean()), len(ranks))
    for language, own_ranks in by_language.items():
        yield row(f"R@1 {language}", float((own_ranks == 1).mean()), len(own_ranks))
    yield row("R@1 worst language", min(float((r == 1).mean()) for r in by_language.values()), len(ranks))
    same, cross = float((ranks[own] == 1).mean()), float((ranks[~own] == 1).mean())
    yield row("R@1 same", same, own.sum())
    yield row("R@1 cross", cross, (~own).sum())
    yield row("cross / same", cross / max(same, 1e-9), len(ranks))


def _all(name: str, made: System, data: Parallel, draws: int, seed: int) -> Iterator[Row]:
    texts = [text for language in data.languages for text in data.entries[language]]
    made.fit(texts, [language for language in data.languages for _ in range(data.size)])
    precisions = []
    for language in data.languages:
        hits = made.search(data.questions[language], [language] * len(data.answers), 60)
        entries = np.where(hits.ids >= 0, hits.ids % data.size, -1)
        precisions.append(mean_average_precision(entries == data.answers[:, None], len(data.languages)))
    yield _rows("all", name)("mAP", float(np.mean(precisions)), len(data.answers) * len(precisions))


def _near(name: str, made: System, data: Parallel, draws: int, seed: int) -> Iterator[Row]:
    yield from _answerability("near", name, made, data, draws, seed)


def _far(name: str, made: System, data: Parallel, draws: int, seed: int) -> Iterator[Row]:
    yield from _answerability("far", name, made, data, draws, seed)


def _answerability(protocol: str, name: str, made: System, data: Parallel, draws: int, seed: int) -> Iterator[Row]:
    parts = []
    for draw in _draws(data, draws, seed, protocol):
        pool = _fit(made, data, draw)
        for language in data.languages:
            hits = made.search(data.questions[language], [language] * len(data.answers), 3)
            right = np.where(hits.ids >= 0, pool[hits.ids], -1) == data.answers[:, None]
            parts.append((hits, right, draw.kept[data.answers], data.topics[data.answers] % 2 == 0))
    right = np.concatenate([part[1] for part in parts])
    answerable, even = (np.concatenate([part[i] for part in parts]) for i in (2, 3))
    confidence = np.concatenate([part[0].confidence for part in parts])
    row = _rows(protocol, name)
    yield from _trust(row, confidence, right[:, 0], answerable)
    signals = [one for part in parts for one in part[0].signals]
    if signals:
        refitted = _refitted(signals, right, even)
        yield row("ECE after own labels", calibration_error(refitted, right[:, 0].astype(float)), len(refitted))
        yield row(
            "right answers at 95 % precision after own labels",
            coverage_at(0.95, refitted, right[:, 0], answerable),
            len(refitted),
        )


def _trust(
    row: RowMaker, confidence: NDArray[np.float64], right: NDArray[np.bool_], answerable: NDArray[np.bool_]
) -> Iterator[Row]:
    yield row("AUROC answerable", area_under_roc(confidence, answerable), len(right))
    yield row("AUROC right", area_under_roc(confidence, right), len(right))
    yield row("right answers at 95 % precision", coverage_at(0.95, confidence, right, answerable), answerable.sum())
    if confidence.min() >= 0 and confidence.max() <= 1:
        yield row("ECE", calibration_error(confidence, right.astype(float)), len(right))


def _refitted(signals: Sequence[Mapping[str, float]], right: NDArray[np.bool_], even: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Each half of the topics judged by a calibration that learned on the other."""
    confidence = np.zeros(len(signals))
    for half in (even, ~even):
        labels = [Label(signals[i], bool(right[i, 0]), bool(right[i].any())) for i in np.flatnonzero(half).tolist() if signals[i]]
        learned = Calibration.shipped().fit(labels)
        for i in np.flatnonzero(~half).tolist():
            confidence[i] = learned.confidence(signals[i])[0]
    return confidence


def _draws(data: Parallel, draws: int, seed: int, protocol: str) -> Iterator[_Draw]:
    random = np.random.default_rng(seed)
    for _ in range(draws):
        languages = random.integers(0, len(data.languages), data.size)
        kept = np.ones(data.size, bool)
        if protocol == "near":
            kept = random.random(data.size) < 0.5
        elif protocol == "far":
            kept = (random.random(int(data.topics.max()) + 1) < 0.5)[data.topics]
        kept[0] |= not kept.any()  # never an empty pool
        yield _Draw(languages, kept)


def _fit(made: System, data: Parallel, draw: _Draw) -> NDArray[np.int64]:
    """Fits the drawn pool; returns the entry behind each of its ids."""
    pool = np.flatnonzero(draw.kept)
    codes = [data.languages[draw.languages[entry]] for entry in pool]
    made.fit([data.entries[code][entry] for code, entry in zip(codes, pool, strict=True)], codes)
    return pool


def _ranks(hits: Hits, pool: NDArray[np.int64], answers: NDArray[np.int64]) -> NDArray[np.int64]:
    """The place of each right entry, from 1; beyond the depth of the hits it is a large number."""
    right = np.where(hits.ids >= 0, pool[hits.ids], -1) == answers[:, None]
    return np.where(right.any(1), right.argmax(1) + 1, 1_000_000)


def _rows(protocol: str, system: str) -> RowMaker:
    return lambda measure, value, count: Row(protocol, system, measure, float(value), int(count))


_MEASURES = {"pair": _pair, "single": _single, "all": _all, "near": _near, "far": _far}
