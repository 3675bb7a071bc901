"""Short replies are understood only where they stand alone; everything else is an answer and stays one."""

import pytest

from routing.languages import LANGUAGES
from routing.letters.vocabulary import plain, read
from routing.words import ALONE, MEANINGS, Word, understand, word_for
from tests.courtesies import CLOSINGS, OPENINGS
from tests.courtesies import THANKS as THANKED

ACCEPT, DECLINE, YES, NO, THANKS = Word("accept"), Word("decline"), Word("yes"), Word("no"), Word("thanks")

SHORT = [
    # English
    ("en", "Yes", YES),
    ("en", "yes!", YES),
    ("en", "Yes, thank you.", YES),
    ("en", "“yes”", YES),
    ("en", "👍", YES),
    ("en", "👍🏽", YES),
    ("en", "❤️", THANKS),
    ("en", "👎", NO),
    ("en", "No, thanks", NO),
    ("en", "No, none of these.", NO),
    ("en", "Hello,\n\nyes, it helped\n\nBest regards\nAn Office", YES),
    ("en", "Dear colleagues, yes", YES),
    ("en", "Thank you very much!", THANKS),
    ("en", "Thank you\n\nMaria Rossi\nVET Office", THANKS),
    ("en", "Accept", ACCEPT),
    ("en", "ACCEPT\r\n\r\nKind regards,\r\nTraining Desk", ACCEPT),
    ("en", "Yes, I accept", ACCEPT),
    ("en", "I will answer.\n\nDesk of the County\n+385 1 000 000", ACCEPT),
    ("en", "accept\n-- \nMaria\nCounty of somewhere, office for all sorts of things.", ACCEPT),
    ("en", "decline", DECLINE),
    ("en", "Sorry, I cannot answer.", DECLINE),
    ("en", "No, I can't answer", DECLINE),
    ("en", "Decline: on leave this month", Word("decline", text="on leave this month")),
    ("en", "Decline\nI am on leave this month.", Word("decline", text="I am on leave this month.")),
    ("en", "I cannot answer because we have no such school.", Word("decline", text="we have no such school.")),
    ("en", "Sorry, I cannot answer: not our field", Word("decline", text="not our field")),
    ("en", "2", Word("choice", 2)),
    ("en", " 2. ", Word("choice", 2)),
    ("en", "1️⃣", Word("choice", 1)),
    ("en", "(3)", Word("choice", 3)),
    ("en", "Number 3, please", Word("choice", 3)),
    ("en", "the second one", Word("choice", 2)),
    ("en", "Yes, number 1", Word("choice", 1)),
    ("en", "I need 3 more days", Word("more_days", 3)),
    ("en", "I need three more days, please.", Word("more_days", 3)),
    ("en", "+2", Word("more_days", 2)),
    ("en", "another week please", Word("more_days", 5)),
    ("en", "2 more weeks", Word("more_days", 10)),
    ("en", "I am away until 15 January.", Word("away_until", text="15 January")),
    ("en", "On leave until Monday", Word("away_until", text="Monday")),
    ("en", "Question for the policy maker: which age group?", Word("ask_back", text="which age group?")),
    (
        "en",
        "Hello,\nquestion for the asker:\nWhich trades?\nHow many?\n\nRegards\nMaria",
        Word("ask_back", text="Which trades?\nHow many?"),
    ),
    ("en", "Ask instead: training@town.example", Word("suggest", text="training@town.example")),
    (
        "en",
        "Hello,\nask instead: the school inspectorate, Ms Rossi.\n\nRegards\nMaria",
        Word("suggest", text="the school inspectorate, Ms Rossi"),
    ),
    ("it", "Un collega: formazione@comune.example", Word("suggest", text="formazione@comune.example")),
    ("el", "Ρωτήστε καλύτερα: διεύθυνση εκπαίδευσης", Word("suggest", text="διεύθυνση εκπαίδευσης")),
    (
        "tr",
        "Merhaba,\n\nBir meslektaşım: egitim@belediye.example\n\nSaygılarımla",
        Word("suggest", text="egitim@belediye.example"),
    ),
    ("hr", "Proslijedite: Ured za obrtništvo", Word("suggest", text="Ured za obrtništvo")),
    ("en", "expert", Word("ask_expert")),
    ("en", "STOP", Word("stop")),
    ("en", "Not yet.", Word("not_yet")),
    ("en", "erase my data", Word("forget")),
    # Italian
    ("it", "Sì", YES),
    ("it", "si, grazie", YES),
    ("it", "Gentili colleghi,\nsì, molto utile.\nCordiali saluti", YES),
    ("it", "No, grazie", NO),
    ("it", "Grazie mille!", THANKS),
    ("it", "Accetto.\n\nCordiali saluti\nUfficio formazione", ACCEPT),
    ("it", "Buongiorno, accetto", ACCEPT),
    ("it", "Purtroppo non posso rispondere.", DECLINE),
    ("it", "Declino perché siamo in ferie", Word("decline", text="siamo in ferie")),
    ("it", "la seconda", Word("choice", 2)),
    ("it", "Mi servono altri 3 giorni", Word("more_days", 3)),
    ("it", "altri tre giorni, per favore", Word("more_days", 3)),
    ("it", "Sono in ferie fino al 10 agosto", Word("away_until", text="10 agosto")),
    ("it", "Domanda per chi ha posto il quesito: quali classi?", Word("ask_back", text="quali classi?")),
    ("it", "non ancora", Word("not_yet")),
    # Spanish
    ("es", "Sí", YES),
    ("es", "Sí, muchas gracias.", YES),
    ("es", "¡Gracias!", THANKS),
    ("es", "Buenos días:\n\nacepto\n\nUn saludo", ACCEPT),
    ("es", "Lo siento, no puedo responder", DECLINE),
    ("es", "Declino: no es de nuestra competencia", Word("decline", text="no es de nuestra competencia")),
    ("es", "Necesito 5 días más", Word("more_days", 5)),
    ("es", "Estoy de vacaciones hasta el 1 de septiembre", Word("away_until", text="1 de septiembre")),
    ("es", "Pregunta para quien consulta: ¿qué edad?", Word("ask_back", text="¿qué edad?")),
    ("es", "todavía no", Word("not_yet")),
    # French
    ("fr", "Oui", YES),
    ("fr", "Oui, merci beaucoup", YES),
    ("fr", "Merci !", THANKS),
    ("fr", "J’accepte.", ACCEPT),
    ("fr", "Bonjour,\n\nj'accepte.\n\nBien cordialement,\nService formation", ACCEPT),
    ("fr", "Désolée, je ne peux pas répondre.", DECLINE),
    ("fr", "Je décline car nous sommes en congé", Word("decline", text="nous sommes en congé")),
    ("fr", "Il me faut 3 jours de plus", Word("more_days", 3)),
    ("fr", "encore une semaine s'il vous plaît", Word("more_days", 5)),
    ("fr", "Je suis absente jusqu’au 3 mai", Word("away_until", text="3 mai")),
    ("fr", "Question au demandeur : quel âge ?", Word("ask_back", text="quel âge ?")),
    ("fr", "pas encore", Word("not_yet")),
    # Greek
    ("el", "Ναι", YES),
    ("el", "ΝΑΙ", YES),
    ("el", "ναι, ευχαριστώ", YES),
    ("el", "Όχι", NO),
    ("el", "Ευχαριστώ πολύ!", THANKS),
    ("el", "ΑΠΟΔΕΧΟΜΑΙ", ACCEPT),
    ("el", "Καλημέρα σας,\nαποδέχομαι\n\nΜε εκτίμηση\nΓραφείο", ACCEPT),
    ("el", "Δυστυχώς δεν μπορώ να απαντήσω.", DECLINE),
    ("el", "Δεν μπορώ: είμαι σε άδεια", Word("decline", text="είμαι σε άδεια")),
    ("el", "Χρειάζομαι 3 ημέρες ακόμη", Word("more_days", 3)),
    ("el", "Απουσιάζω έως τις 8 Ιανουαρίου", Word("away_until", text="8 Ιανουαρίου")),
    ("el", "Θα λείπω έως τις 8 Ιανουαρίου", Word("away_until", text="8 Ιανουαρίου")),
    ("el", "Ερώτηση προς τον ενδιαφερόμενο: ποια ηλικία;", Word("ask_back", text="ποια ηλικία;")),
    ("el", "όχι ακόμα", Word("not_yet")),
    # Romanian
    ("ro", "Da", YES),
    ("ro", "Da, mulțumesc!", YES),
    ("ro", "Nu", NO),
    ("ro", "Multumesc frumos", THANKS),
    ("ro", "Vă mulțumesc", THANKS),
    ("ro", "Accept.\n\nCu stimă,\nInspectoratul", ACCEPT),
    ("ro", "Bună ziua, accept", ACCEPT),
    ("ro", "Din păcate, nu pot răspunde.", DECLINE),
    ("ro", "Refuz: sunt în concediu", Word("decline", text="sunt în concediu")),
    ("ro", "Am nevoie de încă 3 zile", Word("more_days", 3)),
    ("ro", "Lipsesc până pe 8 ianuarie", Word("away_until", text="8 ianuarie")),
    ("ro", "Întrebare pentru solicitant: ce vârstă?", Word("ask_back", text="ce vârstă?")),
    ("ro", "inca nu", Word("not_yet")),
    # Croatian
    ("hr", "Da", YES),
    ("hr", "Ne", NO),
    ("hr", "Hvala lijepa!", THANKS),
    ("hr", "Prihvaćam", ACCEPT),
    ("hr", "Poštovani,\nprihvaćam.\nSrdačan pozdrav", ACCEPT),
    ("hr", "Nažalost ne mogu odgovoriti.", DECLINE),
    ("hr", "Ne mogu odgovoriti jer sam na godišnjem", Word("decline", text="sam na godišnjem")),
    ("hr", "Trebam još 3 dana", Word("more_days", 3)),
    ("hr", "Odsutna sam do 8. siječnja", Word("away_until", text="8. siječnja")),
    ("hr", "Pitanje za podnositelja: koja dob?", Word("ask_back", text="koja dob?")),
    ("hr", "još ne", Word("not_yet")),
    # Turkish
    ("tr", "Evet", YES),
    ("tr", "EVET", YES),
    ("tr", "Hayır", NO),
    ("tr", "HAYIR", NO),
    ("tr", "hayir", NO),
    ("tr", "Teşekkür ederim.", THANKS),
    ("tr", "Kabul ediyorum", ACCEPT),
    ("tr", "Merhaba,\nkabul ediyorum.\nSaygılarımla", ACCEPT),
    ("tr", "Maalesef yanıtlayamam.", DECLINE),
    ("tr", "Yanıtlayamam: izindeyim", Word("decline", text="izindeyim")),
    ("tr", "3 gün daha lazım", Word("more_days", 3)),
    ("tr", "8 Ocak tarihine kadar izindeyim", Word("away_until", text="8 Ocak")),
    ("tr", "8 Ocak’a kadar izinliyim", Word("away_until", text="8 Ocak’a")),
    ("tr", "Maalesef görev alanım dışında.", DECLINE),
    ("tr", "Soruyu sorana sorum: hangi yaş?", Word("ask_back", text="hangi yaş?")),
    ("tr", "henüz değil", Word("not_yet")),
]

