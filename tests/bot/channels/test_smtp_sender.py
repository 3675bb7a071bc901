"""The sender against a server that misbehaves at every phase: what it raises, what the server took, when the brink came."""

import asyncio
import base64
import logging
import socket
from types import SimpleNamespace

import pytest

from bot.channels.smtp import SmtpSender
from bot.channels.smtp_settings import SmtpSettings, SmtpTimeouts
from bot.secrets import Secret
from routing.errors import Ambiguous, Refused, Unreachable
from tests.fakes.smtp_peer import Script, SmtpPeer
from tests.fakes.waiting import until

RAW = (
    b"From: desk@network.example\r\nTo: expert@city.example\r\nSubject: A question\r\n\r\nFirst line\r\n.leading dot\r\nlast\r\n"
)
QUICK = SmtpTimeouts(connect=2, command=1, offer=3, body=1, settle=0.05, dot=1)
PASSWORD = "correct-horse-battery"
EARLY = ["connect", "ehlo", "mail", "rcpt"]


class Brink:
    """Counts its calls and notes what the server had heard by then."""

    def __init__(self, peer, error=None):
        self.peer, self.error, self.heard = peer, error, []

    async def __call__(self):
        self.heard.append([verb for verb, _ in self.peer.journal])
        if self.error:
            raise self.error


async def deliver(peer, brink=None, *, raw=RAW, recipient="expert@city.example", **settings):
    options = {"tls": "off-for-loopback", "timeouts": QUICK} | settings
    sender = SmtpSender(SmtpSettings(host=options.pop("host", "127.0.0.1"), port=peer.port, **options))
    return await sender.send(raw, envelope_sender="r.token@network.example", recipient=recipient, brink=brink or Brink(peer))


async def test_a_letter_arrives_byte_for_byte_and_the_brink_lies_between_rcpt_and_data():
    async with SmtpPeer() as peer:
        brink = Brink(peer)
        sent = await deliver(peer, brink)
    assert brink.heard == [["EHLO", "MAIL", "RCPT"]]
    assert [(mail.mail_from, mail.rcpt_to, mail.data) for mail in peer.mails] == [
        ("r.token@network.example", ("expert@city.example",), RAW)
    ]
    assert sent.external_id == "PEER1" and sent.detail.startswith("250 2.0.0 Ok")
    assert peer.said("MAIL")[0].endswith(f"SIZE={len(RAW) + 1}")


async def test_goodbye_is_said_but_not_waited_for():
    async with SmtpPeer() as peer:
        await deliver(peer)
        await until(lambda: peer.said("QUIT"))


@pytest.mark.parametrize("phase", [*EARLY, "data", "dot"])
async def test_4xx_is_safe_to_retry_at_every_phase(phase):
    async with SmtpPeer() as peer:
        peer.scripts.append(Script(reply={phase: "451 4.7.1 come back later"}))
        brink = Brink(peer)
        with pytest.raises(Unreachable) as caught:
            await deliver(peer, brink)
    assert caught.value.code == "4.7.1" and peer.mails == []
    assert len(brink.heard) == (0 if phase in EARLY else 1)


@pytest.mark.parametrize("phase", [*EARLY, "data", "dot"])
async def test_5xx_is_final_at_every_phase(phase):
    async with SmtpPeer() as peer:
        peer.scripts.append(Script(reply={phase: "554 5.7.1 not welcome"}))
        with pytest.raises(Refused) as caught:
            await deliver(peer)
    assert caught.value.address_is_dead is False and peer.mails == []


async def test_an_unknown_recipient_is_a_dead_address_and_the_brink_is_never_reached():
    async with SmtpPeer() as peer:
        peer.scripts.append(Script(reply={"rcpt": "550 5.1.1 no such user here"}))
        brink = Brink(peer)
        with pytest.raises(Refused) as caught:
            await deliver(peer, brink)
    assert caught.value.address_is_dead is True and caught.value.code == "5.1.1" and brink.heard == []


