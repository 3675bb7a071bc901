"""Ranks fiches for a question. In: an index, a question and its vectors. Out: fiches, best first, and the signals behind them.

A fiche's score is the mean over its views (see `passages.py`), each half its best language and half the mean of all, and on
top of it a lexical bonus for the one entry whose words stand out among those of its own language, and a share for the concepts of
the field that question and fiche both name, in whatever languages (see `concepts.py`). On the shipped collection's test questions
the concepts lift R@1 from .61 to .88 and R@3 from .80 to .97; XQuAD and MLQA, which are about other things, stay as they were.
Taking from a passage what makes it near to everything (CSLS) gave 1 to 2 points there and cost as much on MLQA: left out.
Cosines are corrected so that neither the language of the question nor that of the fiche matters.
Adding plain BM25 ranks instead (reciprocal rank fusion) would bring the language bias back: over a mixed pool the right entry
would come first for .31 of the questions instead of .80.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from retrieval.embedder import Floats
from retrieval.index import Index, Rows
from retrieval.passages import VIEWS
from retrieval.phrases import phrases_in, rows_with
from retrieval.question import Question
from retrieval.runs import runs
from retrieval.signals import signals_of
from retrieval.values import WHOLE
from retrieval.words import Scores, concept_terms, terms

# Passages and entries looked at closely, whatever the size of the collection.
NEAREST, CLOSE_FICHES, WORDY_FICHES = 400, 80, 20
# Where fiches have so few pieces, the nearest so many times as many passages mostly name all the fiches that are wanted.
_FEW_PIECES, _FEWER = 12, 2
LEANING_WEIGHT, OWN_LANGUAGE, WORD_WEIGHT, PHRASE_WEIGHT, CONCEPT_WEIGHT = 0.5, 0.03, 0.08, 0.3, 0.5
# What was asked before counts from this cosine on; among unlike questions one pair in a hundred is as near. Asked again in
# another language, a question then finds its entry first for .90 instead of .78 (XQuAD), and other questions lose nothing: see
# `benchmarks/retrieval_asked.py`.
ASKED_WEIGHT, ASKED_FROM = 0.5, 0.5
# Keeps a weak best BM25 score from being stretched to a full bonus, and a question's only concept from deciding alone.
_WEAK_WORDS, _WEAK_CONCEPTS = 5.0, 20.0

Fiches = NDArray[np.int64]
# Which entries of the word index may be found, bool [entries]; None for all.
Usable = NDArray[np.bool_] | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """Fiche numbers (as in `Index.entries`), their scores and the row that spoke for each, best first."""

    fiches: Fiches
    scores: Floats
    rows: Rows
    signals: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Lexical:
    """Per entry of the word index: BM25 scores, the bonus they earn, and `most`, the score of a perfect entry; `concepts`, the
    share of the question's concepts that the entry names, 0 to 1, of which there are `asked` (by rarity)."""

    scores: Scores
    bonus: Scores
    most: float
    concepts: Scores
    asked: float


def rank(
    index: Index, question: Question, vectors: Floats, allowed: Rows | None = None, lexical: Lexical | None = None
) -> Ranked:
    """`vectors` float32 [len(question.queries), dims]; only rows of `allowed` if given, for which `lexical` was made if given."""
    lexical = lexical or lexical_evidence(index, question, allowed)
    fiches = _candidates(index, vectors, lexical, allowed)
    rows = index.rows_of_owners(fiches)
    rows = rows if allowed is None else rows[_marked(allowed, len(index.pieces))[rows]]
    pieces = reduce(np.maximum, [_piece_scores(index, vector, rows, question.language) for vector in vectors])
    return _order(index, question, rows, pieces, lexical)