ANSWERS = [
    "Yes, we did this in 2019 with three schools.",
    "Yes. In our county every firm gets a voucher.",
    "Yes\n\nThe vouchers are paid by the region.",
    "No question is too small: we have two answers.",
    "No, but the neighbouring county does.",
    "Thank you for the question. In our county we pay firms.",
    "Thank you\nWe pay every firm a small voucher",
    "Thanks to the chamber, firms are paid.",
    "Yes?",
    "",
    "   \n ",
    "3 days of training per week",
    "3 days",
    "Nine days",
    "Nine more days of training per week",
    "More time in the workshop",
    "Another twelve days were spent on the road.",
    "10 giorni",
    "2 semaines.",
    "2012",
    "42",
    "a",
    "on",
    "Decline in numbers was strong here.",
    "Accept all the applications first.",
    "Accept the applications\nPay the firms",
    "I cannot answer the second part, but the first is easy.",
    "I cannot answer this in full, but here is what we did.",
    "I cannot answer, but the chamber pays vouchers here.",
    "Stop paying firms directly; pay the learners.",
    "Help the small firms first.",
    "Status of the reform: done in 2021.",
    "Best practice: Lyon",
    "Yes\nBest practice in Lyon is the voucher",
    "To the asker: we pay firms.",
    "Away until noon, the learners come back for workshop hours.",
    "Sì, lo abbiamo fatto nel 2019 con tre scuole.",
    "No, da noi paga la regione.",
    "Grazie alla camera di commercio le imprese sono pagate.",
    "Non posso rispondere sul primo punto, ma sul secondo sì.",
    "Sí, lo hicimos en 2019 con tres centros.",
    "No pagamos a las empresas.",
    "Gracias a la cámara, las empresas cobran.",
    "Oui, nous l'avons fait en 2019 avec trois lycées.",
    "Non, chez nous la région paie.",
    "Merci pour la question : chez nous, la région paie.",
    "Je ne peux pas répondre sur tout, mais voici l'essentiel.",
    "Ναι, το κάναμε το 2019 με τρία σχολεία.",
    "Όχι, εδώ πληρώνει η περιφέρεια.",
    "Δεν μπορώ να απαντήσω σε όλα, αλλά οι επιχειρήσεις πληρώνονται.",
    "Da, am făcut asta în 2019 cu trei școli.",
    "Nu, la noi plătește județul.",
    "Da, to smo učinili 2019. s tri škole.",
    "Ne, kod nas plaća županija.",
    "Evet, bunu 2019'da üç okulla yaptık.",
    "Hayır, bizde il yönetimi ödüyor.",
    "Açıklama: firmalara kupon veriyoruz.",
    "Precisazione: da noi paga la regione.",
]


