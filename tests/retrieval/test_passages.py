"""A fiche becomes pieces that show it from several sides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.passages import CHUNK_WORDS, chunks, pieces_of, section_pieces, sentences
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


def test_every_text_shows_its_sides():
    pieces = [piece for piece in pieces_of(DUAL) if piece.passage.language == "en"]
    assert [(piece.passage.part, piece.views) for piece in pieces] == [
        ("whole", ("whole",)),
        ("whole", ("summary",)),
        ("challenge", ("section", "sentence")),
        ("results", ("section", "sentence")),
    ]
    whole, summary, challenge, _ = pieces
    assert whole.passage.text == DUAL.texts[1].summary and "Nine out of ten" in whole.embedded and "Brașov" in whole.embedded
    assert summary.as_question and summary.embedded.startswith("A dual school made with companies. The town hall")
    assert challenge.embedded == challenge.passage.text and not challenge.as_question


def test_a_long_section_is_a_piece_and_so_are_its_sentences():
    long = " ".join(f"Sentence number {i} has quite a few words so that it stands alone in the end." for i in range(6))
    section, *sentence_pieces = section_pieces("slug", "en", "lessons", long)
    assert section.views == ("section",) and section.embedded == long
    assert [piece.ordinal for piece in sentence_pieces] == list(range(sentence_pieces[0].siblings))
    assert " ".join(piece.embedded for piece in sentence_pieces) == long
