"""Attacks 18-28: bytes made to break whoever reads them, by the front door (LMTP). Kept, bounded, and the next mail is served."""

import asyncio
import base64
import io
import itertools
import random
import smtplib
import zipfile

import pytest
from sqlalchemy import select
from sqlalchemy.orm import undefer

from routing.models import Attachment, InboxMessage
from tests.stories.attacks import OURS, WORDS, all_arrived, arrived, judged_since, mail, newest, passed
from tests.world import OTHER_QUESTION

pytestmark = pytest.mark.asyncio(loop_scope="session")
SENDER = "desk@bytes.example"
_numbers = itertools.count(1)


async def served(town, case):
    """An ordinary answer is still understood, and no odd mail was lost on the way."""
    row = await arrived(town, mail(case.expert, "Thanks!", to=case.reply_to), case.expert, case.reply_to)
    assert row.outcome == "thanks noted"


async def taken(town, raw, *recipients):
    """The stored row, with its bytes as they came; each from a desk of its own, as nobody writes so many mails in a minute."""
    domain = f"bytes{next(_numbers)}.example"
    raw = passed(domain) + raw.replace(SENDER.encode(), f"desk@{domain}".encode())
    row = (await all_arrived(town, raw, f"desk@{domain}", *recipients))[-1]
    with town.store.snapshot() as session:
        stored = session.scalars(select(InboxMessage).where(InboxMessage.id == row.id).options(undefer(InboxMessage.raw))).one()
        assert stored.raw.rstrip() == raw.rstrip(), "kept as it came"
    return row


# ------------------------------------------------------------------ 18: headers that become two

BREAKS = [
    ("CR LF in an encoded subject", dict(subject="=?utf-8?q?Hi=0D=0ABcc:_evil@x.example?=")),
    ("LF in an encoded subject", dict(subject="=?utf-8?q?Hi=0ABcc:_evil@x.example?=")),
    ("... in base64", dict(subject=f"=?utf-8?b?{base64.b64encode(b'Hi' + bytes([13, 10]) + b'Bcc: evil@x.example').decode()}?=")),
    ("NEL", dict(subject="=?utf-8?q?Hi=C2=85Bcc:_evil@x.example?=")),
    ("a line separator", dict(subject="=?utf-8?q?Hi=E2=80=A8Bcc:_evil@x.example?=")),
    ("a folded subject", dict(subject="Hi\r\n Bcc: evil@x.example")),
    ("CR LF in the sender's name", dict(sender=f"=?utf-8?q?Desk=0D=0ABcc:_evil@x.example?= <{SENDER}>")),
    ("CR LF in an encoded Message-ID", dict(Message_ID="<=?utf-8?q?a=0D=0ABcc:_evil@x.example?=@x.example>")),
]


@pytest.mark.parametrize("fields", [row[1] for row in BREAKS], ids=[f"18 {row[0]}" for row in BREAKS])
async def test_no_header_of_ours_is_made_by_a_stranger(besieged, open_case, fields):
    told = {"sender": SENDER} | fields
    before = len(besieged.mail.mails)
    await taken(besieged, mail(told.pop("sender"), OTHER_QUESTION, **told))
    await besieged.until(lambda: not [one for one in besieged.outbox() if one.state in ("queued", "claimed")])
    for sent in besieged.mail.mails[before:]:
        head = sent.data.partition(b"\r\n\r\n")[0].lower()
        assert b"\r\nbcc:" not in head and not any("evil" in recipient for recipient in sent.rcpt_to)
        assert head.count(b"\r\nsubject:") == 1 and b"\n" not in head.replace(b"\r\n", b"")
    await served(besieged, open_case)


# ------------------------------------------------------------------ 19: one mail that is two for the next server

