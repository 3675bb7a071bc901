"""DKIM signatures where no border server judges: what vouches for a sender, what does not, and how much is asked of DNS."""

from dataclasses import replace

import pytest

from bot.mail.pool import Reader
from bot.mail.records import Records, TooManyQuestions
from bot.mail.signatures import vouched
from tests.bot.mail.making import CONFIG, TOKEN, mail, understood
from tests.fakes.dns_peer import DnsPeer
from tests.fakes.signing import key_record, signed

CITY = "desk@city.example"
REPLY = f"reply+{TOKEN}@rrm.example"


@pytest.fixture(scope="module")
def names():
    with DnsPeer() as peer:
        yield peer


@pytest.fixture(autouse=True)
def fresh(names):
    names.records, names.silent = key_record("city.example"), False
    names.asked.clear()


def letter(**fields):
    return mail("We paid half.", **({"to": REPLY} | fields)).replace(b"\n", b"\r\n")


def judge(names, raw, tokens=(TOKEN,), sender=CITY, **limits):
    return vouched(raw, sender, tokens, CONFIG, Records([names.address], **limits))


def with_policy(names, domain, policy):
    names.records[f"_dmarc.{domain}."] = [policy]


def test_the_senders_domain_signed_the_mail_to_this_letter(names):
    assert judge(names, signed(letter(), "city.example")) == "signed"
    assert names.asked == ["_dmarc.city.example.", "sel._domainkey.city.example."]


def test_a_parent_domain_may_sign(names):
    raw = letter(sender="Desk <desk@mail.city.example>")
    assert judge(names, signed(raw, "city.example"), sender="desk@mail.city.example") == "signed"


def test_unless_the_policy_wants_the_very_domain(names):
    raw = signed(letter(sender="Desk <desk@mail.city.example>"), "city.example")
    with_policy(names, "city.example", "v=DMARC1; p=reject; adkim=s")
    assert judge(names, raw, sender="desk@mail.city.example") == "broken"
    assert judge(names, signed(letter(), "city.example")) == "signed"
    with_policy(names, "mail.city.example", "v=DMARC1; p=none; adkim=r")
    assert judge(names, raw, sender="desk@mail.city.example") == "signed", "the nearest policy counts"


def changed(raw):
    return raw.replace(b"half", b"none")


def with_a_second_to(raw):
    return f"To: {REPLY}\r\n".encode() + raw


def with_a_to_that_only_we_would_see(raw):
    head, _, body = raw.partition(b"\r\n\r\n")
    return head + f"\r\nX-Z: a\rTo: {REPLY}\r\n\r\n".encode() + body


NOT_VOUCHED = [
    ("nothing signed it", lambda: letter(), "unsigned"),
    ("a word was changed", lambda: changed(signed(letter(), "city.example")), "broken"),
    ("words were added", lambda: signed(letter(), "city.example") + b"more\r\n", "broken"),
    ("another domain signed it", lambda: signed(letter(), "evil.example"), "foreign"),
    ("a domain that ends alike signed it", lambda: signed(letter(), "ity.example"), "foreign"),
    ("only the beginning is signed", lambda: signed(letter(), "city.example", length=True), "broken"),
    ("it went elsewhere and was sent again", lambda: signed(letter(to="x@elsewhere.example"), "city.example"), "other-letter"),
    ("... with our address put above", lambda: with_a_second_to(signed(letter(to="x@elsewhere.example"), "city.example")), "other-letter"),
    (
        "... or hidden behind a bare CR",
        lambda: with_a_to_that_only_we_would_see(signed(letter(to="x@elsewhere.example"), "city.example")),
        "other-letter",
    ),
    ("the recipients are not signed", lambda: signed(letter(), "city.example", fields=[b"from", b"subject"]), "other-letter"),
    ("no signature at all behind the name", lambda: b"DKIM-Signature: x\r\n" + letter(), "unsigned"),
    ("no mail at all", lambda: b"\x00", "broken"),
]


