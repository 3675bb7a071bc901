"""The five ways to put questions to a system (see `evaluate.py`). In: a system and parallel data. Out: rows of numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.calibration import calibration_error
from retrieval.measures import coverage_at, mean_average_precision, reciprocal_rank
from retrieval.parallel import Parallel
from retrieval.plain import Hits, System
from retrieval.trust import Row, RowMaker, refitted, rows_of, trust

PROTOCOLS = ("pair", "single", "all", "near", "far")
Ranks = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Draw:
    """A pool with each entry in one language; `kept` says which entries are in it."""

    languages: NDArray[np.int64]
    kept: NDArray[np.bool_]


def measure(protocol: str, name: str, made: System, data: Parallel, draws: int, seed: int) -> Iterator[Row]:
    """The rows of one protocol for one system. Raises KeyError for a protocol that is not in `PROTOCOLS`."""
    yield from _MEASURES[protocol](name, made, data, draws, seed)


def _pair(name: str, made: System, data: Parallel, draws: int, seed: int) -> Iterator[Row]:
    row = rows_of("pair", name)
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
    yield from _single_rows(rows_of("single", name), by_language, everything, own)


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
    yield rows_of("all", name)("mAP", float(np.mean(precisions)), len(data.answers) * len(precisions))


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
    row = rows_of(protocol, name)
    yield from trust(row, confidence, right[:, 0], answerable)
    signals = [one for part in parts for one in part[0].signals]
    if signals:
        own = refitted(signals, right, even)
        yield row("ECE after own labels", calibration_error(own, right[:, 0].astype(float)), len(own))
        yield row(
            "right answers at 95 % precision after own labels",
            coverage_at(0.95, own, right[:, 0], answerable),
            len(own),
        )


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


_Measure = Callable[[str, System, Parallel, int, int], Iterator[Row]]
_MEASURES: Mapping[str, _Measure] = {"pair": _pair, "single": _single, "all": _all, "near": _near, "far": _far}
