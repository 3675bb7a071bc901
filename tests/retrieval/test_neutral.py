"""What a text says counts, not the language it says it in."""

from __future__ import annotations

import numpy as np
import pytest

from retrieval import embedder_from
from retrieval.neutral import Correction, NeutralEmbedder, fit_correction, neutralised, read_tatoeba, unit


class Bilingual:
    """A made-up model: a text "el:5" lies at meaning 5, pushed aside by its language and by what all texts share."""

    name, dims = "bilingual", 12

    def encode_questions(self, texts):
        return unit(np.array([self._place(text, 0.5) for text in texts], np.float32).reshape(-1, self.dims))

    def encode_passages(self, texts):
        return unit(np.array([self._place(text, 0.4) for text in texts], np.float32).reshape(-1, self.dims))

    def _place(self, text, strength):
        language, meaning = text.split(":")
        vector = np.zeros(self.dims)
        vector[4 + int(meaning) % 8] = 1
        vector[3] = 1.5
        vector[("en", "el", "tr").index(language)] += 4 * strength
        return vector


PAIRS = {code: [(f"{code}:{i}", f"en:{i}") for i in range(40)] for code in ("el", "tr")}


def test_languages_meet_and_meanings_stay_apart():
    raw = Bilingual()
    neutral = NeutralEmbedder(raw, fit_correction(raw, PAIRS))
    question, passages = ["el:3"], ["el:4", "tr:3"]
    assert (raw.encode_questions(question) @ raw.encode_passages(passages).T).argmax() == 0
    assert (neutral.encode_questions(question) @ neutral.encode_passages(passages).T).argmax() == 1


def test_the_correction_leaves_unit_vectors_and_names_itself():
    raw = Bilingual()
    correction = fit_correction(raw, PAIRS)
    neutral = NeutralEmbedder(raw, correction)
    np.testing.assert_allclose(np.linalg.norm(neutral.encode_passages(["tr:1", "en:2"]), axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(correction.directions @ correction.directions.T, np.eye(len(correction.directions)), atol=1e-5)
    other = Correction(correction.directions, correction.question * 2, correction.passage)
    assert neutral.name.startswith("bilingual+neutral-") and NeutralEmbedder(raw, other).name != neutral.name


def test_a_fitted_correction_is_found_again(tmp_path, monkeypatch):
    monkeypatch.setenv("RRM_CACHE", str(tmp_path))
    raw = Bilingual()
    assert neutralised(raw) is raw
    correction = fit_correction(raw, PAIRS)
    correction.save(tmp_path / "neutral-bilingual.npy")
    found = neutralised(raw)
    assert found.name == NeutralEmbedder(raw, correction).name


def test_pairs_are_read_side_by_side(tmp_path):
    (tmp_path / "tatoeba.ita-eng.ita").write_text("Ciao.\n\nSì.\n", "utf-8")
    (tmp_path / "tatoeba.ita-eng.eng").write_text("Hi.\n\nYes.\n", "utf-8")
    assert read_tatoeba(tmp_path) == {"ita": [("Ciao.", "Hi."), ("Sì.", "Yes.")]}
    assert read_tatoeba(tmp_path / "nothing") == {}


def test_the_shipped_correction_brings_translations_together(bundled, neutral, tatoeba):
    """A sentence's translation should beat all other sentences, half of which are in its own language."""

    def found(embedder):
        hits = []
        for pairs in tatoeba.values():
            own, english = zip(*pairs[:60], strict=True)
            pool = embedder.encode_passages([*english, *own])
            scores = embedder.encode_questions(own) @ pool.T
            scores[np.arange(60), 60 + np.arange(60)] = -1  # not itself
            hits.append((scores.argmax(1) == np.arange(60)).mean())
        return np.array(hits)

    raw, corrected = found(bundled), found(neutral)
    assert corrected.min() > raw.min() + 0.2 and corrected.mean() > raw.mean() + 0.08


# ---------------------------------------------------------------- the whole search, in eight languages

QUESTIONS = {
    "dual-school": {
        "en": "How can companies and the town hall open a vocational school together?",
        "it": "Come possono le imprese e il comune aprire insieme una scuola professionale?",
        "es": "¿Cómo pueden las empresas y el ayuntamiento abrir juntos una escuela profesional?",
        "fr": "Comment les entreprises et la mairie peuvent-elles ouvrir ensemble une école professionnelle ?",
        "el": "Πώς μπορούν οι επιχειρήσεις και ο δήμος να ανοίξουν μαζί μια επαγγελματική σχολή;",
        "ro": "Cum pot firmele și primăria să deschidă împreună o școală profesională?",
        "hr": "Kako tvrtke i grad mogu zajedno otvoriti strukovnu školu?",
        "tr": "Şirketler ve belediye birlikte nasıl meslek okulu açabilir?",
    },
    "craft-scholarships": {
        "en": "Which city pays monthly scholarships to pupils of craft occupations?",
        "it": "Quale comune paga borse di studio mensili agli studenti dei mestieri artigiani?",
        "es": "¿Qué ciudad paga becas mensuales a los alumnos de oficios artesanales?",
        "fr": "Quelle ville verse des bourses mensuelles aux élèves des métiers de l'artisanat ?",
        "el": "Ποιος δήμος δίνει μηνιαίες υποτροφίες σε μαθητές τεχνικών επαγγελμάτων;",
        "ro": "Ce oraș plătește burse lunare elevilor care învață meserii?",
        "hr": "Koji grad isplaćuje mjesečne stipendije učenicima obrtničkih zanimanja?",
        "tr": "Hangi şehir zanaat mesleklerindeki öğrencilere aylık burs veriyor?",
    },
}
ASKED = [(slug, language, text) for slug, asked in QUESTIONS.items() for language, text in asked.items()]


@pytest.fixture(scope="module")
def searcher(neutral, tmp_path_factory):
    from retrieval import Searcher
    from tests.retrieval.conftest import DUAL, RECOGNITION, SCHOLARSHIPS, TUTORS

    searcher = Searcher.open(tmp_path_factory.mktemp("index"), neutral)
    searcher.reconcile([DUAL, TUTORS, SCHOLARSHIPS, RECOGNITION])
    return searcher


def test_questions_in_any_language_find_the_fiche(searcher):
    """One of the two fiches exists only in Croatian, so most of these are asked across languages."""
    found = {(slug, language): [match.fiche for match in searcher.search(text).matches] for slug, language, text in ASKED}
    assert {asked: slugs for asked, slugs in found.items() if asked[0] not in slugs[:2]} == {}
    assert sum(asked[0] == slugs[0] for asked, slugs in found.items()) >= len(ASKED) - 2


def test_the_language_of_each_question_is_known(searcher):
    assert [searcher.search(text).language for _, _, text in ASKED] == [language for _, language, _ in ASKED]


def test_the_setting_gives_the_corrected_model(model_cache, monkeypatch, neutral):
    monkeypatch.setenv("RRM_CACHE", str(model_cache))
    assert embedder_from("bundled").name == neutral.name
