"""The labelled questions measure what they claim to: known slugs, even shares, the right language, no wording from a fiche.

Reads the files with `json`, `csv` and `tomllib` alone, so that a fault in our own loader cannot hide one in the data.
"""

from __future__ import annotations

import csv
import json
import re
import tomllib
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from retrieval import identify_language

FOLDER = Path(__file__).parents[2] / "data" / "collections" / "vet-practices"
LANGUAGES = ["en", "it", "es", "fr", "el", "ro", "hr", "tr"]
STYLES = {"chat", "mail", "keywords", "nodiacritics"}
# A run of so many words is no chance meeting: who asks with it has read the fiche.
BORROWED_WORDS = 6
# Shorter texts say too little for anybody to tell their language.
LONG_ENOUGH = 40
# Share of the longer texts for which the detector may say "not sure". It may never name a wrong language.
UNSURE = 0.03


def lines(name):
    return [json.loads(line) for line in (FOLDER / name).read_text("utf-8").split("\n") if line]


def words(text):
    return re.findall(r"\w+", text.casefold())


def bare(text):
    """Letters without their marks, so that a copy typed without accents is a copy still."""
    return "".join(letter for letter in unicodedata.normalize("NFD", text.replace("ı", "i")) if not unicodedata.combining(letter))


def runs(text):
    plain = words(bare(text))
    return {" ".join(plain[start : start + BORROWED_WORDS]) for start in range(len(plain) - BORROWED_WORDS + 1)}


def wording(fiche):
    for text in fiche["text"].values():
        yield from (text["title"], text["summary"], *text["sections"].values())


FICHES = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted((FOLDER / "fiches").glob("*.toml"))}
AUTHORITIES = {row["slug"] for row in csv.DictReader((FOLDER / "authorities.csv").read_text("utf-8").splitlines())}
QUESTIONS = lines("questions.jsonl")
LATER = lines("later_questions.jsonl")
ROUTING = lines("routing_questions.jsonl")
ANSWERABLE = [question for question in QUESTIONS if question["answers"]]
UNANSWERABLE = [question for question in QUESTIONS if not question["answers"]]
BORROWABLE = {run for fiche in FICHES.values() for part in wording(fiche) for run in runs(part)}


def each_question(test):
    every = QUESTIONS + LATER + ROUTING
    return pytest.mark.parametrize("question", every, ids=[question["id"] for question in every])(test)


def test_keys_and_codes_are_the_agreed_ones():
    for question in QUESTIONS + LATER:
        assert set(question) == {"id", "language", "text", "answers", "split", "style"}
        assert question["split"] in {"dev", "test"} and question["style"] in STYLES
        assert set(question["answers"]) <= set(FICHES), question["id"]
        assert len(set(question["answers"])) == len(question["answers"]) <= 8
    for question in ROUTING:
        assert set(question) == {"id", "language", "text", "authorities"}
        assert set(question["authorities"]) <= AUTHORITIES, question["id"]
        assert 1 <= len(set(question["authorities"])) == len(question["authorities"]) <= 4


def test_ids_are_unique_and_name_the_language():
    ids = [question["id"] for question in QUESTIONS + LATER + ROUTING]
    assert len(set(ids)) == len(ids)
    for kind, questions in (("q", QUESTIONS), ("l", LATER), ("r", ROUTING)):
        for question in questions:
            assert re.fullmatch(rf"{kind}-{question['language']}-\d{{3}}", question["id"])


@each_question
def test_a_text_is_clean(question):
    text = question["text"]
    assert 15 <= len(text) <= 700
    assert text == text.strip() and "  " not in text and "\ufffd" not in text
    assert unicodedata.is_normalized("NFC", text)
    # Romanian is written with a comma below s and t; the cedilla is Turkish.
    assert question["language"] != "ro" or not re.search("[şţŞŢ]", text)
    # Addresses and numbers of people have no place here.
    assert not re.search(r"@|https?:|\+\d{6}", text)


