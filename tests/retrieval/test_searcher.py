"""What is put in is found, what breaks heals, and no text that a stranger sends does harm."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval import LabelledQuestion, Searcher
from retrieval.hashing import HashEmbedder
from tests.retrieval.conftest import DUAL, SCHOLARSHIPS, TUTORS, fiche

QUESTION = "companies opened a vocational school together"


class CountingEmbedder(HashEmbedder):
    """Remembers how many passages it was asked for."""

    def __init__(self, name: str = "counting"):
        super().__init__()
        self.name, self.encoded = name, 0

    def encode_passages(self, texts):
        self.encoded += len(texts)
        return super().encode_passages(texts)


@pytest.fixture
def embedder():
    return CountingEmbedder()


@pytest.fixture
def searcher(tmp_path, embedder, fiches):
    searcher = Searcher.open(tmp_path, embedder)
    searcher.reconcile(fiches)
    return searcher


def first(searcher, text=QUESTION, **how):
    return searcher.search(text, **how).matches[0].fiche


# ---------------------------------------------------------------- what is found


def test_a_question_finds_its_fiche_with_reasons(searcher):
    findings = searcher.search(QUESTION, language="en")
    match = findings.matches[0]
    assert (match.fiche, match.rank, match.title, match.title_language) == ("dual-school", 1, DUAL.texts[1].title, "en")
    assert match.quote is not None and match.quote.language == "en"
    assert [other.rank for other in findings.matches] == [1, 2, 3]
    assert [other.score for other in findings.matches] == sorted((other.score for other in findings.matches), reverse=True)
    assert len({other.fiche for other in findings.matches}) == 3
    assert 0 <= findings.confidence <= findings.confidence_any <= 1
    assert findings.degraded is None and findings.suggest_only and findings.language == "en"


@pytest.mark.parametrize(
    ("slug", "language", "title_language", "quoted"),
    [("dual-school", "ro", "ro", True), ("dual-school", "tr", "en", False), ("street-tutors", "el", "it", False)],
)
def test_titles_and_quotes_are_in_the_askers_language_if_they_exist(searcher, slug, language, title_language, quoted):
    matches = searcher.search("school street strada", language=language, limit=9).matches
    (match,) = [match for match in matches if match.fiche == slug]
    assert match.title_language == title_language
    assert (match.quote is not None) == quoted
    assert match.quote is None or (match.quote.language, match.quote.part) == (language, match.passage.part)


@pytest.mark.parametrize("limit", [0, 1, 4, 50])
def test_no_more_than_asked_for_and_each_fiche_once(searcher, limit):
    assert len(searcher.search(QUESTION, limit=limit).matches) == min(limit, 4)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"country": "IT"}, {"street-tutors"}),
        ({"country": ["it", "HR"]}, {"street-tutors", "craft-scholarships"}),
        ({"theme": "recognition"}, {"skills-recognition"}),
        ({"language": "en"}, {"dual-school"}),
        ({"year": 2019}, {"dual-school", "street-tutors", "craft-scholarships"}),
        ({"year": [2022]}, {"dual-school", "craft-scholarships", "skills-recognition"}),
        ({"year": "soon"}, set()),
        ({"country": "RO", "theme": "recognition"}, set()),
        ({"target_group": "neet"}, {"street-tutors"}),
        ({"target_group": ["NEET", "apprentices"]}, {"street-tutors", "dual-school"}),
        ({"scope_level": "Local", "target_group": "apprentices"}, {"dual-school"}),
        ({"sector": "higher education"}, set()),
        ({"country": "", "theme": []}, {"dual-school", "street-tutors", "craft-scholarships", "skills-recognition"}),
    ],
)
def test_facets_narrow_the_search(searcher, filters, found):
    assert {match.fiche for match in searcher.search(QUESTION, limit=9, filters=filters).matches} == found


def test_an_unknown_facet_is_a_slip_of_the_program(searcher):
    with pytest.raises(ValueError, match="colour"):
        searcher.search(QUESTION, filters={"colour": "red"})


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Which decision is KLASA-604-02-16?", "craft-scholarships"),
        ("klasa-604-02-16", "craft-scholarships"),
        ('Where did they write "nine out of ten graduates"?', "dual-school"),
        ("«στη μητρική γλώσσα» dual school with companies opened together", "skills-recognition"),
        ("Thessaloniki", "skills-recognition"),
        ("brasov", "dual-school"),
    ],
)
def test_identifiers_phrases_and_names_are_found(searcher, text, slug):
    assert first(searcher, text) == slug


# ---------------------------------------------------------------- what no text can do


HOSTILE = ["", " ", "\0", "\ud800\udfff", "\ufdfa" * 30_000, "x" * 1_000_000, "a " * 500_000, '"' * 5_000, "«" * 9_000, "?" * 9_000,
           "\n" * 100_000, "1-" * 20_000, "dear " * 5_000, "' OR 1=1 --", "{}[]()*+?.^$|\\", "<s></s><pad>", "\u202e\u200b"]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_searched_like_any_other(searcher, text):
    assert searcher.search(text).degraded is None


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(), max_size=200), language=st.sampled_from([None, "en", "gr", "xx", "\ud800"]))
def test_any_text_is_searched(searcher, text, language):
    findings = searcher.search(text, language=language)
    assert findings.degraded is None and 0 <= findings.confidence <= findings.confidence_any <= 1


def test_when_the_model_fails_a_person_is_told(searcher, embedder, monkeypatch):
    monkeypatch.setattr(embedder, "encode_questions", lambda texts: 1 / 0)
    findings = searcher.search(QUESTION)
    assert findings.matches == () and findings.degraded == "the search failed: ZeroDivisionError"


# ---------------------------------------------------------------- keeping up to date


def test_before_the_first_reconcile_it_says_so(tmp_path, embedder):
    searcher = Searcher.open(tmp_path / "new", embedder)
    assert searcher.search(QUESTION).degraded == "there is no index yet"
    assert searcher.status().degraded == "there is no index yet"


def test_an_empty_collection_is_a_whole_index(tmp_path, embedder):
    searcher = Searcher.open(tmp_path, embedder)
    searcher.reconcile([])
    findings = searcher.search(QUESTION)
    assert (findings.matches, findings.degraded, findings.confidence) == ((), None, 0.0)


def test_reconcile_embeds_only_what_changed(searcher, embedder, fiches):
    embedder.encoded = 0
    assert not searcher.reconcile(fiches).changed and embedder.encoded == 0
    new = fiche("new-practice", "en", {}, en=("Cooking lessons", "People learn to cook.", {}))
    changed = replace(TUTORS, facts={**TUTORS.facts, "country": "ES"})
    report = searcher.reconcile([DUAL, changed, SCHOLARSHIPS, new])
    assert (report.added, report.updated, report.removed, report.kept) == (
        ("new-practice",), ("street-tutors",), ("skills-recognition",), 2,
    )  # fmt: skip
    assert embedder.encoded < 10
    assert first(searcher, "cooking lessons") == "new-practice"
    assert first(searcher, filters={"country": "ES"}) == "street-tutors"
    assert all(match.fiche != "skills-recognition" for match in searcher.search("Θεσσαλονίκη", limit=9).matches)


def test_an_index_that_grew_finds_exactly_what_a_fresh_one_finds(tmp_path, embedder, fiches):
    grown, fresh = Searcher.open(tmp_path / "a", embedder), Searcher.open(tmp_path / "b", embedder)
    for count in range(1, 5):
        grown.reconcile(fiches[:count])
    fresh.reconcile(fiches)
    for text in (QUESTION, "Stipendije", "strada", "KLASA-604-02-16"):
        assert grown.search(text, limit=4) == fresh.search(text, limit=4)


def test_it_is_still_there_after_a_restart(searcher, tmp_path, embedder):
    findings = searcher.search(QUESTION)
    embedder.encoded = 0
    assert Searcher.open(tmp_path, embedder).search(QUESTION) == findings and embedder.encoded == 0


def test_progress_is_told(tmp_path, embedder, fiches):
    seen = []
    Searcher.open(tmp_path, embedder).reconcile(fiches, lambda done, total: seen.append((done, total)))
    assert seen and seen[-1][0] == seen[-1][1] == Searcher.open(tmp_path, embedder).status().passages


def test_closing_lets_go_and_a_search_opens_again(searcher):
    searcher.close()
    assert first(searcher) == "dual-school"


# ---------------------------------------------------------------- what breaks


def generation(folder: Path) -> Path:
    return folder / (folder / "CURRENT").read_text()


def break_manifest(folder):
    (generation(folder) / "manifest.json").write_text("{")


def forget_files(folder):
    manifest = generation(folder) / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "files": {}}))
    (generation(folder) / "pieces.jsonl").write_text("[1]\n")


def older_format(folder):
    manifest = generation(folder) / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "format": 0}))


DAMAGES = {
    "cut short": lambda folder: (generation(folder) / "vectors.faiss").write_bytes(b"IxFI"),
    "one byte": lambda folder: (generation(folder) / "pieces.jsonl").write_bytes(
        (generation(folder) / "pieces.jsonl").read_bytes() + b" "
    ),
    "words gone": lambda folder: (generation(folder) / "words.npz").unlink(),
    "all gone": lambda folder: shutil.rmtree(generation(folder)),
    "pointer empty": lambda folder: (folder / "CURRENT").write_text(""),
    "pointer astray": lambda folder: (folder / "CURRENT").write_text("../elsewhere"),
    "pointer noise": lambda folder: (folder / "CURRENT").write_bytes(b"\xff\x00"),
    "no manifest": lambda folder: (generation(folder) / "manifest.json").unlink(),
    "manifest broken": break_manifest,
    "manifest lies": forget_files,
    "older format": older_format,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_index_finds_nothing_says_why_and_heals(searcher, tmp_path, embedder, fiches, damage):
    damage(tmp_path)
    other = Searcher.open(tmp_path, embedder)
    findings = other.search(QUESTION)
    assert findings.matches == () and findings.degraded
    assert other.status().degraded == findings.degraded
    report = other.reconcile(fiches)
    assert report.healed and report.changed
    assert first(other) == "dual-school" and other.status().degraded is None


def test_when_words_are_counted_otherwise_vectors_stay(searcher, tmp_path, embedder, fiches, monkeypatch):
    before = [(match.fiche, match.score) for match in searcher.search(QUESTION).matches]
    monkeypatch.setattr("retrieval.words.edition", lambda: "another list of concepts")
    other, embedder.encoded = Searcher.open(tmp_path, embedder), 0
    assert other.search(QUESTION).matches == () and "other rules" in (other.search(QUESTION).degraded or "")
    report = other.reconcile(fiches)
    assert report.healed and (report.added, report.updated, report.removed) == ((), (), ()) and embedder.encoded == 0
    assert [(match.fiche, match.score) for match in other.search(QUESTION).matches] == before
    assert not other.reconcile(fiches).changed and other.status().degraded is None


def test_another_models_index_is_refused_and_made_anew(searcher, tmp_path, fiches):
    other = Searcher.open(tmp_path, CountingEmbedder("another"))
    assert 'made by the model "counting", not by "another"' in (other.search(QUESTION).degraded or "")
    other.reconcile(fiches)
    assert first(other) == "dual-school"
    assert 'made by the model "another"' in (searcher.search(QUESTION).degraded or "")


def test_a_write_that_fails_leaves_the_old_index(searcher, tmp_path, embedder, monkeypatch, fiches):
    import retrieval.storage

    monkeypatch.setattr(retrieval.storage.os, "replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        searcher.reconcile(fiches[:1])
    monkeypatch.undo()
    assert len(searcher.search(QUESTION, limit=9).matches) == 4
    assert len(list(tmp_path.glob("generation-*"))) == 1


# ---------------------------------------------------------------- many at once


def test_searches_go_on_while_the_index_changes(searcher, fiches):
    def search(_):
        findings = searcher.search(QUESTION, limit=9)
        return findings.degraded, len(findings.matches)

    with ThreadPoolExecutor(4) as pool:
        searching = [pool.submit(search, i) for i in range(120)]
        for round in range(6):
            searcher.reconcile(fiches if round % 2 else fiches[:2])
        seen = {future.result() for future in searching}
    assert seen <= {(None, 2), (None, 4)}


def test_what_another_process_writes_is_noticed(searcher, tmp_path, fiches):
    code = f"""
