"""A letter of thanks is no new question; whatever wants anything is."""

import pytest

from routing.gratitude import PRAISED, thanks_in
from routing.words import understand

THANKS = [
    ("en", "Thank you very much, this is very helpful."),
    ("en", "Dear colleague,\n\nthank you so much for your detailed answer. It is exactly what we needed.\n\nBest regards,\nMaria Rossi"),
    ("en", "Thanks a lot! Very useful.\n\nMaria Rossi\nTown hall"),
    ("it", "Grazie mille, risposta molto utile!"),
    ("it", "Buongiorno,\ngrazie per la risposta, molto chiara. È proprio quello che ci serviva.\nCordiali saluti"),
    ("es", "Muchas gracias por la respuesta, nos ayuda mucho."),
    ("fr", "Merci beaucoup, c'est très utile. Votre réponse est parfaite !"),
    ("el", "Σας ευχαριστούμε πολύ για την αναλυτική απάντηση. Είναι πολύ χρήσιμη για εμάς."),
    ("ro", "Vă mulțumesc mult pentru răspunsul detaliat. Este foarte util."),
    ("hr", "Hvala Vam puno na iscrpnom odgovoru. Vrlo je korisno."),
    ("tr", "Teşekkür ederim, bu bilgi çok işimize yarayacak."),
    ("tr", "Ayrıntılı yanıtınız için çok teşekkür ederiz. Çok faydalı."),
]  # fmt: skip
WANTING = [
    ("en", "Thanks, but what about costs"),
    ("en", "Thank you, very helpful. We also need the costs."),
    ("en", "Thank you. We will use this in our plan for 2027."),
    ("en", "Thank you, not helpful."),
    ("en", "Very helpful."),
    ("en", "Thank you in advance for a word on dual apprenticeships."),
    ("en", "Thank you for finding somebody who has done the same thing in a small town by the sea"),
    ("it", "Grazie in anticipo per le informazioni."),
    ("fr", "Merci d'avance pour vos renseignements sur les ateliers mobiles"),
    ("tr", "Mobil atölyeler için şimdiden teşekkürler"),
    ("en", "Thanks. The villages are far from each other."),
    ("it", "Grazie, molto utile. Quanto costa il furgone"),
    ("it", "Grazie, utile ma manca il costo."),
    ("es", "Gracias, muy útil. ¿Cuánto costó?"),
    ("fr", "Merci, très utile. Pourriez-vous préciser les coûts."),
    ("el", "Ευχαριστώ, πολύ χρήσιμο. Πόσο κόστισε;"),
    ("ro", "Mulțumesc, foarte util. Cât a costat"),
    ("hr", "Hvala, vrlo korisno. Koliko je to koštalo"),
    ("tr", "Teşekkürler, çok faydalı. Maliyeti ne kadar"),
    ("en", "Thank you. " * 40),
    ("en", ""),
]


@pytest.mark.parametrize(("language", "text"), THANKS)
def test_thanks_of_several_sentences(language, text):
    for hint in (language, "en", None):
        assert (thanks_in(text, hint) or understand(text, hint)) is not None
    word = thanks_in(text, language)
    assert word is None or (word.meaning, word.text) == ("thanks", PRAISED)


@pytest.mark.parametrize(("language", "text"), WANTING)
def test_what_wants_anything_is_no_letter_of_thanks(language, text):
    assert all(thanks_in(text, hint) is None for hint in (language, "en", "it", "tr", None))


def test_mere_thanks_praise_nothing():
    assert thanks_in("Thank you for the quick answer.").text == ""
