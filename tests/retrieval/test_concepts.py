"""The field's vocabulary joins languages, stays apart from other words, and lists every concept in every language."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from retrieval.concepts import LIST, concepts, read_list
from retrieval.evaluate import system
from retrieval.hashing import HashEmbedder
from retrieval.languages import LANGUAGES
from retrieval.words import WordIndex, concept_terms, terms

LISTED = dict(read_list(LIST.read_text("utf-8")))


@pytest.mark.parametrize(
    ("concept", "texts"),
    [
        (
            "scholarship",
            [
                "a scholarship for all",
                "una borsa di studio",
                "becas municipales",
                "une bourse",
                "ΥΠΟΤΡΟΦΊΕΣ",
                "burse pentru elevi",
                "stipendije",
                "öğrencilere burs",
            ],
        ),
        (
            "apprentice",
            ["Apprentices", "apprendisti", "aprendices", "apprentissage", "μαθητεία", "ucenici", "naukovanje", "ÇIRAK"],
        ),
        (
            "second-chance",
            ["a second chance", "seconda opportunità", "segunda oportunidad", "deuxième chance", "δεύτερη ευκαιρία"],
        ),
    ],
)
def test_a_concept_is_found_in_every_language_however_it_is_written(concept, texts):
    assert [text for text in texts if concept not in concepts(text)] == []


@pytest.mark.parametrize("text", ["", "a second of all chance", "burst", "the quick brown fox", "\0\ufdfa😀"])
def test_other_words_name_none(text):
    assert not {"second-chance", "scholarship"} & set(concepts(text))


def test_of_a_known_language_only_its_own_words_count_unless_they_name_nothing():
    assert (concepts("bursă", "ro"), concepts("bursă", "hr")) == (["scholarship"], [])
    assert concepts("bursă", "hr", or_of_any=True) == concepts("bursă", "xx") == concepts("bursă") == ["scholarship"]
    assert concepts("bursă, stipendija", "hr", or_of_any=True) == ["scholarship"]


def test_greek_letters_are_greek_whatever_they_look_like_in_latin_ones():
    assert "unemployed" in concepts("parados") and "unemployed" not in concepts("παραδοσιακή τέχνη")
    assert concepts("παραδοσιακή", "el", or_of_any=True) == concepts("παραδοσιακή", "es", or_of_any=True) == []
    assert concepts("υποτροφία", "en", or_of_any=True) == concepts("ypotrofia", "en", or_of_any=True) == ["scholarship"]


def test_a_concept_counts_as_often_as_it_is_named_and_takes_linear_time():
    assert Counter(concepts("burs, burs, burs"))["scholarship"] == 3
    assert len(concepts("second chance " * 20_000)) >= 20_000


def test_every_concept_has_expressions_in_every_language():
    assert [name for name, groups in LISTED.items() if len(groups) != len(LANGUAGES) or not all(groups)] == []
    assert len(LISTED) > 90


def test_hardly_any_expression_names_two_concepts():
    meanings = defaultdict(set)
    for name, groups in LISTED.items():
        for expression in (one for group in groups for one in group):
            meanings[expression].add(name)
    shared = {expression for expression, names in meanings.items() if len(names) > 1}
    assert len(shared) < 0.03 * len(meanings), sorted(map(str, shared))


def test_concepts_are_counted_apart_from_words():
    index = WordIndex.of(["stipendije za obrt", "cijena kruha"])
    assert index.scores(concept_terms("zanaat bursu"))[0] > 0 == index.scores(terms("zanaat bursu"))[0]
    assert (
        index.scores(terms("stipendije"))[0]
        == WordIndex.of(["stipendije za obrt", "cijena kruha"]).scores(["stipendije", "~stipe"])[0]
    )


@pytest.mark.parametrize(
    ("text", "language", "alone", "also"),
    [
        ("Which place was it?", "en", [], ["pay"]),
        ("Bugüne kadar", "tr", [], ["staff"]),
        ("Primăria caută", "ro", ["municipality"], ["primary"]),
        ("Koliko iznose plaće?", "hr", ["pay"], []),
        ("Bourses pour les élèves", "fr", ["scholarship", "student"], []),
    ],
)
def test_a_word_of_one_language_is_another_in_the_next(text, language, alone, also):
    assert sorted(set(concepts(text, language))) == alone
    assert set(alone + also) <= set(concepts(text)) == set(concepts(text, "de")) == set(concepts(text, None))


def test_who_writes_in_another_language_than_they_chose_is_understood():
    made = system(HashEmbedder())
    made.fit(["Grad daje stipendije učenicima za obrtnička zanimanja.", "Most je dug sto metara."], ["hr"] * 2)
    ids, _, _ = made.search(["Zanaat öğrencilerine burs veren var mı?"], ["en"], 2)
    assert ids[0, 0] == 0


def test_a_question_finds_what_only_another_language_tells():
    made = system(HashEmbedder())
    made.fit(["Grad daje stipendije učenicima za obrtnička zanimanja.", "Knjižnica je otvorena subotom.", "Most je dug sto metara."], ["hr"] * 3)
    ids, _, _ = made.search(["Zanaat öğrencilerine burs veren var mı?"], ["tr"], 3)
    assert ids[0, 0] == 0
