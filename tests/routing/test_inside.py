"""An expert writes between the lines of our letter, and no quote mark tells which words are whose: a person sees the whole."""

import pytest

from routing.inside import strange_lines
from routing.models import Answer
from tests.world import ASKER_MAIL, DESK

LETTER = "A policy maker asks the question below.\n\n1. Who pays the lorry?\n2. Who drives it?\n\nRapid Response Mechanism"


@pytest.mark.parametrize(
    ("quoted", "found"),
    [
        (LETTER, 0),
        (LETTER.upper().replace("\n\n", "\n"), 0),
        ("A policy maker asks\nthe question below. 1. Who\npays the lorry?", 0),
        (LETTER.replace("lorry?", "lorry? -> five valleys together, since 2024"), 1),
        (LETTER.replace("it?", "it?\nA carpenter of the chamber drives."), 1),
        (LETTER.replace("it?", "it? yes"), 0),
        (f"{LETTER}\nhttps://rrm.example/do/xYC4gF0hKsYSdHDT8P\n-feoN6znFyy4vW8u3AkUAKTh7IFPDE5b\nref:vx4zv", 0),
        ("", 0),
    ],
)
def test_what_we_did_not_write_is_seen_however_it_is_wrapped(quoted, found):
    assert len(strange_lines(quoted, [LETTER])) == found


def test_diacritics_that_a_client_has_changed_are_no_new_words():
    assert (
        strange_lines("Nu este de competenţa dumneavoastră? Răspundeţi", ["Nu este de competența dumneavoastră? Răspundeți"])
        == []
    )


def test_an_answer_inside_the_letter_is_shown_whole_to_a_person_first(small):
    letter = small.assigned()
    written = letter.text.replace("Rispo", "Cinque valli hanno noleggiato insieme il camion.\nRispo", 1)
    small.mail(DESK, "Fatto.", to=letter, cut=written, quoted=written)
    [answer] = small.all(Answer)
    assert answer.state == "waiting" and answer.text.startswith("Fatto.") and "Cinque valli" in answer.text
    assert not small.letters("answer", ASKER_MAIL) and not small.letters("declined_thanks", DESK)


def test_a_letter_that_is_only_quoted_is_no_doubt(small):
    letter = small.assigned()
    small.mail(
        DESK, "Cinque valli hanno noleggiato un camion.", to=letter, cut=letter.text, quoted=f"{letter.text}\nAccetto il quesito"
    )
    assert small.letters("answer", ASKER_MAIL)


def test_what_was_said_before_is_no_new_word(small):
    letter = small.assigned()
    before = "Per quante persone serve davvero il camion?"
    small.mail(DESK, before, to=letter)
    assert small.letter("ask_back", ASKER_MAIL)
    small.mail(DESK, "Cinque valli hanno noleggiato un camion.", to=letter, quoted=f"{before}\n{letter.text}")
    assert small.letters("answer", ASKER_MAIL)
