"""Letters as mail: what stands in them, that the same letter is the same mail, and that nothing can be smuggled in."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.mail.compose import BadLetter, compose
from bot.mail.letterhtml import letter_html
from bot.mail.lettertext import plain_text
from routing.values import ButtonLabel, Kind, Outgoing, OutgoingFile
from tests.bot.mail.making import CONFIG, TOKEN, understood

MARKER = f"-- please reply above this line -- ref:{TOKEN}"
LETTER = Outgoing(
    id=1,
    channel="email",
    address="desk@city.example",
    language="it",
    subject="Nuova domanda Q-2025-0042: perché no?",
    text=f"Gentile collega,\n\nun comune chiede: <quanto> costa & chi paga?\nhttps://rrm.example/fiches?a=1&b=2.\n\n- uno\n- due\n\n> citazione\n\n{MARKER}",
    message_id="<abc.assignment@rrm.example>",
    created_at=datetime(2025, 5, 5, 8, 0, tzinfo=UTC),
    reply_to=f"reply+{TOKEN}@rrm.example",
)
CLICKS = replace(CONFIG, button_page="https://rrm.example/b/{id}")


def composed(letter=LETTER, config=CONFIG, name="Rete, Ufficio"):
    return compose(letter, sender="questions@rrm.example", sender_name=name, config=config)


def parsed(raw):
    return email.message_from_bytes(raw, policy=email.policy.default)


def plain_of(raw):
    return parsed(raw).get_body(("plain",)).get_content().replace("\r\n", "\n")


def test_a_letter_has_the_fields_it_needs():
    message = parsed(composed(replace(LETTER, in_reply_to="<q@city.example>", references=("<first@city.example>", "<q@city.example>"))))
    assert message["From"] == '"Rete, Ufficio" <questions@rrm.example>'
    assert message["To"] == "desk@city.example"
    assert message["Subject"] == "Nuova domanda Q-2025-0042: perché no?"
    assert message["Date"].datetime == LETTER.created_at
    assert message["Message-ID"] == LETTER.message_id
    assert TOKEN in message["Reply-To"]
    assert message["In-Reply-To"] == "<q@city.example>"
    assert message["References"] == "<first@city.example> <q@city.example>"
    assert message["Content-Language"] == "it"
    assert message["X-RRM-Instance"] == "rrm-test"
    assert message["Auto-Submitted"] == "auto-replied"
    assert "OOF" in message["X-Auto-Response-Suppress"]


def test_a_first_letter_wants_to_hear_of_absences_and_failures():
    message = parsed(composed())
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "DR, RN, NRN, AutoReply"


def test_what_a_person_wrote_is_not_called_automatic():
    assert parsed(composed(replace(LETTER, automatic=False)))["Auto-Submitted"] is None


def test_the_same_letter_gives_the_same_bytes():
    letter = replace(LETTER, files=(OutgoingFile("a.pdf", "application/pdf", b"%PDF"),))
    assert composed(letter) == composed(letter)
    assert composed(letter) != composed(replace(letter, message_id="<other@rrm.example>"))


def test_both_versions_say_the_same():
    message = parsed(composed(config=CLICKS))
    text = message.get_body(("plain",)).get_content()
    page = message.get_body(("html",)).get_content()
    for words in ("Gentile collega,", "citazione", MARKER):
        assert words in text
        assert words in page
    assert "&lt;quanto&gt; costa &amp; chi paga?" in page
    assert '<a href="https://rrm.example/fiches?a=1&amp;b=2">' in page
    assert '<ul><li dir="auto">uno</li><li dir="auto">due</li></ul>' in page
    assert "<blockquote" in page


def test_a_number_is_not_torn_apart_at_the_end_of_a_line():
    page = letter_html("Question 2026-0042: http://a.example/2026-0042 from 2026-11-23", [], "en")
    assert page.count("nowrap") == 1 and 'nowrap">2026-0042</span>:' in page


def test_the_html_loads_nothing():
    page = letter_html("<img src=http://evil.example/x> javascript:alert(1) http://a.example/\"onclick=x", [("<b>", "https://rrm.example/b/1?\"x")], "en")
    assert "<img" not in page
    assert not re.search(r"<[^>]*\bsrc=", page)
    assert 'href="javascript' not in page
    assert 'onclick="' not in page
    assert "&lt;b&gt;" in page
    assert 'href="http://a.example/"' in page


def test_buttons_are_links_above_the_last_line():
    letter = replace(LETTER, buttons=(ButtonLabel("Accetto", "b/1"), ButtonLabel("Non io", "b2")))
    text = plain_of(composed(letter, CLICKS))
    assert text.index("Accetto:\nhttps://rrm.example/b/b%2F1") < text.index("Non io:\nhttps://rrm.example/b/b2") < text.index(MARKER)
    assert text.rstrip().endswith(MARKER)
    assert "Accetto" not in parsed(composed(letter)).get_body(("plain",)).get_content()


def test_buttons_without_a_marker_stand_at_the_end():
    assert plain_text("Hello", [("Yes", "https://x.example")]) == "Hello\n\nYes:\nhttps://x.example\n"


def test_our_own_letter_is_recognised_when_it_comes_back():
    assert understood(composed()).kind is Kind.OWN_LOOP


@pytest.mark.parametrize("language", ["en", "el", "tr"])
def test_every_script_survives(language):
    words = {"en": "plain", "el": "Καλημέρα σε όλους τους δήμους " * 20, "tr": "İğüşöç ığdır " * 30}[language]
    letter = replace(LETTER, text=words, subject=words[:200], language=language)
    message = parsed(composed(letter))
    assert message.get_body(("plain",)).get_content().split() == words.split()
    assert " ".join(message["Subject"].split()) == " ".join(words[:200].split())
    assert all(len(line) <= 998 for line in composed(letter).split(b"\r\n"))
    head = composed(letter).split(b"\r\n\r\n")[0]
    assert all(len(line) <= 78 for line in head.split(b"\r\n"))
    assert composed(letter).isascii()


def test_long_lines_dots_and_from_survive():
    text = ".\n..\nFrom here on\n" + "x" * 3_000 + "\n=20\n\ttab \n"
    assert plain_of(composed(replace(LETTER, text=text))) == text.rstrip("\n")
    assert b"\r\n.\r\n" not in composed(replace(LETTER, text=text))


EVIL = ["x\r\nBcc: evil@x.example", "x\nBcc: evil@x.example", "x\rBcc: y", "x\x85Bcc: y", "x\u2028Bcc: y", "x\x00", "=?utf-8?q?x=0D=0ABcc:_y?=", "\u202egpj.exe", "x\r\n\r\nbody", "a" * 5_000]


@pytest.mark.parametrize("evil", EVIL)
def test_no_field_can_be_smuggled_in(evil):
    names = [name for name, _ in parsed(composed()).raw_items()]
    letter = replace(LETTER, subject=evil, language=evil, text=evil, references=(evil,), in_reply_to=None, buttons=(ButtonLabel(evil, evil),), files=(OutgoingFile(evil, evil, b"x"),))
    raw = compose(letter, sender="questions@rrm.example", sender_name=evil, config=replace(CLICKS, own_instance_id=evil))
    assert [name for name, _ in parsed(raw).raw_items()] == names
    assert parsed(raw)["To"].addresses[0].addr_spec == "desk@city.example"


BAD = ["desk@city.example\r\nBcc: x@y.example", "desk@city.example, other@city.example", "Desk <desk@city.example>", "desk", "", "a..b@city.example", "dešk@city.example", "<desk@city.example>"]


@pytest.mark.parametrize("address", BAD)
def test_an_address_must_be_one_plain_address(address):
    with pytest.raises(BadLetter):
        composed(replace(LETTER, address=address))
    with pytest.raises(BadLetter):
        compose(LETTER, sender=address, sender_name="x", config=CONFIG)
    if address:
        with pytest.raises(BadLetter):
            composed(replace(LETTER, reply_to=address))


@pytest.mark.parametrize("message_id", ["abc", "<a b@c>", "<a@b>\r\nX: y", "<<a@b>>", ""])
def test_a_message_id_must_be_one(message_id):
    with pytest.raises(BadLetter):
        composed(replace(LETTER, message_id=message_id))


def test_references_that_are_none_are_left_out():
    message = parsed(composed(replace(LETTER, in_reply_to="junk\r\nX: y", references=("x", "<a@b.example>", *(f"<{n}@c.example>" for n in range(60))))))
    assert message["In-Reply-To"] is None
    ids = message["References"].split()
    assert ids[0] == "<a@b.example>"
    assert ids[-1] == "<59@c.example>"
    assert len(ids) == 20


def test_files_travel_as_attachments():
    files = (OutgoingFile("rapport été.pdf", "application/pdf", b"\x00\xff" * 100), OutgoingFile("../../x", "text/html; charset=x", b"<script>"), OutgoingFile("mail.eml", "message/rfc822", b"x"))
    message = parsed(composed(replace(LETTER, files=files)))
    found = list(message.iter_attachments())
    assert [part.get_filename() for part in found] == ["rapport été.pdf", "x", "mail.eml"]
    assert [part.get_content_type() for part in found] == ["application/pdf", "application/octet-stream", "application/octet-stream"]
    assert found[0].get_content() == b"\x00\xff" * 100
    assert all(part.get_content_disposition() == "attachment" for part in found)


def test_names_are_written_as_they_must_be():
    for name in ("Plain Name", 'Quote "d"', "Δίκτυο", "", "a" * 300, "back\\slash"):
        sender = parsed(composed(name=name))["From"].addresses[0]
        assert (sender.display_name, sender.addr_spec) == (name, "questions@rrm.example")


def test_a_reply_made_from_our_letter_is_understood():
    """The whole way round: our letter, quoted by a client, gives back token and words."""
    text = parsed(composed()).get_body(("plain",)).get_content()
    quoted = "\n".join(f"> {line}" for line in text.split("\n"))
    raw = f"From: desk@city.example\nTo: reply+{TOKEN}@rrm.example\nSubject: Re: x\n\nSì, paga la città.\n\nIl 5 mag 2025 alle 10:00 Rete <questions@rrm.example> ha scritto:\n{quoted}".encode()
    item = understood(raw)
    assert (item.text, item.tokens, item.facts["body_tokens"]) == ("Sì, paga la città.", (TOKEN,), [TOKEN])