ENDS = [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r\n.\r", b"\r.\r\n"]


@pytest.mark.parametrize("end", ENDS, ids=[f"19 {end!r}" for end in ENDS])
async def test_no_second_mail_is_smuggled_in(besieged, end):
    before = newest(besieged)
    first = mail(SENDER, "First.", subject="Outer").rstrip()
    smuggled = b"MAIL FROM:<evil@evil.example>\r\nRCPT TO:<" + OURS.encode() + b">\r\nDATA\r\n" + mail("evil@evil.example", WORDS)
    said = await asyncio.to_thread(_by_hand, besieged.lmtp_port, first + end + smuggled)
    rows = judged_since(besieged, before) + besieged.inbox(state="new")
    assert said.startswith(b"5") and rows == [], "a bare line end is refused, and nothing inside it is heard"


def _by_hand(port, text):
    with smtplib.LMTP("127.0.0.1", port, timeout=90) as server:
        server.ehlo_or_helo_if_needed()
        server.mail(SENDER)
        server.rcpt(OURS)
        server.putcmd("DATA")
        server.getreply()
        server.send(text + b"\r\n.\r\n")
        return str(server.getreply()[0]).encode()


async def test_19_a_dot_in_the_text_of_an_answer_stays_a_dot(besieged, case):
    await arrived(besieged, mail(case.expert, f"{WORDS}\n.\nMAIL FROM:<evil@evil.example>\n..\nEnd.", to=case.reply_to), case.expert, case.reply_to)
    await besieged.letter(case.asker, "shared it among five valleys")
    sent = [one for one in besieged.mail.mails if case.asker in one.rcpt_to and b"MAIL FROM:<evil" in one.data]
    assert len(sent) == 1 and not [one for one in besieged.mail.mails if one.mail_from == "evil@evil.example"]


# ------------------------------------------------------------------ 20-25, 27, 28: what makes readers hang, crash or swell


def of_parts(count):
    return mail(SENDER, b"--B\n\nx\n" * count + b"--B--\n", Content_Type='multipart/mixed; boundary="B"')


def nested(kind, depth):
    text = b"".join(f"--B{at}\nContent-Type: {kind}; boundary=B{at + 1}\n\n".encode() for at in range(depth))
    return mail(SENDER, text, Content_Type="multipart/mixed; boundary=B0")


def charset(name, text):
    return mail(SENDER, text, Content_Type=f"text/plain; charset={name}")


HARD = [
    ("20 a parameter name that hangs parsers", lambda: mail(SENDER, "x", Content_Type="text/plain; " + "a" * 20 + "*0*='*''=" + "\"" * 40)),
    ("20 continuations without end", lambda: mail(SENDER, "x", Content_Type="text/plain; " + "; ".join(f"a*{n}*=''x" for n in range(3000)))),
    ("22 a hundred thousand parts", lambda: of_parts(100_000)),
    ("23 a thousand multiparts in each other", lambda: nested("multipart/mixed", 1_000)),
    ("23 a thousand mails in each other", lambda: mail(SENDER, b"Content-Type: message/rfc822\n\n" * 1_000, Content_Type="message/rfc822")),
    ("24 thirty thousand in Cc", lambda: mail(SENDER, "x", Cc=",\r\n ".join(f"a{n}@b.example" for n in range(30_000)))),
    ("24 twenty thousand encoded words", lambda: mail(SENDER, "x", subject="\r\n ".join(["=?utf-8?q?a?="] * 20_000))),
    ("25 twenty megabytes in one line", lambda: mail(SENDER, base64.b64encode(bytes(12_000_000)), Content_Transfer_Encoding="base64")),
    ("27 an unknown charset", lambda: charset("x-klingon", b"caf\xe9")),
    ("27 utf-7", lambda: charset("utf-7", b"+ADw-script+AD4-")),
    ("27 idna", lambda: charset("idna", b"xn--" * 5000)),
    ("27 rot13", lambda: charset("rot13", b"Uryyb")),
    ("27 escapes of ISO-2022", lambda: charset("iso-2022-jp", b"\x1b$B\x1b(B\x1b$B~~\x1b")),
    ("27 overlong and lone surrogates", lambda: charset("utf-8", b"\xc0\xaf \xed\xa0\x80 \xf8\x88\x80\x80\x80")),
    ("27 NUL bytes", lambda: charset("utf-8", b"a\x00b\x00c")),
    ("27 gb2312 that is gb18030", lambda: charset("gb2312", "你好 €".encode("gb18030"))),
    ("28 'On a On a On a …' of a hundred kilobytes", lambda: mail(SENDER, "On a " * 20_000)),
    ("28 quote marks of a hundred kilobytes", lambda: mail(SENDER, "> " * 50_000)),
    ("28 dashes, underscores and spaces", lambda: mail(SENDER, ("-_ " * 10_000 + "\n") * 3)),
    ("28 HTML that never closes", lambda: mail(SENDER, "<div><blockquote>" * 20_000, Content_Type="text/html; charset=utf-8")),
]


@pytest.mark.parametrize("make", [row[1] for row in HARD], ids=[row[0] for row in HARD])
async def test_a_mail_that_hangs_crashes_or_swells_readers_is_kept_and_the_next_is_served(besieged, open_case, make):
    try:
        row = await taken(besieged, make())
    except smtplib.SMTPDataError as refusal:
        assert refusal.smtp_code in (500, 550, 552), "refused in words, so that its sender knows"
    except smtplib.SMTPRecipientsRefused as refusal:
        assert all(code in (500, 550, 552) for code, _ in refusal.recipients.values())
    else:
        assert row.state in ("handled", "held", "ignored") and (row.state != "held" or row.reason)
    await served(besieged, open_case)


async def test_21_mails_with_random_damage_become_values_or_are_held(besieged, open_case):
    whole = mail(SENDER, f"--B\n\n{WORDS}\n--B\nContent-Type: text/html\n\n<p>{WORDS}</p>\n--B--\n", Content_Type='multipart/alternative; boundary="B"')
    chance = random.Random(21)
    damaged = {damage(whole, chance) for _ in range(40)}
    before = newest(besieged)
    for raw in damaged:
        await all_arrived(besieged, raw, SENDER)
    rows = judged_since(besieged, before)
    assert len(rows) == len(damaged) and not [row for row in rows if row.rule == "poison"]
    await served(besieged, open_case)


def damage(raw, chance):
    """Some bytes turned, a piece cut out or doubled; line ends stay whole, since the door takes no others."""
    kept = bytearray(raw)
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(kept))
        if kept[at] not in b"\r\n":
            kept[at] = chance.choice([*range(1, 10), 11, *range(14, 256)])
    a, b = sorted(chance.sample(range(len(kept)), 2))
    piece = bytes(kept[a:b]) * chance.choice([0, 1, 1, 2])
    text = bytes(kept[:a]) + piece + bytes(kept[b:])
    return b"\r\n".join(line.replace(b"\r", b"").replace(b"\n", b"") for line in text.split(b"\r\n")) + b"\r\n"