import sys
sys.path.insert(0, {str(Path(__file__).resolve().parents[2])!r})
from tests.retrieval.conftest import DUAL
from tests.retrieval.test_searcher import CountingEmbedder
from retrieval import Searcher
Searcher.open({str(tmp_path)!r}, CountingEmbedder()).reconcile([DUAL])
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
    assert [match.fiche for match in searcher.search(QUESTION, limit=9).matches] == ["dual-school"]


# ---------------------------------------------------------------- confidence


def labelled(count: int) -> list[LabelledQuestion]:
    told = [
        (DUAL, "en", "companies opened a vocational school"),
        (TUTORS, "it", "educatori di strada per giovani"),
        (None, "tr", "hava nasıl"),
    ]
    return [
        LabelledQuestion(str(i), told[i % 3][1], f"{told[i % 3][2]} {i}", (told[i % 3][0].slug,) if told[i % 3][0] else ())
        for i in range(count)
    ]


def test_few_labels_leave_it_suggesting_only(searcher):
    calibration = searcher.calibrate(labelled(60))
    assert calibration.labels == 60 and searcher.search(QUESTION).suggest_only and searcher.threshold(0.9) is None


def test_enough_labels_earn_a_threshold_and_are_remembered(searcher, tmp_path, embedder):
    searcher.calibrate(labelled(210))
    threshold = searcher.threshold(0.9)
    assert threshold is not None
    assert searcher.search("hava nasıl 5").confidence < threshold
    assert searcher.search(labelled(1)[0].text, language="en").confidence >= threshold
    again = Searcher.open(tmp_path, embedder)
    assert again.threshold(0.9) == pytest.approx(threshold, abs=1e-3) and not again.search(QUESTION).suggest_only
    assert not again.status().suggest_only
    assert Searcher.open(tmp_path, CountingEmbedder("another")).status().suggest_only, "another model has to earn its own"


def test_a_match_is_assured_only_where_the_labels_carry_the_promise(searcher, tmp_path, embedder):
    assert not searcher.search(QUESTION).assured, "nothing was ever measured here"
    searcher.calibrate(labelled(210))
    for precision in (0.5, 0.999):
        again = Searcher.open(tmp_path, embedder, precision=precision)
        least, found = again.threshold(precision), again.search(QUESTION)
        assert found.assured == (least is not None and found.confidence >= least)
    assert again.threshold(0.999) is None and not found.assured


def test_a_damaged_calibration_is_replaced_by_the_shipped_one(searcher, tmp_path, embedder):
    searcher.calibrate(labelled(210))
    (file,) = tmp_path.glob("calibration-*.json")
    file.write_text('{"signals": []}')
    assert Searcher.open(tmp_path, embedder).status().suggest_only
