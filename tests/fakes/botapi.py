"""A Telegram with our channel connected to it, and an inbox that remembers and can break."""

import asyncio
import contextlib
import json
from dataclasses import replace
from datetime import UTC, datetime

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_settings import TelegramLimits, TelegramSettings
from bot.demo.botapi import BotApiServer
from bot.secrets import Secret
from routing.values import ButtonLabel, Outgoing

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
QUICK = TelegramLimits(chat_pause=0.0, per_second=1000)


class Inbox:
    """What was committed, by external id; `broken` makes the database go away, for some ids or for all."""

    def __init__(self):
        self.rows = {}
        self.offered = []
        self.broken = lambda update: False

    async def accept(self, external_id, raw, envelope):
        self.offered.append(external_id)
        if self.broken(json.loads(raw)):
            raise ConnectionError("the database is away")
        is_new = external_id not in self.rows
        self.rows.setdefault(external_id, (raw, envelope))
        return is_new

    @property
    def texts(self):
        return [json.loads(raw).get("message", {}).get("text") for raw, _ in self.rows.values()]


class Alerts:
    def __init__(self):
        self.given = []

    async def __call__(self, code, text):
        self.given.append((code, text))

    @property
    def codes(self):
        return [code for code, _ in self.given]


def settings_for(server, **changes):
    given = TelegramSettings(Secret(server.token), base_url=server.root, poll_timeout=1, backoff=(0.02, 0.1), limits=QUICK)
    return replace(given, **changes)


@contextlib.asynccontextmanager
async def connected(*, started=True, **changes):
    """(server, channel): a running Telegram and a channel that may send; `changes` go into the settings."""
    async with BotApiServer() as server:
        alerts = Alerts()
        channel = TelegramChannel(settings_for(server, **changes), alert=alerts)
        channel.alerts = alerts
        if started:
            await channel.start()
        try:
            yield server, channel
        finally:
            await channel.close()


@contextlib.asynccontextmanager
async def listening(channel, inbox):
    task = asyncio.create_task(channel.listen(inbox.accept))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class Brink:
    """Counts how often the point of no return was announced."""

    def __init__(self):
        self.crossed = 0

    async def __call__(self):
        self.crossed += 1


def letter(text="Good news.", address="1001", id=1, buttons=(), **more):
    labels = tuple(ButtonLabel(label, button_id) for label, button_id in buttons)
    return Outgoing(id, "telegram", str(address), "en", "Subject", text, f"<{id}@rrm.example>", NOON, buttons=labels, **more)


def bubbles(server, whose):
    """What the bot wrote, as the person sees it."""
    return [shown for shown in server.screen(whose) if shown.from_bot]


def most_in_a_window(moments, width):
    """The largest number of `moments` that any window of `width` seconds (its end excluded) holds."""
    moments = sorted(moments)
    return max((sum(1 for other in moments[at:] if other - start < width) for at, start in enumerate(moments)), default=0)
