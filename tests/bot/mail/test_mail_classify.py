"""Which mails come from people, which from machines, and what the machines say. One line a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.mail.headers import split_headers
from bot.mail.verdicts import never_answer
from routing.values import Kind
from tests.bot.mail.making import CONFIG, TOKEN, mail, mail_of, multipart, reply_to_us, understood

AWAY = [
    ("Automatic reply: Q-2025-0042", "I am out of the office until 14 May 2025 with limited access to e-mail.", date(2025, 5, 14)),
    ("Automatic reply: Q-2025-0042", "I am currently on annual leave. I will be back on Thursday, 15 May 2025.", date(2025, 5, 14)),
    ("Automatische Antwort: Q-2025-0042", "Ich bin bis einschließlich 14.05.2025 nicht im Büro und lese keine E-Mails.", date(2025, 5, 14)),
    ("Abwesenheitsnotiz", "Guten Tag, ich bin derzeit im Urlaub und ab dem 15. Mai wieder erreichbar.", date(2025, 5, 14)),
    ("Réponse automatique : Q-2025-0042", "Je suis absente du bureau jusqu'au 14 mai 2025 inclus.", date(2025, 5, 14)),
    ("Réponse automatique", "Je suis en congés du 5 au 14 mai. De retour au bureau le 15 mai.", date(2025, 5, 14)),
    ("Risposta automatica: Q-2025-0042", "Sono fuori ufficio fino al 14/05/2025. Per urgenze scrivere al protocollo.", date(2025, 5, 14)),
    ("Fuori sede", "Sarò assente dal 5 al 14 maggio 2025.", date(2025, 5, 14)),
    ("Respuesta automática: Q-2025-0042", "Estoy de vacaciones hasta el 14 de mayo de 2025.", date(2025, 5, 14)),
    ("Αυτόματη απάντηση: Q-2025-0042", "Βρίσκομαι σε άδεια έως τις 14 Μαΐου 2025.", date(2025, 5, 14)),
    ("Απουσία", "Θα απουσιάζω από το γραφείο μέχρι 14/5/2025.", date(2025, 5, 14)),
    ("Răspuns automat: Q-2025-0042", "Sunt în concediu până la 14 mai 2025.", date(2025, 5, 14)),
    ("Automatski odgovor: Q-2025-0042", "Na godišnjem sam odmoru do 14. svibnja 2025.", date(2025, 5, 14)),
    ("Otomatik yanıt: Q-2025-0042", "14 Mayıs 2025 tarihine kadar ofis dışındayım.", date(2025, 5, 14)),
    ("Out of office", "I am away on sick leave and cannot say when I return.", None),
]


@pytest.mark.parametrize(("subject", "body", "until"), AWAY)
def test_absence_with_headers(subject, body, until):
    item = understood(mail(body, subject=subject, auto_submitted="auto-replied"))
    assert (item.kind, item.rule, item.absent_until, item.review) == (Kind.AUTO_REPLY, "absence-headers", until, None)
    assert item.facts["never_answer"] == "Auto-Submitted"


@pytest.mark.parametrize(("subject", "body", "until"), AWAY)
def test_absence_without_any_header_goes_to_review(subject, body, until):
    item = understood(mail(body, subject=subject, in_reply_to="<letter@rrm.example>"))
    assert (item.kind, item.rule, item.absent_until) == (Kind.AUTO_REPLY, "absence-words", until)
    assert "absence notice" in item.review


@pytest.mark.parametrize(
    "body",
    [
        "I am out of the office until Friday, but here is the answer you asked for. " + "We run two programmes with local firms. " * 20,
        "We have two programmes. Are you sure that this is about absence from school?",
        "How do other towns deal with pupils who are on leave from their apprenticeship for months?",
        "Nous avons reçu trois demandes en 2023.",
        "Die Abwesenheit von Lehrlingen wird dem Betrieb gemeldet.",
        "Stop early school leaving: which programmes work?",
        "Please send me the list of towns that stop paying after one year.",
        "We registered 140 apprentices; the case number of the programme is 12.",
    ],
)
def test_people_who_write_about_such_things_are_people(body):
    assert understood(reply_to_us(body)).kind is Kind.MESSAGE


ACKNOWLEDGED = [
    "Thank you for contacting us. Your request has been received and assigned ticket number 4711.",
    "Vielen Dank für Ihre Anfrage. Ihre Anfrage wurde unter der Vorgangsnummer 4711 registriert.",
    "Nous avons bien reçu votre message. Votre numéro de dossier est le 4711.",
    "La Sua richiesta è stata presa in carico con numero di protocollo 4711.",
    "Hemos recibido su solicitud con el número de expediente 4711.",
    "Το αίτημά σας καταχωρήθηκε με αριθμό πρωτοκόλλου 4711.",
    "Solicitarea dumneavoastră a fost înregistrată cu numărul de înregistrare 4711.",
    "Vaš upit je zaprimljen pod brojem predmeta 4711.",
    "Talebiniz alınmıştır. Kayıt numarası 4711.",
]


@pytest.mark.parametrize("body", ACKNOWLEDGED)
def test_acknowledgements_of_ticket_systems(body):
    by_header = understood(mail(body, auto_submitted="auto-generated", subject="Re: Q-2025-0042"))
    assert (by_header.kind, by_header.rule) == (Kind.ACKNOWLEDGEMENT, "acknowledgement-headers")
    by_words = understood(mail(body, sender="noreply@city.example", subject="[Ticket#4711] Re: Q-2025-0042"))
    assert (by_words.kind, by_words.rule) == (Kind.ACKNOWLEDGEMENT, "acknowledgement-words")
    assert by_words.review


def test_a_bare_person_may_have_received_something():
    item = understood(reply_to_us("We have received your request and the answer is yes: the city pays half. Do you need the forms?"))
    assert item.kind is Kind.MESSAGE


def test_an_acknowledgement_by_subject_and_words_alone():
    item = understood(mail("Your request has been received.", subject="[Ticket#4711] Q-2025-0042", in_reply_to="<letter@rrm.example>"))
    assert (item.kind, item.rule) == (Kind.ACKNOWLEDGEMENT, "acknowledgement-words")


HEADERS = [
    ({"auto_submitted": "auto-replied"}, Kind.AUTO_REPLY),
    ({"auto_submitted": "auto-generated"}, Kind.AUTO_REPLY),
    ({"auto_submitted": 'auto-replied; owner-email="x@city.example"'}, Kind.AUTO_REPLY),
    ({"auto_submitted": "no"}, Kind.MESSAGE),
    ({"x_autoreply": "yes"}, Kind.AUTO_REPLY),
    ({"x_autorespond": "x"}, Kind.AUTO_REPLY),
    ({"precedence": "auto_reply"}, Kind.AUTO_REPLY),
    ({"x_auto_response_suppress": "All"}, Kind.AUTO_REPLY),
    ({"x_auto_response_suppress": "None"}, Kind.MESSAGE),
    ({"precedence": "bulk"}, Kind.LIST),
    ({"precedence": "junk"}, Kind.LIST),
    ({"list_id": "<news.city.example>"}, Kind.LIST),
    ({"list_unsubscribe": "<mailto:x@y.example>", "x_auto_response_suppress": "All"}, Kind.LIST),
    ({"x_rrm_instance": "rrm-test"}, Kind.OWN_LOOP),
    ({"x_rrm_instance": "another"}, Kind.MESSAGE),
    ({"sender": "questions@rrm.example"}, Kind.MESSAGE),
]


@pytest.mark.parametrize(("fields", "kind"), HEADERS)
def test_headers_of_machines(fields, kind):
    assert understood(mail("Some words.", **{k: v for k, v in fields.items() if k != "sender"})).kind is kind


@pytest.mark.parametrize("sender", ["questions@rrm.example", f"reply+{TOKEN}@rrm.example", "Reply+Abc@RRM.example"])
def test_our_own_addresses_are_a_loop(sender):
    assert understood(mail(sender=sender)).kind is Kind.OWN_LOOP


def test_a_reply_through_a_list_is_still_a_reply():
    item = understood(reply_to_us("Yes, we do.", list_id="<desk.city.example>"))
    assert item.kind is Kind.MESSAGE
    assert item.facts["never_answer"] == "mailing list"


def test_a_person_behind_a_ticket_system_waits_for_a_person():
    answer = "The city pays half of the wages in the first year, and a third in the second; the firms apply at our office in spring every year."
    item = understood(reply_to_us(answer, auto_submitted="auto-generated", precedence="bulk"))
    assert item.kind is Kind.MESSAGE
    assert "reads like a person's answer" in item.held


def test_trusted_senders_machines_are_shown():
    config = replace(CONFIG, trusted_senders=("city.example",))
    item = understood(mail("We are away.", auto_submitted="auto-replied"), config=config)
    assert item.kind is Kind.MESSAGE
    assert "auto-reply" in item.held


STOPS = [
    "unsubscribe", "Please stop.", "STOP", "Please remove me from your list. Thank you.", "Do not write to me again!", "Bitte schreiben Sie mir nicht mehr.", "Abmelden",
    "Ne m'écrivez plus.", "Merci de me désabonner", "Désabonnez-moi svp", "Cancellatemi dalla lista, grazie", "Non scrivetemi più.", "Darme de baja", "No me escriban más.",
    "Μη μου ξαναστέλνετε μηνύματα.", "Παρακαλώ διαγραφή", "Vă rog nu îmi mai scrieți.", "Dezabonare", "Odjava", "Molim vas nemojte mi više pisati.", "Lütfen bana artık yazmayın.", "Listeden çıkar",
]  # fmt: skip


@pytest.mark.parametrize("body", STOPS)
def test_whoever_wants_no_more_mail(body):
    assert understood(reply_to_us(body)).kind is Kind.UNSUBSCRIBE


def test_unsubscribe_in_the_subject_of_an_empty_mail():
    assert understood(mail("", subject="Unsubscribe")).kind is Kind.UNSUBSCRIBE
    assert understood(mail("", subject="Stop early school leaving")).kind is Kind.MESSAGE


CALENDAR = "Content-Type: text/calendar; method={method}; charset=utf-8\n\nBEGIN:VCALENDAR\nMETHOD:{method}\nEND:VCALENDAR"


@pytest.mark.parametrize(("method", "rule"), [("REQUEST", "calendar-invite"), ("CANCEL", "calendar-invite"), ("REPLY", "calendar-reply")])
def test_invitations(method, rule):
    raw = mail_of(multipart("alternative", "Content-Type: text/plain\n\nJoin us", CALENDAR.format(method=method)))
    item = understood(raw)
    assert (item.kind, item.rule) == (Kind.OTHER, rule)


def test_a_calendar_file_in_a_persons_mail_is_a_file():
    part = CALENDAR.format(method="REQUEST").replace("\n\n", "\nContent-Disposition: attachment; filename=a.ics\n\n", 1)
    item = understood(mail_of(multipart("mixed", "Content-Type: text/plain\n\nThe dates are attached.", part)))
    assert item.kind is Kind.MESSAGE
    assert [file.name for file in item.attachments] == ["a.ics"]


RECEIPT = "Content-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; desk@city.example\nDisposition: manual-action/MDN-sent-manually; displayed"


def test_read_receipt():
    raw = mail_of(multipart("report", "Content-Type: text/plain\n\nYour message was read.", RECEIPT, report_type="disposition-notification"))
    assert understood(raw).kind is Kind.READ_RECEIPT


def test_a_rejection_in_the_form_of_a_receipt_is_a_bounce():
    rejected = RECEIPT.replace("displayed", "deleted").replace("manual-action/MDN-sent-manually", "automatic-action/MDN-sent-automatically")
    raw = mail_of(multipart("report", "Content-Type: text/plain\n\nRejected: Quota exceeded", rejected, report_type="disposition-notification"))
    item = understood(raw)
    assert (item.kind, item.rule) == (Kind.BOUNCE, "rejection-receipt")
    assert [(one.address, one.hard) for one in item.failed] == [("desk@city.example", False)]


def test_complaint():
    report = "Content-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: x\nVersion: 1"
    raw = mail_of(multipart("report", "Content-Type: text/plain\n\nSpam.", report, report_type="feedback-report"))
    assert understood(raw).kind is Kind.COMPLAINT


NEVER = [
    ("Return-Path: <>", "null return path"),
    ("X-RRM-Instance: other", "our own mail"),
    ("Auto-Submitted: auto-notified", "Auto-Submitted"),
    ("X-Auto-Response-Suppress: OOF", "X-Auto-Response-Suppress"),
    ("Precedence: list", "Precedence"),
    ("X-Autoreply: yes", "automatic reply header"),
    ("List-Post: <mailto:a@b.example>", "mailing list"),
    ("X-Loop: a", "loop or failure header"),
    ("X-Failed-Recipients: a@b.example", "loop or failure header"),
    ("Content-Type: multipart/report; boundary=x", "read receipt or report"),
    ("Auto-Submitted: no", None),
    ("Subject: hello", None),
]


@pytest.mark.parametrize(("field", "reason"), NEVER)
def test_never_answer(field, reason):
    headers = split_headers(f"From: desk@city.example\n{field}".encode())
    assert never_answer(headers, envelope_from="desk@city.example", sender="desk@city.example", config=CONFIG) == reason


@pytest.mark.parametrize(
    ("envelope_from", "sender", "reason"),
    [
        ("", "desk@city.example", "null return path"),
        (None, "questions@rrm.example", "our own mail"),
        (None, "", "nobody reads that address"),
        (None, "no-reply@city.example", "nobody reads that address"),
        (None, "news-bounces@city.example", "nobody reads that address"),
        (None, "desk@city.example", None),
    ],
)
def test_never_answer_by_address(envelope_from, sender, reason):
    assert never_answer(split_headers(b"Subject: x"), envelope_from=envelope_from, sender=sender, config=CONFIG) == reason


@pytest.mark.parametrize(
    ("receipt", "kind", "rule"),
    [
        ("accettazione", Kind.OTHER, "certified-receipt"),
        ("avvenuta-consegna", Kind.OTHER, "certified-receipt"),
        ("errore-consegna", Kind.BOUNCE, "certified-failure"),
        ("preavviso-errore-consegna", Kind.BOUNCE, "certified-failure"),
        ("non-accettazione", Kind.BOUNCE, "certified-failure"),
    ],
)
def test_receipts_of_italian_certified_mail(receipt, kind, rule):
    body = "Il messaggio inviato da questions@rrm.example e indirizzato a desk@pec.city.example"
    item = understood(mail(body, sender="posta-certificata@pec.provider.example", subject="CONSEGNA: Q", x_ricevuta=receipt))
    assert (item.kind, item.rule) == (kind, rule)
    assert [one.address for one in item.failed] == (["desk@pec.city.example"] if kind is Kind.BOUNCE else [])
    assert all(one.delayed == ("preavviso" in receipt) for one in item.failed)


def test_a_letter_inside_italian_certified_mail():
    wrapped = 'Content-Type: message/rfc822; name="postacert.eml"\n\nFrom: desk@pec.city.example\nSubject: Re: Q\n\nSì, paga il comune.'
    parts = multipart("mixed", "Content-Type: text/plain\n\nMessaggio di posta certificata", wrapped, 'Content-Type: application/xml; name="daticert.xml"\n\n<x/>')
    item = understood(mail_of(parts, sender='"Per conto di: desk@pec.city.example" <posta-certificata@pec.provider.example>', x_trasporto="posta-certificata"))
    assert item.text == "Sì, paga il comune."
    assert "another address" in item.held
    bare = understood(mail("Messaggio", x_trasporto="posta-certificata"))
    assert bare.text == "Messaggio"


@pytest.mark.parametrize("subject", ["Delivered: Q-2025-0042", "Relayed: Q", "Zugestellt: Q", "Remis : Q"])
def test_delivery_notices_are_no_bounces(subject):
    item = understood(mail("Your message has been delivered to desk@city.example", sender="postmaster@city.example", subject=subject))
    assert (item.kind, item.rule) == (Kind.OTHER, "delivery-notice")


def test_filters_that_ask_for_a_proof():
    item = understood(reply_to_us("Please click https://filter.example/c to confirm that you are a human."))
    assert (item.kind, item.rule) == (Kind.AUTO_REPLY, "challenge")


def test_an_absence_beside_an_answer_waits_for_a_person():
    item = understood(reply_to_us("Yes, that is allowed. I am on leave from tomorrow, ask my colleague for the rest."))
    assert (item.kind, item.rule) == (Kind.MESSAGE, "absence-mentioned")
    assert "may hold an answer" in item.held


def test_addresses_that_nobody_reads():
    item = understood(mail("You have a new message", sender="noreply@city.example"))
    assert (item.kind, item.rule) == (Kind.MESSAGE, "no-reply-sender")
    assert "Nobody reads" in item.held


@pytest.mark.parametrize("subject", ["Absence of pupils in vocational schools", "Vacation pay for apprentices", "Sick leave of trainers"])
def test_absence_may_be_the_topic(subject):
    assert understood(mail("Many towns ask. What helps?", subject=subject)).rule == "question"


def test_an_automatic_subject_with_an_acknowledgement():
    item = understood(mail("Το μήνυμά σας παραλήφθηκε.", subject="Αυτόματη απάντηση: Q", auto_submitted="auto-replied"))
    assert item.kind is Kind.ACKNOWLEDGEMENT
    item = understood(mail("Your incident INC0012345 has been created.", subject="Incident INC0012345 -- opened"))
    assert item.kind is Kind.ACKNOWLEDGEMENT


def test_a_reply_whose_thread_was_stripped():
    quoted = "Yes.\n\nOn 5 May 2025 at 10:04, Desk <d@x.example> wrote:\n> Who pays?"
    assert understood(mail(quoted, subject="Re: Q")).rule == "reply"
    assert understood(mail(quoted, subject="Fwd: Q")).rule == "question"
    assert understood(mail(quoted, subject="WG: Q")).rule == "question"


@pytest.mark.parametrize(
    ("words", "kind"),
    [("Ricevuta di avvenuta consegna", Kind.OTHER), ("Ricevuta di accettazione", Kind.OTHER), ("Avviso di mancata consegna", Kind.BOUNCE)],
)
def test_receipts_of_certified_mail_whose_header_a_forwarding_mailbox_has_lost(words, kind):
    body = f'{words}\n\nil messaggio proveniente da "someone@else.example" ed indirizzato a "desk@pec.city.example"'
    item = understood(mail(body, sender="posta-certificata@pec.provider.example", subject="CONSEGNA: Q"))
    assert item.kind is kind
    assert [one.address for one in item.failed] == (["desk@pec.city.example"] if kind is Kind.BOUNCE else [])


@pytest.mark.parametrize("prefix", ["YNT", "Ynt", "RE", "ΑΠ", "R"])
def test_prefixes_of_replies_are_no_forwards(prefix):
    assert understood(mail("Evet.\n\nOn 5 May 2025 at 10:04, Desk <d@x.example> wrote:\n> Kim öder?", subject=f"{prefix}: Q")).rule == "reply"
