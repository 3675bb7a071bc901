"""What is searched for is the question, not the courtesies around it."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import greeklish
from retrieval.courtesies import without_courtesies
from retrieval.greeklish import to_greek
from retrieval.languages import LANGUAGES, identify_language
from retrieval.question import Question, read_question

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


def without_accents(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


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
        ("avete buone pratiche?", True),
        ("Besoin d'idées svp", True),
        ("¿Tienen buenos ejemplos?", True),
        ("prácticas remuneradas", False),
        ("practică plătită", False),
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


@pytest.mark.parametrize(
    ("text", "greek"),
    [
        ("ehoume polla pedia horis dulia stin poli", "εχουμε πολλα πεδια χορις δυλια στιν πολι"),
        ("exoume scholeia kai 8eloume ma8hteia to 2024", "εξουμε σχολεια και θελουμε μαθητεια το 2024"),
        ("exoume sxoleia kai theloume mathiteia sta xenodoxeia", "εχουμε σχολεια και θελουμε μαθιτεια στα ξενοδοχεια"),
        (
            "poios vrike praktiki gia tous neous se mia eteria me bonus",
            "ποιος βρικε πρακτικι για τους νεους σε μια ετερια με μπονυς",
        ),
    ],
    ids=["by sound", "ch is not x", "x is ch", "b is not v"],
)
def test_greeklish_of_several_habits(text, greek):
    assert to_greek(text) == greek


def test_the_words_that_tell_greeklish_are_plain_greek_and_their_doubles_plain_latin():
    listed = tomllib.loads((Path(greeklish.__file__).parent / "share" / "greeklish.toml").read_text("utf-8"))
    assert [word for word in listed["words"].split() if not re.fullmatch("[α-ω]+", word)] == []
    assert [word for word in listed["elsewhere"].split() if not re.fullmatch("[a-z]+", word)] == []


def test_greeklish_is_told_though_it_looks_like_another_language():
    text = "exoume polles gynaikes pou frontizoun ilikiomenous xwris ekpaideysi kai xwris asfalisi. ti ekanan alloi dimoi?"
    assert identify_language(text) not in (None, "el")
    assert read_question(text).language == "el"


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "el"])
def test_other_languages_are_no_greeklish(language):
    assert to_greek(" ".join(MAILS[language])) is None


@pytest.mark.parametrize("code", ["ita", "spa", "fra", "ron", "hrv", "tur"])
def test_no_sentence_of_another_language_is_greeklish_with_accents_or_without(tatoeba, code):
    told = [side for pair in tatoeba[code] for text in pair for side in (text, without_accents(text))]
    assert [text for text in told if to_greek(text) is not None] == []


@pytest.mark.parametrize(
    ("text", "language", "calm"),
    [
        ("WHO PAYS FOR THE BUSES OF APPRENTICES?", "en", "who pays for the buses of apprentices?"),
        ("ÇIRAKLIK MALİYETİNİ KİM KARŞILIYOR", "tr", "çıraklık maliyetini kim karşılıyor"),
        ("ΠΟΙΟΣ ΠΛΗΡΩΝΕΙ ΤΟΥΣ ΜΑΘΗΤΕΥΟΜΕΝΟΥΣ", "el", "ποιος πληρωνει τους μαθητευομενους"),
        ("Who pays NEETs under ESF+ and ERDF?", "en", "Who pays NEETs under ESF+ and ERDF?"),
        ("ECVET VPL", None, "ECVET VPL"),
    ],
)
def test_capitals_are_read_as_small_letters_where_all_is_written_in_them(text, language, calm):
    assert read_question(text) == Question(calm, language, (calm,), False)


@pytest.mark.parametrize(("given", "language"), [("gr", "el"), ("EN", "en"), ("de", "it"), (None, "it")])
def test_the_askers_language_counts_before_a_guess(given, language):
    assert read_question(MAILS["it"][1], given).language == language


@given(st.text(st.characters(), max_size=300))
def test_something_is_left_of_any_text(text):
    left = without_courtesies(text)
    assert left == text or (left.strip() and len(left) <= len(text))
