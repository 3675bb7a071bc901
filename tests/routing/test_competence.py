"""Nearness of a question to authorities, themes and past questions, with vectors that can be worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from routing import fiches
from routing.competence import Answered, Competence, Near, Profile
from routing.practices import practices
from routing.themes import foremost, shares
from tests.world import FICHES

AXES = ("welding", "language", "bursary")


class AxesEmbedder:
    """One dimension for each word of AXES, the same for questions and passages; other words add nothing."""

    name, dims = "axes", len(AXES) + 1

    def encode_questions(self, texts):
        rows = np.array([[*(axis in text.lower() for axis in AXES), 0.1] for text in texts], dtype=np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    encode_passages = encode_questions


PROFILES = {
    1: Profile("Welding for all.", ("migrants-language",), ("A bursary office",)),
    2: Profile("General office.", ("guidance",), ("A welding van",)),
    3: Profile("General office."),
}


def near(text, answered=()):
    return Competence(AxesEmbedder()).near(text, PROFILES, answered)


def test_half_is_the_profile_and_half_the_nearest_evidence():
    told = near("Who knows welding?").authorities
    assert told[1] > told[2] > told[3]
    assert told[1] == pytest.approx(1.0) and told[2] == pytest.approx((told[3] + 1) / 2, abs=0.01)


def test_words_of_the_field_count_in_every_language_and_rare_ones_more():
    """The embedder of this test knows no Croatian; the vocabulary does. A concept that nobody names counts for nobody."""
    says = {1: "Grants scholarships; Municipality", 2: "Municipality", 3: "Municipality with a campus"}
    profiles = {one: Profile("Office.", says=told) for one, told in says.items()}
    named = Competence(AxesEmbedder()).near("Kako općina daje stipendije?", profiles).named
    assert 1 > named[1] > named[2] == named[3] > 0
    assert set(Competence(AxesEmbedder()).near("Dobar dan!", profiles).named.values()) == {0.0}


def test_themes_are_shares_of_the_question():
    told = near("Courses of language for migrants").themes
    assert sum(told.values()) == pytest.approx(1.0)
    assert told["migrants-language"] > 0.9 > 0.1 > told["guidance"]


def test_past_questions_like_this_one_are_counted_for_each_expert():
    past = [Answered(7, None, "welding vans"), Answered(7, None, "welding shops"), Answered(8, None, "bursary rules")]
    assert near("Who knows welding?", past).alike == {7: 2}


def test_nobody_to_compare_with():
    assert Competence(AxesEmbedder()).near("welding", {}) == Near()


def test_a_practice_belongs_to_its_owner_and_its_place(small):
    """The collection tells of Trento's dual apprenticeship and of Karlovac's competence centre."""
    with small.store.transaction() as session:
        fiches.import_records(session, FICHES, small.now)
    with small.store.snapshot() as session:
        run = practices(session)
    told = {practice.slug for each in run.values() for practice in each}
    assert {"trentino-dual-apprenticeship", "karlovac-struka-competence-centre"} <= told
    assert all(practice.texts and practice.title for each in run.values() for practice in each)
    assert "malaga-aquileo" not in told


def test_a_practice_that_changes_or_retires_is_noticed_by_the_next_question(small):
    slug = "trentino-dual-apprenticeship"
    with small.store.transaction() as session:
        fiches.import_records(session, FICHES, small.now)

    def told():
        with small.store.snapshot() as session:
            return {one.slug: one for each in practices(session).values() for one in each}

    before = told()[slug]
    with small.store.transaction() as session:
        changed = [replace(one, texts=tuple(replace(text, title="Lorries") for text in one.texts)) for one in FICHES]
        fiches.import_records(session, changed, small.now)
    assert (before.title, told()[slug].title) == (before.title, "Lorries") and before.title != "Lorries"
    with small.store.transaction() as session:
        fiches.retire(session, slug, by="user:1", now=small.now)
    assert slug not in told()


def test_themes_of_several_sources_count_the_same():
    assert shares({"a": 3.0, "b": 1.0}, {}, {"b": 5.0}) == pytest.approx({"a": 0.375, "b": 0.625})
    assert shares({}, {}) == {}
    assert foremost({"a": 0.2, "b": 0.5}) == "b" and foremost({}) is None