def lexical_evidence(index: Index, question: Question, allowed: Rows | None = None) -> Lexical:
    """What the words of a question say, before anything is encoded: the processor's caches are then full of other things."""
    usable = None if allowed is None else _marked(allowed, len(index.pieces))[index.wholes]
    asked = terms(question.text)
    scores = _of_usable(index.words.scores(asked), usable)
    relative = scores / (scores.max(initial=0.0) + _WEAK_WORDS)
    bonus = WORD_WEIGHT * _above_the_best(index, relative, usable)
    for phrase in phrases_in(question.text):
        bonus[rows_with(phrase, index, usable)] += PHRASE_WEIGHT
    # Somebody who chose one language may write in another, too briefly for that to be told: then the words of all count.
    ideas = concept_terms(question.text, question.language) or concept_terms(question.text)
    whole = index.words.most(ideas)
    shared = _of_usable(index.words.scores(ideas), usable) / (whole + _WEAK_CONCEPTS)
    return Lexical(scores, bonus, index.words.most(asked), shared.astype(np.float32), whole)


def _marked(rows: Rows, count: int) -> NDArray[np.bool_]:
    marked = np.zeros(count, bool)
    marked[rows] = True
    return marked


def _of_usable(scores: Scores, usable: Usable) -> Scores:
    return scores if usable is None else scores * usable


def _above_the_best(index: Index, scores: Scores, usable: Usable) -> Scores:
    """How far each entry lies above the mean of the two best of its language, else 0: only a clear winner earns anything."""
    order, starts, sizes = index.by_language
    if usable is not None:
        order = order[usable[order]]
        starts, sizes = runs(index.languages[index.wholes[order]])
    above = np.zeros_like(scores)
    if len(order):
        winners, lead = _clear_winners(scores[order], starts, sizes)
        above[order[winners]] = lead
    return above


def _clear_winners(scores: Scores, starts: Rows, sizes: Rows) -> tuple[Rows, Scores]:
    """The places of the best of each run of scores that has no equal, and how far it lies above its mean with the second best."""
    best = np.maximum.reduceat(scores, starts)
    places = np.flatnonzero(scores == np.repeat(best, sizes))
    others = scores.copy()
    others[places] = -np.inf
    run = np.searchsorted(starts, places, "right") - 1
    clear = (np.bincount(run, minlength=len(starts))[run] == 1) & (sizes[run] > 1)
    places, run = places[clear], run[clear]
    second = np.maximum.reduceat(others, starts)[run]
    return places, np.maximum(0, best[run] - (best[run] + second) / 2)