@each_question
def test_a_text_borrows_no_wording_from_a_fiche(question):
    assert not runs(question["text"]) & BORROWABLE


def test_borrowed_wording_would_be_noticed():
    line = FICHES["dolj-second-chance"]["text"]["ro"]["sections"]["transferability"]
    assert runs("Bună ziua, " + " ".join(line.split()[3:12]).upper()) & BORROWABLE


def test_no_text_comes_twice():
    texts = [" ".join(words(bare(question["text"]))) for question in QUESTIONS + LATER + ROUTING]
    assert [text for text, times in Counter(texts).items() if times > 1] == []


def test_texts_of_one_language_are_no_near_copies():
    for language in LANGUAGES:
        written = [question for question in QUESTIONS + LATER + ROUTING if question["language"] == language]
        asked = [(question["id"], set(words(bare(question["text"])))) for question in written]
        for place, (one, left) in enumerate(asked):
            for other, right in asked[place + 1 :]:
                assert len(left & right) / len(left | right) < 0.5, (one, other)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_is_the_one_on_the_label(language):
    written = [question for question in QUESTIONS + LATER + ROUTING if question["language"] == language]
    told = {
        question["id"]: identify_language(question["text"])
        for question in written
        if len(question["text"]) > LONG_ENOUGH and question.get("style") != "nodiacritics"
    }
    assert {name: found for name, found in told.items() if found not in (language, None)} == {}
    assert sum(found is None for found in told.values()) <= UNSURE * len(told)


def test_texts_without_diacritics_have_none():
    plain = [question for question in QUESTIONS if question["style"] == "nodiacritics"]
    assert {question["language"] for question in plain} == set(LANGUAGES) - {"en"}
    for question in plain:
        assert bare(question["text"]) == question["text"], question["id"]
        assert question["language"] == "el" or question["text"].isascii(), question["id"]


def test_there_are_enough_of_each_kind():
    assert len(ANSWERABLE) >= 264 and len(UNANSWERABLE) >= 128 and len(ROUTING) == 96
    for language in LANGUAGES:
        assert sum(question["language"] == language for question in ANSWERABLE) >= 33
        assert sum(question["language"] == language for question in UNANSWERABLE) >= 16
        assert sum(question["language"] == language for question in ROUTING) == 12


def test_styles_are_mixed():
    for language in LANGUAGES:
        styles = Counter(question["style"] for question in QUESTIONS if question["language"] == language)
        assert styles["chat"] >= 20 and styles["mail"] >= 5 and styles["keywords"] >= 3
    assert 0.05 <= sum(question["style"] == "nodiacritics" for question in QUESTIONS) / len(QUESTIONS) <= 0.12


@pytest.mark.parametrize("slug", FICHES)
def test_every_fiche_is_asked_about_and_mostly_in_foreign_languages(slug):
    asked = [question for question in ANSWERABLE if slug in question["answers"]]
    own = FICHES[slug]["source_language"]
    assert 8 <= len(asked) <= 20
    assert len({question["language"] for question in asked}) >= 5
    assert sum(question["language"] == own for question in asked) <= len(asked) / 3
    assert min(Counter(question["split"] for question in asked).values()) >= 3


def test_most_questions_have_one_answer():
    assert sum(len(question["answers"]) == 1 for question in ANSWERABLE) >= 0.75 * len(ANSWERABLE)


def test_both_halves_are_alike():
    shares = defaultdict(Counter)
    for question in QUESTIONS:
        shares[question["language"], bool(question["answers"])][question["split"]] += 1
    assert len(shares) == 2 * len(LANGUAGES)
    for halves in shares.values():
        assert abs(halves["dev"] - halves["test"]) <= 2


def test_routing_questions_reach_most_of_the_directory():
    assert len({slug for question in ROUTING for slug in question["authorities"]}) >= 28
    first = Counter(question["authorities"][0] for question in ROUTING)
    assert len(first) >= 20 and max(first.values()) <= 8
