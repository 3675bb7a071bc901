"""The webhook's door: Telegram's POST is answered 200 only after its raw bytes are committed.

In: an HTTP request with the secret header. Out: `take(raw)`; 403 without the secret (the body is not read), 503 when it could
not be stored, so that Telegram brings it again. https://core.telegram.org/bots/api#setwebhook
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.secrets import Secret

HEADER = b"x-telegram-bot-api-secret-token"

log = logging.getLogger(__name__)


class WebhookDoor:
    """An ASGI application for one route."""

    def __init__(self, secret: Secret, take: Callable[[bytes], Awaitable[object]], limit: int):
        self.secret, self.take, self.limit = secret, take, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await Response(status_code=await self._status(scope, receive))(scope, receive, send)

    async def _status(self, scope: Scope, receive: Receive) -> int:
        if scope["method"] != "POST":
            return 405
        if not self._is_telegram(scope):
            return 403
        raw = await self._body(receive)
        if raw is None:
            return 413
        try:
            await self.take(raw)
        except Exception as error:
            log.error("update not stored, Telegram is asked to bring it again: %s", type(error).__name__)
            return 503
        return 200

    def _is_telegram(self, scope: Scope) -> bool:
        given = [value for name, value in scope["headers"] if name.lower() == HEADER]
        expected = self.secret.reveal().encode()
        # compared in constant time, also when there is nothing to compare; an empty secret opens nothing
        return hmac.compare_digest(given[0] if len(given) == 1 else b"", expected) and bool(expected)

    async def _body(self, receive: Receive) -> bytes | None:
        parts, size = [], 0
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return None
            size += len(message.get("body", b""))
            if size > self.limit:
                return None
            parts.append(message.get("body", b""))
            if not message.get("more_body"):
                return b"".join(parts)
