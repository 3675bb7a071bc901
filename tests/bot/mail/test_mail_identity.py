"""Who wrote a mail: confusing From fields, and whose word on authentication counts."""

from __future__ import annotations

import pytest

from bot.mail.addresses import Doubt, Mailbox, find_addresses, strict_mailbox
from bot.mail.headers import split_headers
from bot.mail.identity import is_aligned, is_proven, sender_of
from tests.bot.mail.making import CONFIG, mail, understood

CLEAN = [
    ("desk@city.example", "", "desk@city.example"),
    ("<Desk@City.Example>", "", "desk@city.example"),
    ("City Desk <desk@city.example>", "City Desk", "desk@city.example"),
    ('"Desk, City of" <desk@city.example>', "Desk, City of", "desk@city.example"),
    ("desk@city.example (City Desk)", "City Desk", "desk@city.example"),
    ("=?utf-8?q?Stadt_K=C3=B6ln?= <desk@city.example>", "Stadt Köln", "desk@city.example"),
    ("=?utf-8?b?zpTOrs68zr/Pgg==?= <desk@city.example>", "Δήμος", "desk@city.example"),
    ("Città di Trento <desk@city.example>".encode().decode("latin-1"), "Città di Trento", "desk@city.example"),
    ('"desk@city.example" <desk@city.example>', "desk@city.example", "desk@city.example"),
    ('"O\\"Neil" <desk@city.example>', 'O"Neil', "desk@city.example"),
    ("Desk (VET (dual)) <desk@city.example>", "Desk", "desk@city.example"),
    ("first.last+tag@sub.city.example", "", "first.last+tag@sub.city.example"),
]


@pytest.mark.parametrize(("field", "name", "address"), CLEAN)
def test_one_clean_from(field, name, address):
    assert strict_mailbox(field) == Mailbox(name, address)


CONFUSING = [
    ("expert@gov.example <evil@evil.example>", "another address"),
    ('"expert@gov.example" <evil@evil.example>', "another address"),
    ("=?utf-8?q?expert=40gov.example?= <evil@evil.example>", "another address"),
    ("alice@example.org)bob@evil.example", "do not close"),
    ('"x"<expert@gov.example>evil@evil.example', "goes on after"),
    ("<expert@gov.example><evil@evil.example>", "more than one"),
    ("expert@gov.example, evil@evil.example", "more than one"),
    ("A <a@b.example>, B <c@d.example>", "more than one"),
    ("Experts: expert@gov.example, evil@evil.example;", "more than one"),
    ("Experts: expert@gov.example;", "group"),
    ("undisclosed-recipients:;", "group"),
    ("=?utf-8?q?admin?=@gov.example", "encoded word"),
    ("Desk <=?utf-8?q?admin?=@gov.example>", "encoded word"),
    ("expert@gov.example (evil@evil.example)", "comment"),
    ('"expert"@gov.example', "no plain address"),
    ('"expert" expert@gov.example', "no plain address"),
    ("expert@[127.0.0.1]", "no plain address"),
    ("expert", "no plain address"),
    ("a..b@gov.example", "no plain address"),
    ("Desk <>", "no plain address"),
    ("Desk <desk@city.example", "do not close"),
    ("Desk <a<b@c.example>>", "do not close"),
    ('"Desk <desk@city.example>', "do not close"),
    ("(Desk desk@city.example", "do not close"),
    ("", "empty"),
    ("=?utf-8?q?Desk=0D=0ABcc=3A_x?= <desk@city.example>", "control characters"),
    ("=?utf-8?b?4oCuZGVzaw==?= <desk@city.example>", "control characters"),
    ("De\x01sk <desk@city.example>", "control characters"),
]


@pytest.mark.parametrize(("field", "reason"), CONFUSING)
def test_confusing_from_is_doubted(field, reason):
    doubt = strict_mailbox(field)
    assert isinstance(doubt, Doubt)
    assert reason in doubt.reason


@pytest.mark.parametrize(("field", "reason"), CONFUSING)
def test_a_doubtful_sender_is_held_and_never_proven(field, reason):
    passed = "mx.rrm.example; dmarc=pass header.from=gov.example"
    item = understood(mail(sender=field, authentication_results=passed))
    assert not item.proven
    assert "not certain who wrote it" in item.held


def test_no_from_and_two_from():
    assert "no From" in sender_of(split_headers(b"To: a@b.example")).reason
    assert "several" in sender_of(split_headers(b"From: a@b.example\nFrom: c@d.example")).reason


