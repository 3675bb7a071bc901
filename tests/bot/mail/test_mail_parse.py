"""From bytes to a value: charsets, encodings, parts, files, wrappings, tokens, bounds."""

from __future__ import annotations

import base64
import hashlib
import struct
from datetime import UTC, datetime

import pytest

from bot.mail.charsets import codec_for, decode
from bot.mail.config import MailConfig
from bot.mail.dates import last_day_away
from bot.mail.filenames import safe_name
from bot.mail.headers import decode_words, loose_base64, split_headers, split_value
from bot.mail.mime import MAX_DEPTH, MAX_PARTS, TooMuch, decode_transfer, read_tree, uudecode
from bot.mail.parse import read
from bot.mail.tokens import tokens_in
from bot.mail.wrapped import read_signed, read_tnef, unflow, without_pgp_armour
from routing.values import Kind, Unreadable
from tests.bot.mail.making import CONFIG, TOKEN, mail, mail_of, multipart, reply_to_us, understood

TEXTS = [
    ("Καλημέρα κόσμε", "iso-8859-7", "iso-8859-7"), ("Καλημέρα “κόσμε”", "windows-1253", "cp1253"), ("Bună ziua, ţară", "iso-8859-2", "iso-8859-2"), ("İğüşöç ığdır", "iso-8859-9", "cp1254"),
    ("Čćžšđ", "windows-1250", "cp1250"), ("Привет", "koi8-r", "koi8-r"), ("Grüße – „so“", "iso-8859-1", "cp1252"), ("naïve €", "us-ascii", "cp1252"), ("日本語のテスト", "iso-2022-jp", "iso2022_jp"),
    ("中文€", "gb2312", "gb18030"), ("한국어", "ks_c_5601-1987", "cp949"), ("日本", "shift_jis", "cp932"), ("繁體", "big5", "big5"), ("Città", "utf-8", "utf-8"), ("Città", "utf8", "utf-8"),
    ("Città", "x-unknown", "utf-8"), ("Città", "unknown-8bit", "cp1252"), ("Città", "", "utf-8"), ("Città", "no-such-thing", "cp1252"), ("Città", "iso-8859-1", "utf-8"), ("Città", "us-ascii", "utf-8"),
    ("Città", '"UTF-8"', "utf-8"), ("Città", "unicode-1-1-utf-8", "utf-8"), ("Città", "utf-16", "utf-16"), ("Città", "macintosh", "mac_roman"), ("Città", "utf-8", "cp1252"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "claimed", "real"), TEXTS)
@pytest.mark.parametrize("coding", ["8bit", "base64", "quoted-printable"])
def test_charsets_and_encodings(text, claimed, real, coding):
    import quopri

    data = text.encode(real)
    coded = {"8bit": data, "base64": base64.encodebytes(data), "quoted-printable": quopri.encodestring(data)}[coding]
    head = f"From: a@b.example\nSubject: x\nContent-Type: text/plain; charset={claimed}\nContent-Transfer-Encoding: {coding}\n\n"
    if real == "utf-16" and coding == "8bit":
        pytest.skip("NULs and line ends of UTF-16 need an encoding")
    assert understood(head.encode() + coded).text == text


@pytest.mark.parametrize("name", ["utf-7", "idna", "rot13", "rot_13", "hex", "zip", "bz2", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "base64", "uu", "no such", "utf-8\x00", "x" * 500])
def test_codecs_that_are_no_charsets_are_never_run(name):
    assert codec_for(name) == ""
    assert decode("+ADw-script+AD4- caf\u00e9".encode(), name) == "+ADw-script+AD4- café"


@pytest.mark.parametrize("data", [b"\xed\xa0\x80", b"\xc0\xaf", b"\x00a\x00", b"\xff\xfe", b"\xfe\xff\x00", b"\x1b$B\x00\xff", b"\xff" * 10, b"\xe2\x82", "ok é".encode() * 30 + b"\xe2"])
def test_broken_bytes_become_clean_text(data):
    for claimed in ("utf-8", "utf-16", "iso-2022-jp", "gb2312", "hz", None):
        text = decode(data, claimed)
        assert "\x00" not in text
        text.encode("utf-8")