@pytest.mark.parametrize(("raw", "word"), [row[1:] for row in NOT_VOUCHED], ids=[row[0] for row in NOT_VOUCHED])
def test_what_does_not_vouch(names, raw, word):
    names.records |= key_record("evil.example") | key_record("ity.example")
    assert judge(names, raw()) == word


def test_a_colleagues_signed_mail_does_not_vouch_for_the_expert(names):
    raw = signed(letter(sender="Other <other@city.example>"), "city.example")
    assert judge(names, raw) == "foreign"


def test_a_key_that_only_tests_or_is_gone_or_too_short(names):
    raw = signed(letter(), "city.example")
    names.records = key_record("city.example", " t=y;")
    assert judge(names, raw) == "broken"
    names.records = {}
    assert judge(names, raw) == "broken"
    names.records = {"sel._domainkey.city.example.": ["v=DKIM1; k=rsa; p="]}
    assert judge(names, raw) == "broken"


def test_of_several_signatures_one_good_one_is_enough_and_few_are_tried(names):
    raw = signed(letter(), "city.example")
    assert judge(names, signed(raw, "evil.example")) == "signed"
    bad = b"".join(
        f"DKIM-Signature: v=1; a=rsa-sha256; d=city.example; s=no{n}; h=from; bh=AAAA; b=AAAA\r\n".encode() for n in range(50)
    )
    assert judge(names, bad + raw) == "broken"
    assert len(names.asked) <= 2 + 1 + 5


def test_silence_is_not_called_a_bad_signature(names):
    names.silent = True
    assert judge(names, signed(letter(), "city.example"), seconds=0.3) == "no-answer"


def test_no_mail_makes_us_ask_for_ever(names):
    records = Records([names.address], most=3)
    for _ in range(3):
        records.all("a.example")
    with pytest.raises(TooManyQuestions):
        records.all("a.example")
    assert len(names.asked) == 3


def test_time_for_all_questions_together_is_bounded(names):
    moments = iter([0.0, 9.0])
    records = Records([names.address], seconds=8.0, now=lambda: next(moments))
    assert records.all("a.example") == [] and records.silent and not names.asked


async def read(names, raw, **choices):
    config = replace(CONFIG, authserv_id=None, check_signatures=True, dns_servers=(names.address,))
    reader = Reader(replace(config, **choices))
    try:
        return await reader.read(raw, {"rcpt_to": [REPLY]})
    finally:
        await reader.close()


async def test_the_reading_process_checks_it(names):
    good = await read(names, signed(letter(), "city.example"))
    assert good.proven and good.facts["identity"] == "signed"
    bad = await read(names, letter())
    assert not bad.proven and bad.facts["identity"] == "unsigned"


async def test_a_recipient_only_the_envelope_knows_is_not_signed(names):
    item = await read(names, signed(letter(to="x@elsewhere.example"), "city.example"))
    assert item.tokens == (TOKEN,) and not item.proven and item.facts["identity"] == "other-letter"


async def test_where_a_border_server_judges_no_signature_counts(names):
    raw = signed(letter(), "city.example")
    assert not (await read(names, raw, authserv_id="mx.rrm.example")).proven
    assert not (await read(names, raw, check_signatures=False)).proven
    assert not names.asked


async def test_a_doubtful_mail_is_not_checked(names):
    item = await read(names, signed(letter(subject="=?utf-8?q?a=0Ab?="), "city.example"))
    assert item.held and not item.proven and not names.asked


def test_what_the_border_server_did_is_written_down():
    passed = f"Authentication-Results: {CONFIG.authserv_id}; dmarc=pass header.from=city.example\n".encode()
    refused = f"Authentication-Results: {CONFIG.authserv_id}; dmarc=fail header.from=city.example\n".encode()
    said = [understood(field + mail()).facts["identity"] for field in (passed, refused, b"")]
    assert said == ["border", "border-refused", "border-silent"]
