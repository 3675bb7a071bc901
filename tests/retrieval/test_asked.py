"""Questions that a fiche has answered help to find it, are never shown, and never vouch for themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrieval import LabelledQuestion, Searcher
from retrieval.hashing import HashEmbedder
from retrieval.passages import ASKED, pieces_of
from tests.retrieval.conftest import DUAL, SCHOLARSHIPS, TUTORS

STRANGE = "zorbling quixotic vexillology of the marmalade guild"
KNOWING = replace(TUTORS, asked=(("tr", STRANGE),))


@pytest.fixture
def searcher(tmp_path):
    searcher = Searcher.open(tmp_path, HashEmbedder())
    searcher.reconcile([DUAL, SCHOLARSHIPS, KNOWING])
    return searcher


def test_an_answered_question_finds_its_fiche(searcher):
    assert searcher.search(STRANGE + " please").matches[0].fiche == TUTORS.slug
    searcher.reconcile([DUAL, SCHOLARSHIPS, TUTORS])
    assert searcher.search(STRANGE + " please").matches[0].score < 0.3


def test_it_is_a_piece_without_words(searcher, tmp_path):
    piece = pieces_of(KNOWING)[-1]
    assert (piece.views, piece.passage.text, piece.passage.language, piece.as_question) == ((ASKED,), "", "tr", True)
    assert not any(STRANGE.encode() in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


def test_what_somebody_asked_is_never_quoted(searcher):
    match = searcher.search(STRANGE).matches[0]
    assert match.passage.part != ASKED and match.passage.text
    assert match.quote is None or match.quote.text


def test_it_is_there_after_a_restart_and_changes_the_content(searcher, tmp_path):
    assert KNOWING.content_hash != TUTORS.content_hash == replace(KNOWING, asked=()).content_hash
    again = Searcher.open(tmp_path, HashEmbedder())
    assert again.search(STRANGE).matches[0].fiche == TUTORS.slug
    assert not again.reconcile([DUAL, SCHOLARSHIPS, KNOWING]).changed


def test_a_question_does_not_vouch_for_itself(searcher, tmp_path):
    """Else every verdict would teach that a fiche which has answered a question always answers it."""
    alone = Searcher.open(tmp_path / "alone", HashEmbedder())
    alone.reconcile([DUAL, SCHOLARSHIPS, TUTORS])
    labels = [LabelledQuestion("1", "en", STRANGE, (TUTORS.slug,))]
    ((chance, right),) = searcher.calibrate(labels).held_out
    ((other, also),) = alone.calibrate(labels).held_out
    assert right is also and chance == pytest.approx(other, abs=0.01)
