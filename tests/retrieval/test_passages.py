"""A fiche becomes pieces: one for the whole, and titled sentences."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.passages import CHUNK_WORDS, chunks, pieces_of, sentences
from tests.retrieval.conftest import DUAL


@given(st.text(st.sampled_from("ab .?!\n;Α"), max_size=600))
def test_chunks_lose_no_word_and_keep_the_order(text):
    assert " ".join(chunks(text)).split() == text.split()


@given(st.lists(st.integers(1, 90), max_size=8))
def test_chunks_stay_short(lengths):
    text = " ".join("word " * (length - 1) + "end." for length in lengths)
    for chunk in chunks(text):
        assert len(chunk.split()) <= 40 + 8


def test_short_sentences_share_a_chunk_and_long_ones_do_not():
    short, long = "Six words are in this one. ", "x " * CHUNK_WORDS + "end. "
    assert len(chunks(short * 3)) == 1
    assert len(chunks(long * 2)) == 2


@pytest.mark.parametrize(
    ("text", "count"),
    [("One. Two? Three!", 3), ("Τι κάνουμε; Πότε;", 2), ("first this; then that.", 1), ("a\nb", 2), ("3.5 million", 1), ("", 0)],
)
def test_sentences(text, count):
    assert len(sentences(text)) == count


def test_every_text_has_a_whole_and_titled_pieces():
    pieces = pieces_of(DUAL)
    assert [(p.passage.language, p.passage.part) for p in pieces] == [
        ("ro", "whole"), ("ro", "challenge"), ("ro", "results"), ("en", "whole"), ("en", "challenge"), ("en", "results"),
    ]  # fmt: skip
    whole, challenge = pieces[3], pieces[4]
    assert whole.passage.text == DUAL.text_in("en").summary and "Nine out of ten" in whole.embedded and "Brașov" in whole.embedded
    assert challenge.embedded.startswith("A dual school made with companies. Factories found")
    assert challenge.passage.text.startswith("Factories found")


def test_the_pieces_of_a_part_know_their_places():
    long = " ".join(f"Sentence number {i} has quite a few words so that it stands alone in the end." for i in range(6))
    places = [chunk for chunk in chunks(long)]
    assert len(places) > 2 and all(a != b for a, b in pairwise(places))
