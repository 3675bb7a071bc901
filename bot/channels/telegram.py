"""The Telegram channel: updates in by long poll or webhook, letters out, buttons acknowledged.

In: `TelegramSettings`; `listen(accept)` hands every raw update over and confirms it only when that returned.
Out: `Incoming` or `Unreadable` from `read`; `Sent` from `send`, or Refused / Unreachable / Ambiguous.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from starlette.routing import Route
from telegram.error import TelegramError

from bot.channels.telegram_client import Client, Declined, fate
from bot.channels.telegram_limits import Limiter
from bot.channels.telegram_poll import ALLOWED, STOPPED, Accept, Alert, Clock, Poller, external_id
from bot.channels.telegram_read import read_update
from bot.channels.telegram_send import Brink, Sender
from bot.channels.telegram_settings import TelegramSettings
from bot.channels.telegram_text import clean
from bot.channels.telegram_webhook import WebhookDoor
from routing.errors import ChannelError, Refused, Unreachable
from routing.values import Incoming, Outgoing, Sent, Unreadable

log = logging.getLogger(__name__)

COMMANDS_EN: Mapping[str, str] = {
    "ask": "Ask a question",
    "status": "See where my questions are",
    "language": "Choose my language",
    "export": "Get a copy of my data",
    "forget": "Delete my data",
    "help": "How this works",
}


async def log_alert(code: str, text: str) -> None:
    log.error("%s: %s", code, text)


class TelegramChannel:
    """One bot. `commands` maps a language to its command descriptions; English is the default for all others."""

    name = "telegram"

    def __init__(
        self,
        settings: TelegramSettings,
        *,
        commands: Mapping[str, Mapping[str, str]] | None = None,
        alert: Alert = log_alert,
        clock: Clock = lambda: datetime.now(UTC),
        heard_at: datetime | None = None,
    ):
        self.settings, self.alert = settings, alert
        self.commands = {"en": COMMANDS_EN, **(commands or {})}
        self.client = Client(settings)
        self.poller = Poller(self.client, alert, clock, heard_at)
        self.sender = Sender(self.client, Limiter(settings.limits))
        self.username: str | None = None
        self.stopped: str | None = None
        self._accept: Accept | None = None

    async def start(self) -> None:
        """Open the connections and introduce the bot; if Telegram is away, `listen` introduces it later."""
        await self.client.open()
        with contextlib.suppress(TelegramError):
            await self._introduce()

    async def close(self) -> None:
        self._accept = None
        await self.client.close()

    async def listen(self, accept: Accept) -> None:
        """Hand over updates until cancelled. Returns only when a person has to act: `stopped` says why, the alert is out.

        Called again after that it waits in silence: to poll once more would end the poll of whoever polls rightly.
        """
        if self.stopped:
            await asyncio.Event().wait()
        try:
            if not await self._introduced():
                return
            if self.settings.mode == "webhook":
                await self._await_webhook(accept)
            else:
                self.stopped = await self.poller.run(accept, self.envelope)
        finally:
            self._accept = None

    def route(self) -> Route:
        """Where the webhook comes in, for the web server of the process; it answers 503 until `listen` runs."""
        door = WebhookDoor(self.settings.webhook_secret, self._take, self.settings.limits.webhook_bytes)
        return Route(self.settings.webhook_path, endpoint=door)

    def sender_of(self, raw: bytes, envelope: Mapping[str, Any]) -> str | None:
        """The chat that an update is from."""
        item = read_update(raw, envelope)
        return item.sender or None if isinstance(item, Incoming) else None

    def read(self, raw: bytes, envelope: Mapping[str, Any]) -> Incoming | Unreadable:
        """The stored bytes as a value; never raises."""
        return read_update(raw, envelope)

    async def send(self, message: Outgoing, brink: Brink) -> Sent:
        """Carry one letter. Raises Refused, Unreachable or Ambiguous."""
        try:
            return await self.sender.send(message, brink)
        except Unreachable as error:
            if error.code in ("401", "404"):
                await self.alert("telegram-token", "Telegram does not know this bot's token: letters wait for the right one.")
            raise

    async def acknowledge(self, callback_id: str, text: str = "") -> bool:
        """Stop the clock on a touched button; False when Telegram no longer knows it (the button itself still counts)."""
        return await self._try("answerCallbackQuery", callback_query_id=callback_id, text=clean(text)[:200])

    async def retire_buttons(self, address: str, message: int | None) -> bool:
        """Take the buttons off a message that has done its work; a courtesy, and a very old message keeps them."""
        keyboard: dict[str, Any] = {"inline_keyboard": []}
        return message is not None and await self._try(
            "editMessageReplyMarkup", chat_id=address, message_id=message, reply_markup=keyboard
        )

    async def typing(self, address: str) -> bool:
        """Show "typing…" for some seconds; a courtesy, so failure is only reported."""
        return await self._try("sendChatAction", chat_id=address, action="typing")

    async def fetch(self, file_id: str) -> bytes:
        """The content of a file somebody sent. Raises Refused (too big, gone) or Unreachable; may always be repeated."""
        limit = self.settings.limits.download_bytes
        try:
            found = await self.client.call("getFile", file_id=file_id)
        except TelegramError as error:
            raise fetch_error(error) from None
        size, path = found.get("file_size", 0), found.get("file_path", "")
        if size > limit:
            raise Refused(f"the file is larger than {limit} bytes", code="too-big", address_is_dead=False)
        return await self.client.download(path, limit)

    async def check(self) -> dict[str, Any]:
        """What `rrm doctor` shows: the bot, its webhook, and what is wrong with them."""
        try:
            me = await self.client.call("getMe")
            hook = await self.client.call("getWebhookInfo")
        except TelegramError as error:
            return {"mode": self.settings.mode, "problems": [str(fate(error))]}
        seen = {key: hook.get(key) for key in ("url", "pending_update_count", "last_error_message")}
        sees_all = bool(me.get("can_read_all_group_messages"))
        return {
            "mode": self.settings.mode, "username": me.get("username"), "sees_all_group_messages": sees_all,
            "webhook": seen, "problems": problems_of(self.settings, hook),
        }  # fmt: skip

    @property
    def envelope(self) -> dict[str, Any]:
        return {"bot": self.settings.bot_id, "username": self.username}

    async def _introduced(self) -> bool:
        """True once Telegram knows the bot and its commands; False when it refuses the token."""
        while True:
            try:
                await self._introduce()
                return True
            except TelegramError as error:
                if isinstance(error, Declined) and error.code in STOPPED:
                    self.stopped, text = STOPPED[error.code]
                    await self.alert(self.stopped, text)
                    return False
                await self.poller.pause(error)

    async def _introduce(self) -> None:
        if self.username is not None:
            return
        username = str((await self.client.call("getMe")).get("username", ""))
        try:
            await self._register_commands()
        except Declined as error:
            # a description Telegram does not like is no reason to be deaf
            log.error("the commands could not be registered: %s", error.description)
        self.username = username

    async def _register_commands(self) -> None:
        for language, described in self.commands.items():
            commands = [{"command": command, "description": text} for command, text in described.items()]
            await self.client.call("setMyCommands", commands=commands, language_code=language)
            if language == "en":
                await self.client.call("setMyCommands", commands=commands)

    async def _await_webhook(self, accept: Accept) -> None:
        self._accept = accept
        while True:
            try:
                await self._set_webhook()
                break
            except TelegramError as error:
                if isinstance(error, Declined) and error.code in (400, 401, 404):
                    self.stopped = "telegram-webhook"
                    await self.alert(
                        self.stopped, f"Telegram refuses the webhook: {error.description}. Nothing arrives until it is mended."
                    )
                    return
                await self.poller.pause(error)
        await asyncio.Event().wait()

    async def _set_webhook(self) -> None:
        url, secret = self.settings.webhook_url, self.settings.webhook_secret.reveal()
        # one connection: with more, updates of one chat may overtake each other
        await self.client.call("setWebhook", url=url, secret_token=secret, allowed_updates=ALLOWED, max_connections=1)

    async def _take(self, raw: bytes) -> None:
        if self._accept is None:
            raise ConnectionError("nobody listens yet")
        try:
            update = json.loads(raw)
        except (ValueError, RecursionError):
            update = None
        await self._accept(external_id(update, self.settings.bot_id, raw), raw, self.envelope)

    async def _try(self, method: str, **params: Any) -> bool:
        try:
            return bool(await self.client.call(method, **params))
        except TelegramError as error:
            log.warning("%s: %s", method, type(error).__name__)
            return False


def fetch_error(error: TelegramError) -> ChannelError:
    judged = fate(error)
    if isinstance(judged, Refused):
        return Refused(str(judged), code=judged.code, address_is_dead=False)
    return judged if isinstance(judged, Unreachable) else Unreachable(str(judged))


def problems_of(settings: TelegramSettings, hook: Mapping[str, Any]) -> list[str]:
    problems = []
    url = hook.get("url", "")
    if settings.mode == "polling" and url:
        problems.append("a webhook is set, so polling gets nothing: delete the webhook or use webhook mode")
    if settings.mode == "webhook" and url != settings.webhook_url:
        problems.append("the webhook is not set to webhook_url: nothing arrives until the service has started")
    if hook.get("last_error_message") and hook.get("pending_update_count"):
        # the message stays after the error is mended, the waiting updates do not
        problems.append(f"the webhook failed: {hook['last_error_message']}")
    if hook.get("pending_update_count", 0) > 100:
        problems.append(f"{hook['pending_update_count']} updates wait at Telegram")
    return problems
