"""Any string a stranger sends becomes a text that the later steps can take."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text import clean, fold, squeeze, word_list


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\0b", "ab"),
        ("\ud800x", "\ufffdx"),
        ("e\u0301cole", "école"),
        ("ﬁche", "fiche"),
        ("", ""),
    ],
)
def test_clean(text, cleaned):
    assert clean(text) == cleaned


@given(st.text(st.characters(), max_size=300), st.integers(0, 50))
def test_clean_text_is_short_encodable_and_stays_as_it_is(text, limit):
    cleaned = clean(text, limit)
    assert len(cleaned) <= limit and "\0" not in cleaned
    cleaned.encode("utf-8")
    assert clean(cleaned, limit) == cleaned


def test_a_character_that_grows_does_not_break_the_limit():
    assert len(clean("\ufdfa" * 5000, 1000)) == 1000


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Brașov", "BRASOV"),
        ("İSTANBUL", "istanbul"),
        ("ısı", "isi"),
        ("Đurđevac", "durdevac"),
        ("μαθητεία", "ΜΑΘΗΤΕΊΑ"),
        ("μαθητεία", "mathiteia"),
        ("Θεσσαλονίκη", "thessaloniki"),
        ("Ρέθυμνο", "rethymno"),
        ("école", "ECOLE"),
        ("țară", "ţară"),
    ],
)
def test_words_that_are_one_word_fold_alike(one, other):
    assert fold(one) == fold(other)


def test_squeeze():
    assert squeeze("  a \n\t b ") == "a b"


def test_word_lists_are_folded_like_what_they_are_compared_with():
    assert {word for word in word_list("topicless") if fold(word) != word} == set()