WORDS = [
    ("=?utf-8?Q?Caf=C3=A9?=", "Café"), ("=?utf-8?B?Q2Fmw6k=?=", "Café"), ("=?UTF-8?b?Q2Fmw6k?=", "Café"), ("=?utf-8?q?a?= =?utf-8?q?b?=", "ab"), ("=?utf-8?q?a?= b", "a b"), ("x =?utf-8?q?a?=", "x a"),
    ("=?utf-8?q?=C3?= =?utf-8?q?=A9?=", "é"), ("=?iso-8859-1*de?q?Gr=FC=DFe?=", "Grüße"), ('"=?utf-8?q?quoted?="', '"quoted"'), ("plain", "plain"),
    ("=?x?q?y?=", "y"), ("=?utf-8?z?y?=", "=?utf-8?z?y?="), ("=?utf-8?q?a", "=?utf-8?q?a"), ("Città".encode().decode("latin-1"), "Città"), ("=?gb2312?B?1tDOxA==?=", "中文"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "text"), WORDS)
def test_encoded_words(value, text):
    assert decode_words(value) == text


VALUES = [
    ("text/plain; charset=utf-8", ("text/plain", {"charset": "utf-8"})),
    ('Multipart/Mixed; boundary="a;b\\"c"', ("multipart/mixed", {"boundary": 'a;b"c'})),
    ("x/y; name*=utf-8''Caf%C3%A9.pdf", ("x/y", {"name": "Café.pdf"})),
    ("x/y; name*0=abc; name*1=def", ("x/y", {"name": "abcdef"})),
    ("x/y; name*1*=%C3%A9; name*0*=iso-8859-1''caf", ("x/y", {"name": "café"})),
    ("x/y; name==?utf-8?q?Caf=C3=A9?=", ("x/y", {"name": "Café"})),
    ("x/y; charset=utf-8 (comment)", ("x/y", {"charset": "utf-8"})),
    ("x/y; charset='utf-8'", ("x/y", {"charset": "utf-8"})),
    ("x/y; ; =z; lonely", ("x/y", {})),
    ('x/y; a="open', ("x/y", {"a": "open"})),
    ("x/y; '=1; 'a'='b", ("x/y", {"'": "1", "'a'": "b"})),
    ("", ("", {})),
]


@pytest.mark.parametrize(("value", "found"), VALUES)
def test_parameters(value, found):
    assert split_value(value) == found


def test_headers_of_all_sorts():
    headers = split_headers(b" lost\r\nA: 1\r\n 2\r\nb:3\rnonsense\nC :4\nA: 5")
    assert headers.all("a") == ["1 2", "5"]
    assert (headers.raw("b"), headers.raw("c"), headers.raw("none"), headers.has("c")) == ("3", "4", "", True)
    assert len(split_headers(b"X: y\n" * 5_000).fields) == 1_000


@pytest.mark.parametrize(("data", "out"), [(b"QUJD", b"ABC"), (b"QUJDRA", b"ABCD"), (b"QUJD=", b"ABC"), (b"Q U\nJ!D", b"ABC"), (b"QUJDR", b"ABC"), (b"", b""), (b"====", b"")])
def test_loose_base64(data, out):
    assert loose_base64(data) == out


def test_transfer_encodings_as_they_come():
    assert decode_transfer(b"QUJD\n--\nSent by a list footer here\n", "BASE64 ") == b"ABC"
    assert decode_transfer(b"QUI=\nQUJD", "base64") == b"AB"
    assert decode_transfer(b"a=\t \nb=3D", '"quoted-printable"; x') == b"ab="
    assert decode_transfer(b"x", "8bit (really)") == b"x"
    assert decode_transfer(b"begin 644 a\n#0V%T\n`\nend\n", "x-uuencode") == b"Cat"
    assert uudecode(b"begin 644 a b.txt\r\n#0V%T\r\n\x7f\x7f\x7f\r\nend") == (b"Cat", "a b.txt")
    assert uudecode(b"nothing") == (b"nothing", "")


# ------------------------------------------------------------------------------------------- bodies

PLAIN = "Content-Type: text/plain; charset=utf-8\n\nThe city pays half."
PAGE = "Content-Type: text/html; charset=utf-8\n\n<p>The city pays <b>half</b>.</p>"
FILE = 'Content-Type: application/pdf; name="a.pdf"\nContent-Disposition: attachment; filename="a.pdf"\nContent-Transfer-Encoding: base64\n\nJVBERg=='

