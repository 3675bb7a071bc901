"""Telling webhooks: claim, sign, send, settle. No transaction is open while the network is spoken to.

Signed as https://www.standardwebhooks.com says: HMAC-SHA256 over "id.timestamp.body". Redirects are not followed, little of an
answer is read, and a receiver that is slow has failed.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import logging
from collections.abc import Sequence
from datetime import datetime
from ipaddress import ip_network

import httpx

from bot.clock import Clock
from bot.outward import NotAllowed, Target, checked
from routing import webhooks
from routing.office import Office
from routing.store import Store
from routing.webhooks import Call

log = logging.getLogger(__name__)
SECONDS = 10.0
GONE = 410


class Failed(Exception):
    """The receiver did not take it; `gone` says that it never will."""

    def __init__(self, why: str, *, gone: bool = False):
        super().__init__(why)
        self.gone = gone


class Webhooks:
    """Tells what is due, several at a time."""

    def __init__(self, store: Store, office: Office, clock: Clock, allowed: Sequence[str] = (), seconds: float = SECONDS):
        self._store, self._office, self._clock = store, office, clock
        self._allowed, self._seconds = [ip_network(one) for one in allowed], seconds

    async def step(self) -> bool:
        """Tell one batch; True when there was one."""
        calls = await asyncio.to_thread(self._claim)
        await asyncio.gather(*(self._tell(call) for call in calls))
        return bool(calls)

    def _claim(self) -> list[Call]:
        with self._store.transaction() as session:
            return webhooks.claim(session, self._clock.now())

    async def _tell(self, call: Call) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                await self._send(call)
        except Failed as failed:
            await asyncio.to_thread(self._failed, call, str(failed), failed.gone)
        except TimeoutError:
            await asyncio.to_thread(self._failed, call, f"no answer within {self._seconds:g} seconds", False)
        else:
            await asyncio.to_thread(self._sent, call)

    async def _send(self, call: Call) -> None:
        try:
            target = await checked(call.url, self._allowed)
        except (NotAllowed, OSError) as error:
            raise Failed(str(error) if isinstance(error, NotAllowed) else "its name does not resolve") from error
        try:
            status = await _post(target, call, self._clock.now(), self._seconds)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Failed(type(error).__name__) from None  # its words may hold the whole address
        if status == GONE:
            raise Failed(f"it answered {status}", gone=True)
        if not 200 <= status < 300:
            raise Failed(f"it answered {status}")

    def _sent(self, call: Call) -> None:
        with self._store.transaction() as session:
            webhooks.settle_sent(session, call, self._clock.now())

    def _failed(self, call: Call, error: str, gone: bool) -> None:
        with self._store.transaction() as session:
            fate = webhooks.settle_failure(session, self._office, call, error, self._clock.now(), gone=gone)
        log.warning("webhook %s, call %s: %s (%s)", call.webhook_id, call.id, fate, error)


def signature(secret: str, message_id: str, timestamp: int, body: str) -> str:
    """ "v1," and the base64 of HMAC-SHA256; the key is what the secret holds in base64 after its prefix."""
    key = base64.b64decode(secret.removeprefix(webhooks.PREFIX))
    signed = hmac.new(key, f"{message_id}.{timestamp}.{body}".encode(), hashlib.sha256).digest()
    return "v1," + base64.b64encode(signed).decode()


async def _post(target: Target, call: Call, now: datetime, seconds: float) -> int:
    timestamp = int(now.timestamp())
    headers = {
        "host": target.host,
        "content-type": "application/json",
        "user-agent": "rrm-webhooks/1",
        "webhook-id": call.message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(call.secret, call.message_id, timestamp, call.body),
    }
    told = {"sni_hostname": target.name}
    body = call.body.encode()
    async with (
        httpx.AsyncClient(timeout=seconds, trust_env=False, follow_redirects=False) as client,
        client.stream("POST", target.url, content=body, headers=headers, extensions=told) as response,
    ):
        return response.status_code
