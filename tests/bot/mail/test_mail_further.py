"""Where the words wanted stand in odd places, and where machines say what only a person can settle."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.mail.quotes import own_words
from bot.mail.shapes import Hints
from routing.values import Kind
from tests.bot.mail.making import TOKEN, mail, mail_of, multipart, reply_to_us, understood

GOLDEN = Path(__file__).parents[2] / "routing" / "golden"
HINTS = Hints(("questions@rrm.example", "network desk"))
HEADER = "On Fri, 9 Oct 2026 at 10:12, Network Desk <questions@rrm.example> wrote:"
LETTER = f"A policy maker asks.\nPlease answer by: Friday\n\nWho pays the mentor,\nand for how long?\n\nWho trains?\n\nNot for you? Reply decline\n\nref:{TOKEN}"
PLAIN, EMPTY = "Content-Type: text/plain; charset=utf-8\n\nThe chamber pays.", "Content-Type: text/plain; charset=us-ascii\n\n\n"


def quoted(text: str, mark: str = ">") -> str:
    return "\n".join(f"{mark} {line}".rstrip() for line in text.split("\n"))


def subject_of_assignment(language: str) -> str:
    lines = (GOLDEN / f"{language}.txt").read_text("utf-8").split("\n")
    return lines[lines.index("===== assignment, email") + 1]


# ------------------------------------------------------------------------------------------ absences


@pytest.mark.parametrize("language", ["en", "it", "es", "fr", "el", "ro", "hr", "tr"])
@pytest.mark.parametrize("marked", [{}, {"auto_submitted": "auto-replied"}])
def test_our_deadline_is_not_the_end_of_an_absence(language, marked):
    subject = f"Automatic reply: {subject_of_assignment(language)}"
    told = {"subject": subject, "date": "Mon, 04 Jan 2027 09:00:00 +0100"} | marked
    item = understood(mail("I am out of the office and will read your mail when I am back.", **told))
    assert item.kind is Kind.AUTO_REPLY and item.absent_until is None
    item = understood(mail("I am out of the office until 6 January and will read your mail then.", **told))
    assert item.absent_until == date(2027, 1, 6)


def test_a_day_that_stands_before_our_subject_counts():
    told = {"date": "Mon, 04 Jan 2027 09:00:00 +0100", "auto_submitted": "auto-replied"}
    item = understood(mail("I am away.", subject=f"Out of office until 7 January: {subject_of_assignment('en')}", **told))
    assert item.absent_until == date(2027, 1, 7)


# ------------------------------------------------------------------------------------------ machines


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("Re: Q", "To control spam I allow mail only from approved senders. Please fill out this form: https://approve.example/7"),
        ("Your message to Vet-office awaits moderator approval", "It is being held until the list moderator can review it."),
    ],
)
def test_a_letter_that_somebody_must_help_to_arrive_is_shown_to_a_person(subject, words):
    item = understood(mail(words, subject=subject, in_reply_to="<letter@rrm.example>", auto_submitted="auto-replied"))
    assert item.kind is Kind.AUTO_REPLY and "has not arrived" in item.held


INVITATION = "Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY:Call on small firms\nDESCRIPTION:Let us talk about the small firms on Thursday morning by phone\nEND:VEVENT\nEND:VCALENDAR"


def test_an_answer_beside_an_invitation_is_shown_to_a_person():
    words = "I prefer to explain it on the phone. In short: three firms share one apprentice, the county insures, the contract is ours."
    for said, kind in ((words, Kind.MESSAGE), ("Let us talk about the small firms on Thursday morning", Kind.OTHER), ("", Kind.OTHER)):
        parts = multipart("alternative", f"Content-Type: text/plain\n\n{said}", INVITATION)
        item = understood(mail_of(parts, to=f"reply+{TOKEN}@rrm.example"))
        assert item.kind is kind and bool(item.held) == (kind is Kind.MESSAGE)


# ------------------------------------------------------------------------------------------ where the words stand


@pytest.mark.parametrize("mark", ["--", "-- "])
def test_parts_of_an_answer_that_are_set_off_like_signatures_stay(mark):
    parts = (
        "In short: yes.",
        "Firms first. It took three of them to begin and today we\nhave nine. The traders' association convinced them all.",
        "Then the contract. The college signs it. The council\ngives rooms, cleaning and a caretaker.",
    )
    reply = own_words(f"\n\n{mark}\n\n".join(parts) + "\n\nKind regards\nTown council\nTel. 900 000 111")
    assert all(part in reply.text for part in parts) and reply.review


def test_a_card_below_the_mark_is_a_signature_however_many_lines_it_has():
    card = "Kind regards,\nOffice for Training and Integration\nDepartment of Youth\nTown of Northbridge\n3, Market Square\nTel.: 01 99 00 12 34"
    assert own_words(f"The town pays.\n\n-- \n{card}").text == "The town pays."


def test_of_our_letter_only_the_paragraph_above_each_answer_stays():
    answered = quoted(LETTER).replace("> and for how long?", "> and for how long?\nThe town, for a year.").replace("> Who trains?", "> Who trains?\nThe chamber.")
    for header in (f"{HEADER}\n", ""):
        reply = own_words(f"Hello,\n\n{header}{answered}", HINTS)
        assert reply.text.split("\n\n")[0] == "Hello,"
        assert reply.text.replace("\n\n", "\n").endswith(
            "> Who pays the mentor,\n> and for how long?\nThe town, for a year.\n> Who trains?\nThe chamber."
        )
        assert "Please answer by" not in reply.text and "decline" not in reply.text


def test_a_law_that_somebody_quotes_stays_with_its_own_first_line():
    law = "On 3 March 2025 the ministry wrote:\n\n> Travel is not eligible.\n\nSo we pay it ourselves."
    reply = own_words(f"{law}\n\n{HEADER}\n\n{quoted(LETTER)}", HINTS)
    assert reply.text == law


@pytest.mark.parametrize("above", ["I agree with everything.", "FYI", "My colleague answered this for you."])
def test_a_colleagues_answer_in_quote_marks_is_shown_whole(above):
    theirs = "The chamber insures all of them, and the contract is on its site for everybody."
    chain = f"{theirs}\n\n{HEADER}\n{quoted(LETTER)}"
    reply = own_words(f"{above}\n\nOn Mon, 12 Oct 2026 at 8:40, Office <office@town.example> wrote:\n\n{quoted(chain)}", HINTS)
    assert theirs in reply.text and "not ours" in reply.review


def test_a_forwarded_answer_in_quote_marks_is_shown_whole():
    theirs = "From: Chamber <chamber@crafts.example>\n\nThe chamber insures all of them, and the contract is on its site for everybody."
    item = understood(mail(f"This is what the chamber says.\n\nBegin forwarded message:\n\n{quoted(theirs)}", subject="Fwd: Apprentices"))
    assert "insures all" in item.text and item.review


INNER = "From: College <college@town.example>\nSubject: x\nContent-Type: text/plain; charset=utf-8\n\nThe college insures them all."


@pytest.mark.parametrize("first", [(), (EMPTY,)])
def test_an_empty_text_hides_nothing_that_says_something(first):
    item = understood(mail_of(multipart("mixed", *first, f"Content-Type: message/rfc822\n\n{INNER}"), subject="Fwd: x"))
    assert "insures them all" in item.text
    file = "Content-Type: text/plain; name=answer.txt\nContent-Disposition: attachment; filename=answer.txt\n\nThe chamber pays."
    assert "chamber pays" in understood(mail_of(multipart("mixed", *first, file))).text


def test_the_html_version_says_where_the_signature_begins():
    plain = "Content-Type: text/plain; charset=utf-8\n\nThe chamber pays.\n\nKind regards,\nTraining office\nTel. +44 1632 960 114"
    html = '<p>The chamber pays.</p><div class="gmail_signature">Kind regards,<br>Training office<br>Tel. +44 1632 960 114</div>'
    item = understood(mail_of(multipart("alternative", plain, f"Content-Type: text/html; charset=utf-8\n\n{html}")))
    assert item.text == "The chamber pays." and "960 114" in item.cut


# ------------------------------------------------------------------------------------------ the letter that was quoted


def test_the_quoted_letter_comes_without_what_clients_and_gateways_add():
    banner = "CAUTION: This email originated from outside the organisation. Do not click links or open attachments."
    text = f"The town pays.\n\nFrom: Network Desk <questions@rrm.example>\nSent: 9 October 2026 10:12\nTo: Office\nSubject: Q\n\n{banner}\n\n{LETTER}\n"
    item = understood(reply_to_us(text))
    assert item.text == "The town pays." and item.quoted.startswith("A policy maker asks.")
    assert "CAUTION" not in item.quoted and "Sent:" not in item.quoted and "CAUTION" in item.cut
    assert understood(mail("Who pays?")).quoted == ""