@pytest.mark.parametrize(("language", "text", "word"), SHORT)
def test_words_alone_are_understood(language, text, word):
    assert understand(text, language) == word


@pytest.mark.parametrize(("language", "text", "word"), [each for each in SHORT if each[2]])
def test_the_language_is_only_a_hint(language, text, word):
    assert understand(text) == word
    assert understand(text, "en" if language != "en" else "tr") == word


@pytest.mark.parametrize("language", [None, *LANGUAGES])
@pytest.mark.parametrize("text", ANSWERS)
def test_answers_are_left_alone(text, language):
    assert understand(text, language) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_of_a_language_is_understood(language):
    for meaning in ALONE:
        for phrase in read(language)[meaning]:
            assert understand(phrase.capitalize() + ".", language) == Word(meaning), phrase
    for phrase in read(language)["unhelpful"]:
        assert understand(phrase.capitalize() + ".", language) == Word("no", text="unhelpful"), phrase
        assert understand(f"{word_for('no', language)}, {phrase}!", language) == Word("no", text="unhelpful"), phrase
    for phrase in read(language)["more_days"]:
        assert understand(phrase.format(n=3), language) == Word("more_days", 3), phrase
    for phrase in read(language)["more_weeks"]:
        assert understand(phrase.format(n=2), language) == Word("more_days", 10 if "{n}" in phrase else 5), phrase
    for phrase in read(language)["more_time"]:
        assert understand(phrase.capitalize() + ".", language) == Word("more_days", 3), phrase
    for phrase in read(language)["away_until"]:
        assert understand(phrase.format(date="15 X"), language) == Word("away_until", text="15 X"), phrase
    for phrase in read(language)["ask_back"]:
        assert understand(f"{phrase}: what for?", language) == Word("ask_back", text="what for?"), phrase


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_between_opening_and_closing_is_understood(language):
    said = word_for("accept", language)
    for opening in OPENINGS[language]:
        for text in (f"{opening}\n\n{said}.\n\n{CLOSINGS[language][0]}\nMaria Rossi", f"{opening.strip(',:')}, {said}"):
            assert understand(text, language) == ACCEPT, text
    for closing in (*CLOSINGS[language], *THANKED[language]):
        for signed in ("", "\nMaria Rossi\nUfficio scuola"):
            assert understand(f"{OPENINGS[language][0]}\n{said}\n\n{closing}{signed}", language) == ACCEPT, closing


