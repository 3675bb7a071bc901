"""Delivery reports of all sorts: whose letter did not arrive, for good or for now, and which letter it was."""

from __future__ import annotations

import pytest

from bot.mail.prose import is_hard
from routing.values import Kind
from tests.bot.mail.making import TOKEN, mail, mail_of, multipart, reply_to_us, understood

TEXT = "Content-Type: text/plain\n\nThis is the mail system. I'm sorry, your message could not be delivered."
ORIGINAL = f"Content-Type: message/rfc822\n\nFrom: questions@rrm.example\nReply-To: reply+{TOKEN}@rrm.example\nMessage-ID: <letter@rrm.example>\nSubject: Q-2025-0042\n\nDear desk"
HEADERS_ONLY = ORIGINAL.replace("message/rfc822", "text/rfc822-headers").replace("\n\nDear desk", "")


def status(*recipients: str) -> str:
    return "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.city.example\nArrival-Date: Mon, 5 May 2025\n\n" + "\n\n".join(recipients)


def recipient(action="failed", code="5.1.1", diagnostic="smtp; 550 5.1.1 User unknown", address="desk@city.example", original=None) -> str:
    first = f"Original-Recipient: rfc822;{original}\n" if original else ""
    return f"{first}Final-Recipient: rfc822; {address}\nAction: {action}\nStatus: {code}\nDiagnostic-Code: {diagnostic}"


def report(*recipients: str, tail: str = ORIGINAL, **fields: str):
    fields = {"sender": "MAILER-DAEMON@city.example", "subject": "Undelivered Mail Returned to Sender", "auto_submitted": "auto-replied"} | fields
    return understood(mail_of(multipart("report", TEXT, status(*recipients), tail, report_type="delivery-status"), **fields))


DSNS = [
    ((recipient(),), "dsn-failed", [("desk@city.example", True, "5.1.1", False)]),
    ((recipient(code="5.2.2", diagnostic="smtp; 552 5.2.2 Mailbox full"),), "dsn-failed", [("desk@city.example", False, "5.2.2", False)]),
    ((recipient(code="5.0.0", diagnostic="smtp; 552 Quota exceeded"),), "dsn-failed", [("desk@city.example", False, "5.0.0", False)]),
    ((recipient(code="4.4.7", diagnostic="smtp; delivery time expired"),), "dsn-failed", [("desk@city.example", False, "4.4.7", False)]),
    # refused for what the letter is or how it came: its recipient is alive
    *(
        ((recipient(code=code, diagnostic=f"smtp; {said}"),), "dsn-failed", [("desk@city.example", hard, code, False)])
        for code, said, hard in (
            ("5.7.1", "550 5.7.1 rejected", False),
            ("5.7.1", "550 5.7.1 User unknown", True),
            ("5.7.23", "550 5.7.23 SPF validation failed", False),
            ("5.7.124", "550 5.7.124 RESOLVER.RST.SenderNotInAllowedSendersList", False),
            ("5.3.4", "552 5.3.4 Message size exceeds fixed limit", False),
            ("5.4.6", "554 5.4.6 Too many hops", False),
            ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied", True),
            ("5.4.4", "Host or domain name not found", True),
            ("5.1.8", "553 5.1.8 Domain of sender address does not exist", False),
            ("5.2.1", "550 5.2.1 The email account is disabled", True),
            ("5.0.0", "554 5.7.1 Spam message rejected", False),
            ("5.0.0", "554 Message refused by our policy", False),
            ("5.0.0", "550 user unknown (policy)", True),
        )
    ),
    ((recipient(code="", diagnostic="smtp; 550 5.7.1 rejected"),), "dsn-failed", [("desk@city.example", False, "5.7.1", False)]),
    ((recipient(code="", diagnostic="smtp; 550 no such user"),), "dsn-failed", [("desk@city.example", True, "", False)]),
    ((recipient(code="", diagnostic="smtp; 451 try later"),), "dsn-failed", [("desk@city.example", False, "", False)]),
    ((recipient("delayed", "4.4.1"),), "dsn-delayed", [("desk@city.example", False, "4.4.1", True)]),
    ((recipient(), recipient("delivered", "2.1.5", address="other@city.example")), "dsn-failed", [("desk@city.example", True, "5.1.1", False)]),
    ((recipient(), recipient(address="b@city.example")), "dsn-failed", [("desk@city.example", True, "5.1.1", False), ("b@city.example", True, "5.1.1", False)]),
    ((recipient(address="d123@internal.city.example", original="desk@city.example"),), "dsn-failed", [("desk@city.example", True, "5.1.1", False)]),
    ((recipient(address="DESK@City.Example"),), "dsn-failed", [("desk@city.example", True, "5.1.1", False)]),
    ((recipient(address="<desk@city.example>"),), "dsn-failed", [("desk@city.example", True, "5.1.1", False)]),
    ((recipient(address="de...@city.example"),), "dsn-failed", []),
    ((recipient("failed (expired)"),), "dsn-failed", [("desk@city.example", True, "5.1.1", False)]),
]  # fmt: skip


@pytest.mark.parametrize(("recipients", "rule", "failed"), DSNS)
def test_machine_readable_reports(recipients, rule, failed):
    item = report(*recipients)
    assert (item.kind, item.rule) == (Kind.BOUNCE, rule)
    assert [(one.address, one.hard, one.status, one.delayed) for one in item.failed] == failed
    assert item.facts["never_answer"]


