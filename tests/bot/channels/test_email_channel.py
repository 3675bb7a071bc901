"""The email channel as the service sees it: letters out, raw mail in, values read."""

import asyncio
import contextlib
import email
from datetime import UTC, datetime
from email.policy import default

import pytest

from bot.channels.email import EmailChannel, EmailSettings
from bot.channels.imap_settings import ImapSettings
from bot.channels.lmtp import ListenerSettings
from bot.channels.smtp_settings import SmtpSettings, SmtpTimeouts
from bot.mail.config import MailConfig
from bot.secrets import Secret
from routing.errors import Ambiguous, Refused, Unreachable
from routing.values import Incoming, Kind, Outgoing, Unreadable
from tests.fakes.imap_peer import PASSWORD, USER, ImapPeer
from tests.fakes.smtp_peer import Script, SmtpPeer
from tests.fakes.waiting import running, until

DESK, TOKEN = "desk@network.example", "2f6k8m1n3p5q7r9s2t4v6w8x0y"
REPLY = f"desk+{TOKEN}@network.example"
MAIL = MailConfig(own_addresses=(DESK,), reply_local="desk", reply_domain="network.example", own_names=("RRM",))
QUESTION = (
    b"From: Anna <anna@city.example>\r\nTo: desk@network.example\r\nMessage-ID: <1@city.example>\r\n"
    b"Subject: Dual training\r\n\r\nHow do you fund dual training?\r\n"
)


class Cursor:
    value = None

    async def load(self):
        return self.value

    async def save(self, value):
        self.value = dict(value)


def letter(**changes):
    facts = {"id": 7, "channel": "email", "address": "anna@city.example", "language": "el", "subject": "Ερώτηση για εσάς"}
    facts |= {"text": "Καλημέρα,\n\n.μια γραμμή με τελεία\n", "message_id": "<letter-7@network.example>", "reply_to": REPLY}
    return Outgoing(**(facts | {"created_at": datetime(2026, 6, 1, 9, tzinfo=UTC)} | changes))


async def brink():
    return None


@contextlib.asynccontextmanager
async def channel(cursor=None, **ways):
    made = EmailChannel(EmailSettings(sender=DESK, sender_name="RRM", mail=MAIL, **ways), cursor=cursor)
    await made.start()
    try:
        yield made
    finally:
        await made.close()


def smtp(peer):
    quick = SmtpTimeouts(connect=2, command=2, offer=5, body=2, dot=2)
    return SmtpSettings(host="127.0.0.1", port=peer.port, tls="off-for-loopback", timeouts=quick)


def imap(port, **changes):
    facts = {"host": "127.0.0.1", "port": port, "user": USER, "password": Secret(PASSWORD), "tls": "off-for-loopback"}
    return ImapSettings(**(facts | changes))


@contextlib.asynccontextmanager
async def listening(made):
    """Everything the channel hands over, as (external id, raw, envelope)."""
    rows = []

    async def accept(external_id, raw, envelope):
        rows.append((external_id, raw, envelope))
        return True

    async with running(made.listen(accept)):
        yield rows


async def test_a_letter_goes_out_under_its_own_reply_address():
    async with SmtpPeer() as peer, channel(smtp=smtp(peer)) as made:
        sent = await made.send(letter(), brink)
    carried = peer.mails[0]
    mail = email.message_from_bytes(carried.data, policy=default)
    assert carried.mail_from == REPLY and carried.rcpt_to == ("anna@city.example",) and sent.external_id == "PEER1"
    assert mail["Subject"] == "Ερώτηση για εσάς" and mail["From"].addresses[0].addr_spec == DESK and mail["Reply-To"].addresses
    assert (
        ".μια γραμμή με τελεία" in mail.get_body(("plain",)).get_content() and mail["Message-ID"] == "<letter-7@network.example>"
    )


async def test_the_same_letter_twice_is_the_same_mail():
    async with SmtpPeer() as peer, channel(smtp=smtp(peer)) as made:
        await made.send(letter(), brink)
        await made.send(letter(), brink)
    assert peer.mails[0].data == peer.mails[1].data


async def test_a_letter_without_reply_address_comes_from_the_desk():
    async with SmtpPeer() as peer, channel(smtp=smtp(peer)) as made:
        await made.send(letter(reply_to=None), brink)
    assert peer.mails[0].mail_from == DESK


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        (Script(reply={"rcpt": "550 5.1.1 no"}), Refused),
        (Script(reply={"rcpt": "451 4.7.1 later"}), Unreachable),
        (Script(cut="dot"), Ambiguous),
    ],
)
async def test_errors_come_through(script, kind):
    async with SmtpPeer() as peer, channel(smtp=smtp(peer)) as made:
        peer.scripts.append(script)
        with pytest.raises(kind):
            await made.send(letter(), brink)


@pytest.mark.parametrize("address", [DESK, REPLY, "DESK@Network.Example"])
async def test_our_own_addresses_are_never_written_to(address):
    async with SmtpPeer() as peer, channel(smtp=smtp(peer)) as made:
        with pytest.raises(Refused) as caught:
            await made.send(letter(address=address), brink)
    assert caught.value.address_is_dead is False and peer.connections == 0


@pytest.mark.parametrize("changes", [{"message_id": "none"}, {"address": "two@a.example, three@b.example"}])
async def test_a_letter_that_cannot_be_written_is_refused_not_retried(changes):
    async with SmtpPeer() as peer, channel(smtp=smtp(peer)) as made:
        with pytest.raises(Refused):
            await made.send(letter(**changes), brink)
    assert peer.connections == 0