def test_what_is_asked_below_the_closing_is_no_mere_word():
    for below in ("Which trades do you mean?", "PS: We also have a film about it.", "Υ.Γ. Έχουμε και ταινία."):
        assert understand(f"Accept\n\nKind regards\nMaria\n\n{below}") is None


TO_COUNT = [*range(1, 21), 30]
MORE = {
    "en": "I need {} more days", "it": "ancora {} giorni", "es": "necesito {} días más", "fr": "il me faut encore {} jours",
    "el": "χρειάζομαι ακόμη {} ημέρες", "ro": "am nevoie de încă {} zile", "hr": "trebam još {} dana", "tr": "{} gün daha lazım",
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_of_a_language_counts_days(language):
    numbers = read(language)["numbers"]
    assert {value for value in numbers.values()} >= {*TO_COUNT}
    for word, value in numbers.items():
        assert understand(MORE[language].format(word), language) == Word("more_days", value), word


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("I need nine more days", 9),
        ("Another twelve days, please.", 12),
        ("Could we have two or three more days?", None),  # a question mark is for a person
        ("2-3 more days", 3),
        ("100 more days", 60),
        ("I need fifteen more weeks", 60),
        ("0 more days", None),
        ("Mi servono ancora nove giorni.", 9),
        ("ancora una quindicina di giorni", 15),
        ("Due o tre giorni in più, per favore", 3),
        ("altre due settimane", 10),
        ("Necesito nueve días más.", 9),
        ("otros once días", 11),
        ("dos o tres días más", 3),
        ("encore neuf jours", 9),
        ("il me faut une dizaine de jours supplémentaires", 10),
        ("J'ai besoin d'une semaine de plus.", 5),
        ("deux à trois jours de plus", 3),
        ("χρειάζομαι εννέα ημέρες ακόμη", 9),
        ("ακόμα εννιά μέρες", 9),
        ("παράταση τεσσάρων ημερών", 4),
        ("παράταση δεκατριών ημερών", 13),
        ("παράταση μιας εβδομάδας", 5),
        ("δύο με τρεις ημέρες ακόμη", 3),
        ("încă nouă zile", 9),
        ("Mai am nevoie de douăsprezece zile.", 12),
        ("încă douăzeci de zile", 20),
        ("încă 20 de zile", 20),
        ("mai am nevoie de două-trei zile", 3),
        ("o săptămână în plus", 5),
        ("još devet dana", 9),
        ("Trebam još desetak dana.", 10),
        ("još dva tjedna", 10),
        ("još dva-tri dana", 3),
        ("dokuz gün daha", 9),
        ("on iki gün daha lazım", 12),
        ("onbeş güne daha ihtiyacım var", 15),
        ("iki üç gün daha", 3),
    ],
)
@pytest.mark.parametrize("language", [None, *LANGUAGES])
def test_more_days_as_people_count_them(text, days, language):
    assert understand(text, language) == (Word("more_days", days) if days else None)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("meaning", [*ALONE, "ask_back"])
def test_the_words_that_letters_suggest_are_understood(language, meaning):
    suggested = word_for(meaning, language) + (": text" if meaning == "ask_back" else "")
    assert understand(f"« {suggested} »" if meaning != "ask_back" else suggested, language).meaning == meaning


def test_no_phrase_means_two_things():
    meant = {}
    for language in LANGUAGES:
        for meaning in ALONE:
            for phrase in read(language)[meaning]:
                assert meant.setdefault(plain(phrase), meaning) == meaning, (language, phrase)


def test_all_languages_know_the_same_lists():
    for language in LANGUAGES:
        assert read(language).keys() == read("en").keys()
        assert {*ALONE, "more_days", "away_until", "ask_back", "suggest"} | {"choice"} == set(MEANINGS)


LONG = ["yes " * 50_000, "\n" * 100_000, "decline, " * 20_000, "a\n" * 50_000, "no" + " " * 100_000 + "x", "😀" * 50_000]


@pytest.mark.parametrize("text", LONG, ids=lambda text: repr(text[:5]))
def test_long_texts_are_answers(text):
    """Also a guard against patterns that go back over their text: with one of those this would not end."""
    assert understand(text) is None