@pytest.mark.parametrize("fault", ["hang", "cut"])
@pytest.mark.parametrize("phase", [*EARLY, "data"])
async def test_silence_and_cuts_before_the_text_are_safe_to_retry(fault, phase):
    async with SmtpPeer() as peer:
        peer.scripts.append(Script(**{fault: phase}))
        with pytest.raises(Unreachable):
            await deliver(peer)
    assert peer.mails == [] and (f"({fault})", phase) in peer.journal


@pytest.mark.parametrize("size", [0, 1, 50, len(RAW), 30_000])
async def test_a_cut_inside_the_text_is_not_ambiguous(size):
    async with SmtpPeer() as peer:
        peer.scripts.append(Script(cut_after_bytes=size))
        with pytest.raises(Unreachable):
            raw = RAW + b"more text of an ordinary line\r\n" * 2000
            await deliver(peer, raw=raw, timeouts=SmtpTimeouts(settle=10))
    assert peer.mails == []


async def test_a_server_that_stops_reading_a_large_letter_is_safe_to_retry():
    async with SmtpPeer() as peer:
        peer.scripts.append(Script(hang="body", extensions=("8BITMIME",)))
        with pytest.raises(Unreachable):
            await deliver(peer, raw=RAW + b"0123456789abcdef" * 64 * 1024 * 20 + b"\r\n")
    assert peer.mails == []


@pytest.mark.parametrize("keeps", [True, False])
@pytest.mark.parametrize("fault", ["hang", "cut"])
async def test_an_answer_lost_after_the_dot_is_ambiguous_whether_or_not_it_was_kept(fault, keeps):
    async with SmtpPeer() as peer:
        peer.scripts.append(Script(**{fault: "dot"}, keeps=keeps))
        with pytest.raises(Ambiguous):
            await deliver(peer)
    assert len(peer.mails) == keeps


async def test_nonsense_after_the_dot_is_ambiguous():
    async with SmtpPeer() as peer:
        peer.scripts.append(Script(reply={"dot": "what was that?"}))
        with pytest.raises(Ambiguous):
            await deliver(peer)


@pytest.mark.parametrize(("reply", "kind"), [("552 5.3.4 too big", Refused), ("421 4.3.2 shutting down", Unreachable)])
async def test_a_server_that_speaks_before_the_dot_is_heard_and_the_dot_is_never_sent(reply, kind):
    async with SmtpPeer() as peer:
        peer.scripts.append(Script(early=reply))
        with pytest.raises(kind):
            await deliver(peer)
    assert peer.mails == [] and ("(dot)", "") not in peer.journal


async def test_an_answer_that_came_before_its_question_is_never_taken_for_the_answer_to_the_dot():
    async with SmtpPeer() as peer:
        peer.scripts.append(Script(reply={"data": "354 go ahead\r\n550 5.1.1 and yet not"}))
        with pytest.raises(Unreachable):
            await deliver(peer)
    assert peer.mails == []


async def test_nobody_there_is_safe_to_retry():
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]

    with pytest.raises(Unreachable):
        await deliver(SimpleNamespace(port=port, journal=[]))


async def test_an_error_of_the_brink_stops_the_letter_and_comes_through_as_it_is():
    async with SmtpPeer() as peer:
        with pytest.raises(ConnectionError, match="the database is away"):
            await deliver(peer, Brink(peer, ConnectionError("the database is away")))
    assert peer.mails == [] and not peer.said("DATA")


async def test_cancelled_inside_the_text_nothing_is_delivered():
    async with SmtpPeer() as peer:
        peer.scripts.append(Script(hang="body"))
        task = asyncio.create_task(deliver(peer, timeouts=SmtpTimeouts(settle=30)))
        await until(lambda: ("(hang)", "body") in peer.journal)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert peer.mails == []


async def test_a_slow_server_is_waited_for():
    async with SmtpPeer() as peer:
        peer.scripts.append(Script(delay=0.001))
        await deliver(peer, timeouts=SmtpTimeouts())
    assert peer.mails[0].data == RAW