async def test_with_sending_switched_off_letters_wait():
    async with channel() as made:
        with pytest.raises(Unreachable):
            await made.send(letter(), brink)


async def test_both_ways_in_at_once_and_what_they_bring_can_be_read():
    door = ListenerSettings(domains=("network.example",), protocol="smtp", port=0)
    async with ImapPeer() as peer, channel(Cursor(), imap=imap(peer.port), listener=door) as made, listening(made) as rows:
        await peer.deliver(QUESTION)
        await until(lambda: len(rows) == 1 and made.listener._server)
        _, writer = await asyncio.open_connection("127.0.0.1", made.listener.port)
        answer = QUESTION.replace(b"<1@", b"<2@").replace(b"To: desk@", b"To: desk+" + TOKEN.encode() + b"@")
        writer.write(f"EHLO x\r\nMAIL FROM:<anna@city.example>\r\nRCPT TO:<{REPLY}>\r\nDATA\r\n".encode() + answer + b".\r\n")
        await until(lambda: len(rows) == 2)
        writer.close()
        items = [await made.read(raw, envelope) for _, raw, envelope in rows]
    assert [type(item) for item in items] == [Incoming, Incoming] and {item.kind for item in items} == {Kind.MESSAGE}
    assert [name.partition(":")[0] for name, _, _ in rows] == ["imap", "lmtp"]
    assert items[0].text == "How do you fund dual training?" and items[0].sender == "anna@city.example"
    assert TOKEN in items[1].tokens


async def test_a_mail_that_is_not_whole_is_held_with_the_reason():
    async with ImapPeer() as peer, channel(Cursor(), imap=imap(peer.port, size_limit=500)) as made, listening(made) as rows:
        await peer.deliver(QUESTION + b"x" * 1000)
        await until(lambda: rows)
        _, raw, envelope = rows[0]
        item = await made.read(raw, envelope)
    assert isinstance(item, Incoming) and "over the limit of 500" in item.held and item.sender == "anna@city.example"


async def test_a_mail_of_which_nothing_came_is_unreadable_with_the_reason():
    async with channel() as made:
        item = await made.read(b"", {"note": "the mail could not be fetched whole", "unfetchable": True})
    assert item == Unreadable("email", "the mail could not be fetched whole")


async def test_garbage_is_a_value():
    async with channel() as made:
        for raw in (b"", b"\x00\xff", b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n--x\r\n"):
            assert isinstance(await made.read(raw, {}), Incoming | Unreadable)


async def test_with_no_way_in_it_listens_for_ever():
    async with channel() as made, listening(made):
        await asyncio.sleep(0)


async def test_a_taken_address_is_an_error_and_leaves_nothing_running():
    door = ListenerSettings(domains=("network.example",), port=0)
    async with ImapPeer() as peer, channel(listener=door) as first, listening(first):
        await until(lambda: first.listener._server)
        taken = ListenerSettings(domains=("network.example",), port=first.listener.port)
        async with channel(Cursor(), imap=imap(peer.port), listener=taken) as second:
            with pytest.raises(OSError):
                await second.listen(brink)
        await until(lambda: not peer._writers)


def test_a_mailbox_needs_a_cursor():
    with pytest.raises(ValueError, match="cursor"):
        EmailChannel(EmailSettings(sender=DESK, sender_name="RRM", mail=MAIL, imap=imap(1)))


@pytest.mark.mta
async def test_a_question_asked_and_answered_through_real_servers(servers):
    """Our letter by Postfix to an expert's mailbox, the reply by IMAP IDLE, a bounce read as a bounce."""
    ways = {
        "smtp": SmtpSettings(host="127.0.0.1", port=servers.smtp_port, tls="off-for-loopback"),
        "imap": imap(servers.imap_port, user=servers.user("desk"), password=Secret(servers.password)),
    }
    async with SmtpPeer(port=servers.next_hop) as next_hop, channel(Cursor(), **ways) as made, listening(made) as rows:
        next_hop.scripts += [Script(), Script(reply={"rcpt": "550 5.1.1 nobody of that name"})]
        await made.send(letter(address="expert@outside.example"), brink)
        await until(lambda: next_hop.mails)
        letter_out = email.message_from_bytes(next_hop.mails[0].data, policy=default)
        back = f"From: expert@outside.example\r\nTo: {letter_out['Reply-To']}\r\nIn-Reply-To: {letter_out['Message-ID']}\r\n"
        back += "Subject: Re: Your question\r\nMessage-ID: <r@outside.example>\r\n\r\nWith regional funds.\r\n"
        await asyncio.to_thread(servers.deliver, back.encode(), sender="expert@outside.example", recipient=REPLY)
        await until(lambda: len(rows) == 1)
        await made.send(letter(address="gone@outside.example", message_id="<letter-8@network.example>"), brink)
        await until(lambda: len(rows) == 2)
        reply, bounce = [await made.read(raw, envelope) for _, raw, envelope in rows]
    assert reply.kind is Kind.MESSAGE and reply.text == "With regional funds." and TOKEN in reply.tokens
    assert bounce.kind is Kind.BOUNCE and TOKEN in bounce.tokens
    assert [(failed.address, failed.hard, failed.status) for failed in bounce.failed] == [("gone@outside.example", True, "5.1.1")]
