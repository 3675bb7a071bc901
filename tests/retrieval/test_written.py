"""A fiche written as a file is read back as it was."""

from dataclasses import replace
from pathlib import Path

import pytest

from retrieval import FicheRecord, FicheText, as_toml, left_out, load_collection
from retrieval.collection import read_fiche

FOLDER = Path(__file__).parents[2] / "data" / "collections" / "vet-practices"
PLAIN = FicheRecord("one", "en", {}, (FicheText("en", "A title", "A summary.", {}),))


def back(fiche, folder):
    file = folder / f"{fiche.slug}.toml"
    file.write_text(as_toml(fiche), "utf-8")
    return read_fiche(file)


def test_the_shipped_fiches_come_back_unchanged(tmp_path):
    for fiche in load_collection(FOLDER):
        assert back(fiche, tmp_path) == fiche


@pytest.mark.parametrize(
    "told",
    [
        'She said "yes"',
        'three """ quotes',
        'at the end """',
        '""""""',
        '"',
        "a \\ and \\u0041 and \\",
        'backslash and quote \\"',
        "two\n\nparagraphs\n  with a margin",
        "\x7f and \x01",
        "tab\tand ș Ő İ 🌍",
        "[text.it]\nslug = 1 # no comment",
        "'''",
    ],
)
def test_nothing_that_people_write_breaks_the_file(told, tmp_path):
    text = FicheText("en", told.strip()[:90], told.strip(), {"challenge": told.strip(), "lessons": told.strip()})
    facts = {"place": told, "sources": [told], "figures": [{"value": told, "meaning": told, "source": told}], "year_start": 2020}
    fiche = replace(PLAIN, texts=(text,), facts=facts)
    found = back(fiche, tmp_path)
    assert found.facts == facts and found.texts == (text,)


def test_who_wrote_it_and_when_it_is_looked_at_come_back(tmp_path):
    fiche = replace(PLAIN, facts={"author": "Adviser, Trento", "author_agreed": True, "review_due": "2027-05-31", "budget": 1})
    assert back(fiche, tmp_path) == fiche


def test_a_translation_without_a_summary_is_left_out_and_named(tmp_path):
    fiche = replace(PLAIN, texts=(*PLAIN.texts, FicheText("hr", "Naslov", " ", {})))
    assert left_out(fiche) == ["hr"] and [text.language for text in back(fiche, tmp_path).texts] == ["en"]
