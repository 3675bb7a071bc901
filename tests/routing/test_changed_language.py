"""An asker goes on in another language: letters follow the last words that are surely theirs, the question stays as it was asked."""

import pytest

from routing.values import Kind
from tests.world import ASKER_MAIL, CHAT, DESK, OTHER_QUESTION

ITALIAN = "Quale camion porta le saldatrici nei paesi di montagna in inverno, e chi lo paga?"
FURTHER = "We have twelve villages, and the road is closed from December to March."
ANSWER = "Abbiamo noleggiato un camion e lo dividiamo tra cinque valli."


def test_letters_follow_the_asker_into_another_language(small):
    letter = small.assigned(ITALIAN)
    assert small.letter("receipt", ASKER_MAIL).language == "it"
    small.mail(ASKER_MAIL, FURTHER, to=small.letter("receipt", ASKER_MAIL))
    small.mail(DESK, ANSWER, to=letter)
    told = small.letter("answer", ASKER_MAIL)
    assert told.language == "en" and "It is not translated" in told.text and ANSWER in told.text
    assert small.question().language == "it", "which is what experts are chosen by"


def test_and_back_again(small):
    letter = small.assigned(ITALIAN)
    for words in (FURTHER, "Scusi, dimenticavo: i paesi sono dodici e la strada è chiusa da dicembre a marzo."):
        small.mail(ASKER_MAIL, words, to=small.letter("receipt", ASKER_MAIL))
    small.mail(DESK, ANSWER, to=letter)
    assert small.letter("answer", ASKER_MAIL).language == "it"


@pytest.mark.parametrize("words", ["OK", "Thanks a lot!", "Torino 2026: 12, 14, 16", "Schweißgeräte im Winter in die Dörfer der Alpen bringen"])
def test_a_word_or_what_is_not_sure_changes_no_language(small, words):
    letter = small.assigned(ITALIAN)
    small.mail(ASKER_MAIL, words, to=small.letter("receipt", ASKER_MAIL))
    small.mail(DESK, ANSWER, to=letter)
    assert small.letter("answer", ASKER_MAIL).language == "it"


def test_a_language_that_was_chosen_stays_chosen_also_for_what_is_open(small):
    small.chat(OTHER_QUESTION)
    small.search()
    small.chat("hr", kind=Kind.COMMAND, command="language")
    small.mail(DESK, ANSWER, to=small.letter("assignment", DESK))
    assert small.letter("answer", CHAT).language == "hr"
