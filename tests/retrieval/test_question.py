"""What is searched for is the question, not the courtesies around it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.courtesies import without_courtesies
from retrieval.greeklish import to_greek
from retrieval.languages import LANGUAGES
from retrieval.question import read_question

MAILS = {
    "en": ("Dear colleagues,", "How do small towns pay for dual schools?", "Thank you in advance.\nKind regards,\nCity Hall"),
    "it": (
        "Buongiorno a tutti,",
        "Come pagano i piccoli comuni le scuole duali?",
        "Grazie mille.\nCordiali saluti\nUfficio scuola",
    ),
    "es": (
        "Estimados compañeros:",
        "¿Cómo pagan los municipios pequeños las escuelas duales?",
        "Muchas gracias.\nUn cordial saludo\nAyuntamiento",
    ),
    "fr": ("Bonjour,", "Comment les petites villes paient-elles les écoles duales ?", "Merci d'avance.\nCordialement\nMairie"),
    "el": ("Καλημέρα σας,", "Πώς πληρώνουν οι μικροί δήμοι τις διπλές σχολές;", "Ευχαριστώ πολύ.\nΜε εκτίμηση\nΔήμος"),
    "ro": ("Bună ziua,", "Cum plătesc orașele mici școlile duale?", "Vă mulțumesc.\nCu stimă\nPrimăria"),
    "hr": ("Poštovani,", "Kako mali gradovi plaćaju dualne škole?", "Hvala unaprijed.\nSrdačan pozdrav\nGrad"),
    "tr": ("Merhaba,", "Küçük belediyeler ikili okulları nasıl ödüyor?", "Teşekkürler.\nSaygılarımla\nBelediye"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", ["{}\n{}\n{}", "{} {} {}", "{}\n\n{}\n\n{}\n"])
def test_courtesies_go_and_the_question_stays(language, form):
    question = read_question(form.format(*MAILS[language]))
    core = MAILS[language][1]
    assert question.text.startswith(core[:20]) and len(question.text) <= len(core) + (0 if "\n" in form else 30)
    assert question.language == language and not question.vague


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_bare_question_is_left_alone(language):
    core = MAILS[language][1]
    assert read_question(core).queries == (core,)


@pytest.mark.parametrize(
    ("text", "vague"),
    [
        ("", True),
        ("Hello!", True),
        ("Can you help me please?", True),
        ("Salve, avrei una domanda", True),
        ("¿Me pueden ayudar?", True),
        ("Bonjour, pouvez-vous nous aider ?", True),
        ("Μπορείτε να με βοηθήσετε;", True),
        ("Imam jedno pitanje", True),
        ("Bana yardım eder misiniz?", True),
        ("NEET", True),
        ("NEET tutors in small towns", False),
        ("Who funds apprenticeships?", False),
        ("Καταπολέμηση ανεργίας νέων", False),
        ("çıraklık finansmanı", False),
    ],
)
def test_vague(text, vague):
    assert read_question(text).vague == vague


def test_a_long_text_is_also_searched_by_sentence_questions_first():
    story = " ".join(f"We are a town of many people and this is remark number {i} about it." for i in range(9))
    question = read_question(f"{story} Who pays for the buses of apprentices?")
    assert question.queries[0] == question.text and len(question.queries) == 8
    assert question.queries[1] == "Who pays for the buses of apprentices?"


def test_greeklish_is_searched_in_greek_too():
    question = read_question("kalimera, thelo na matho pos leitourgei i mathiteia stin poli mas")
    assert question.language == "el"
    assert question.queries[0].startswith("θελο να μαθο πος λειτουργει ι μαθιτεια στιν πολι μας")


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "el"])
def test_other_languages_are_no_greeklish(language):
    assert to_greek(" ".join(MAILS[language])) is None


@pytest.mark.parametrize(("given", "language"), [("gr", "el"), ("EN", "en"), ("de", "it"), (None, "it")])
def test_the_askers_language_counts_before_a_guess(given, language):
    assert read_question(MAILS["it"][1], given).language == language


@given(st.text(st.characters(), max_size=300))
def test_something_is_left_of_any_text(text):
    left = without_courtesies(text)
    assert left == text or (left.strip() and len(left) <= len(text))
