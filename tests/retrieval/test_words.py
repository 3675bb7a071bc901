"""Words, and phrases of them, are found however they are written."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import IndexDamaged
from retrieval.phrases import phrases_in
from retrieval.words import WordIndex, terms, words

TEXTS = ["Școala duală din Brașov", "La formazione duale a Trento", "Μαθητεία στη Θεσσαλονίκη", "Mesleki eğitim ve çıraklık", ""]


@pytest.mark.parametrize(
    ("question", "entry"),
    [("BRASOV", 0), ("scoala duala", 0), ("formazioni", 1), ("mathiteia", 2), ("ΜΑΘΗΤΕΊΑΣ", 2), ("eğitimde", 3), ("CIRAKLIK", 3)],
)
def test_the_right_entry_scores_best(question, entry):
    scores = WordIndex.of(TEXTS).scores(terms(question))
    assert scores.argmax() == entry and scores[entry] > 0


def test_rare_words_weigh_more_and_repetition_saturates():
    index = WordIndex.of(["apple common common common", "pear common", "plum common", "plum common"])
    apple, common = index.scores(["apple"]), index.scores(["common"])
    assert apple[0] > common[0] > common[1] * 0.9
    assert index.scores(["apple", "apple"])[0] == apple[0]
    assert index.most(["apple"]) > apple[0] and index.most(["unheard"]) > index.most(["common"])


def test_entries_that_hold_all_words():
    index = WordIndex.of(["a b c", "a b", "b c"])
    assert index.holding(["a", "b"]).tolist() == [0, 1]
    assert index.holding(["a", "x"]).tolist() == []


@pytest.mark.parametrize("texts", [[], [""], TEXTS])
def test_what_is_saved_is_what_is_loaded(tmp_path, texts):
    index = WordIndex.of(texts)
    index.save(tmp_path / "words.npz")
    loaded = WordIndex.load(tmp_path / "words.npz")
    np.testing.assert_array_equal(loaded.scores(terms("duala formazione")), index.scores(terms("duala formazione")))
    assert loaded.vocabulary == index.vocabulary


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_an_index_that_followed_its_texts_is_the_one_made_anew(data):
    pool = ["scoala duala la Brasov", "duala duala", "mathiteia", "", "stipendije za obrt", "bursa ta mathiteia " * 3]
    texts, index = [], WordIndex.of([])
    for _ in range(4):
        kept = data.draw(st.lists(st.integers(0, len(texts) - 1), unique=True)) if texts else []
        kept = np.array(data.draw(st.permutations([*kept, *[-1] * data.draw(st.integers(0, 3))])), np.int64)
        fresh = data.draw(st.lists(st.sampled_from(pool), min_size=int((kept < 0).sum()), max_size=int((kept < 0).sum())))
        new = iter(fresh)
        texts = [texts[place] if place >= 0 else next(new) for place in kept]
        index = index.replaced(kept, fresh)
    anew = WordIndex.of(texts)
    assert index.vocabulary.keys() == anew.vocabulary.keys()
    for term in (*anew.vocabulary, "unheard"):
        np.testing.assert_array_equal(index.scores([term]), anew.scores([term]))
        assert index.holding([term]).tolist() == anew.holding([term]).tolist() and index.most([term]) == anew.most([term])


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"noise" * 100])
def test_a_damaged_file_is_refused(tmp_path, content):
    (tmp_path / "words.npz").write_bytes(content)
    with pytest.raises(IndexDamaged):
        WordIndex.load(tmp_path / "words.npz")


def test_what_was_counted_by_other_rules_or_concepts_is_counted_anew(tmp_path):
    file = tmp_path / "words.npz"
    WordIndex.of(["formazione duale"]).save(file)
    with np.load(file, allow_pickle=False) as stored:
        parts = {"terms-of-yesterday" if name.startswith("terms") else name: stored[name] for name in stored}
    np.savez(file, **parts)
    with pytest.raises(IndexDamaged):
        WordIndex.load(file)


def test_words_and_terms():
    assert words("L'École, Brașov!") == ["l", "ecole", "brasov"]
    assert terms("eğitimde") == ["egitimde", "~egiti"]
    assert len(words("x" * 500)[0]) == 40


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ('what is "dual school"?', [("dual", "school")]),
        ("τι είναι «διπλή σχολή»;", [("dipli", "scholi")]),
        ("ce este „școala duală”", [("scoala", "duala")]),
        ("project 2021-1-RO01-KA220", [("2021", "1", "ro01", "ka220")]),
        ("Law 4763/2020", [("4763", "2020")]),
        ("in 2020, 30 of us", [("2020",)]),
        ('a "b', []),
        ("plain words only", []),
        ('""""""', []),
    ],
)
def test_phrases_in(text, phrases):
    assert phrases_in(text) == phrases
