"""Measures a collection on its own labelled questions. In: its folder. Out: rows of numbers.

Besides the plain figures: how it fares when every text in the asker's language is left out ("crossing"); what it gains by
questions answered before ("knowing": one half of the questions is in the index, the other is asked); and whether the promise of
precision holds ("held out": a threshold chosen on one half, used on the other).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.calibration import Calibration, Label
from retrieval.choosing import embedder_from
from retrieval.collection import load_collection, load_questions
from retrieval.embedder import Embedder
from retrieval.plain import Hits, PlainSystem, RememberingEmbedder
from retrieval.trust import Row, RowMaker, rows_of, trust
from retrieval.values import FicheRecord, LabelledQuestion

PRECISION, SPLITS = 0.95, 30
_SHOWN, _FEWEST = 3, 20
Bools = NDArray[np.bool_]
Questions = Sequence[LabelledQuestion]


def run_collection(
    folder: Path, embedder: Embedder | None = None, split: str | None = None, questions: Path | None = None
) -> Iterator[Row]:
    """Measures a collection on its `questions.jsonl`, or on other labelled `questions`; `split`: "dev", "test" or None for both.

    Raises `CollectionError`.
    """
    fiches = load_collection(folder)
    every = load_questions(questions or folder / "questions.jsonl", frozenset(fiche.slug for fiche in fiches))
    asked = [question for question in every if split in (None, question.split)]
    row = rows_of("collection", "rrm")
    own = PlainSystem(RememberingEmbedder(embedder or embedder_from("bundled")))
    own.fit_fiches(fiches)
    hits, right = _asked_of(own, asked)
    answerable = np.array([bool(question.answers) for question in asked])
    yield from _found(row, asked, right, answerable)
    yield row("R@1 crossing", _asked_of(own, asked, crossing=True)[1][answerable, 0].mean(), answerable.sum())
    yield from trust(row, hits.confidence, right[:, 0], answerable)
    yield from _held_out(row, hits, right, answerable)
    yield from _knowing(row, own, fiches, every, asked)


def _asked_of(own: PlainSystem, asked: Questions, *, crossing: bool = False) -> tuple[Hits, Bools]:
    """The hits, and which of them answer: bool [questions, 3]."""
    hits = own.search([one.text for one in asked], [one.language for one in asked], _SHOWN, crossing=crossing)
    slugs = [entry.slug for entry in own.index.entries]
    right = [[place >= 0 and slugs[place] in one.answers for place in ids] for one, ids in zip(asked, hits.ids, strict=True)]
    return hits, np.array(right, bool)


def _found(row: RowMaker, asked: Questions, right: Bools, answerable: Bools) -> Iterator[Row]:
    yield row("R@1", right[answerable, 0].mean(), answerable.sum())
    yield row("R@3", right[answerable].any(1).mean(), answerable.sum())
    for language in sorted({one.language for one in asked}):
        here = answerable & np.array([one.language == language for one in asked])
        yield row(f"R@1 {language}", right[here, 0].mean() if here.any() else float("nan"), here.sum())


def _knowing(row: RowMaker, own: PlainSystem, fiches: Sequence[FicheRecord], every: Questions, asked: Questions) -> Iterator[Row]:
    """Each half asked of an index that knows the answered questions of the other."""
    parts = []
    for split in ("dev", "test"):
        half = [one for one in asked if one.split == split and one.answers]
        known = [one for one in every if one.split != split]
        if half and known:
            own.fit_fiches([_with(fiche, known) for fiche in fiches])
            parts.append(_asked_of(own, half)[1])
    if parts:
        right = np.concatenate(parts)
        yield row("R@1 knowing the other half", right[:, 0].mean(), len(right))
        yield row("R@3 knowing the other half", right.any(1).mean(), len(right))


def _with(fiche: FicheRecord, known: Questions) -> FicheRecord:
    return replace(fiche, asked=tuple((one.language, one.text) for one in known if fiche.slug in one.answers))


def _held_out(row: RowMaker, hits: Hits, right: Bools, answerable: Bools) -> Iterator[Row]:
    """The precision and recall that a promise of `PRECISION` realises on the half that did not choose the threshold."""
    found = [Label(hits.signals[i], bool(right[i, 0]), bool(right[i].any())) for i in range(len(right))]
    usable = np.array([i for i in range(len(found)) if found[i].signals], np.int64)
    if len(usable) < 2 * _FEWEST:
        return
    random, sure, good, there = np.random.default_rng(0), 0, 0, 0
    for _ in range(SPLITS):
        mixed = random.permutation(usable)
        ours, others = mixed[: len(mixed) // 2], mixed[len(mixed) // 2 :]
        learnt = Calibration.shipped().fit([found[i] for i in ours.tolist()])
        least = learnt.bound(PRECISION)
        above = [i for i in others.tolist() if least is not None and learnt.confidence(found[i].signals)[0] >= least]
        sure, good, there = sure + len(above), good + sum(found[i].first for i in above), there + int(answerable[others].sum())
    yield row(f"precision promised {PRECISION}, held out", good / max(1, sure), sure)
    yield row(f"recall at {PRECISION}, held out", good / max(1, there), there)