async def test_25_fifty_megabytes_are_refused_by_their_announced_size_and_by_their_real_one(besieged, open_case):
    before = newest(besieged)
    assert await asyncio.to_thread(_announce, besieged.lmtp_port, 50 * 1024 * 1024) == 552
    huge = mail(SENDER, (b"x" * 900 + b"\n") * 30_000)
    with pytest.raises((smtplib.SMTPDataError, smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused)) as refusal:
        await asyncio.to_thread(_whole, besieged.lmtp_port, huge)
    assert "552" in str(refusal.value) and newest(besieged) == before
    await served(besieged, open_case)


def _announce(port, size):
    with smtplib.LMTP("127.0.0.1", port, timeout=90) as server:
        server.ehlo_or_helo_if_needed()
        return server.mail(SENDER, [f"SIZE={size}"])[0]


def _whole(port, raw):
    with smtplib.LMTP("127.0.0.1", port, timeout=90) as server:
        server.sendmail(SENDER, [OURS], raw)


# ------------------------------------------------------------------ 26: what explodes when it is opened


def bomb(name="zeros.bin"):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, bytes(20_000_000))
    return packed.getvalue()


FILES = [
    ("a zip bomb", "reply.zip", "application/zip", bomb),
    ("a document that is one", "plan.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", lambda: bomb("word/document.xml")),
    ("a table that is one", "plan.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", lambda: bomb("xl/sheet1.xml")),
    ("a picture of 50,000 points square", "photo.png", "image/png",
     lambda: b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\xc3\x50\x00\x00\xc3\x50\x08\x06\x00\x00\x00" + bytes(64)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "kind", "make"), [row[1:] for row in FILES], ids=[f"26 {row[0]}" for row in FILES])
async def test_what_explodes_is_kept_and_never_opened(besieged, open_case, name, kind, make):
    content = make()
    coded = base64.encodebytes(content).decode()
    text = f'--B\n\n{WORDS}\n--B\nContent-Type: {kind}\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="{name}"\n\n{coded}--B--\n'
    row = await taken(besieged, mail(SENDER, text, Content_Type='multipart/mixed; boundary="B"'))
    with besieged.store.snapshot() as session:
        stored = session.scalars(select(Attachment).where(Attachment.inbox_id == row.id).options(undefer(Attachment.content))).all()
    assert [one.content for one in stored] in ([content], []), "as it came, or left in the raw mail"
    assert len(content) < 100_000
    await served(besieged, open_case)
