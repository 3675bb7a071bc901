"""One story through real servers: Postfix carries our letters, Dovecot keeps the mail, their own reports come back to us."""

import asyncio
import contextlib
import email
import time
from email.policy import default
from random import Random

import pytest

from bot.channels.imap import ImapMailbox
from bot.channels.imap_settings import ImapSettings
from bot.channels.lmtp import ListenerSettings, MailListener
from bot.channels.smtp import SmtpSender
from bot.channels.smtp_settings import SmtpSettings
from bot.secrets import Secret
from routing.errors import Refused
from tests.fakes.smtp_peer import Script, SmtpPeer
from tests.fakes.waiting import running, until

pytestmark = pytest.mark.mta

TOKEN = "2f6k8m1n3p5q7r9s2t4v6w8x0y1z"
REPLY = f"desk+{TOKEN}@network.example"


class Desk:
    """A mailbox at Dovecot being read; what came in, by external id."""

    def __init__(self, servers, name, **settings):
        self.rows, self.calls, self.value, self.alerts = {}, [], None, []
        options = {"host": servers.host, "port": servers.imap_port, "user": servers.user(name)}
        options |= {"password": Secret(servers.password), "tls": "off-for-loopback", "backoff": (0.05, 0.2)} | settings
        self.mailbox = ImapMailbox(ImapSettings(**options), self, alert=self.alert, luck=Random(1))

    async def accept(self, external_id, raw, _envelope):
        self.calls.append(external_id)
        self.rows.setdefault(external_id, raw)
        return True

    async def load(self):
        return self.value

    async def save(self, value):
        self.value = dict(value)

    async def alert(self, code, _text):
        self.alerts.append(code)

    @property
    def mails(self):
        return [email.message_from_bytes(raw, policy=default) for raw in self.rows.values()]

    @contextlib.asynccontextmanager
    async def open(self):
        async with running(self.mailbox.listen(self.accept)):
            yield self


def letter(to, subject="A question for you"):
    lines = ["From: Desk <desk@network.example>", f"To: {to}", f"Reply-To: {REPLY}", f"Subject: {subject}"]
    lines += [f"Message-ID: <{subject.replace(' ', '-')}@network.example>", "Date: Mon, 01 Jun 2026 09:00:00 +0000", ""]
    return "\r\n".join([*lines, "How do you do it?", ".", "A line after a dot.", ""]).encode()


async def send(servers, to, raw=None):
    brinks = []

    async def brink():
        brinks.append(to)

    settings = SmtpSettings(host=servers.host, port=servers.smtp_port, tls="off-for-loopback")
    sent = await SmtpSender(settings).send(raw or letter(to), envelope_sender=REPLY, recipient=to, brink=brink)
    assert brinks == [to]
    return sent


async def test_a_letter_goes_out_and_its_reply_is_pushed_back(servers):
    async with Desk(servers, "anna", afterwards="seen").open() as anna, Desk(servers, "desk").open() as desk:
        await until(lambda: desk.mailbox.heard_at and anna.mailbox.heard_at, servers.log)
        sent = await send(servers, "anna@network.example")
        assert sent.external_id and sent.detail.startswith("250 2.0.0 Ok: queued as")
        await until(lambda: anna.rows, servers.log)
        got = anna.mails[0]
        assert got["Reply-To"] == REPLY and got["Return-Path"] == f"<{REPLY}>"
        assert got.get_payload().replace("\r\n", "\n") == "How do you do it?\n.\nA line after a dot.\n"

        answer = f"From: anna@network.example\r\nTo: {REPLY}\r\nSubject: Re: A question for you\r\n\r\nLike this.\r\n".encode()
        await asyncio.to_thread(servers.deliver, answer, sender="anna@network.example", recipient=REPLY)
        await until(lambda: desk.rows, servers.log)
        assert TOKEN in desk.mails[0]["Delivered-To"] and desk.mails[0].get_payload().strip() == "Like this."
    assert desk.alerts == [] and next(iter(desk.rows)) == f"imap:INBOX:{desk.value['uidvalidity']}:1"


