"""Which language a text is in: one of eight, or nothing said."""

from __future__ import annotations

import pytest

from retrieval import identify_language
from retrieval.languages import LANGUAGES, language_code, short_code
from retrieval.tongues import StoredIdentifier, identifier

SAME = {
    "en": "How do small towns pay for vocational training?",
    "it": "Come pagano la formazione professionale i piccoli comuni?",
    "es": "¿Cómo pagan la formación profesional los municipios pequeños?",
    "fr": "Comment les petites communes paient-elles la formation professionnelle ?",
    "el": "Πώς πληρώνουν οι μικροί δήμοι την επαγγελματική κατάρτιση;",
    "ro": "Cum plătesc orașele mici formarea profesională?",
    "hr": "Kako mali gradovi plaćaju strukovno obrazovanje?",
    "tr": "Küçük belediyeler mesleki eğitimi nasıl finanse ediyor?",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_of_ours_is_known(language):
    assert identify_language(SAME[language]) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("mesleki egitimi belediyeler nasil finanse ediyor", "tr"),
        ("cum platesc orasele mici formarea profesionala", "ro"),
        ("kako mali gradovi placaju strukovno obrazovanje", "hr"),
    ],
)
def test_typed_without_accents(text, language):
    assert identify_language(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ok",
        "NEET?",
        "12345 67890",
        "Wie lange dauert die Ausbildung in dem Betrieb?",
        "Как работает школа в этом городе?",
        "\0\ud800",
    ],
)
def test_too_short_or_foreign_is_left_open(text):
    assert identify_language(text) is None


@pytest.mark.parametrize(
    ("code", "language"), [("EL", "el"), ("gr", "el"), ("el_GR", "el"), ("tr-TR", "tr"), ("de", None), ("", None)]
)
def test_codes(code, language):
    assert language_code(code) == language


@pytest.mark.parametrize(("code", "short"), [("GR", "el"), (" el_GR ", "el"), ("pt-BR", "pt"), ("de", "de"), ("zz", "zz")])
def test_short_codes_are_not_only_ours(code, short):
    assert short_code(code) == short


@pytest.mark.parametrize(
    ("code", "language"),
    [("ita", "it"), ("spa", "es"), ("fra", "fr"), ("ell", "el"), ("ron", "ro"), ("hrv", "hr"), ("tur", "tr")],
)
def test_short_sentences_are_seldom_named_wrongly(tatoeba, code, language):
    found = [identify_language(text) for text, _ in tatoeba[code][:200]]
    assert sum(code == language for code in found) >= 190
    assert sum(code not in (language, None) for code in found) <= 2


ODD = ["", "\0", "\ud800x", "ΩΣ ΑΒΓ", "JUST CAPITALS", "日本語のテキスト", "e\u0301te\u0301", "\ufdfa" * 50, "1234 !?"]


@pytest.fixture
def fresh_cache(tmp_path, monkeypatch):
    """No tables yet; afterwards those of this machine again."""
    monkeypatch.setenv("RRM_CACHE", str(tmp_path / "cache"))
    identifier.cache_clear()
    yield tmp_path / "cache"
    identifier.cache_clear()


def test_the_tables_on_the_disk_say_what_the_package_says(fresh_cache, monkeypatch):
    stored = identifier()
    assert isinstance(stored, StoredIdentifier)
    monkeypatch.setenv("RRM_CACHE", "/dev/null/nowhere")
    identifier.cache_clear()
    package = identifier()
    assert not isinstance(package, StoredIdentifier)
    for text in [*SAME.values(), *(text[::-1] for text in SAME.values()), *ODD]:
        ours, theirs = (dict(zip(one.names, one.shares(text), strict=True)) for one in (stored, package))
        assert ours == pytest.approx(theirs, abs=1e-5), text


def test_damaged_tables_are_written_again(fresh_cache):
    identifier()
    (weights,) = fresh_cache.glob("languages-*/weights.bin")
    weights.write_bytes(weights.read_bytes()[:-1])
    identifier.cache_clear()
    assert identify_language(SAME["hr"]) == "hr"
    assert identify_language("Kako je to?" + "\ud800") in ("hr", None)
