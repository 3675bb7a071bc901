"""The poll loop: an update is confirmed only after its raw bytes are committed.

In: `getUpdates`. Out: `accept(external_id, raw, envelope)` per update, in their order; alerts when a person has to act.
PTB's own updater is not used: it confirms updates that still sit in memory.
https://core.telegram.org/bots/api#getupdates
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import random
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from telegram.error import TelegramError

from bot.channels.telegram_client import Client, Declined

Accept = Callable[[str, bytes, dict[str, Any]], Awaitable[bool]]
Alert = Callable[[str, str], Awaitable[None]]
Clock = Callable[[], datetime]

log = logging.getLogger(__name__)

# everything the reader knows; Telegram keeps what was asked for last, so it is said with every poll
ALLOWED = ["message", "edited_message", "channel_post", "edited_channel_post", "callback_query", "my_chat_member"]
FORGOTTEN_AFTER = timedelta(hours=24)
UNKNOWN_TOKEN = (
    "telegram-token",
    "Telegram does not know this bot's token (any more): polling stopped. Put the right token in place, then restart.",
)
STOPPED = {
    401: UNKNOWN_TOKEN,
    404: UNKNOWN_TOKEN,
    409: (
        "telegram-conflict",
        "Somebody else receives this bot's updates (a second instance, or a webhook is set): polling stopped. "
        "Stop the other instance or delete the webhook, then restart.",
    ),
}


class Poller:
    """`heard_at` is when Telegram last answered; give it the moment of the last run so that a long gap is noticed."""

    def __init__(self, client: Client, alert: Alert, clock: Clock, heard_at: datetime | None = None):
        self.client, self.alert, self.clock = client, alert, clock
        self.heard_at = heard_at
        self.failures = 0

    async def run(self, accept: Accept, envelope: dict[str, Any]) -> str:
        """Poll until cancelled, or until Telegram's answer needs a person; then returns the code of the alert given."""
        offset: int | None = None
        while True:
            try:
                batch = await self._batch(offset)
            except TelegramError as error:
                if isinstance(error, Declined) and error.code in STOPPED:
                    code, text = STOPPED[error.code]
                    await self.alert(code, text)
                    return code
                await self.pause(error)
                continue
            await self._heard()
            if batch:
                offset = await self._commit(batch, accept, envelope, offset)
                continue
            # this answer has confirmed all there was; ids may start anew after a quiet week, so the offset is dropped
            offset, self.failures = None, 0

    async def _batch(self, offset: int | None) -> list[Any]:
        seconds = self.client.settings.poll_timeout
        batch = await self.client.call(
            "getUpdates", read_timeout=seconds + 10, offset=offset, timeout=seconds, limit=100, allowed_updates=ALLOWED
        )
        if not isinstance(batch, list):
            raise TelegramError("getUpdates gave no list")
        return sorted(batch, key=number_of)

    async def _commit(self, batch: list[Any], accept: Accept, envelope: dict[str, Any], offset: int | None) -> int | None:
        """The next offset: just behind the last update committed without a gap before it."""
        before = offset
        for update in batch:
            try:
                await accept(external_id(update, envelope["bot"]), as_bytes(update), envelope)
            except Exception as error:
                log.error("update not stored, it stays with Telegram: %s", type(error).__name__)
                await self.pause(error)
                return offset
            if (number := number_of(update)) >= 0:
                offset = number + 1
        self.failures = 0
        if offset == before:
            # nothing here can be confirmed, so the same comes at once again; others must not wait long for it
            await asyncio.sleep(self.client.settings.backoff[0])
        return offset

    async def _heard(self) -> None:
        now, last = self.clock(), self.heard_at
        self.heard_at = now
        if last is not None and now - last >= FORGOTTEN_AFTER:
            await self.alert(
                "telegram-gap",
                f"Telegram could not be heard from {last:%Y-%m-%d %H:%M} to {now:%Y-%m-%d %H:%M} UTC. It forgets messages after "
                "24 hours: some may be lost, and their senders do not know.",
            )

    async def pause(self, error: Exception) -> None:
        """Longer with every failure in a row, and as long as Telegram asks for."""
        self.failures += 1
        shortest, longest = self.client.settings.backoff
        seconds = min(longest, shortest * 2.0 ** min(self.failures - 1, 16)) * random.uniform(0.75, 1.0)
        asked = error.retry_after if isinstance(error, Declined) else None
        log.warning("polling pauses after %s", type(error).__name__)
        await asyncio.sleep(max(seconds, asked or 0.0))


def number_of(update: Any) -> int:
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if isinstance(number, int) and not isinstance(number, bool) else -1


def external_id(update: Any, bot_id: int, raw: bytes | None = None) -> str:
    """The name under which repeats are known; an update without a number goes by its content."""
    if (number := number_of(update)) >= 0:
        return f"{bot_id}:{number}"
    return f"{bot_id}:sha256-{hashlib.sha256(raw if raw is not None else as_bytes(update)).hexdigest()[:32]}"


def as_bytes(update: Any) -> bytes:
    """ASCII JSON: it can carry whatever came, even halves of surrogate pairs."""
    return json.dumps(update, separators=(",", ":")).encode("ascii")