async def test_line_ends_and_dots_of_a_letter_cannot_end_it_early():
    raw = b"Subject: x\n\nbefore\n.\nafter\r.\r\n.\r\nMAIL FROM:<evil@evil.test>\r\nend"
    async with SmtpPeer() as peer:
        await deliver(peer, raw=raw)
    assert len(peer.mails) == 1 and len(peer.said("MAIL")) == 1
    assert peer.mails[0].data == b"Subject: x\r\n\r\nbefore\r\n.\r\nafter\r\n.\r\n.\r\nMAIL FROM:<evil@evil.test>\r\nend\r\n"


# ------------------------------------------------------------------------------------------------ what the server can take


async def test_a_letter_over_the_announced_size_is_refused_without_being_sent():
    async with SmtpPeer() as peer:
        peer.scripts.append(Script(extensions=("SIZE 100",)))
        with pytest.raises(Refused) as caught:
            await deliver(peer)
    assert caught.value.address_is_dead is False and not peer.said("MAIL")


async def test_8_bit_text_is_announced_or_refused_visibly():
    raw = RAW + "Ελλάδα\r\n".encode()
    async with SmtpPeer() as peer:
        await deliver(peer, raw=raw)
        peer.scripts.append(Script(extensions=()))
        with pytest.raises(Refused, match="8BITMIME"):
            await deliver(peer, raw=raw)
    assert "BODY=8BITMIME" in peer.said("MAIL")[0] and peer.mails[0].data == raw


async def test_an_address_beyond_ascii_needs_a_server_that_knows_it():
    async with SmtpPeer() as peer:
        with pytest.raises(Refused, match="SMTPUTF8"):
            await deliver(peer, recipient="öğretmen@city.example")
        peer.scripts.append(Script(extensions=("SMTPUTF8",)))
        await deliver(peer, recipient="öğretmen@city.example")
    assert peer.mails[0].rcpt_to == ("öğretmen@city.example",) and "SMTPUTF8" in peer.said("MAIL")[0]


@pytest.mark.parametrize(
    "address", ["", "no-at-sign", "a@", "@b", "a@b>\r\nRCPT TO:<c@d", "a b@c.example", "a@b.example,c@d.example"]
)
async def test_what_is_no_address_never_reaches_the_server(address):
    async with SmtpPeer() as peer:
        with pytest.raises(Refused):
            await deliver(peer, recipient=address)
    assert peer.journal == []


# ------------------------------------------------------------------------------------------------ encryption and login


@pytest.mark.parametrize("policy", ["require", "starttls"])
async def test_starttls_is_used_where_asked_for(certificates, policy):
    async with SmtpPeer(certificates.server) as peer:
        peer.scripts.append(Script(starttls="ok", auth="ok"))
        await deliver(peer, tls=policy, ca_file=certificates.ca_file, user="desk", password=Secret(PASSWORD))
    assert peer.mails[0].encrypted
    verbs = [verb for verb, _ in peer.journal]
    assert verbs[:4] == ["EHLO", "STARTTLS", "EHLO", "AUTH"]


async def test_implicit_tls(certificates):
    async with SmtpPeer(certificates.server, implicit=True) as peer:
        await deliver(peer, tls="implicit", ca_file=certificates.ca_file)
    assert peer.mails[0].encrypted is True and not peer.said("STARTTLS")


@pytest.mark.parametrize("starttls", ["absent", "refused", "broken"])
@pytest.mark.parametrize("policy", ["require", "starttls"])
async def test_without_encryption_nothing_is_said(certificates, caplog, starttls, policy):
    async with SmtpPeer(certificates.server) as peer:
        peer.scripts.append(Script(starttls=starttls, auth="ok"))
        with pytest.raises(Unreachable):
            await deliver(peer, tls=policy, ca_file=certificates.ca_file, user="desk", password=Secret(PASSWORD))
    assert {verb for verb, _ in peer.journal} <= {"EHLO", "STARTTLS", "QUIT"}
    assert any(record.levelno == logging.ERROR for record in caplog.records)


