"""What the service expects of a channel: one file in `bot/channels` that can listen, read and send."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from routing.values import Incoming, Outgoing, Sent, Unreadable

# Called with (external id, raw bytes, envelope); returns when the bytes are committed: True for something new, False for a
# repeat. It raises when the database is away, and then the far side must not be told that we have the message.
Accept = Callable[[str, bytes, dict[str, Any]], Awaitable[bool]]
# Awaited right before the step of sending that cannot be taken back; raises `LeaseLost` when somebody else has the letter.
Brink = Callable[[], Awaitable[None]]


class LeaseLost(Exception):
    """Another worker has claimed the letter since: it must not be sent here."""


class Channel(Protocol):
    """A way to reach people. `send` raises `Refused`, `Unreachable` or `Ambiguous` of `routing.errors`."""

    @property
    def name(self) -> str: ...

    async def start(self) -> None: ...

    async def listen(self, accept: Accept) -> None: ...

    def sender_of(self, raw: bytes, envelope: Mapping[str, Any]) -> str | None:
        """Who wrote what was just taken in, as far as a glance tells: their messages are handled in the order they came in."""

    def read(self, raw: bytes, envelope: Mapping[str, Any]) -> Incoming | Unreadable | Awaitable[Incoming | Unreadable]: ...

    async def send(self, message: Outgoing, brink: Brink) -> Sent: ...

    async def close(self) -> None: ...
