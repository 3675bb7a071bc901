"""The Bot API as this channel uses it: one call, its plain result, and errors that say what became of the request.

In: a method's name and parameters. Out: the decoded `result`, or `Declined` (Telegram answered no) or another
`TelegramError` (no answer; its cause tells how far the request got). The token never leaves this module.
"""

from __future__ import annotations

import contextlib
import json
from typing import Any

import httpx
from telegram import Bot
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot.channels.telegram_settings import TelegramSettings, quieten_libraries
from routing.errors import Ambiguous, ChannelError, Refused, Unreachable

Json = dict[str, Any]

# with these the request never left, so a repeat is safe
NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
DEAD = ("chat not found", "user is deactivated", "peer_id_invalid", "user not found", "chat_id is empty", "chat was deleted")


class Declined(TelegramError):
    """Telegram's own answer with an error in it. https://core.telegram.org/bots/api#making-requests"""

    def __init__(self, code: int, description: str, retry_after: float | None = None, migrated_to: int | None = None):
        super().__init__(f"{code} {description}")
        self.code, self.description, self.retry_after, self.migrated_to = code, description, retry_after, migrated_to

    @property
    def is_markup_error(self) -> bool:
        return self.code == 400 and "can't parse entities" in self.description.lower()


class PlainRequest(HTTPXRequest):
    """PTB's transport, with the status code kept: its own errors do not tell 413 from 502."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        code, payload = await super().do_request(*args, **kwargs)
        if 200 <= code <= 299:
            return code, payload
        raise declined(code, payload)

    @staticmethod
    def parse_json_payload(payload: bytes) -> Json:
        """Like PTB's, without its log line that quotes the whole payload."""
        with contextlib.suppress(ValueError, RecursionError):
            decoded = json.loads(payload)
            if isinstance(decoded, dict) and "result" in decoded:
                return decoded
        raise TelegramError("the server's response is no Bot API response")


class Client:
    def __init__(self, settings: TelegramSettings):
        quieten_libraries()
        self.settings = settings
        self.is_open = True
        self._requests = (self._request(2), self._request(64))
        self._bot = Bot(
            settings.token.reveal(), settings.method_url, settings.file_url,
            get_updates_request=self._requests[0], request=self._requests[1],
        )  # fmt: skip

    def _request(self, connections: int) -> PlainRequest:
        given = self.settings
        return PlainRequest(
            connection_pool_size=connections, connect_timeout=given.connect_timeout, read_timeout=given.read_timeout,
            write_timeout=given.write_timeout, media_write_timeout=max(given.write_timeout, 60.0), pool_timeout=5.0,
        )  # fmt: skip

    async def open(self) -> None:
        for request in self._requests:
            await request.initialize()
        self.is_open = True

    async def close(self) -> None:
        self.is_open = False
        for request in self._requests:
            await request.shutdown()

    async def call(self, method: str, *, read_timeout: float | None = None, **params: Any) -> Any:
        """The `result` of one call. Raises TelegramError.

        `_post` is not public, but the typed methods hide the raw update that has to be stored, and `do_api_request`
        warns for every method PTB knows.
        """
        if not self.is_open:
            raise TelegramError("not connected") from httpx.ConnectError("the channel is closed")
        return await self._bot._post(method, params, read_timeout=read_timeout or self.settings.read_timeout)

    async def download(self, path: str, limit: int) -> bytes:
        """The file at `path`, `limit` bytes at most. Raises Refused or Unreachable; a download may always be repeated."""
        url = f"{self.settings.file_url}{self.settings.token.reveal()}/{path}"
        try:
            async with httpx.AsyncClient(timeout=self.settings.read_timeout) as http, http.stream("GET", url) as response:
                if response.status_code != 200:
                    error: ChannelError = Unreachable("the file could not be fetched", code=str(response.status_code))
                else:
                    return await read_up_to(limit, response)
        except httpx.HTTPError as problem:
            # not chained: httpx keeps the address, token included, in its errors
            error = Unreachable(f"the file could not be fetched: {type(problem).__name__}")
        raise error

    def __repr__(self) -> str:
        return f"Client(bot={self.settings.bot_id})"


async def read_up_to(limit: int, response: httpx.Response) -> bytes:
    """A body of at most `limit` bytes; raises `Refused` as soon as there are more, whatever its header promised."""
    parts, size = [], 0
    async for part in response.aiter_bytes():
        size += len(part)
        if size > limit:
            raise Refused(f"the file is larger than {limit} bytes", code="too-big", address_is_dead=False)
        parts.append(part)
    return b"".join(parts)


def declined(code: int, payload: bytes) -> Declined:
    try:
        body = json.loads(payload)
    except (ValueError, RecursionError):
        body = {}
    body = body if isinstance(body, dict) else {}
    parameters = body.get("parameters")
    parameters = parameters if isinstance(parameters, dict) else {}
    retry_after, migrated_to = parameters.get("retry_after"), parameters.get("migrate_to_chat_id")
    return Declined(
        code, str(body.get("description", "no reason given"))[:300],
        float(retry_after) if isinstance(retry_after, int | float) else None,
        migrated_to if isinstance(migrated_to, int) else None,
    )  # fmt: skip


def fate(error: Exception) -> ChannelError:
    """What became of a letter whose request ended in `error`: the table from transport errors to the outbox's words."""
    if not isinstance(error, Declined):
        if isinstance(error.__cause__, NEVER_LEFT):
            return Unreachable(f"Telegram cannot be reached: {type(error.__cause__).__name__}", code="connect")
        return Ambiguous(f"the request was sent and its answer lost: {type(error.__cause__ or error).__name__}")
    code, text = str(error.code), error.description
    if error.code == 429:
        return Unreachable(text, code=code, retry_after=error.retry_after or 1.0)
    if error.code in (401, 404):
        return Unreachable("Telegram does not know this bot's token", code=code)
    if error.code >= 500:
        # a gateway may give up on a request that was carried out all the same
        return Ambiguous(f"Telegram answered {code} {text}")
    return Refused(text, code=code, address_is_dead=error.code == 403 or any(word in text.lower() for word in DEAD))
