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
from functools import reduce
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from retrieval.embedder import Floats
from retrieval.index import Index, Rows
from retrieval.layout import Layout, Spans
from retrieval.passages import VIEWS
from retrieval.phrases import phrases_in, rows_with
from retrieval.question import Question
from retrieval.runs import runs
from retrieval.signals import signals_of
from retrieval.values import WHOLE
from retrieval.words import Scores, concept_terms, terms

# Passages and entries looked at closely, whatever the size of the collection.
NEAREST, CLOSE_FICHES, WORDY_FICHES = 400, 80, 20
# Where so many pieces are of fewer fiches than this, some fiche is very long: more are looked at, lest it hide the others.
FLOODED, FEWEST_FICHES = 4_000, 20
# Where fiches have so few pieces, the nearest so many times as many passages mostly name all the fiches that are wanted.
_FEW_PIECES, _FEWER = 12, 2
LEANING_WEIGHT, OWN_LANGUAGE, WORD_WEIGHT, PHRASE_WEIGHT, CONCEPT_WEIGHT = 0.5, 0.03, 0.08, 0.3, 0.5
# What was asked before counts from this cosine on; among unlike questions one pair in a hundred is as near. Asked again in
# another language, a question then finds its entry first for .90 instead of .78 (XQuAD), and other questions lose nothing: see
# `benchmarks/retrieval_asked.py`.
ASKED_WEIGHT, ASKED_FROM = 0.5, 0.5
_WHOLE_VIEW = VIEWS.index(WHOLE)
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
    """What words say. `said`, the BM25 score of each entry of the word index, and `most`, that of a perfect one; of each fiche's
    best entry the `bonus` that its words earn, and the share of the question's concepts that it names (`named`, 0 to 1), of
    which there are `asked` (by rarity); `likely`, the fiches whose words earn the greatest bonus or name the most."""

    said: Scores
    bonus: Scores
    named: Scores
    most: float
    asked: float
    likely: Fiches


def rank(
    index: Index, question: Question, vectors: Floats, allowed: Rows | None = None, lexical: Lexical | None = None
) -> Ranked:
    """`vectors` float32 [len(question.queries), dims]; only rows of `allowed` if given, for which `lexical` was made if given."""
    lexical = lexical or lexical_evidence(index, question, allowed)
    layout = index.layout if allowed is None else index.layout_of(allowed)
    spans = layout.spans(_candidates(index, vectors, lexical, allowed))
    pieces = reduce(np.maximum, [_piece_scores(index, layout, spans, vector, question.language) for vector in vectors])
    return _order(index, question, layout, spans, pieces, lexical)


def lexical_evidence(index: Index, question: Question, allowed: Rows | None = None) -> Lexical:
    """What the words of a question say, before anything is encoded: the processor's caches are then full of other things."""
    usable = None if allowed is None else _marked(allowed, len(index.pieces))[index.wholes]
    said, most = index.words.weighed(terms(question.text))
    said = _of_usable(said, usable)
    bonus = _above_the_second(index, said, usable)
    for phrase in phrases_in(question.text):
        bonus[rows_with(phrase, index, usable)] += PHRASE_WEIGHT
    # Somebody who chose one language may write in another, too briefly for that to be told: then the words of all count.
    ideas = concept_terms(question.text, question.language, or_of_any=True)
    named, whole = index.words.weighed(ideas)
    named = _of_usable(named, usable)
    named /= whole + _WEAK_CONCEPTS
    (bonus, winners), (named, knowing) = _by_fiche(index, bonus), _by_fiche(index, named)
    return Lexical(said, bonus, named, most, whole, np.concatenate([winners, knowing]))


def _marked(rows: Rows, count: int) -> NDArray[np.bool_]:
    marked = np.zeros(count, bool)
    marked[rows] = True
    return marked


def _of_usable(scores: Scores, usable: Usable) -> Scores:
    return scores if usable is None else scores * usable


def _above_the_second(index: Index, scores: Scores, usable: Usable) -> Scores:
    """A bonus for each entry that lies above the mean of the two best of its language, else 0: only a clear winner earns any."""
    order, starts, sizes = index.by_language
    if usable is not None:
        order = order[usable[order]]
        starts, sizes = runs(index.languages[index.wholes[order]])
    bonus = np.zeros_like(scores)
    if len(order):
        others = scores[order]
        best = np.maximum.reduceat(others, starts)
        places = (others == best.repeat(sizes)).nonzero()[0]
        first = places[places.searchsorted(starts)]
        others[first] = 0
        second = np.maximum.reduceat(others, starts)
        share = WORD_WEIGHT / 2 / (best.max() + _WEAK_WORDS)
        bonus[order[first]] = np.where(sizes > 1, share * (best - second), 0)
    return bonus