BODIES = [
    (multipart("alternative", PLAIN, PAGE), "The city pays half.", 0),
    (multipart("alternative", PAGE), "The city pays half.", 0),
    (multipart("alternative", "Content-Type: text/plain\n\nThis mail is HTML.", PAGE.replace("half", "half of all wages in the first year and a third later on")), "The city pays half of all wages in the first year and a third later on.", 0),
    (multipart("mixed", PLAIN, FILE), "The city pays half.", 1),
    (multipart("mixed", FILE, PLAIN), "The city pays half.", 1),
    (multipart("mixed", PLAIN, FILE, "Content-Type: text/plain\n\nAnd the chamber trains."), "The city pays half.\n\nAnd the chamber trains.", 1),
    (multipart("mixed", PAGE, FILE, "Content-Type: text/plain\n\nAnd the chamber trains."), "The city pays half.\n\nAnd the chamber trains.", 1),
    (multipart("mixed", PLAIN, 'Content-Type: text/plain; name="notes.txt"\nContent-Disposition: attachment\n\nnotes'), "The city pays half.", 1),
    (multipart("mixed", 'Content-Type: text/plain; name="body.txt"\n\nThe city pays half.'), "The city pays half.", 1),
    (multipart("mixed", 'Content-Type: text/html; name="body.html"\n\n<p>The city pays half.'), "The city pays half.", 1),
    (multipart("signed", PLAIN, "Content-Type: application/pgp-signature\n\nabc"), "The city pays half.", 0),
    (multipart("appledouble", "Content-Type: application/applefile\n\nx", PLAIN), "The city pays half.", 0),
    (multipart("mixed", "Content-Type: message/rfc822\n\nFrom: x@y.example\nSubject: inner\n\nThe city pays half."), "The city pays half.", 1),
    (multipart("mixed", "Content-Type: text/enriched\n\n<bold>The</bold> city <<pays> half.<param>x</param>"), "The city <pays> half.", 0),
    (multipart("related", PAGE, 'Content-Type: image/png; name="logo.png"\nContent-ID: <a>\n\nx'), "The city pays half.", 1),
    (multipart("alternative", PLAIN, "Content-Type: text/x-amp-html\n\n<html amp>"), "The city pays half.", 0),
    ({"body": "The city pays half.", "content_type": "multipart/mixed"}, "The city pays half.", 0),
    ({"body": "--abc\nContent-Type: text/plain\n\nThe city pays half.\n--abc--", "content_type": "multipart/mixed"}, "The city pays half.", 0),
    ({"body": "--XX\nContent-Type: text/plain\n\nThe city pays half.", "content_type": 'multipart/mixed; boundary="XX"'}, "The city pays half.", 0),
    ({"body": "--XX\n\nThe city pays half.\n--XX--\nepilogue", "content_type": "multipart/mixed; boundary=XX"}, "The city pays half.", 0),
    ({"body": "--XX \r\nContent-Type: text/plain\r\n\r\nThe city pays half.\r\n--XX--", "content_type": "multipart/mixed; boundary=XX"}, "The city pays half.", 0),
    ({"body": "The city pays half.", "content_type": "text"}, "The city pays half.", 0),
    ({"body": "The city pays half.", "content_type": "nonsense"}, "The city pays half.", 0),
    ({"body": "<html><p>The city pays half.", "content_type": "text/plain"}, "The city pays half.", 0),
    ({"body": "<p>The city pays half.", "content_type": "html"}, "The city pays half.", 0),
    ({"body": '<html><head><meta charset="iso-8859-7"></head><p>The city pays half.', "content_type": "text/html"}, "The city pays half.", 0),
    ({"body": "The city pays \nhalf.", "content_type": "text/plain; format=flowed"}, "The city pays half.", 0),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "text", "files"), BODIES)
def test_bodies(parts, text, files):
    item = understood(mail_of(parts))
    assert (item.text.replace("\n\n\n", "\n\n"), len(item.attachments)) == (text, files)


def test_digest_parts_are_mails():
    item = understood(mail_of(multipart("digest", "\nFrom: a@b.example\nSubject: one\n\ntext one", "\nFrom: a@b.example\n\ntext two")))
    assert [file.media_type for file in item.attachments] == ["message/rfc822"] * 2


