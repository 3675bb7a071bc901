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

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from retrieval.embedder import Floats
from retrieval.index import Index, Rows
from retrieval.passages import VIEWS
from retrieval.phrases import phrases_in, rows_with
from retrieval.question import Question
from retrieval.signals import signals_of
from retrieval.values import WHOLE
from retrieval.words import Scores, concept_terms, terms

# Passages and entries looked at closely, whatever the size of the collection.
NEAREST, CLOSE_FICHES, WORDY_FICHES = 400, 80, 20
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
class _Lexical:
    """Per entry of the word index: BM25 scores, the bonus they earn, and `most`, the score of a perfect entry; `concepts`, the
    share of the question's concepts that the entry names, 0 to 1, of which there are `asked` (by rarity)."""

    scores: Scores
    bonus: Scores
    most: float
    concepts: Scores
    asked: float


def rank(index: Index, question: Question, vectors: Floats, allowed: Rows | None = None) -> Ranked:
    """`vectors` float32 [len(question.queries), dims]; only rows of `allowed` if given."""
    usable = None if allowed is None else np.bincount(allowed, minlength=len(index.pieces)).astype(bool)
    lexical = _lexical(index, question, None if usable is None else usable[index.wholes])
    fiches = _candidates(index, vectors, lexical, allowed)
    rows = index.rows_of_owners(fiches)
    rows = rows if usable is None else rows[usable[rows]]
    pieces = np.max([_piece_scores(index, vector, rows, question.language) for vector in vectors], axis=0)
    return _order(index, question, rows, pieces, lexical)


def _lexical(index: Index, question: Question, usable: Usable) -> _Lexical:
    asked = terms(question.text)
    scores = _of_usable(index.words.scores(asked), usable)
    relative = scores / (scores.max(initial=0.0) + _WEAK_WORDS)
    bonus = WORD_WEIGHT * _above_the_best(index, relative, usable)
    for phrase in phrases_in(question.text):
        bonus[rows_with(phrase, index, usable)] += PHRASE_WEIGHT
    ideas = concept_terms(question.text)
    whole = index.words.most(ideas)
    shared = _of_usable(index.words.scores(ideas), usable) / (whole + _WEAK_CONCEPTS)
    return _Lexical(scores, bonus, index.words.most(asked), shared.astype(np.float32), whole)


def _of_usable(scores: Scores, usable: Usable) -> Scores:
    return scores if usable is None else scores * usable


def _above_the_best(index: Index, scores: Scores, usable: Usable) -> Scores:
    """How far each entry lies above the mean of the two best of its language, else 0: only a clear winner earns anything."""
    order, languages = index.by_language
    if usable is not None:
        order, languages = order[usable[order]], languages[usable[order]]
    grouped = scores[order]
    borders = np.searchsorted(languages, np.arange(len(index.tongues) + 1)).tolist()
    bars = np.array([_mean_of_two_best(grouped[a:b]) for a, b in pairwise(borders)], np.float32)
    above = np.zeros_like(scores)
    above[order] = np.maximum(0, grouped - bars[languages])
    return above


def _mean_of_two_best(scores: Scores) -> float:
    if len(scores) < 2:
        return float(scores.sum())
    best = int(scores.argmax())
    second = max(scores[:best].max(initial=-np.inf), scores[best + 1 :].max(initial=-np.inf))
    return float((scores[best] + second) / 2)