@pytest.mark.parametrize("tail", [ORIGINAL, HEADERS_ONLY])
def test_a_report_names_the_letter_and_its_token(tail):
    item = report(recipient(), tail=tail)
    assert item.references[0] == "<letter@rrm.example>"
    assert item.tokens == (TOKEN,)
    assert item.facts["about"] == "<letter@rrm.example>"


def test_a_report_without_the_letter_may_name_it_in_its_thread():
    item = report(recipient(), tail="Content-Type: text/plain\n\n-", references="<letter@rrm.example>")
    assert item.references == ("<letter@rrm.example>",)


def test_success_is_no_bounce():
    item = report(recipient("delivered", "2.0.0", "smtp; 250 ok"))
    assert (item.kind, item.rule, item.failed) == (Kind.OTHER, "dsn-success", ())


def test_a_report_that_says_nothing_is_still_filed_as_what_it_reads_like():
    item = report("X-Nothing: here")
    assert item.kind is Kind.BOUNCE


def test_somebody_who_forwards_a_report_is_a_person():
    parts = multipart("mixed", "Content-Type: text/plain\n\nLook what I got back, can you help?", "Content-Type: message/rfc822\n\nFrom: mailer-daemon@city.example\nSubject: Undelivered\n\nUser unknown: a@b.example")
    item = understood(mail_of(parts, subject="Fwd: Undelivered Mail"))
    assert item.kind is Kind.MESSAGE


def test_somebody_who_asks_about_undelivered_mail_is_a_person():
    item = understood(reply_to_us("Delivery has failed for two letters to a@b.example. Should we write again?", sender="desk@city.example"))
    assert item.kind is Kind.MESSAGE


PROSE = [
    ("postmaster@city.example", "Undeliverable: Q-2025-0042", "Your message did not reach: desk@city.example\nUser unknown.", [("desk@city.example", True, "")]),
    ("mailer-daemon@city.example", "failure notice", "Hi. This is the qmail-send program at city.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n<desk@city.example>:\nSorry, no mailbox here by that name.\n\n--- Below this line is a copy of the message.\n\nMessage-ID: <letter@rrm.example>\n", [("desk@city.example", True, "")]),
    ("postmaster@city.example", "Unzustellbar: Q-2025-0042", "Ihre Nachricht an desk@city.example konnte nicht zugestellt werden: 550 5.1.1", [("desk@city.example", True, "5.1.1")]),
    ("postmaster@city.example", "Αποτυχία παράδοσης", "Το μήνυμά σας προς desk@city.example δεν ήταν δυνατή η παράδοση.", [("desk@city.example", True, "")]),
    ("postmaster@city.example", "Notifica di mancato recapito", "Non è stato possibile recapitare il messaggio a desk@city.example: casella piena", [("desk@city.example", False, "5.2.2")]),
    ("postmaster@city.example", "Warning: could not send message for past 4 hours", "The mail to desk@city.example has not yet been delivered. It will be retried.", [("desk@city.example", False, "")]),
]  # fmt: skip


@pytest.mark.parametrize(("sender", "subject", "body", "failed"), PROSE)
def test_reports_without_a_machine_readable_part(sender, subject, body, failed):
    item = understood(mail(body, sender=sender, subject=subject, return_path="<>"))
    assert item.kind is Kind.BOUNCE
    assert [(one.address, one.hard, one.status) for one in item.failed] == failed


def test_failed_recipients_header():
    item = understood(mail("A message that you sent could not be delivered.\n  desk@city.example\n    550 5.1.1 unknown", sender="Mail Delivery System <Mailer-Daemon@city.example>", subject="Mail delivery failed: returning message to sender", x_failed_recipients="desk@city.example"))  # fmt: skip
    assert (item.kind, item.rule) == (Kind.BOUNCE, "failed-recipients-header")
    assert [(one.address, one.hard) for one in item.failed] == [("desk@city.example", True)]


def test_a_null_return_path_alone_makes_no_bounce():
    assert understood(mail("Some words"), envelope={"mail_from": ""}).kind is Kind.MESSAGE


def test_a_null_return_path_and_an_absence_is_an_absence():
    item = understood(mail("I am out of the office until 14 May 2025.", auto_submitted="auto-replied"), envelope={"mail_from": ""})
    assert item.kind is Kind.AUTO_REPLY


def test_the_letter_copied_below_a_report_in_prose_is_found():
    body = "User unknown: desk@city.example\n\n------ This is a copy of your message, including all the headers.\n\nReceived: from a by b\nFrom: questions@rrm.example\nMessage-ID: <letter@rrm.example>\nReply-To: reply+" + TOKEN + "@rrm.example\n\nDear desk"
    item = understood(mail(body, sender="mailer-daemon@city.example", subject="Undelivered mail"))
    assert item.kind is Kind.BOUNCE
    assert item.facts["about"] == "<letter@rrm.example>"
    assert TOKEN in item.tokens


def test_what_breaks_the_dialect_library_breaks_nothing_here():
    item = understood("From: mailer-daemon@city.example\nSubject: Undelivered\nContent-Type: multipart/report; report-type=delivery-status\n\n\udcff".encode("utf-8", "surrogateescape"))
    assert item.kind is Kind.BOUNCE


@pytest.mark.parametrize(
    ("code", "diagnostic", "hard"),
    [("5.1.1", "", True), ("5.2.2", "", False), ("4.2.2", "", False), ("4.4.1", "", False), ("", "550 no", True), ("", "451 later", False), ("", "", True), ("5.3.0", "mailbox is full", False)],
)
def test_hard_or_soft(code, diagnostic, hard):
    assert is_hard(code, diagnostic) is hard