def test_mails_with_odd_beginnings():
    for start in (b"From someone Mon May 5\n", b"\n\n", b"\xef\xbb\xbf", b">From x\n"):
        assert understood(start + mail("Hi")).text == "Hi"
    assert understood(mail("Hi").replace(b"\n", b"\r\n")).text == "Hi"
    assert understood(b"From: a@b.example\nSubject: x\nno field here\nmore text").text.startswith("no field here")
    assert understood(b"\nonly a body").text == "only a body"
    assert "no text" in understood(b"").review
    assert understood(b"Subject: only headers").subject == "only headers"


NAMES = [
    ("../../etc/passwd", "passwd"), ("C:\\temp\\a.doc", "a.doc"), ("a\x00b.txt", "ab.txt"), ("\u202egpj.exe", "gpj.exe"), (".htaccess", "htaccess"), ("a\r\nb.txt", "ab.txt"), ("", "file"), ("...", "file"),
    ("CON", "_CON"), ("con.txt", "_con.txt"), ("a" * 400 + ".pdf", "a" * 110 + ".pdf"), ("a" * 400, "a" * 120), ("été – 2025.pdf", "été – 2025.pdf"), ("a\u200b.ht\u200baccess", "a.htaccess"), ('a<b>:"c|?*.txt', "a_b___c___.txt"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "safe"), NAMES)
def test_file_names(name, safe):
    assert safe_name(name) == safe


def _tnef(*attributes: tuple[int, bytes]) -> bytes:
    body = b"".join(b"\x01" + struct.pack("<II", attribute, len(data)) + data + b"\x00\x00" for attribute, data in attributes)
    return struct.pack("<IH", 0x223E9F78, 1) + body


def _property(kind: int, tag: int, data: bytes) -> bytes:
    return struct.pack("<HHII", kind, tag, 1, len(data)) + data + b"\x00" * (-len(data) % 4)


