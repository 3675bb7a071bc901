"""The webhook: committed before 200, nothing for strangers, brought again when it could not be stored."""

import asyncio
import contextlib
import json
import socket

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from bot.channels.telegram_settings import TelegramLimits, TelegramSettings
from bot.channels.telegram_webhook import WebhookDoor
from bot.demo.botapi import QuietServer
from bot.secrets import Secret
from tests.fakes.botapi import Inbox, connected, listening
from tests.fakes.waiting import until

SECRET = "a-long-random-word-of-this-test"
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


@contextlib.asynccontextmanager
async def webhook():
    """(server, channel, address): Telegram, and our channel behind a real web server."""
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/telegram"
    limits = TelegramLimits(webhook_bytes=5000)
    changes = {"mode": "webhook", "webhook_url": address, "webhook_secret": Secret(SECRET)}
    async with connected(**changes, limits=limits) as (server, channel):
        app = Starlette(routes=[channel.route()])
        web = QuietServer(uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=1))
        serving = asyncio.create_task(web.serve([listener]))
        try:
            yield server, channel, address
        finally:
            web.should_exit = True
            await serving


async def test_updates_arrive_are_committed_and_only_then_taken_off_the_queue():
    inbox = Inbox()
    inbox.broken = lambda update: len(inbox.offered) < 3
    async with webhook() as (server, channel, _), listening(channel, inbox):
        server.user(1001, "Anna").say("by webhook")
        await until(lambda: not server.world.updates.pending)
        assert [status for _, status in server.webhook.deliveries] == [503, 503, 200]
        assert inbox.texts == ["by webhook"] and len(set(inbox.offered)) == 1
        server.user(1001, "Anna").say("again")
        await until(lambda: inbox.texts == ["by webhook", "again"])
        assert (await channel.check())["problems"] == []


async def test_before_anybody_listens_the_answer_is_later():
    async with webhook() as (_, channel, address):
        async with httpx.AsyncClient(timeout=60) as stranger:
            answer = await stranger.post(address, json={"update_id": 1}, headers=HEADERS)
            assert answer.status_code == 503
        assert any("nothing arrives" in problem for problem in (await channel.check())["problems"])


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"X-Telegram-Bot-Api-Secret-Token": ""}, 403),
        ({"X-Telegram-Bot-Api-Secret-Token": "wrong"}, 403),
        ({"X-Telegram-Bot-Api-Secret-Token": SECRET[:-1]}, 403),
        ([("X-Telegram-Bot-Api-Secret-Token", SECRET), ("X-Telegram-Bot-Api-Secret-Token", SECRET)], 403),
        (HEADERS, 200),
    ],
)
async def test_strangers_are_refused(headers, status):
    inbox = Inbox()
    async with webhook() as (server, channel, address), listening(channel, inbox):
        await until(lambda: server.webhook.url)
        async with httpx.AsyncClient(timeout=60) as stranger:
            answer = await stranger.post(address, json={"update_id": 1}, headers=headers)
        assert answer.status_code == status and len(inbox.rows) == (status == 200)


async def test_what_is_no_update_is_kept_too_and_what_is_too_large_is_not():
    inbox = Inbox()
    inbox.broken = lambda update: False
    stored = []

    async def accept(external_id, raw, envelope):
        stored.append((external_id, raw))
        return True

    inbox.accept = accept
    async with webhook() as (server, channel, address), listening(channel, inbox):
        await until(lambda: server.webhook.url)
        async with httpx.AsyncClient(timeout=60) as client:
            answers = [await client.post(address, content=body, headers=HEADERS) for body in (b"{no", b"[]", b"x" * 5001)]
            assert (await client.get(address, headers=HEADERS)).status_code == 405
    assert [answer.status_code for answer in answers] == [200, 200, 413]
    assert [raw for _, raw in stored] == [b"{no", b"[]"]
    assert len({name for name, _ in stored}) == 2


async def test_without_the_secret_the_body_is_not_even_read():
    async def receive():
        raise AssertionError("the body was read")

    answers = []

    async def send(message):
        answers.append(message)

    async def take(raw):
        raise AssertionError("taken")

    scope = {"type": "http", "method": "POST", "headers": [(b"x-telegram-bot-api-secret-token", b"wrong")]}
    await WebhookDoor(Secret(SECRET), take, 1000)(scope, receive, send)
    assert answers[0]["status"] == 403
    await WebhookDoor(Secret(""), take, 1000)({**scope, "headers": [(b"x-telegram-bot-api-secret-token", b"")]}, receive, send)
    assert answers[2]["status"] == 403


async def test_a_client_that_leaves_halfway_leaves_nothing():
    messages = iter([{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}])
    answers = []

    async def take(raw):
        raise AssertionError("taken")

    async def receive():
        return next(messages)

    async def send(message):
        answers.append(message)

    scope = {"type": "http", "method": "POST", "headers": [(b"x-telegram-bot-api-secret-token", SECRET.encode())]}
    await WebhookDoor(Secret(SECRET), take, 1000)(scope, receive, send)
    assert answers[0]["status"] == 413


async def test_a_webhook_telegram_refuses_is_told_once():
    changes = {"mode": "webhook", "webhook_url": "http://not-encrypted.example/", "webhook_secret": Secret(SECRET)}
    async with connected(**changes) as (server, channel):
        server.fail("setWebhook", 502)
        await asyncio.wait_for(channel.listen(Inbox().accept), 10)
        assert channel.alerts.codes == ["telegram-webhook"] and len(server.calls("setWebhook")) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"mode": "webhook"},
        {"mode": "webhook", "webhook_url": "https://rrm.example/telegram"},
        {"mode": "webhook", "webhook_url": "https://rrm.example/telegram", "webhook_secret": Secret("short")},
        {"mode": "webhook", "webhook_url": "https://rrm.example/telegram", "webhook_secret": Secret("with blanks in the middle")},
        {"poll_timeout": 0},
        {"token": Secret("no token at all")},
    ],
)
def test_settings_that_cannot_work_are_refused(wrong):
    with pytest.raises(ValueError):
        TelegramSettings(**{"token": Secret("4200000001:x"), **wrong})


async def test_raw_bytes_are_stored_as_they_came():
    raw = b'{ "update_id" : 7,\n "message":{"text":"\xc3\xa9"} }'
    inbox = Inbox()
    async with webhook() as (server, channel, address), listening(channel, inbox):
        await until(lambda: server.webhook.url)
        async with httpx.AsyncClient(timeout=60) as client:
            for _ in range(2):
                await client.post(address, content=raw, headers=HEADERS)
    [(name, (stored, envelope))] = inbox.rows.items()
    assert stored == raw and name == "4200000001:7" and envelope["username"] == "rrm_demo_bot"
    assert json.loads(raw)["update_id"] == 7