def _by_fiche(index: Index, evidence: Scores) -> tuple[Scores, Fiches]:
    """The evidence of each fiche's best entry, float32 [fiches]; and the fiches of the entries with the most, if any."""
    entries = evidence.nonzero()[0]
    fiches, found = index.speaking[entries], evidence[entries]
    best = np.zeros(len(index.entries), np.float32)
    np.maximum.at(best, fiches, found)
    if len(entries) > WORDY_FICHES:
        fiches = fiches[np.argpartition(-found, WORDY_FICHES)[:WORDY_FICHES]]
    return best, fiches


def _candidates(index: Index, vectors: Floats, lexical: Lexical, allowed: Rows | None) -> Fiches:
    """The fiches of the nearest passages, and those that are likely by their words; ascending."""
    share = max(1, CLOSE_FICHES // len(vectors))
    found = {fiche for vector in vectors for fiche in _near(index, vector, share, allowed)}
    found.update(lexical.likely.tolist())
    return np.array(sorted(found), np.int64)


def _near(index: Index, vector: Floats, share: int, allowed: Rows | None) -> list[int]:
    """The first so many fiches among those of the nearest passages."""
    fiches: list[int] = []
    short = len(index.pieces) <= _FEW_PIECES * len(index.entries)
    for count in (_FEWER * share, NEAREST, FLOODED) if short else (NEAREST, FLOODED):
        rows, _ = index.vectors.nearest(vector, count, allowed)
        fiches = list(dict.fromkeys(index.owners[rows].tolist()))[:share]
        enough = share if count < NEAREST else min(share, FEWEST_FICHES)
        if len(fiches) >= enough or len(rows) < count or len(fiches) == len(index.entries):
            break
    return fiches


def _piece_scores(index: Index, layout: Layout, spans: Spans, vector: Floats, language: str | None) -> Floats:
    """Cosines, less what a piece's language alone would earn it, in the order of `spans`."""
    tilt = LEANING_WEIGHT * (index.leanings @ vector)
    if language in index.tongues:
        tilt[index.tongues.index(language)] += OWN_LANGUAGE
    scores = index.vectors.scores(vector, layout.rows[spans.places])
    scores -= tilt[layout.languages[spans.places]]
    return scores


def _order(index: Index, question: Question, layout: Layout, spans: Spans, pieces: Floats, lexical: Lexical) -> Ranked:
    meant, named = layout.means(spans, pieces), lexical.named[spans.fiches]
    scores = meant + lexical.bonus[spans.fiches] + CONCEPT_WEIGHT * named
    if index.asked.any():
        scores += _asked_before(layout, spans, pieces)
    order = np.argsort(-scores, kind="stable")
    first = int(order[0])
    spoke, ranked = _speakers(index, layout, spans, pieces)[order], scores[order]
    entries = slice(*index.speaking.searchsorted(spans.fiches[first] + np.arange(2)).tolist())
    signals = signals_of(ranked, meant[order], named[order]) | {
        "whole": _as_a_whole(layout, spans, pieces, first),
        "cover": float(lexical.said[entries].max(initial=0.0)) / (lexical.most + 1),
        "same": 0.5 if question.language is None else float(question.language == index.pieces[spoke[0]].passage.language),
        "named": lexical.asked / (lexical.asked + _WEAK_CONCEPTS),
    }
    return Ranked(spans.fiches[order], ranked, spoke, signals)


def _asked_before(layout: Layout, spans: Spans, pieces: Floats) -> Floats:
    """What a fiche earns for having answered nearly this question, float32 [fiches]."""
    nearly = np.where(layout.views[spans.places] == len(VIEWS), ASKED_WEIGHT * (pieces - ASKED_FROM), 0)
    earned: Floats = np.maximum.reduceat(np.maximum(nearly, 0), spans.begins)
    return earned


def _as_a_whole(layout: Layout, spans: Spans, pieces: Floats, fiche: int) -> float:
    """Half the best language of one fiche's whole entries and half the mean of them; 0 where it has none."""
    begin = int(spans.begins[fiche])
    own = slice(begin, begin + int(spans.counts[fiche]))
    places, best = spans.places[own], dict[int, float]()
    # Of so few numbers, lists are faster than arrays; wholes come first.
    told = zip(layout.views[places].tolist(), layout.languages[places].tolist(), pieces[own].tolist(), strict=True)
    for _, language, score in takewhile(lambda one: one[0] == _WHOLE_VIEW, told):
        best[language] = max(score, best.get(language, score))
    return (max(best.values()) + sum(best.values()) / len(best)) / 2 if best else 0.0


def _speakers(index: Index, layout: Layout, spans: Spans, pieces: Floats) -> Rows:
    """For each fiche the row of its best piece, one short enough to quote if there is any; of equal ones the last."""
    rows = layout.rows[spans.places]
    # No cosine is as large as what sets those apart that can be quoted, and a float64 keeps every bit of both.
    standing = pieces + 100.0 * index.quotable[rows]
    best = standing == np.maximum.reduceat(standing, spans.begins).repeat(spans.counts)
    spoke: Rows = np.maximum.reduceat(np.where(best, rows, -1), spans.begins)
    return spoke