def _candidates(index: Index, vectors: Floats, lexical: _Lexical, allowed: Rows | None) -> Fiches:
    """The fiches of the nearest passages, and those whose words earn the greatest bonus."""
    near = [index.owners[index.vectors.nearest(vector, NEAREST, allowed)[0]] for vector in vectors]
    wordy = [_highest(index, evidence) for evidence in (lexical.bonus, lexical.concepts)]
    share = max(1, CLOSE_FICHES // len(near))
    return np.unique(np.concatenate([*(_first_of(owners, share) for owners in near), *wordy]))


def _highest(index: Index, evidence: Scores) -> Fiches:
    """The fiches of the entries with the most evidence, if they have any."""
    entries = np.flatnonzero(evidence > 0)
    if len(entries) > WORDY_FICHES:
        entries = entries[np.argpartition(-evidence[entries], WORDY_FICHES)[:WORDY_FICHES]]
    return index.owners[index.wholes[entries]]


def _first_of(owners: Fiches, count: int) -> Fiches:
    return np.array(list(dict.fromkeys(owners.tolist()))[:count], np.int64)


def _piece_scores(index: Index, vector: Floats, rows: Rows, language: str | None) -> Floats:
    """Cosines, less what a row's language alone would earn it."""
    tilt = LEANING_WEIGHT * (index.leanings @ vector)
    if language in index.tongues:
        tilt[index.tongues.index(language)] += OWN_LANGUAGE
    scores: Floats = index.vectors.scores(vector, rows) - tilt[index.languages[rows]]
    return scores


def _order(index: Index, question: Question, rows: Rows, pieces: Floats, lexical: _Lexical) -> Ranked:
    fiches, place = np.unique(index.owners[rows], return_inverse=True)
    views = _view_scores(index, rows, pieces, place, len(fiches))
    seen = ~np.isnan(views)
    meant = np.where(seen, views, 0).sum(0) / seen.sum(0)
    named, bonus, said = (
        _per_fiche(index, rows, place, len(fiches), of) for of in (lexical.concepts, lexical.bonus, lexical.scores)
    )
    scores = meant + bonus + CONCEPT_WEIGHT * named + _asked_before(index, rows, pieces, place, len(fiches))
    order = np.lexsort((fiches, -scores))
    spoke = _speakers(pieces, place, rows, index.quotable[rows])[order]
    ranked = scores[order].astype(np.float32)
    signals = signals_of(ranked, meant[order], named[order]) | {
        "whole": float(np.nan_to_num(views[VIEWS.index(WHOLE), order[0]])),
        "cover": float(said[order[0]]) / (lexical.most + 1),
        "same": 0.5 if question.language is None else float(question.language == index.pieces[spoke[0]].passage.language),
        "named": lexical.asked / (lexical.asked + _WEAK_CONCEPTS),
    }
    return Ranked(fiches[order], ranked, spoke, signals)


def _asked_before(index: Index, rows: Rows, pieces: Floats, place: Rows, fiches: int) -> Floats:
    """What a fiche earns for having answered nearly this question, float32 [fiches]."""
    asked, best = index.asked[rows], np.zeros(fiches, np.float32)
    np.maximum.at(best, place[asked], ASKED_WEIGHT * (pieces[asked] - ASKED_FROM))
    return best


def _view_scores(index: Index, rows: Rows, pieces: Floats, place: Rows, fiches: int) -> Floats:
    """For each view and fiche half its best language and half the mean of its languages, float32 [views, fiches]; NaN where it
    has no piece in this view."""
    view, row = np.nonzero(index.sides[:, rows])
    best = np.full((len(VIEWS), fiches, len(index.tongues)), -np.inf, np.float32)
    cell = np.ravel_multi_index((view, place[row], index.languages[rows[row]]), best.shape)
    np.maximum.at(best.reshape(-1), cell, pieces[row])
    there = np.isfinite(best)
    count = there.sum(2)
    mean = np.where(there, best, 0).sum(2) / np.maximum(count, 1)
    return np.where(count > 0, (best.max(2) + mean) / 2, np.nan).astype(np.float32)


def _per_fiche(index: Index, rows: Rows, place: Rows, fiches: int, evidence: Scores) -> Floats:
    """The evidence of each fiche's best entry."""
    entries = index.places[rows]
    best = np.zeros(fiches, np.float32)
    np.maximum.at(best, place[entries >= 0], evidence[entries[entries >= 0]])
    return best


def _speakers(pieces: Floats, place: Rows, rows: Rows, quotable: NDArray[np.bool_]) -> Rows:
    """For each fiche the row of its best piece, one short enough to quote if there is any."""
    order = np.lexsort((pieces, quotable))
    spoke = np.zeros(int(place.max()) + 1, np.int64)
    spoke[place[order]] = rows[order]
    return spoke