def test_winmail_dat():
    properties = struct.pack("<I", 5) + struct.pack("<HHI", 0x03, 0x3000, 7) + struct.pack("<HH", 0x03, 0x8001) + b"g" * 16 + struct.pack("<III", 0, 5, 9) + struct.pack("<HH", 0x0B, 0x8002) + b"g" * 16 + struct.pack("<II", 1, 4) + b"name" + struct.pack("<I", 1)
    properties += _property(0x1F, 0x1000, "Antwort über alles".encode("utf-16-le")) + _property(0x102, 0x1013, b"<p>Antwort</p>") + struct.pack("<HH", 0x99, 1)
    data = _tnef((0x9007, struct.pack("<II", 1252, 0)), (0x9003, properties), (0x9002, b"r"), (0x8010, b"plan.doc\x00"), (0x800F, b"content"), (0x9002, b"r"))
    found = read_tnef(data)
    assert (found.text, found.html, found.files) == ("Antwort über alles", "<p>Antwort</p>", (("plan.doc", b"content"),))
    part = "Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes(data).decode()
    item = understood(mail_of(multipart("mixed", part)))
    assert (item.text, [file.name for file in item.attachments]) == ("Antwort über alles", ["plan.doc"])
    assert read_tnef(_tnef((0x800C, b"Body\x00"))).text == "Body"
    assert read_tnef(b"no") is None
    assert read_tnef(data[:60]) is not None
    assert read_tnef(_tnef((0x9003, struct.pack("<IHH", 1, 0x03, 0x8001)))).text == ""
    broken = understood(mail_of(multipart("mixed", PLAIN, "Content-Type: application/ms-tnef\n\nnonsense")))
    assert [file.name for file in broken.attachments] == ["winmail.dat"]


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    return bytes([tag]) + (bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")) + content


def _cms(inner: bytes, oid: str = "06092a864886f70d010701") -> bytes:
    return _der(0x30, bytes.fromhex("06092a864886f70d010702") + _der(0xA0, _der(0x30, _der(0x30, bytes.fromhex(oid) + _der(0xA0, _der(0x04, inner))) + b"\x31\x00")))


def test_opaque_signature():
    inner = PLAIN.encode() + b"!" * 300
    assert read_signed(_cms(inner)) == inner
    pieces = bytes.fromhex("06092a864886f70d010701") + b"\xa0\x80\x24\x80" + _der(0x04, inner[:100]) + _der(0x04, inner[100:]) + b"\x00\x00"
    assert read_signed(pieces) == inner
    assert read_signed(b"nonsense") is None
    assert read_signed(bytes.fromhex("06092a864886f70d010701") + b"\x04") is None
    item = understood(mail(base64.encodebytes(_cms(inner)).decode(), content_type="application/pkcs7-mime; smime-type=signed-data", content_transfer_encoding="base64"))
    assert item.text.startswith("The city pays half.")


def test_a_signature_around_many_parts_is_bounded():
    inner = ("Content-Type: multipart/mixed; boundary=a\n\n" + "--a\n\nx\n" * 150 + "--a--").encode()
    raw = mail(base64.encodebytes(_cms(inner)).decode(), content_type="application/pkcs7-mime", content_transfer_encoding="base64")
    assert "too many parts" in understood(raw).reason


@pytest.mark.parametrize(
    "raw",
    [
        mail(base64.b64encode(bytes.fromhex("06092a864886f70d010703")).decode(), content_type="application/pkcs7-mime; smime-type=enveloped-data", content_transfer_encoding="base64"),
        mail_of(multipart("encrypted", "Content-Type: application/pgp-encrypted\n\nVersion: 1", "Content-Type: application/octet-stream\n\nx")),
        mail("-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----"),
    ],
)
def test_encrypted_mail_is_held(raw):
    assert "encrypted" in understood(raw).held


def test_pgp_armour():
    signed = "Before\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n- - one\n- two\nthree\n-----BEGIN PGP SIGNATURE-----\nabc\n-----END PGP SIGNATURE-----\nAfter"
    assert without_pgp_armour(signed) == "Before\n- one\n- two\nthree\nAfter".replace("- two", "- two")
    assert without_pgp_armour("x -----BEGIN PGP SIGNED MESSAGE-----") == "x -----BEGIN PGP SIGNED MESSAGE-----"
    assert without_pgp_armour(signed.split("-----END")[0]).endswith("three")


def test_uuencoded_file_in_the_text():
    item = understood(mail("See below.\n\nbegin 644 cat.txt\n#0V%T\n`\nend\n\nBye"))
    assert (item.text.split(), item.attachments[0].name, item.attachments[0].content) == (["See", "below.", "Bye"], "cat.txt", b"Cat")
    assert understood(mail("We begin 644 projects\nand end")).attachments == ()


def test_format_flowed():
    assert unflow("one \ntwo\n> three \n> four\n>> five\n-- \nme", delsp=False) == "one two\n> three four\n>> five\n-- \nme"
    assert unflow("日 \n本", delsp=True) == "日本"
    assert unflow("torn \n> other", delsp=False) == "torn \n> other"
    assert unflow("end ", delsp=False) == "end "


# ------------------------------------------------------------------------------------------- tokens, threads, facts

RECIPIENTS = [
    {"to": f"reply+{TOKEN}@rrm.example"}, {"to": f"Desk <REPLY+{TOKEN.upper()}@RRM.Example>"}, {"to": f"'reply+{TOKEN}@rrm.example'"}, {"to": f'"reply+{TOKEN}"@rrm.example'},
    {"cc": f"x@y.example, <reply+{TOKEN}@rrm.example>"}, {"delivered_to": f"reply+{TOKEN}@rrm.example"}, {"x_original_to": f"reply+{TOKEN}@rrm.example"}, {"resent_to": f"reply+{TOKEN}@rrm.example"},
    {"envelope_to": f"reply+{TOKEN}@rrm.example"}, {"x_envelope_to": f"<reply+{TOKEN}@rrm.example>"}, {"received": f"from a by b for <reply+{TOKEN}@rrm.example>; Mon"}, {"to": f"=?utf-8?q?Desk?= <reply+{TOKEN}@rrm.example>"},
    {"to": f"reply%2B{TOKEN}@rrm.example"}, {"to": f"reply--{TOKEN}@rrm.example"}, {"to": f"reply+{TOKEN[:14]}-{TOKEN[14:]}@rrm.example"},
]  # fmt: skip


@pytest.mark.parametrize("fields", RECIPIENTS)
def test_tokens_in_recipients(fields):
    assert understood(mail(**fields)).tokens == (TOKEN,)


@pytest.mark.parametrize("envelope", [{"rcpt_to": [f"reply+{TOKEN}@rrm.example"]}, {"recipients": (f"reply+{TOKEN}@rrm.example",)}, {"to": f"<reply+{TOKEN}@rrm.example>"}])
def test_tokens_in_the_envelope_come_first(envelope):
    other = "0" * 28
    assert understood(mail(to=f"reply+{other}@rrm.example"), envelope=envelope).tokens == (TOKEN, other)


@pytest.mark.parametrize("address", ["reply@rrm.example", f"reply+{TOKEN}@evil.example", f"reply+{TOKEN}@rrm.example.evil.example", f"xreply+{TOKEN}@rrm.example", "reply+@rrm.example"])
def test_what_is_no_token(address):
    assert understood(mail(to=address)).tokens == ()


def test_subjects_never_name_a_token():
    assert understood(mail(subject=f"Re: reply+{TOKEN}@rrm.example ref:{TOKEN}")).tokens == ()


@pytest.mark.parametrize("body", [f"Yes.\n\n> -- please reply above this line -- ref:{TOKEN}", f"Yes.\n\nref:{TOKEN.upper()}", f"Yes.\n\nOn 5 May 2025 at 10:04, Desk <reply+{TOKEN}@rrm.example> wrote:\n> x"])
def test_tokens_in_the_text(body):
    assert understood(mail(body)).facts["body_tokens"] == [TOKEN]


def test_tokens_survive_html():
    assert understood(mail(f"<p>Yes.</p><blockquote type=cite>-- x -- ref:{TOKEN}</blockquote>", content_type="text/html")).facts["body_tokens"] == [TOKEN]
    assert tokens_in("nothing", CONFIG) == []


def test_threads():
    item = understood(mail(in_reply_to="<b@x.example>", references="<a@x.example>\n <b@x.example> junk <c@x.example>"))
    assert item.references == ("<b@x.example>", "<c@x.example>", "<a@x.example>")
    assert len(understood(mail(references=" ".join(f"<{n}@x.example>" for n in range(500)))).references) == 100


def test_fields_of_the_value():
    item = understood(mail("Hi", cc="c@d.example", content_language="it-IT", reply_to="r@s.example", disposition_notification_to="x@y.example"))
    assert (item.channel, item.kind, item.rule, item.sender, item.sender_name) == ("email", Kind.MESSAGE, "question", "desk@city.example", "Desk of City")
    assert item.recipients == ("questions@rrm.example", "c@d.example")
    assert item.sent_at == datetime(2025, 5, 5, 8, 0, tzinfo=UTC)
    assert (item.language_hint, item.message_id, item.facts["reply_to"], item.facts["wants_receipt"]) == ("it", "<m1@city.example>", ["r@s.example"], True)
    assert understood(mail(x_rrm_role="admin", x_zammad_ticket_id="1")).facts.keys() == understood(mail()).facts.keys()


@pytest.mark.parametrize("value", ["", "yesterday", "Mon, 99 Foo 2025", "Mon, 05 May 99999 10:00:00 +0000", "Mon, 05 May 2025 10:00:00 +9999999"])
def test_dates_that_are_none(value):
    assert understood(mail(date=value)).sent_at is None


def test_a_date_without_a_zone_counts_as_utc():
    assert understood(mail(date="Mon, 05 May 2025 10:00:00 -0000")).sent_at == datetime(2025, 5, 5, 10, 0, tzinfo=UTC)


def test_fingerprints():
    raw = mail("Hello")
    same = b"Received: from x by y\r\nDelivered-To: z@rrm.example\r\n" + raw.replace(b"\n", b"\r\n")
    assert understood(raw).fingerprint == understood(same).fingerprint
    assert understood(raw).fingerprint != understood(mail("Hello there")).fingerprint
    assert len(understood(raw).fingerprint) == len(hashlib.sha256().hexdigest())


def test_versions_that_say_different_things_go_to_review():
    long = "The programme pays a third of the wage for every apprentice who stays for longer than a year in one of the firms of the region, says the law. " * 2
    page = f"<p>{long}</p>"
    text = f"The city pays half of it and everybody who wants may come and ask for it at our desk.\n\nFrom: a <a@b.example>\nSent: 5 May 2025 10:00\nTo: x\nSubject: y\n\n{long}"
    item = understood(mail_of(multipart("alternative", f"Content-Type: text/plain\n\n{text}", f"Content-Type: text/html\n\n{page}")))
    assert "different things" in item.review
    doubtful = understood(mail_of(multipart("alternative", "Content-Type: text/plain\n\n> The city pays half.", PAGE)))
    assert (doubtful.text, doubtful.review) == ("The city pays half.", None)


# ------------------------------------------------------------------------------------------- bounds

BOUNDS = [
    (b"x" * (25 * 1024 * 1024 + 1), "25 MiB"),
    (b"X: " + b"y" * 70_000 + b"\n\nbody", "64 KiB"),
    (mail(to=", ".join(f"a{n}@b.example" for n in range(101))), "100 addresses"),
    (mail(subject="=?utf-8?q?a?= " * 2_001), "encoded words"),
    (mail_of(multipart("mixed", *["Content-Type: text/plain\n\nx"] * (MAX_PARTS + 1))), "200 parts"),
    (mail_of(multipart("mixed", *["Content-Type: text/plain\n\nx"] * 100_000)), "200 parts"),
    (b"From: a@b.example\n" + b"Content-Type: message/rfc822\n\n" * 1_000, "20 deep"),
    (b"From: a@b.example\n" + b"".join(b"Content-Type: multipart/mixed; boundary=a%d\n\n--a%d\n" % (n, n) for n in range(1_000)), "20 deep"),
]


@pytest.mark.parametrize(("raw", "bound"), BOUNDS)
def test_bounds(raw, bound):
    item = understood(raw)
    assert isinstance(item, Unreadable)
    assert bound in item.reason


def test_many_parts_in_several_branches_are_counted_together():
    inner = multipart("mixed", *["Content-Type: text/plain\n\nx"] * 150)
    part = f"Content-Type: {inner['content_type']}\n\n{inner['body']}".replace("XX", "YY")
    with pytest.raises(TooMuch):
        read_tree(mail_of(multipart("mixed", part, part)))
    assert MAX_DEPTH == 20


def test_a_long_text_is_read_in_part_and_says_so():
    item = understood(mail("word \n" * 300_000))
    assert "very long" in item.review
    item = understood(mail("<p>x</p>" * 300_000, content_type="text/html"))
    assert "very long" in item.review
    picture = '<img src="data:image/png;base64,' + "A" * 3_000_000 + '"><p>The city pays.</p>'
    assert (understood(mail(picture, content_type="text/html")).text, understood(mail(picture, content_type="text/html")).review) == ("The city pays.", None)


def test_the_mail_that_hangs_pythons_parser_is_just_a_mail():
    raw = b"From: a@b.example\nContent-Type: text/plain; " + b"name*0*0*0*=''x; " * 4 + b"\n\nHello"
    assert understood(raw).text == "Hello"


def test_a_fault_of_ours_does_not_stop_the_next_mail(monkeypatch):
    def broken(*_args, **_named):
        raise KeyError("fault")

    monkeypatch.setattr("bot.mail.parse.classify", broken)
    assert read(mail(), config=CONFIG, envelope={}) == Unreadable("email", "the mail could not be read (KeyError)")


def test_config_survives_json_and_knows_its_own():
    config = MailConfig(own_addresses=("a@b.example",), own_domains=("own.example",), trusted_senders=("city.example", "x@y.example"))
    assert MailConfig.from_json(config.to_json() | {"unknown": 1}) == config
    assert config.is_own("A@b.example") and config.is_own("z@own.example") and config.is_own("reply+x@rrm.example") and config.is_own("reply@rrm.example")
    assert not config.is_own("a@c.example") and not config.is_own("reply+x@other.example")
    assert config.is_trusted("d@city.example") and config.is_trusted("x@y.example") and not config.is_trusted("z@y.example")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("until 31 April 2025", None), ("until 14 May 2019", None), ("until 14 May", "2025-05-14"), ("until January 3rd", "2026-01-03"), ("bis 3.1.", "2026-01-03"), ("until 5/14/2025", "2025-05-14"), ("until 14/5/25", "2025-05-14"),
        ("until 2025-05-14", "2025-05-14"), ("call 0123 456 789", None), ("from 10:00 to 14:30", None), ("5 - 14 May 2025", "2025-05-14"), ("Away May 5, 2025. Back on May 20, 2025.", "2025-05-19"), ("no date", None), ("until 99.99.2025", None),
        ("De retour mardi 20", "2025-05-19"), ("Torno mercoledì 14", "2025-05-13"), ("until the 27th", "2025-05-27"), ("88/26 |\nNisam u uredu do 25. svibnja", "2025-05-25"), ("mardi 20 h", None), ("Monday 9am", None),
        ("Jestem na urlopie do 7 listopada", "2025-10-07"), ("Sarò nuovamente in ufficio il 12 maggio", "2025-05-11"), ("Back tomorrow, 20 % done", None),
    ],
)  # fmt: skip
def test_last_day_away(text, day):
    from datetime import date

    found = last_day_away(text, date(2025, 5, 5))
    assert (found.isoformat() if found else None) == day


