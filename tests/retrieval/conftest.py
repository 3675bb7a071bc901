"""Shared by the tests of the search: one converted model for the whole run, a small collection, and data if it is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval import FicheRecord, FicheText
from retrieval.evaluate import corpora_folder


@pytest.fixture(scope="session")
def model_cache(request) -> Path:
    """Where the bundled model is converted, once for all runs and workers."""
    return Path(request.config.cache.mkdir("rrm-models"))


@pytest.fixture(scope="session")
def bundled(model_cache):
    """The embedder that ships, without its correction."""
    from retrieval.bundled.embedder import BundledEmbedder

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RRM_CACHE", str(model_cache))
        return BundledEmbedder(workers=1)


@pytest.fixture(scope="session")
def neutral(bundled, model_cache):
    """The embedder as it is used."""
    from retrieval.neutral import neutralised

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RRM_CACHE", str(model_cache))
        return neutralised(bundled)


@pytest.fixture(scope="session")
def tatoeba() -> dict[str, list[tuple[str, str]]]:
    """(text, English) pairs by ISO 639-3 code."""
    from retrieval.neutral import read_tatoeba

    pairs = read_tatoeba(corpora_folder() / "tatoeba")
    if not pairs:
        pytest.skip(f"no Tatoeba pairs in {corpora_folder()}")
    return pairs


@pytest.fixture(scope="session")
def xquad() -> Path:
    if not (corpora_folder() / "xquad").is_dir():
        pytest.skip(f"no XQuAD in {corpora_folder()}")
    return corpora_folder()


@pytest.fixture
def fiches() -> list[FicheRecord]:
    return [DUAL, TUTORS, SCHOLARSHIPS, RECOGNITION]


def fiche(slug: str, source: str, facts: dict, **texts: tuple[str, str, dict]) -> FicheRecord:
    told = tuple(FicheText(language, title, summary, sections) for language, (title, summary, sections) in texts.items())
    return FicheRecord(slug, source, facts, told)


DUAL = fiche(
    "dual-school",
    "ro",
    {"country": "RO", "themes": ["apprenticeship-dual"], "year_start": 2012, "place": "Brașov", "scope_level": "local", "target_groups": ["apprentices"]},
    ro=(
        "Școala duală făcută cu firmele",
        "Primăria și firmele au deschis împreună o școală profesională.",
        {
            "challenge": "Fabricile nu găseau muncitori calificați, iar tinerii plecau din oraș după școală.",
            "results": "Nouă din zece absolvenți sunt angajați de firma în care au învățat.",
        },
    ),
    en=(
        "A dual school made with companies",
        "The town hall and companies opened a vocational school together.",
        {
            "challenge": "Factories found no skilled workers, and young people left the town after school.",
            "results": "Nine out of ten graduates are hired by the company in which they learned.",
        },
    ),
)
TUTORS = fiche(
    "street-tutors",
    "it",
    {"country": "IT", "themes": ["neet-early-leaving"], "year_start": 2018, "year_end": 2021, "place": "Reggello", "scope_level": "local", "target_groups": ["NEET"]},
    it=(
        "Educatori di strada per giovani che non studiano e non lavorano",
        "Il comune incontra i ragazzi nei luoghi in cui passano il tempo.",
        {"activities": "Un educatore accompagna ogni ragazzo per sei mesi, fino a un corso o a un tirocinio."},
    ),
)
SCHOLARSHIPS = fiche(
    "craft-scholarships",
    "hr",
    {"country": "HR", "themes": ["funding-scholarships"], "year_start": 2016},
    hr=(
        "Stipendije za obrtnička zanimanja",
        "Grad isplaćuje mjesečne stipendije učenicima koji upišu deficitarna zanimanja.",
        {"resources": "Stipendija iznosi 100 eura mjesečno, a odluka nosi oznaku KLASA-604-02-16."},
    ),
)
RECOGNITION = fiche(
    "skills-recognition",
    "el",
    {"country": "GR", "themes": ["recognition", "migrants-language"], "year_start": 2020},
    el=(
        "Αναγνώριση δεξιοτήτων μεταναστών στη Θεσσαλονίκη",
        "Ο δήμος πιστοποιεί όσα ξέρουν ήδη να κάνουν οι νεοφερμένοι.",
        {"lessons": "Η συνέντευξη στη μητρική γλώσσα έδειξε δεξιότητες που κανένα χαρτί δεν ανέφερε."},
    ),
)
