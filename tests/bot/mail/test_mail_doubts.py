"""A person's words that look like a machine's, a quote or a signature: none is lost, and what is doubtful waits for a person."""

from __future__ import annotations

import pytest

from bot.mail.charsets import decode
from bot.mail.quotes import own_words
from routing.values import Kind
from tests.bot.mail.making import CONFIG, mail, mail_of, multipart, reply_to_us, understood

HELD_WITH_AN_ABSENCE = {
    "en": "I'm on leave from Friday, so here it is now: the caddies cost 12 euro each and last eight years.",
    "it": "Sarò in ferie da sabato, quindi scrivo oggi: i contenitori costano 12 euro e durano otto anni.",
    "es": "Estaré fuera el lunes, por eso contesto ya: los cubos cuestan 12 euros y duran ocho años.",
    "fr": "Absent jusqu'à mardi, je vous donne tout de même le chiffre : 12 euros par bac, huit ans de service.",
    "el": "Είμαι σε άδεια, αλλά σας γράφω από το σπίτι: οι κάδοι κοστίζουν 12 ευρώ και αντέχουν οκτώ χρόνια.",
    "ro": "Sunt în concediu de odihnă, dar răspund scurt: pubelele costă 12 lei și țin opt ani.",
    "hr": "Na godišnjem sam odmoru, ali evo ukratko: kante stoje 12 eura i traju osam godina.",
    "tr": "Yıllık izindeyim ama hemen yazayım: kovalar 12 avro, ömürleri sekiz yıl.",
}


@pytest.mark.parametrize("code", HELD_WITH_AN_ABSENCE)
def test_an_absence_in_the_words_of_an_answer_is_no_notice(code):
    item = understood(reply_to_us(HELD_WITH_AN_ABSENCE[code]))
    assert (item.kind, item.text) == (Kind.MESSAGE, HELD_WITH_AN_ABSENCE[code])


def test_a_word_of_command_beside_an_absence_waits_for_a_person():
    item = understood(reply_to_us("declino, sono in maternità"))
    assert (item.kind, item.rule, item.text) == (Kind.MESSAGE, "absence-mentioned", "declino, sono in maternità")


@pytest.mark.parametrize("text", ["Θα το δω αύριο και απαντώ.", "Ti rispondo nel pomeriggio.", "Yarın bakıp yanıtlarım."])
def test_a_few_words_are_never_taken_for_a_machines_by_their_sound_alone(text):
    item = understood(reply_to_us(text))
    assert (item.kind, item.text) == (Kind.MESSAGE, text)


ANSWERS_OF_A_DESK = [
    "Guten Tag,\n\nvielen Dank für Ihre Anfrage. Wir leeren die Behälter vor acht Uhr und verschließen sie mit einem Band.",
    "Buongiorno,\n\ngrazie per la Sua richiesta. I contenitori si chiudono con un gancio e costano 12 euro l'uno.",
    "Hello,\n\nThank you for contacting us. Volunteers close the lids, and the foxes went away within three weeks.",
]


@pytest.mark.parametrize("text", ANSWERS_OF_A_DESK)
@pytest.mark.parametrize("subject", ["[Ticket#2026112310000451] Q-2025-0042", "Re: [DESK-2231] Q-2025-0042"])
def test_who_answers_from_a_ticket_system_is_read(text, subject):
    raw = reply_to_us(text).replace(b"Subject: Re: Q-2025-0042", f"Subject: {subject}".encode())
    item = understood(raw)
    assert (item.kind, item.text) == (Kind.MESSAGE, text)


def test_its_acknowledgement_is_still_one():
    words = "Vielen Dank für Ihre Nachricht. Ihr Anliegen wurde unter der Nummer 4711 registriert und wird schnellstmöglich bearbeitet."
    item = understood(mail(words, subject="[Ticket#4711] Bins"))
    assert item.kind is Kind.ACKNOWLEDGEMENT


def test_a_comment_in_jira_may_be_the_answer():
    item = understood(reply_to_us("Parks desk commented:\n\nWe plant perennials only.", x_jira_fingerprint="9f12"))
    assert (item.kind, item.rule) == (Kind.MESSAGE, "marked-automatic") and item.held
    assert understood(mail("A job ended.", x_jira_fingerprint="9f12")).kind is Kind.AUTO_REPLY


def test_read_is_also_an_ordinary_word():
    item = understood(reply_to_us("Il messaggio è stato letto da tutti i consiglieri.").replace(b"Re: Q-2025-0042", b"Letto: proposta"))
    assert item.kind is Kind.MESSAGE


def test_more_than_is_no_quote():
    text = "We sort leaks by flow in l/min:\n> 20 l/min is for the day crew.\n> 100 l/min is for the night crew."
    for words in (text, text.replace("min:\n", "min.\n")):
        reply = own_words(words)
        assert (reply.text, reply.review) == (words, "the quoted lines at the end may belong to the text")
    assert own_words("Yes, weekly.\n\n> Who pays?\n> And when?").text == "Yes, weekly."


def test_sentences_below_a_signature_mark_stay():
    first = "Secondly, pumps and controls, which saved most of the energy in all of our twelve schools last winter."
    reply = own_words(f"Boilers come first.\n\n-- \n{first}\nThirdly, tariffs.")
    assert first in reply.text and reply.review == "a long text follows the signature mark"
    motto = "-- \nParks Office\nTel. +385 1 555 0100\nThe best time to plant a tree was twenty years ago, the second best is now."
    assert own_words(f"Boilers come first.\n\n{motto}").text == "Boilers come first."


@pytest.mark.parametrize("above", ["I agree with my colleague below.", "Confirmo lo que dice mi compañero abajo.", "Sono d'accordo con il collega qui sotto."])
def test_a_colleagues_answer_below_is_shown(above):
    below = "Two lorries collect at 15:00; it costs 18,000 a year."
    head = "From: Waste <waste@city.example>\nSent: Monday, 23 November 2026 09:50\nTo: Desk <desk@city.example>\nSubject: bins"
    item = understood(reply_to_us(f"{above}\n\n{head}\n\n{below}"))
    assert below in item.text and item.review
    ours = head.replace("waste@city.example", CONFIG.own_addresses[0])
    assert understood(reply_to_us(f"{above}\n\n{ours}\n\nWho pays?")).text == above


def test_the_version_that_kept_its_letters_is_read():
    right = "Rije\u010d je o ure\u0111enju \u0161etali\u0161ta."
    parts = multipart("alternative", "Content-Type: text/plain\n\nRije? je o ure?enju ?etali?ta.", f"Content-Type: text/html; charset=utf-8\n\n<p>{right}</p>")
    assert understood(mail_of(parts)).text == right
    asked = "Who pays? The town? See https://town.example/?a=1"
    parts = multipart("alternative", f"Content-Type: text/plain\n\n{asked}", f"Content-Type: text/html\n\n<p>{asked}</p>")
    assert understood(mail_of(parts)).text == asked


def test_gb18030_is_read_as_it_says():
    for text in ("Déjà créé à l'été, à quel coût ? À voir.", "垃圾桶每天清洗。"):
        assert decode(text.encode("gb18030"), "GB18030") == text