def test_the_month_that_croatian_and_polish_name_alike():
    from datetime import date

    assert last_day_away("do 7 listopada", date(2025, 11, 3)) == date(2025, 11, 7)
    assert last_day_away("do 7. listopada", date(2025, 9, 3)) == date(2025, 10, 7)


def test_days_without_a_year_need_to_know_when_it_was_written():
    assert last_day_away("until 14 May", None) is None
    assert last_day_away("until 14 May 2025", None).isoformat() == "2025-05-14"


def test_a_question_and_a_reply_differ_by_what_they_name():
    assert understood(mail()).rule == "question"
    assert understood(reply_to_us("Yes.")).rule == "reply"


GMAIL_REACTION = "Content-Type: text/vnd.google.email-reaction+json; charset=utf-8\n\n"
QUOTED = "\n\nOn 5 May 2025 at 10:04, Network Desk <questions@rrm.example> wrote:\n> Who pays?\n"


@pytest.mark.parametrize(
    ("said", "text"),
    [('{"emoji": "👍", "version": 1}', "👍"), ('{"emoji": "❤️"}', "❤️"), ('{"emoji": "call me"}', "👍 Desk tapped"), ("[1", "👍 Desk tapped")],
)
def test_a_reaction_of_gmail_says_what_its_emoji_says(said, text):
    told = "Content-Type: text/plain; charset=utf-8\n\n👍 Desk tapped" + QUOTED
    item = understood(mail_of(multipart("alternative", told, GMAIL_REACTION + said), subject="Re: Q"))
    assert (item.text, item.review, item.attachments) == (text, None, ())
    assert "Who pays?" in item.cut


