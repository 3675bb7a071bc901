"""The webhook: who gets the updates, and the task that brings them there, one after the other, until each is answered 2xx.

In: `setWebhook` and its sisters. Out: POST requests with the secret in `X-Telegram-Bot-Api-Secret-Token`.
https://core.telegram.org/bots/api#setwebhook
"""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass, field

import httpx

from bot.demo.botapi_params import Params
from bot.demo.botapi_text import ApiError
from bot.demo.botapi_updates import Updates
from bot.demo.botapi_world import Json

SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
LOOPBACK = ("http://127.0.0.1:", "http://localhost:")


@dataclass(slots=True)
class Webhook:
    """Where updates go while `url` is not empty. `pauses` are the seconds before a repeat, the last one for ever."""

    updates: Updates
    pauses: tuple[float, ...] = (0.05, 0.1, 0.2, 0.5, 1.0)
    url: str = ""
    secret: str = field(default="", repr=False)
    last_error: str = ""
    last_error_date: int = 0
    deliveries: list[tuple[int, int]] = field(default_factory=list)

    def set(self, params: Params) -> bool:
        url, secret = params.text("url"), params.text("secret_token")
        if url and not url.startswith(("https://", *LOOPBACK)):
            raise ApiError(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        if secret and not SECRET.fullmatch(secret):
            raise ApiError(400, "Bad Request: secret token contains unallowed characters")
        self.url, self.secret = url, secret
        self.last_error, self.last_error_date = "", 0
        self.updates.allowed = params.items("allowed_updates") or self.updates.allowed
        return self._changed(params)

    def delete(self, params: Params) -> bool:
        self.url = self.secret = ""
        return self._changed(params)

    def _changed(self, params: Params) -> bool:
        if params.flag("drop_pending_updates"):
            self.updates.pending.clear()
        self.updates.wake()
        return True

    def described(self) -> Json:
        error = {"last_error_date": self.last_error_date, "last_error_message": self.last_error} if self.last_error else {}
        pending = len(self.updates.pending)
        return {"url": self.url, "has_custom_certificate": False, "pending_update_count": pending, **error}

    async def deliver(self) -> None:
        """Run until the queue closes. An update stays first in line until it was answered with success."""
        failures = 0
        async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
            while not self.updates.closed:
                batch = self.updates.read(1) if self.url else []
                if not batch:
                    await self.updates.sleep(60)
                    continue
                if await self._bring(client, batch[0]):
                    failures = 0
                    continue
                failures += 1
                await asyncio.sleep(self.pauses[min(failures, len(self.pauses)) - 1])

    async def _bring(self, client: httpx.AsyncClient, update: Json) -> bool:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.secret} if self.secret else {}
        try:
            response = await client.post(self.url, json=update, headers=headers)
            status, reason = response.status_code, f"Wrong response from the webhook: {response.status_code}"
        except httpx.HTTPError as error:
            status, reason = 0, f"Connection failed: {type(error).__name__}"
        self.deliveries.append((update.get("update_id", 0), status))
        if 200 <= status < 300:
            if update in self.updates.pending:
                self.updates.pending.remove(update)
            return True
        self.last_error, self.last_error_date = reason, int(time.time())
        return False
