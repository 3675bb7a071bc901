"""Short replies of experts that are no answer, and answers that look a little like them."""

import pytest

from routing.words import only_asks
from tests.world import ASKER_MAIL, DESK

QUESTIONS = (
    "For how many learners is this meant?",
    "Hello,\n\ncould you tell me how many firms take part?\n\nBest regards\nApprenticeship desk",
    "Who is asking? Which city are you from?",
    "Per quanti allievi?",
    "¿Para cuántos alumnos? ¿En qué municipio?",
    "Pour combien d'élèves ?",
    "Για πόσους μαθητές; Σε ποιον δήμο;",
    "Pentru câți elevi?",
    "Za koliko učenika?",
    "Kaç öğrenci için?",
)
ANSWERS = (
    "Two firms paid. Do you need the contract?",
    "Who pays? The province does.",
    "The province pays; firms give the tools.",
    "Η περιφέρεια πληρώνει; οι εταιρείες δίνουν τα εργαλεία.",
    "I do not know exactly. About forty firms take part.",
    "Received wisdom is wrong here: the schools pay.",
)
NO_IDEA = (
    "I don't know", "Non lo so, mi dispiace", "Ni idea", "Nous n'avons pas cette information.", "Δεν γνωρίζω",
    "Habar nu am", "Nemamo iskustva s tim", "Bu konuda bilgimiz yok",
)  # fmt: skip


@pytest.mark.parametrize("text", QUESTIONS)
def test_mere_questions_go_to_the_asker_and_the_clock_stands(small, text):
    row = small.mail(DESK, text, to=small.assigned())
    assert row.outcome == "asked the asker" and small.letters("answer") == []
    assert small.letter("ask_back", ASKER_MAIL) and small.question().waiting_for == "asker"
    assert all(line in small.letter("ask_back", ASKER_MAIL).text for line in only_asks(text).split("\n"))


@pytest.mark.parametrize("text", ANSWERS)
def test_answers_with_a_question_in_them_are_answers(small, text):
    small.mail(DESK, text, to=small.assigned())
    assert text.split("\n")[0] in small.letter("answer", ASKER_MAIL).text


@pytest.mark.parametrize("text", ["How do I answer?", "Is this spam?", "Chi siete? Perché mi scrivete?", "Πώς απαντώ;"])
def test_questions_to_us_wait_for_a_person(small, text):
    row = small.mail(DESK, text, to=small.assigned())
    assert row.state == "held" and text in row.reason and small.letters("ask_back") == small.letters("answer") == []


@pytest.mark.parametrize("text", ["Got it", "Received with thanks", "Ricevuto", "Bien reçu, merci", "Primljeno", "👍🏽 noted"])
def test_a_nod_is_no_answer(small, text):
    row = small.mail(DESK, text, to=small.assigned())
    assert row.state == "handled" and small.letters("answer") == [] and small.assignments()[0][1] in ("offered", "accepted")


@pytest.mark.parametrize("text", NO_IDEA)
def test_who_knows_nothing_of_it_declines(small, text):
    assert small.mail(DESK, text, to=small.assigned()).outcome == "declined"
    assert small.letters("answer") == [] and small.letters("declined_thanks", DESK)