def test_line_breaks_hidden_in_the_subject_hold_the_mail():
    item = understood(mail(subject="=?utf-8?q?Hi=0D=0ABcc:_evil@x.example?="))
    assert item.subject == "Hi Bcc: evil@x.example"
    assert "subject" in item.held


def test_plain_direction_marks_do_not():
    item = understood(mail(subject="=?utf-8?b?4oCP16nXnNeV150=?="))
    assert (item.subject, item.held) == ("שלום", None)


OURS = "mx.rrm.example"
RESULTS = [
    (f"{OURS}; dmarc=pass header.from=city.example", True),
    (f"{OURS}; dmarc=pass (p=reject) header.from=city.example; spf=fail smtp.mailfrom=x@other.example", True),
    (f"{OURS} 1; dmarc=pass header.from=city.example", True),
    (f"{OURS}; dmarc=fail header.from=city.example; dkim=pass header.d=city.example", False),
    (f"{OURS}; dmarc=pass header.from=evil.example", False),
    (f"{OURS}; dmarc=none header.from=city.example; dkim=pass header.d=city.example", False),
    (f"{OURS}; dkim=pass header.d=city.example", True),
    (f"{OURS}; dkim=pass header.i=@city.example header.s=sel", True),
    (f"{OURS}; dkim=pass header.d=evil.example", False),
    (f"{OURS}; dkim=pass header.d=example", False),
    (f"{OURS}; dkim=fail header.d=city.example", False),
    (f'{OURS}; dkim=fail reason="x; dkim=pass header.d=city.example"', False),
    (f"{OURS}; dkim=fail (comment; dkim=pass header.d=city.example)", False),
    (f"{OURS}; spf=pass smtp.mailfrom=desk@city.example", True),
    (f"{OURS}; spf=pass smtp.mailfrom=city.example", True),
    (f"{OURS}; spf=pass smtp.mailfrom=x@evil.example", False),
    (f"{OURS}; spf=softfail smtp.mailfrom=desk@city.example", False),
    (f"{OURS}; none", False),
    (f"{OURS}; =;;;", False),
    ("evil.example; dmarc=pass header.from=city.example", False),
    (f"x.{OURS}; dmarc=pass header.from=city.example", False),
    ("", False),
]


@pytest.mark.parametrize(("field", "proven"), RESULTS)
def test_authentication_results(field, proven):
    assert understood(mail(authentication_results=field)).proven is proven


def test_only_the_topmost_field_of_our_server_counts():
    ours = f"Authentication-Results: {OURS}; dmarc=fail header.from=city.example\n"
    forged = f"Authentication-Results: {OURS}; dmarc=pass header.from=city.example\n"
    foreign = "Authentication-Results: other.example; dmarc=pass header.from=city.example\n"
    assert not understood((ours + forged).encode() + mail()).proven
    assert understood((foreign + forged).encode() + mail()).proven


def test_a_field_below_our_own_received_line_was_there_before():
    forged = f"Received: from evil.example by {OURS} with ESMTP id 1; Mon, 5 May 2025\nAuthentication-Results: {OURS}; dmarc=pass header.from=city.example\n"
    assert not understood(forged.encode() + mail()).proven
    genuine = f"Received: from {OURS} by store.rrm.example with LMTP\nAuthentication-Results: {OURS}; dmarc=pass header.from=city.example\nReceived: from a by {OURS}\n"
    assert understood(genuine.encode() + mail()).proven


def test_without_a_border_server_nothing_is_believed():
    from dataclasses import replace

    item = understood(mail(authentication_results=f"{OURS}; dmarc=pass header.from=city.example"), config=replace(CONFIG, authserv_id=None))
    assert not item.proven
    assert not is_proven(split_headers(b""), Mailbox("", "a@b.example"), replace(CONFIG, authserv_id=None))


@pytest.mark.parametrize(
    ("signing", "writing", "aligned"),
    [("city.example", "city.example", True), ("city.example", "mail.city.example", True), ("mail.city.example", "city.example", False), ("example", "city.example", False), ("ity.example", "city.example", False)],
)
def test_alignment(signing, writing, aligned):
    assert is_aligned(signing, writing) is aligned


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A <A@b.Example>, c@d.example", ("a@b.example", "c@d.example")),
        ("mailto:a@b.example?x 'c@d.example' a@b.example.", ("a@b.example", "c@d.example")),
        ("nothing here", ()),
        ("'reply+abc@rrm.example'", ("reply+abc@rrm.example",)),
    ],
)
def test_find_addresses(text, found):
    assert find_addresses(text) == found


def test_find_addresses_stops_somewhere():
    assert len(find_addresses(" ".join(f"a{n}@b.example" for n in range(500)))) == 100
