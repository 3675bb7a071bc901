"""The measures measure what they say, and the search keeps the quality that we report."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.retrieval_asked import knowing, on_xquad, right_of
from retrieval.evaluate import PROTOCOLS, XQUAD_LANGUAGES, run, run_collection, system
from retrieval.hashing import HashEmbedder
from retrieval.measures import area_under_roc, coverage_at, mean_average_precision, reciprocal_rank
from retrieval.notebook import Notebook
from retrieval.parallel import read_squad
from retrieval.peers import Bare, Bm25, FullText, RankFusion, peers
from retrieval.plain import PlainSystem, RememberingEmbedder

SHIPPED = Path(__file__).parents[2] / "data" / "collections" / "vet-practices"
ENTRIES = [
    "The river floods the old town each spring.",
    "Bakers rise early to make bread. They sell it at noon.",
    "A clock was built on the tower in 1893.",
]
ASKED = ["When does the river flood?", "Who makes bread?", "What was built in 1893?"]


def squad(language: str) -> dict:
    paragraphs = [
        {"context": f"{text} ({language})", "qas": [{"question": asked}]} for text, asked in zip(ENTRIES, ASKED, strict=True)
    ]
    return {"data": [{"title": str(i), "paragraphs": [paragraph]} for i, paragraph in enumerate(paragraphs)]}


@pytest.fixture
def corpora(tmp_path):
    (tmp_path / "xquad").mkdir()
    for code in ("en", "es", "el", "ro", "tr"):
        (tmp_path / "xquad" / f"xquad.{code}.json").write_text(json.dumps(squad(code)), "utf-8")
    return tmp_path


SYSTEMS = {
    "own": lambda: PlainSystem(HashEmbedder()),
    "bm25": Bm25,
    "fts": FullText,
    "bare": lambda: Bare(HashEmbedder()),
    "fusion": lambda: RankFusion(Bare(HashEmbedder()), Bm25()),
}


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_system_finds_shared_words_and_pads_what_is_missing(name):
    made = SYSTEMS[name]()
    made.fit(ENTRIES, ["en", "es", "el"])
    hits = made.search(ASKED, ["en"] * 3, 5)
    assert hits.ids[:, 0].tolist() == [0, 1, 2]
    assert hits.ids.shape == hits.scores.shape == (3, 5) and hits.ids.dtype == np.int64
    assert (hits.ids[:, 3:] == -1).all() and hits.confidence.shape == (3,)


def test_the_system_unpacks_into_three_arrays():
    made = system(HashEmbedder())
    made.fit(ENTRIES, ["en"] * 3)
    ids, scores, confidence = made.search(["", "bread", "\ud800"], ["en", None, "xx"], 2)
    assert ids[0].tolist() == [-1, -1] and ids[1, 0] == 1
    assert scores[1, 0] > scores[1, 1] and confidence[0] == 0 <= confidence[1] <= 1


@pytest.mark.parametrize(
    ("texts", "langs"),
    [
        ([], []),
        (["one text about training"], ["en"]),
        (["", "   ", "\0", "training pays"], ["en", "en", "it", "tr"]),
        (["Ausbildung im Betrieb", "training pays", "教育"], ["de", None, "zh-Hans"]),
        (["word " * 5_000, "\ufdfa" * 300, "training pays"], ["EN", "el_GR", "xx"]),
    ],
    ids=["none", "one", "empty", "foreign", "long"],
)
def test_any_texts_and_questions_are_taken(texts, langs):
    made = PlainSystem(HashEmbedder())
    made.fit(texts, langs)
    asked = ["training pays", "", "?", "Hello", "Wer bezahlt die Ausbildung im Betrieb?", "a" * 9_000, "\ud800\0"]
    ids, scores, confidence = made.search(asked, ["en", None, "el", "??", "de", "tr", None], 5)
    assert ids.shape == scores.shape == (7, 5) and confidence.shape == (7,)
    assert np.isfinite(scores).all() and ((confidence >= 0) & (confidence <= 1)).all()
    assert all(len(set(row[row >= 0])) == min(5, len(texts)) for row in ids[:1])
    assert made.search([], [], 3).ids.shape == (0, 3)
    assert made.search(["training"], ["en"], 0).ids.shape == (1, 0)


@pytest.mark.parametrize(
    ("texts", "langs", "says"),
    [
        ("training pays", ["en"], "lists"),
        (["training pays"], "en", "lists"),
        (["training pays", "so does guidance"], ["en"], "2 texts, but 1 languages"),
        (["training pays", None], ["en", "en"], "text 1 is None"),
        (["training pays"], [3], "in 3"),
    ],
)
def test_what_cannot_be_fitted_or_asked_is_refused_in_words_and_changes_nothing(texts, langs, says):
    made = PlainSystem(HashEmbedder())
    made.fit(ENTRIES, ["en"] * 3)
    with pytest.raises(ValueError, match=says):
        made.fit(texts, langs)
    with pytest.raises(ValueError, match=says):
        made.search(texts, langs, 1)
    with pytest.raises(ValueError, match="-1"):
        made.search(ASKED, None, -1)
    assert made.search(ASKED, None, 1).ids[:, 0].tolist() == [0, 1, 2]


def test_before_it_was_fitted_and_without_a_word_nothing_is_found():
    made = PlainSystem(HashEmbedder())
    assert made.search(ASKED, ["en"] * 3, 2).ids.tolist() == [[-1, -1]] * 3
    made.fit(["", "?", *ENTRIES], [None] * 5)
    ids, scores, confidence = made.search(["", "?", "😀 ... !", "\u202e"], [None] * 4, 2)
    assert (ids == -1).all() and (scores < 0).all() and (confidence == 0).all()


def test_fitting_again_replaces_the_pool_and_unknown_languages_are_told_from_the_text():
    made = PlainSystem(HashEmbedder())
    made.fit(["Training pays."] * 50, ["en"] * 50)
    made.fit([*ENTRIES, "Οι δήμοι πληρώνουν την κατάρτιση των νέων."], None)
    assert [piece.passage.language for piece in made.index.pieces if piece.views[0] == "whole"] == ["en", "en", "en", "el"]
    assert set(made.search(ASKED, None, 9).ids[0].tolist()) == {0, 1, 2, 3, -1}


def test_a_very_long_text_hides_no_other():
    made = PlainSystem(HashEmbedder())
    made.fit(["Bakers make bread. " * 9_000, *ENTRIES], ["en"] * 4)
    assert len(made.index.pieces) > 400
    assert set(made.search(["Who makes bread?"], ["en"], 4).ids[0].tolist()) == {0, 1, 2, 3}


def test_what_a_question_may_cost_is_bounded_here_too(monkeypatch):
    made, lengths = PlainSystem(HashEmbedder()), []
    encode = HashEmbedder.encode_questions
    monkeypatch.setattr(
        HashEmbedder, "encode_questions", lambda self, texts: lengths.extend(map(len, texts)) or encode(self, texts)
    )
    made.fit(["training pays"], ["en"])
    made.search(["Who pays for the training of young people in our town? " * 100], ["en"], 1)
    assert 0 < sum(lengths) < 1_000


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_protocol_runs_over_every_system(corpora, name):
    rows = list(run({name: SYSTEMS[name]}, corpora=corpora, draws=2))
    assert {row.protocol for row in rows} == set(PROTOCOLS)
    values = {(row.protocol, row.measure): row.value for row in rows}
    assert values["pair", "R@1 same"] == values["single", "R@1"] == 1.0
    assert all(0 <= row.value <= 1 for row in rows if row.measure.startswith(("R@", "MRR", "mAP")))


def test_a_sample_is_smaller_and_the_same_each_time(corpora):
    counts = [[row.count for row in run({"bm25": Bm25}, corpora=corpora, protocols=["single"], sample=2)] for _ in range(2)]
    assert counts[0] == counts[1] and counts[0][0] == 2 * 5 * 3


def test_a_run_that_broke_off_goes_on(corpora, tmp_path):
    steps = []
    how = {"corpora": corpora, "protocols": ["pair", "all"], "progress": lambda *step: steps.append(step)}
    first = list(run({"bm25": Bm25}, **how, notebook=Notebook(tmp_path / "notes", {})))
    again = list(run({"bm25": Bm25, "fts": FullText}, **how, notebook=Notebook(tmp_path / "notes", {})))
    assert again[: len(first)] == first
    assert steps == [("bm25", "pair"), ("bm25", "all"), ("fts", "pair"), ("fts", "all")]


def test_peers_that_are_not_installed_are_absent(monkeypatch):
    assert list(peers(HashEmbedder(), HashEmbedder()))[:5] == ["rrm", "bm25", "fts5", "e5", "rrf"]
    monkeypatch.setattr("retrieval.peers.find_spec", lambda name: None)
    assert not {"txtai", "haystack"} & set(peers(HashEmbedder(), HashEmbedder()))


def test_files_that_are_no_translations_are_refused(corpora):
    (corpora / "xquad" / "xquad.tr.json").write_text(json.dumps({"data": []}))
    with pytest.raises(ValueError, match="translations"):
        read_squad({code: corpora / "xquad" / f"xquad.{code}.json" for code in ("en", "tr")})


def test_without_data_it_says_which_file(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"xquad\.en\.json"):
        next(run(corpora=tmp_path))


def test_a_collection_is_measured_on_its_own_questions(tmp_path):
    """Too small a one to hold anything out."""
    (tmp_path / "fiches").mkdir()
    (tmp_path / "fiches" / "bread.toml").write_text(
        'slug = "bread"\nsource_language = "en"\n[facts]\n[text.en]\ntitle = "Bakers"\nsummary = "Bakers make bread."\n', "utf-8"
    )
    asked = [("en", "Who makes bread?", ["bread"], "dev"), ("it", "Che tempo fa?", [], "test")]
    lines = [
        json.dumps(dict(zip(("language", "text", "answers", "split"), one, strict=True), id=i)) for i, one in enumerate(asked)
    ]
    (tmp_path / "questions.jsonl").write_text("\n".join(lines), "utf-8")
    rows = {row.measure: row for row in run_collection(tmp_path, HashEmbedder())}
    assert rows["R@1"].value == 1.0 and rows["R@1"].count == 1 and rows["AUROC answerable"].count == 2
    assert {row.measure: row.count for row in run_collection(tmp_path, HashEmbedder(), "dev")}["R@1 en"] == 1
    assert rows["R@1 crossing"].value == 0 and "recall at 0.95, held out" not in rows


# ---------------------------------------------------------------- measures, by hand


def test_area_under_roc():
    assert area_under_roc(np.array([0.9, 0.8, 0.1]), np.array([True, True, False])) == 1
    assert area_under_roc(np.array([0.5, 0.5]), np.array([True, False])) == 0.5
    assert area_under_roc(np.array([0.1, 0.9, 0.5, 0.4]), np.array([True, False, True, False])) == 0.25
    assert np.isnan(area_under_roc(np.array([0.5]), np.array([True])))


def test_coverage_at():
    confidence, right = np.array([0.9, 0.8, 0.7, 0.6]), np.array([True, True, False, True])
    answerable = np.array([True] * 4)
    assert coverage_at(0.95, confidence, right, answerable) == 0.5
    assert coverage_at(0.75, confidence, right, answerable) == 0.75
    assert coverage_at(0.95, confidence, ~right, answerable) == 0.0


def test_mean_average_precision_and_reciprocal_rank():
    assert mean_average_precision(np.array([[True, False, True]]), 2) == pytest.approx((1 + 2 / 3) / 2)
    assert mean_average_precision(np.array([[True, False]]), 2) == pytest.approx(0.5)
    np.testing.assert_allclose(reciprocal_rank(np.array([1, 4, 11])), [1, 0.25, 0])


# ---------------------------------------------------------------- what we report


@pytest.fixture(scope="module")
def remembering(neutral):
    """What is reported on is encoded once; the same languages are drawn for XQuAD's paragraphs each time."""
    return RememberingEmbedder(neutral)