CERTIFIED = (
    "Content-Type: text/plain\n\nMessaggio di posta certificata\nIl messaggio originale è incluso in allegato.",
    "Content-Type: message/rfc822; name=postacert.eml\n\nFrom: verde@pec.comune.example\nContent-Type: text/plain; charset=utf-8\n\nUsiamo i bagolari.",
    "Content-Type: application/xml; name=daticert.xml\n\n<postacert/>",
)


@pytest.mark.parametrize(("kind", "sender"), [("posta-certificata", "verde@pec.comune.example"), ("errore", "posta-certificata@pec.gestore.example")])
def test_inside_an_envelope_of_italian_certified_mail(kind, sender):
    """What its provider says of the writer is not checked, so a person looks; but they see whose mail it is."""
    fields = {"sender": "posta-certificata@pec.gestore.example", "reply_to": "verde@pec.comune.example", "x_trasporto": kind}
    item = understood(mail_of(multipart("mixed", *CERTIFIED), **fields))
    assert (item.text, item.sender) == ("Usiamo i bagolari.", sender)
    assert (item.held is not None) is (kind == "posta-certificata")


def test_letters_in_utf_7_are_not_passed_on_as_they_are():
    item = understood(mail("+A6YDxQPEA7UDzQO/A8UDvAO1", content_type="text/plain; charset=utf-7"))
    assert item.held == "The mail is written in UTF-7, which is not read here."
    assert understood(mail("2 + 2 = 4", content_type="text/plain; charset=utf-7")).held is None
