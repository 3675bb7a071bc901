"""The door for a mail server: what it takes, what it refuses, and that 250 means stored."""

import asyncio
import contextlib
import hashlib
import logging
import smtplib

import pytest

from bot.channels.lmtp import ListenerSettings, MailListener
from tests.fakes.waiting import until

TEXT = b"From: a@city.example\r\nSubject: hello\r\n\r\n.Text\r\n"
ASKER, OURS, REPLY = "a@city.example", "questions@network.example", "questions+token@network.example"


class Intake:
    def __init__(self):
        self.rows, self.calls, self.away, self.gate = {}, 0, False, None

    async def accept(self, external_id, raw, envelope):
        self.calls += 1
        if self.gate:
            await self.gate.wait()
        if self.away:
            raise ConnectionError("the database is away")
        new = external_id not in self.rows
        self.rows.setdefault(external_id, (raw, envelope))
        return new


@contextlib.asynccontextmanager
async def listening(intake=None, **settings):
    options = {"domains": ("network.example",), "port": 0, "protocol": "smtp"} | settings
    listener = MailListener(ListenerSettings(**options))
    listener.intake = intake or Intake()
    await listener.start(listener.intake.accept)
    try:
        yield listener
    finally:
        await listener.close()


class Line:
    """A client that says exactly what it is told."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    async def say(self, *lines, ends=b"\r\n"):
        for line in lines:
            self.writer.write((line.encode() if isinstance(line, str) else line) + ends)
        await self.writer.drain()

    async def hear(self):
        """One reply, all its lines."""
        async with asyncio.timeout(10):
            while True:
                line = (await self.reader.readuntil(b"\r\n")).decode()
                if line[3:4] != "-":
                    return line.strip()

    async def ask(self, *lines):
        replies = []
        for line in lines:
            await self.say(line)
            replies.append(await self.hear())
        return replies


@contextlib.asynccontextmanager
async def line_to(listener, hello="EHLO"):
    reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
    line = Line(reader, writer)
    try:
        await line.hear()
        await line.ask(f"{hello} mx.network.example")
        yield line
    finally:
        writer.close()


async def envelope_done(line, *recipients, sender=ASKER):
    await line.ask(f"MAIL FROM:<{sender}>", *(f"RCPT TO:<{recipient}>" for recipient in recipients), "DATA")


async def test_250_means_stored_with_the_bytes_as_they_came():
    async with listening() as listener, line_to(listener) as line:
        await envelope_done(line, REPLY)
        await line.say(TEXT.replace(b"\r\n.", b"\r\n..") + b".")
        assert (await line.hear()).startswith("250")
    name = "lmtp:" + hashlib.sha256(TEXT + REPLY.encode()).hexdigest()
    assert listener.intake.rows == {name: (TEXT, {"mail_from": ASKER, "rcpt_to": [REPLY], "peer": "127.0.0.1"})}


async def test_nothing_is_said_before_it_is_stored():
    intake = Intake()
    intake.gate = asyncio.Event()
    async with listening(intake) as listener, line_to(listener) as line:
        await envelope_done(line, OURS)
        await line.say(TEXT + b".")
        answer = asyncio.create_task(line.hear())
        await until(lambda: intake.calls)
        assert not answer.done()
        intake.gate.set()
        assert (await answer).startswith("250")


async def test_while_the_database_is_away_the_server_keeps_the_mail():
    intake = Intake()
    intake.away = True
    async with listening(intake) as listener, line_to(listener) as line:
        await envelope_done(line, OURS)
        await line.say(TEXT + b".")
        assert (await line.hear()).startswith("451")
        intake.away = False
        await envelope_done(line, OURS)
        await line.say(TEXT + b".")
        assert (await line.hear()).startswith("250")
    assert len(intake.rows) == 1


async def test_a_database_that_hangs_is_no_reason_to_hang():
    intake = Intake()
    intake.gate = asyncio.Event()
    async with listening(intake, storing=0.1) as listener, line_to(listener) as line:
        await envelope_done(line, OURS)
        await line.say(TEXT + b".")
        assert (await line.hear()).startswith("451")


async def test_the_same_mail_again_has_the_same_name():
    async with listening() as listener, line_to(listener) as line:
        for _ in range(2):
            await envelope_done(line, OURS)
            await line.say(TEXT + b".")
            assert (await line.hear()).startswith("250")
    assert listener.intake.calls == 2 and len(listener.intake.rows) == 1


async def test_a_bounce_has_no_sender():
    async with listening() as listener, line_to(listener) as line:
        await envelope_done(line, REPLY, sender="")
        await line.say(TEXT + b".")
        await line.hear()
    assert [envelope["mail_from"] for _, envelope in listener.intake.rows.values()] == [""]


@pytest.mark.parametrize(
    "address",
    [
        "a@elsewhere.example",
        "a@sub.network.example",
        "a@network.example.evil.test",
        "network.example",
        "a%elsewhere.example@evil.test",
    ],
)
async def test_no_relay(address):
    async with listening() as listener, line_to(listener) as line:
        assert (await line.ask(f"MAIL FROM:<{ASKER}>", f"RCPT TO:<{address}>"))[1][:3] in ("550", "553")
        assert (await line.ask("DATA"))[0].startswith("503")


async def test_single_addresses_with_their_sub_addresses():
    async with listening(domains=(), addresses=("Desk@network.example",)) as listener, line_to(listener) as line:
        answers = await line.ask(
            f"MAIL FROM:<{ASKER}>",
            "RCPT TO:<desk@NETWORK.example>",
            "RCPT TO:<desk+x@network.example>",
            "RCPT TO:<b@network.example>",
        )
    assert [answer[:3] for answer in answers] == ["250", "250", "250", "550"]


async def test_too_many_recipients_are_deferred_not_lost():
    async with listening(most_recipients=2) as listener, line_to(listener) as line:
        answers = await line.ask(f"MAIL FROM:<{ASKER}>", *(f"RCPT TO:<q{number}@network.example>" for number in range(3)))
    assert [answer[:3] for answer in answers] == ["250", "250", "250", "452"]


# -------------------------------------------------------------------------------------------------------------- LMTP


async def test_lmtp_answers_for_every_recipient():
    async with listening(protocol="lmtp") as listener, line_to(listener, "LHLO") as line:
        await envelope_done(line, OURS, REPLY)
        await line.say(TEXT + b".")
        assert [(await line.hear())[:3] for _ in range(2)] == ["250", "250"]
    assert [envelope["rcpt_to"] for _, envelope in listener.intake.rows.values()] == [[OURS], [REPLY]]


async def test_lmtp_tells_who_was_stored_and_who_was_not():
    class Half(Intake):
        async def accept(self, external_id, raw, envelope):
            self.away = envelope["rcpt_to"] == [REPLY]
            return await super().accept(external_id, raw, envelope)

    async with listening(Half(), protocol="lmtp") as listener, line_to(listener, "LHLO") as line:
        await envelope_done(line, OURS, REPLY)
        await line.say(TEXT + b".")
        assert [(await line.hear())[:3] for _ in range(2)] == ["250", "451"]


async def test_smtp_says_250_only_when_everybody_is_stored():
    class Half(Intake):
        async def accept(self, external_id, raw, envelope):
            self.away = envelope["rcpt_to"] == [OURS]
            return await super().accept(external_id, raw, envelope)

    async with listening(Half()) as listener, line_to(listener) as line:
        await envelope_done(line, OURS, REPLY)
        await line.say(TEXT + b".")
        assert (await line.hear())[:3] == "451"


@pytest.mark.parametrize(("text", "code"), [(b"x\r\n" * 600, "552"), (b"y" * 70_000 + b"\r\n", "500"), (b"a\nb\r\n", "550")])
async def test_lmtp_refusals_are_said_once_per_recipient_and_the_talk_goes_on(text, code):
    limit = 1000 if code == "552" else 10**6
    async with listening(protocol="lmtp", size_limit=limit) as listener, line_to(listener, "LHLO") as line:
        await envelope_done(line, OURS, REPLY)
        await line.say(text + b".")
        assert [(await line.hear())[:3] for _ in range(2)] == [code, code]
        await envelope_done(line, OURS)
        await line.say(TEXT + b".")
        assert (await line.hear()).startswith("250")
    assert len(listener.intake.rows) == 1


async def test_a_real_lmtp_client():
    async with listening(protocol="lmtp") as listener:

        def deliver():
            with smtplib.LMTP("127.0.0.1", listener.port) as client:
                return client.sendmail(ASKER, [OURS, "x@elsewhere.example"], TEXT)

        refused = await asyncio.to_thread(deliver)
    assert set(refused) == {"x@elsewhere.example"} and len(listener.intake.rows) == 1


# ------------------------------------------------------------------------------------------------- limits and hostile callers


async def test_552_at_the_announced_size_and_at_the_real_one():
    async with listening(size_limit=1000) as listener, line_to(listener) as line:
        assert (await line.ask(f"MAIL FROM:<{ASKER}> SIZE=1001"))[0].startswith("552")
        await envelope_done(line, OURS)
        await line.say(b"x" * 70 + b"\r\n" + b"y" * 80 + b"\r\n" * 900 + b".")
        assert (await line.hear()).startswith("552")
    assert listener.intake.calls == 0


END_OF_DATA_THAT_IS_NONE = [
    b"\n.\n",
    b"\n.\r\n",
    b"\r\n.\n",
    b"\r.\r",
    b"\r\n.\r",
    b"\r.\r\n",
    b"\n\n.\r\n",
    b"\r\r\n.\r\r\n",
    b"\r\n\x00.\r\n",
]


@pytest.mark.parametrize("protocol", ["smtp", "lmtp"])
@pytest.mark.parametrize("ending", END_OF_DATA_THAT_IS_NONE)
async def test_no_second_mail_is_smuggled_out_of_a_first(ending, protocol):
    smuggled = b"MAIL FROM:<boss@city.example>\r\nRCPT TO:<" + REPLY.encode() + b">\r\nDATA\r\nSubject: forged\r\n\r\nforged"
    async with listening(protocol=protocol) as listener, line_to(listener, "LHLO" if protocol == "lmtp" else "EHLO") as line:
        await envelope_done(line, OURS)
        await line.say(TEXT + ending + smuggled + b"\r\n.")
        answer = await line.hear()
        await line.say("NOOP")
        assert (await line.hear()).startswith("250"), "one mail has one answer"
    rows = list(listener.intake.rows.values())
    assert [envelope["mail_from"] for _, envelope in rows] == ([ASKER] if answer.startswith("250") else [])
    assert answer.startswith("550") or b"\x00" in ending


async def test_cut_inside_the_text_nothing_is_stored():
    async with listening() as listener:
        async with line_to(listener) as line:
            await envelope_done(line, OURS)
            await line.say(TEXT)
        await until(lambda: not listener._open)
    assert listener.intake.calls == 0


async def test_too_many_connections_are_told_to_come_back_and_the_others_go_on():
    async with listening(most_connections=1) as listener, line_to(listener) as line:
        reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
        assert (await reader.readline()).startswith(b"421") and await reader.read() == b""
        writer.close()
        assert (await line.ask("NOOP"))[0].startswith("250")


@pytest.mark.parametrize("limit", ["silence", "connection"])
async def test_who_says_nothing_or_stays_for_ever_is_hung_up_on(limit):
    async with listening(**{limit: 0.2}) as listener, line_to(listener) as line:
        async with asyncio.timeout(10):
            assert await line.reader.read() == b""


async def test_an_open_transaction_is_finished_before_the_end():
    intake = Intake()
    intake.gate = asyncio.Event()
    async with listening(intake) as listener, line_to(listener) as line:
        await envelope_done(line, OURS)
        await line.say(TEXT + b".")
        await until(lambda: intake.calls)
        closing = asyncio.create_task(listener.close())
        asyncio.get_running_loop().call_later(0.1, intake.gate.set)
        assert (await line.hear()).startswith("250")
        await closing
    assert len(intake.rows) == 1


async def test_listen_ends_by_cancellation_and_frees_the_port():
    listener = MailListener(ListenerSettings(domains=("network.example",), port=0))
    task = asyncio.create_task(listener.listen(Intake().accept))
    await until(lambda: listener._server is not None)
    port = listener.port
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(OSError):
        await asyncio.open_connection("127.0.0.1", port)


async def test_a_taken_port_is_an_error_at_once():
    async with listening() as listener:
        with pytest.raises(OSError, match=r"choose another listener\.host or listener\.port"):
            await MailListener(ListenerSettings(domains=("network.example",), port=listener.port)).start(Intake().accept)


async def test_no_address_and_no_text_in_the_log(caplog):
    caplog.set_level(logging.DEBUG)
    intake = Intake()
    intake.away = True
    async with listening(intake) as listener, line_to(listener) as line:
        await envelope_done(line, REPLY)
        await line.say(TEXT + b".")
        await line.hear()
    assert "@" not in caplog.text and "Text" not in caplog.text and "ConnectionError" in caplog.text


@pytest.mark.parametrize("settings", [{"domains": ()}, {"domains": ("a.example",), "protocol": "http"}])
def test_settings_that_are_refused(settings):
    with pytest.raises(ValueError, match="listener"):
        ListenerSettings(**settings)