@pytest.mark.slow
def test_the_search_keeps_its_quality_on_xquad(remembering, xquad):
    made = PlainSystem(remembering)
    values = {
        (row.protocol, row.measure): row.value
        for row in run({"rrm": lambda: made}, corpora=xquad, protocols=["single", "far"], sample=60, draws=1)
    }
    # A sample of 300 questions: our figures (see benchmarks/retrieval_xquad.py) less two standard errors.
    assert values["single", "R@1"] > 0.76 and values["single", "R@3"] > 0.89
    assert values["single", "R@1 cross"] > 0.71 and values["single", "cross / same"] > 0.75
    assert values["far", "AUROC answerable"] > 0.90


@pytest.mark.slow
def test_the_search_keeps_its_quality_on_the_shipped_collection(neutral):
    """Our figures less two standard errors; what each half of the questions has taught does not mislead the other."""
    rows = {row.measure: row.value for row in run_collection(SHIPPED, neutral)}
    assert rows["R@1"] > 0.82 and rows["R@3"] > 0.95 and rows["R@1 crossing"] > 0.81
    assert rows["AUROC answerable"] > 0.88
    assert rows["R@1 knowing the other half"] > rows["R@1"] - 0.015
    assert rows["precision promised 0.95, held out"] > 0.93 and rows["recall at 0.95, held out"] > 0.4


@pytest.mark.slow
def test_a_question_asked_before_in_another_language_is_found_again(remembering, xquad):
    """Our figures: .90 instead of .78; other questions lose nothing."""
    data = read_squad({code: xquad / "xquad" / f"xquad.{code}.json" for code in XQUAD_LANGUAGES}).sampled(40, 0)
    made, found = PlainSystem(remembering), {}
    for name, fiches, known, asked in on_xquad(data, np.random.default_rng(0)):
        for remembered in (False, True):
            shares = found.setdefault((name.split()[0], remembered), [])
            made.fit_fiches([knowing(fiche, known) for fiche in fiches] if remembered else fiches)
            shares.append(right_of(made, asked)[:, 0].mean())
    gained = {name: np.mean(found[name, True]) - np.mean(found[name, False]) for name in ("again", "others")}
    assert gained["again"] > 0.06 and gained["others"] > -0.02
