"""The bot token opens the whole bot: it is nowhere to be seen, whatever goes wrong and however much is logged."""

import logging
import traceback

import pytest

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_settings import redact
from bot.demo.botapi import BotApiServer
from routing.errors import ChannelError
from tests.fakes.botapi import Brink, Inbox, connected, letter, listening, settings_for
from tests.fakes.waiting import until


def tail(server):
    return server.token.partition(":")[2]


async def test_the_token_is_in_no_log_line_at_any_level(caplog):
    caplog.set_level(logging.DEBUG)
    async with connected() as (server, channel):
        for name in ("httpx", "httpcore", "httpcore.http11", "httpcore.connection", "telegram", "telegram.Bot"):
            logging.getLogger(name).setLevel(logging.DEBUG)  # somebody hunts a fault
        anna = server.user(1001, "Anna")
        anna.say("/start")
        file = anna.send_document("a.pdf", b"x")["document"]["file_id"]
        inbox = Inbox()
        async with listening(channel, inbox):
            await until(lambda: len(inbox.rows) == 2)
        await channel.send(letter("Very private words."), Brink())
        await channel.fetch(file)
        server.fail("sendMessage", 500)
        with pytest.raises(ChannelError):
            await channel.send(letter(), Brink())
        assert any(record.name.startswith("http") for record in caplog.records), "nothing was logged, so nothing was tested"
        assert tail(server) not in caplog.text


async def test_by_default_the_libraries_say_nothing(caplog):
    caplog.set_level(logging.DEBUG)
    async with connected() as (server, channel):
        server.user(1001, "Anna").say("/start")
        await channel.send(letter("Very private words."), Brink())
        assert "private words" not in caplog.text
        assert not [record for record in caplog.records if record.name.startswith(("httpx", "telegram"))]


async def test_the_token_is_in_no_exception_and_no_repr():
    async with connected() as (server, channel):
        server.user(1001, "Anna").say("/start")
        errors = []
        for fault in ({"status": 401}, {"status": 404}, {"cut": True}, {"status": 400}, {"status": 502}):
            server.fail("sendMessage", **fault)
            server.fail("getFile", **fault)
            for attempt in (channel.send(letter(), Brink()), channel.fetch("file-1")):
                with pytest.raises(ChannelError) as caught:
                    await attempt
                errors.append(caught.value)
        with pytest.raises(ChannelError) as caught:
            await channel.client.download("no/such.file", 10)
        await server.stop()
        for attempt in (channel.send(letter(), Brink()), channel.fetch("file-1"), channel.client.download("x", 10)):
            with pytest.raises(ChannelError) as caught:
                await attempt
            errors.append(caught.value)
        shown = [repr(channel.settings), repr(channel.client), repr(channel), str(await channel.check())]
        shown += ["".join(traceback.format_exception(error)) for error in errors]
        assert len(errors) == 13 and not [text for text in shown if tail(server) in text]


async def test_alerts_and_the_doctor_do_not_tell_it():
    async with BotApiServer() as server:
        server.revoke()
        told = []

        async def alert(code, text):
            told.append(text)

        channel = TelegramChannel(settings_for(server), alert=alert)
        await channel.start()
        await channel.listen(Inbox().accept)
        told.append(str(await channel.check()))
        await channel.close()
        assert len(told) == 2 and not [text for text in told if tail(server) in text]


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("POST https://api.telegram.org/bot123456789:AAH_abcdefghijklmnopqrstuvwxyz-12345/getMe", True),
        ("123456789:AAH_abcdefghijklmnopqrstuvwxyz-12345", True),
        ("at 12:30:45 on 2026-11-21", False),
        ("tg:4200000001:700000001", False),
    ],
)
def test_redact(text, redacted):
    assert ("<bot token>" in redact(text)) == redacted