async def test_a_refusal_that_comes_later_comes_back_as_a_report(servers):
    async with SmtpPeer(port=servers.next_hop) as next_hop, Desk(servers, "desk").open() as desk:
        next_hop.scripts.append(Script(reply={"rcpt": "550 5.1.1 no such person here"}))
        await send(servers, "gone@outside.example")
        await until(lambda: any(mail.get_content_type() == "multipart/report" for mail in desk.mails), servers.log)
    report = next(mail for mail in desk.mails if mail.get_content_type() == "multipart/report")
    assert TOKEN in report["Delivered-To"] and report["Return-Path"] == "<>" and report["Auto-Submitted"] == "auto-replied"
    status = next(part for part in report.walk() if part.get_content_type() == "message/delivery-status")
    assert "5.1.1" in str(status) and "gone@outside.example" in str(status) and next_hop.mails == []


async def test_what_the_next_hop_takes_is_what_we_wrote(servers):
    async with SmtpPeer(port=servers.next_hop) as next_hop:
        await send(servers, "there@outside.example", letter("there@outside.example", "To another town"))
        await until(lambda: next_hop.mails, servers.log)
    assert next_hop.mails[0].mail_from == REPLY
    assert next_hop.mails[0].data.endswith(letter("there@outside.example", "To another town").partition(b"\r\n\r\n")[2])


async def test_a_domain_that_takes_no_mail_is_a_dead_address_at_once(servers):
    with pytest.raises(Refused) as caught:
        await send(servers, "someone@nowhere.test")
    assert caught.value.address_is_dead is True and caught.value.code == "5.1.2"


async def test_somebody_away_answers_by_machine(servers):
    servers.vacation("marie")
    async with Desk(servers, "desk").open() as desk:
        await send(servers, "marie@network.example", letter("marie@network.example", "While you are away"))
        await until(lambda: any(mail["Subject"] == "Out of office" for mail in desk.mails), servers.log)
    answer = next(mail for mail in desk.mails if mail["Subject"] == "Out of office")
    assert answer["Auto-Submitted"].startswith("auto-replied") and TOKEN in answer["Delivered-To"]


async def test_a_renumbered_mailbox_is_read_again_without_losing_its_place(servers):
    name = "restored"
    desk = Desk(servers, name)
    for raw in (letter("x", "one"), letter("x", "two")):
        await asyncio.to_thread(servers.deliver, raw, sender="a@b.example", recipient=servers.user(name))
    async with desk.open():
        await until(lambda: len(desk.rows) == 2, servers.log)
        await until(lambda: desk.value["uid"] == 2, servers.log)
    before = desk.value["uidvalidity"]
    await until(lambda: time.time() > before + 1, servers.log)  # Dovecot takes a new UIDVALIDITY from the clock, in seconds
    servers.renumber(name)
    async with desk.open():
        await until(lambda: len(desk.rows) == 4, servers.log)
        await until(lambda: desk.value["uid"] == 2, servers.log)
    assert desk.value["uidvalidity"] != before and desk.alerts == ["mailbox-renumbered"]
    assert len(set(desk.rows.values())) == 2, "the bytes are the same, so the intake can know them"


async def test_stored_mail_moves_away(servers):
    name = "mover"
    await asyncio.to_thread(servers.deliver, letter("x", "one"), sender="a@b.example", recipient=servers.user(name))
    async with Desk(servers, name, afterwards="move:Trash").open() as desk:
        await until(lambda: desk.value and desk.value["uid"] == 1, servers.log)
    assert len(desk.rows) == 1 and desk.alerts in ([], ["mailbox-put-away"])


async def test_postfix_keeps_what_our_listener_cannot_store_and_brings_it_again(servers):
    """Our listener as the next hop of a real queue: 451 while the database is away, then one mail."""
    rows, away = {}, [True]

    async def accept(external_id, raw, envelope):
        if away[0]:
            raise ConnectionError("the database is away")
        rows[external_id] = (raw, envelope)
        return True

    listener = MailListener(ListenerSettings(domains=(servers.outside,), protocol="smtp", port=servers.next_hop))
    await listener.start(accept)
    try:
        await send(servers, "question@outside.example", letter("question@outside.example", "Kept"))
        await until(lambda: "451 4.3.0" in servers.log(), servers.log)
        away[0] = False
        await asyncio.to_thread(servers.flush)
        await until(lambda: rows, servers.log)
    finally:
        await listener.close()
    ((raw, envelope),) = rows.values()
    assert envelope["mail_from"] == REPLY and envelope["rcpt_to"] == ["question@outside.example"] and b"Subject: Kept\r\n" in raw
