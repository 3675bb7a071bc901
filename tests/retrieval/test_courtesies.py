"""What people write around a question is no part of it, and nothing of the question is taken for that."""

import pytest

from retrieval.courtesies import without_courtesies
from retrieval.languages import LANGUAGES
from tests.courtesies import CLOSINGS, CONTENT, OPENINGS, THANKS
from tests.retrieval.test_question import MAILS


def in_turn(table):
    return [(language, text) for language in LANGUAGES for text in table[language]]


def test_twenty_and_more_in_every_language():
    assert all(len(table[language]) > 20 for table in (OPENINGS, CLOSINGS) for language in LANGUAGES)


@pytest.mark.parametrize(("language", "opening"), in_turn(OPENINGS))
def test_an_opening_is_no_part_of_the_question(language, opening):
    asked = MAILS[language][1]
    assert without_courtesies(f"{opening}\n\n{asked}") == asked
    assert without_courtesies(f"{opening.upper()}\n{asked}").endswith(asked)


@pytest.mark.parametrize(("language", "closing"), in_turn(CLOSINGS))
def test_a_closing_and_who_signs_are_no_part_of_the_question(language, closing):
    asked = MAILS[language][1]
    for signed in ("", "\nMaria Rossi", "\n\nMaria Rossi\nUfficio scuola\nTel. +39 000 000"):
        assert without_courtesies(f"{asked}\n\n{closing}{signed}") == asked


@pytest.mark.parametrize(("language", "thanks"), in_turn(THANKS))
def test_thanks_are_no_part_of_the_question(language, thanks):
    asked = MAILS[language][1]
    assert without_courtesies(f"{asked}\n{thanks}\n{CLOSINGS[language][0]}\nMaria") == asked


@pytest.mark.parametrize(("language", "said"), in_turn(CONTENT))
def test_what_only_begins_like_a_courtesy_stays(language, said):
    asked = MAILS[language][1]
    for text in (f"{said}\n{asked}", f"{asked}\n{said}", f"{OPENINGS[language][0]}\n{asked}\n{said}\n{asked}"):
        left = without_courtesies(text).replace("\n", " ")
        assert said in left and left.count(asked) == text.count(asked)


@pytest.mark.parametrize(
    "below",
    ["And who pays for the bus?", "PS: the villages are high up.", "P.S. We have twelve schools.\nAll are small.", "P.D. Son doce.",
     "Υ.Γ. Είναι δώδεκα σχολεία.", "Not: okullar küçük."],
)  # fmt: skip
def test_what_is_added_below_the_closing_stays(below):
    left = without_courtesies(f"Who pays for firms?\n\nKind regards\nMaria Rossi\nCity Hall\n\n{below}")
    assert all(line in left for line in below.replace(". ", ".\n").split("\n")) and "Maria" not in left


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_greeting_before_the_question_on_one_line_goes(language):
    opening, asked, _ = MAILS[language]
    assert without_courtesies(f"{OPENINGS[language][-2]} {asked}") == asked
    assert without_courtesies(f"{opening} {asked}") == asked
