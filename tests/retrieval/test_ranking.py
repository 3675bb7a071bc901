"""The ranking says what it says it does: compared with the same told slowly, piece by piece, on collections made by chance."""

from __future__ import annotations

import random

import numpy as np
import pytest

from retrieval import ranking
from retrieval.index import Entry, Index
from retrieval.passages import ASKED, SECTION, SENTENCE, SUMMARY, VIEWS, Piece
from retrieval.question import read_question
from retrieval.ranking import rank
from retrieval.values import WHOLE, Passage
from retrieval.words import concept_terms, terms

LANGUAGES = ("el", "en", "it")
WORDS = ("dual", "school", "apprentice", "grant", "tutor", "council", "factory", "village", "teacher", "migrant", "craft", "bus")
FICHES, DIMS = 30, 24
ASKS = ("How does the council pay for a tutor and a grant?", "Which village has an apprentice in a factory?", "school bus farm")


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


def made_up(seed):
    """An index of fiches in one to three languages, some without sentences, some asked before, some with one piece of two views."""
    chance = random.Random(seed)
    entries, pieces = [], []
    for number in range(FICHES):
        slug, spoken = f"fiche-{number:02}", chance.sample(LANGUAGES, chance.randint(1, 3))
        entries.append(Entry(slug, "", spoken[0], dict.fromkeys(spoken, slug), {}))
        for code in spoken:
            views = [
                (WHOLE,),
                (SUMMARY,),
                *chance.choices([(SECTION,), (SENTENCE,), (SECTION, SENTENCE)], k=chance.randint(0, 4)),
            ]
            text = " ".join(chance.choices(WORDS, k=chance.randint(3, 20)))
            pieces += [Piece(Passage(slug, code, "results", ""), text if view == (WHOLE,) else "", view) for view in views]
        pieces += [Piece(Passage(slug, spoken[0], ASKED, ""), "", (ASKED,))] * chance.randint(0, 1)
    vectors = unit(np.random.default_rng(seed).standard_normal((len(pieces), DIMS)))
    return Index.of(entries, pieces, vectors)


def told_slowly(index, question, vector, allowed):
    """For each fiche its score and the row that speaks for it."""
    rows = range(len(index.pieces)) if allowed is None else allowed.tolist()
    cosine = {row: nearness(index, question, vector, row) for row in rows}
    bonus, named = evidence(index, question, rows)
    found = {}
    for fiche, entry in enumerate(index.entries):
        own = [row for row in rows if index.pieces[row].passage.fiche == entry.slug]
        if own:
            views = [view_score(index, [row for row in own if view in index.pieces[row].views], cosine) for view in VIEWS]
            seen = [view for view in views if view is not None]
            score = sum(seen) / len(seen) if seen else float("nan")
            score += max(bonus.get(row, 0.0) for row in own) + 0.5 * max(named.get(row, 0.0) for row in own)
            score += max(0.5 * max(0.0, cosine[row] - 0.5) if index.pieces[row].views == (ASKED,) else 0.0 for row in own)
            short = [row for row in own if {SENTENCE, SUMMARY} & set(index.pieces[row].views)]
            found[fiche] = (score, max(short or own, key=lambda row: cosine[row]))
    return found


def nearness(index, question, vector, row):
    language = index.pieces[row].passage.language
    leaning = index.leanings[index.tongues.index(language)]
    return float(vector @ index.vectors.rows(np.array([row]))[0] - 0.5 * leaning @ vector) - 0.03 * (
        language == question.language
    )


def view_score(index, rows, cosine):
    best = {}
    for row in rows:
        language = index.pieces[row].passage.language
        best[language] = max(best.get(language, -9.0), cosine[row])
    return (max(best.values()) + sum(best.values()) / len(best)) / 2 if best else None


def evidence(index, question, rows):
    """By row of a whole entry: the bonus that its words earn, and its share of the concepts asked for."""
    place = {int(row): number for number, row in enumerate(index.wholes) if row in set(rows)}
    ideas = concept_terms(question.text, question.language) or concept_terms(question.text)
    said, ideal = index.words.scores(terms(question.text)), index.words.most(ideas)
    highest = max((said[number] for number in place.values()), default=0.0)
    bonus = {}
    for language in index.tongues:
        own = {row: said[at] / (highest + 5) for row, at in place.items() if index.pieces[row].passage.language == language}
        two = sorted(own.values(), reverse=True)[:2]
        bonus |= {row: 0.08 * max(0.0, score - sum(two) / len(two)) for row, score in own.items()}
    return bonus, {row: index.words.scores(ideas)[at] / (ideal + 20) for row, at in place.items()}


@pytest.mark.parametrize("share", [1.0, 0.6, 0.05])
@pytest.mark.parametrize("seed", range(8))
def test_it_is_what_it_is_told_to_be(seed, share):
    index, chance = made_up(seed), np.random.default_rng(seed + 100)
    # A row of a view for each fiche that may be found: what was only asked before has no score of its own.
    there = np.flatnonzero((chance.random(len(index.pieces)) < share) & ~index.asked)
    asked = np.flatnonzero(index.asked & np.isin(index.owners, index.owners[there]))
    allowed = None if share == 1 else np.sort(np.concatenate([there, asked]))
    for text in ASKS:
        question, vector = read_question(text, chance.choice([*LANGUAGES, "fr"])), unit(chance.standard_normal(DIMS))
        ranked, right = rank(index, question, vector[None], allowed), told_slowly(index, question, vector, allowed)
        assert sorted(ranked.fiches.tolist()) == sorted(right)
        np.testing.assert_allclose(ranked.scores, [right[fiche][0] for fiche in ranked.fiches.tolist()], atol=1e-5)
        assert (np.diff(ranked.scores) <= 0).all()
        assert ranked.rows.tolist() == [right[fiche][1] for fiche in ranked.fiches.tolist()]


def test_of_several_queries_the_nearest_counts_for_each_piece():
    index = made_up(3)
    question, both = read_question(ASKS[0], "en"), unit(np.random.default_rng(1).standard_normal((2, DIMS)))
    layout, spans = index.layout, index.layout.spans(np.arange(FICHES))
    one, other = (ranking._piece_scores(index, layout, spans, vector, "en") for vector in both)
    ranked, lexical = rank(index, question, both), ranking.lexical_evidence(index, question)
    best = ranking._order(index, question, layout, spans, np.maximum(one, other), lexical)
    assert ranked.fiches.tolist() == best.fiches.tolist() and ranked.rows.tolist() == best.rows.tolist()
