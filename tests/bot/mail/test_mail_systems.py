"""What mail systems write that is no answer: evidence of certified mail, receipts, circular letters, requests for stars."""

from __future__ import annotations

import pytest

from bot.mail.quotes import own_words
from routing.values import Kind
from tests.bot.mail.making import mail, reply_to_us, understood

KEP = "KEP Delili <delil@kep.example>"


def test_evidence_of_turkish_certified_mail():
    item = understood(reply_to_us("Gönderdiğiniz ileti alıcının KEP hesabına teslim edilmiştir.", sender=KEP))
    assert (item.kind, item.rule) == (Kind.OTHER, "certified-receipt")
    item = understood(reply_to_us("İletiniz desk@city.example KEP hesabına teslim edilememiştir.", sender=KEP))
    assert (item.kind, item.rule) == (Kind.BOUNCE, "certified-failure")
    assert [one.address for one in item.failed] == ["desk@city.example"]


def test_a_person_may_write_of_such_evidence():
    item = understood(reply_to_us("KEP delili bizde on yıl saklanır."))
    assert (item.kind, item.rule) == (Kind.MESSAGE, "reply")


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Return Receipt", "Your document: Q-2025-0042\nwas received by: Parks/City\nat: 23/11/2026 09:01:22"),
        ("Ricevuta di ritorno", "Il documento: Q-2025-0042\nè stato ricevuto da: Parchi/Comune\nil: 23/11/2026 09:01:22"),
        ("Empfangsbestätigung", "Ihr Dokument: Q-2025-0042\nwurde empfangen von: Parks/Stadt\nam: 23.11.2026 09:01:22"),
    ],
)
def test_receipts_of_notes(subject, text):
    item = understood(reply_to_us(text).replace(b"Re: Q-2025-0042", subject.encode()))
    assert (item.kind, item.rule) == (Kind.READ_RECEIPT, "receipt-words")


WAYS_OUT = {
    "en": "If you no longer wish to receive our mails, unsubscribe here",
    "it": "Se non desidera più ricevere le nostre e-mail, clicchi qui",
    "es": "Si no desea recibir más correos, pulse aquí",
    "fr": "Pour ne plus recevoir cette lettre, cliquez ici",
    "el": "Για απεγγραφή από τη λίστα πατήστε εδώ",
    "ro": "Pentru a vă dezabona apăsați aici",
    "hr": "Ako ne želite više primati ove poruke, kliknite ovdje",
    "tr": "Bu iletileri almak istemiyorsanız tıklayın",
    "de": "Hier können Sie den Newsletter abbestellen",
}


@pytest.mark.parametrize("code", WAYS_OUT)
def test_a_circular_without_a_lists_header_waits_for_a_person(code):
    item = understood(mail(f"A new course begins in May.\n\n{WAYS_OUT[code]}: https://courses.example/out"))
    assert (item.kind, item.rule) == (Kind.MESSAGE, "circular") and "newsletter" in item.held


def test_a_question_about_newsletters_is_none():
    assert understood(mail("How many people unsubscribe from the newsletter of a town?")).held is None
    assert understood(mail("Who reads our letter? https://town.example/news")).held is None
    assert understood(reply_to_us("One in a hundred does unsubscribe, see https://town.example/news")).held is None


def test_a_few_words_from_an_address_that_nobody_reads():
    item = understood(reply_to_us("How did we do? Rate us: https://stars.example", sender="noreply@city.example"))
    assert (item.rule, item.kind) == ("no-reply-sender", Kind.MESSAGE) and item.held
    long = "We collect three times a week in summer, with sealed caddies and two people on foot, since lorries do not fit the lanes of the old town."
    assert understood(reply_to_us(long, sender="noreply@city.example")).held is None


@pytest.mark.parametrize("plea", ["##- Please type your reply above this line -##", "##- Merci de répondre au-dessus de cette ligne -##"])
def test_the_plea_on_top_goes(plea):
    reply = own_words(f"{plea}\n\nPerennials only.")
    assert (reply.text, reply.cut) == ("Perennials only.", plea)
    assert own_words("##- our three rules -##\n\nPerennials only.").cut == ""


def test_the_line_of_notes_above_a_quoted_header_goes():
    told = '"Network Desk" ---23/11/2026 08:15:22---A policy maker asks'
    head = "From:\tNetwork Desk <questions@rrm.example>\nTo:\tdesk@city.example\nDate:\t23/11/2026 08:15\nSubject:\tBins"
    assert own_words(f"See our report.\n\n{told}\n\n{head}\n\nWho pays?").text == "See our report."
    assert own_words(f"See our report.\n\n{told}").text == f"See our report.\n\n{told}"


@pytest.mark.parametrize(
    "text",
    [
        "YASAL UYARI: Bu elektronik posta, bağlantıdaki koşullara tabidir ve yalnız gönderildiği kişiye özeldir, gizli olabilir.",
        "DISCLAIMER: This e-mail was sent by the council and is confidential to the person to whom it is addressed.",
    ],
)
def test_a_disclaimer_with_its_heading_in_the_line(text):
    assert own_words(f"Yes, weekly.\n\n{text}").text == "Yes, weekly."