def _candidates(index: Index, vectors: Floats, lexical: Lexical, allowed: Rows | None) -> Fiches:
    """The fiches of the nearest passages, and those whose words earn the greatest bonus; ascending."""
    share = max(1, CLOSE_FICHES // len(vectors))
    found = {fiche for vector in vectors for fiche in _near(index, vector, share, allowed)}
    found.update(*(_highest(index, evidence).tolist() for evidence in (lexical.bonus, lexical.concepts)))
    return np.array(sorted(found), np.int64)


def _near(index: Index, vector: Floats, share: int, allowed: Rows | None) -> list[int]:
    """The first so many fiches among those of the nearest passages."""
    fiches: list[int] = []
    for count in (_FEWER * share, NEAREST) if len(index.pieces) <= _FEW_PIECES * len(index.entries) else (NEAREST,):
        rows, _ = index.vectors.nearest(vector, count, allowed)
        fiches = list(dict.fromkeys(index.owners[rows].tolist()))[:share]
        if len(fiches) == share:
            break
    return fiches


def _highest(index: Index, evidence: Scores) -> Fiches:
    """The fiches of the entries with the most evidence, if they have any."""
    entries = np.flatnonzero(evidence > 0)
    if len(entries) > WORDY_FICHES:
        entries = entries[np.argpartition(-evidence[entries], WORDY_FICHES)[:WORDY_FICHES]]
    return index.owners[index.wholes[entries]]


def _piece_scores(index: Index, vector: Floats, rows: Rows, language: str | None) -> Floats:
    """Cosines, less what a row's language alone would earn it."""
    tilt = LEANING_WEIGHT * (index.leanings @ vector)
    if language in index.tongues:
        tilt[index.tongues.index(language)] += OWN_LANGUAGE
    scores: Floats = index.vectors.scores(vector, rows) - tilt[index.languages[rows]]
    return scores


def _order(index: Index, question: Question, rows: Rows, pieces: Floats, lexical: Lexical) -> Ranked:
    """`rows` are those of one fiche after the other."""
    owners = index.owners[rows]
    starts, sizes = runs(owners)
    fiches, place = owners[starts], np.repeat(np.arange(len(starts)), sizes)
    views = _view_scores(index, rows, pieces, place, len(fiches))
    seen = ~np.isnan(views)
    meant = np.where(seen, views, 0).sum(0) / seen.sum(0)
    named, bonus, said = _per_fiche(index, rows, place, len(fiches), (lexical.concepts, lexical.bonus, lexical.scores))
    scores = meant + bonus + CONCEPT_WEIGHT * named + _asked_before(index, rows, pieces, place, len(fiches))
    order = np.lexsort((fiches, -scores))
    first = order[0]
    spoke = _speakers(pieces, rows, place, starts, index.quotable[rows])[order]
    ranked = scores[order].astype(np.float32)
    signals = signals_of(ranked, meant[order], named[order]) | {
        "whole": _or_nothing(views[VIEWS.index(WHOLE), first]),
        "cover": float(said[first]) / (lexical.most + 1),
        "same": 0.5 if question.language is None else float(question.language == index.pieces[spoke[0]].passage.language),
        "named": lexical.asked / (lexical.asked + _WEAK_CONCEPTS),
    }
    return Ranked(fiches[order], ranked, spoke, signals)


def _or_nothing(score: np.float32) -> float:
    return 0.0 if math.isnan(score) else float(score)


def _asked_before(index: Index, rows: Rows, pieces: Floats, place: Rows, fiches: int) -> Floats:
    """What a fiche earns for having answered nearly this question, float32 [fiches]."""
    asked, best = index.asked[rows], np.zeros(fiches, np.float32)
    if asked.any():
        np.maximum.at(best, place[asked], ASKED_WEIGHT * (pieces[asked] - ASKED_FROM))
    return best


def _view_scores(index: Index, rows: Rows, pieces: Floats, place: Rows, fiches: int) -> Floats:
    """For each view and fiche half its best language and half the mean of its languages, float32 [views, fiches]; NaN where it
    has no piece in this view."""
    view, row = divmod(np.flatnonzero(index.sides[:, rows]), len(rows))
    best = np.full((len(index.tongues), len(VIEWS), fiches), -np.inf, np.float32)
    cells = index.languages[rows] * (len(VIEWS) * fiches) + place
    np.maximum.at(best.reshape(-1), cells[row] + view * fiches, pieces[row])
    there = best > -np.inf
    with np.errstate(invalid="ignore"):  # 0 / 0 is the NaN that is wanted
        mean = np.where(there, best, 0).sum(0) / there.sum(0, dtype=np.float32)
    scores: Floats = (best.max(0) + mean) / 2
    return scores


def _per_fiche(index: Index, rows: Rows, place: Rows, fiches: int, evidence: tuple[Scores, ...]) -> Floats:
    """Each evidence of each fiche's best entry, float32 [len(evidence), fiches]."""
    entries = index.places[rows]
    whole = np.flatnonzero(entries >= 0)
    entries, place = entries[whole], place[whole]
    best = np.zeros((len(evidence), fiches), np.float32)
    for own, of in zip(best, evidence, strict=True):
        np.maximum.at(own, place, of[entries])
    return best


def _speakers(pieces: Floats, rows: Rows, place: Rows, starts: Rows, quotable: NDArray[np.bool_]) -> Rows:
    """For each fiche the row of its best piece, one short enough to quote if there is any; of equal ones the last."""
    # No cosine is as large as what sets those apart that can be quoted, and a float64 keeps every bit of both.
    standing = pieces + 100.0 * quotable
    best = standing == np.maximum.reduceat(standing, starts)[place]
    spoke = np.zeros(len(starts), np.int64)
    spoke[place[best]] = rows[best]
    return spoke