@pytest.mark.parametrize("implicit", [True, False])
@pytest.mark.parametrize("which", ["foreign_certificates", "misnamed_certificates"])
async def test_a_certificate_nobody_vouches_for_is_no_encryption(request, certificates, caplog, which, implicit):
    wrong = request.getfixturevalue(which)
    trusted = wrong.ca_file if which == "misnamed_certificates" else certificates.ca_file
    async with SmtpPeer(wrong.server, implicit=implicit) as peer:
        peer.scripts.append(Script(starttls="ok"))
        with pytest.raises(Unreachable, match="encryption"):
            await deliver(peer, tls="implicit" if implicit else "starttls", ca_file=trusted)
    assert not peer.said("MAIL") and any(record.levelno == logging.ERROR for record in caplog.records)


@pytest.mark.parametrize(
    "host", ["mail.example", "192.0.2.1", "10.0.0.5", "localhost.evil.example", "127.0.0.1.evil.example", "0.0.0.0"]
)
def test_plain_text_to_another_machine_cannot_even_be_configured(host):
    with pytest.raises(ValueError, match="on this machine"):
        SmtpSettings(host=host, tls="off-for-loopback")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "[::1]", "localhost"])
def test_plain_text_to_this_machine_can(host):
    assert SmtpSettings(host=host, tls="off-for-loopback").starts_tls is False


@pytest.mark.parametrize("tls", ["off", "none", "", "optional"])
def test_an_unknown_policy_is_no_policy(tls):
    with pytest.raises(ValueError, match="smtp tls"):
        SmtpSettings(host="127.0.0.1", tls=tls)


def test_require_means_implicit_on_its_port():
    assert SmtpSettings(host="mail.example", port=465).is_implicit and not SmtpSettings(host="mail.example").is_implicit


@pytest.mark.parametrize("mechanisms", ["PLAIN", "LOGIN", "PLAIN LOGIN"])
@pytest.mark.parametrize("auth", ["refused", "echo"])
async def test_a_refused_login_is_loud_safe_and_tells_no_secret(caplog, auth, mechanisms):
    caplog.set_level(logging.DEBUG)
    async with SmtpPeer() as peer:
        peer.scripts.append(Script(auth=auth, mechanisms=mechanisms))
        with pytest.raises(Unreachable) as caught:
            await deliver(peer, user="desk", password=Secret(PASSWORD))
    assert not peer.said("MAIL") and any(record.levelno == logging.ERROR for record in caplog.records)
    told = caplog.text + repr(caught.value) + str(caught.value) + repr(caught.value.__cause__)
    for form in (
        PASSWORD,
        base64.b64encode(PASSWORD.encode()).decode(),
        base64.b64encode(f"\0desk\0{PASSWORD}".encode()).decode(),
    ):
        assert form not in told


async def test_a_server_without_login_is_not_sent_to_when_one_is_configured():
    async with SmtpPeer() as peer:
        with pytest.raises(Unreachable):
            await deliver(peer, user="desk", password=Secret(PASSWORD))
    assert not peer.said("MAIL")


def test_a_secret_is_not_printed():
    settings = SmtpSettings(host="127.0.0.1", password=Secret(PASSWORD))
    assert PASSWORD not in f"{settings} {settings!r} {settings.password} {[settings.password]}"


async def test_the_health_check_sends_nothing():
    async with SmtpPeer() as peer:
        peer.scripts += [Script(), Script(reply={"connect": "421 4.3.2 closed"})]
        sender = SmtpSender(SmtpSettings(host="127.0.0.1", port=peer.port, tls="off-for-loopback", timeouts=QUICK))
        await sender.check()
        with pytest.raises(Unreachable):
            await sender.check()
    assert not peer.said("MAIL")
