"""The queue of updates: kept until confirmed, handed to one poller at a time.

In: updates as they happen. Out: batches for `getUpdates` or for the webhook; an update is forgotten once an offset above it
was asked for. https://core.telegram.org/bots/api#getupdates
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from bot.demo.botapi_faults import DESCRIPTIONS
from bot.demo.botapi_text import ApiError

Json = dict[str, Any]

# sent only when asked for by name
ON_REQUEST = {"chat_member", "message_reaction", "message_reaction_count"}


class Updates:
    def __init__(self, first_id: int = 700_000_001):
        self.pending: list[Json] = []
        self.next_id = first_id
        self.allowed: list[str] = []
        self.closed = False
        self.polling = 0
        self._turn = 0
        self._hurried = 0
        self._sleepers: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    def add(self, kind: str, payload: Json) -> int:
        """Queue an update unless the bot did not ask for its kind; what was asked later changes nothing for it."""
        update_id, self.next_id = self.next_id, self.next_id + 1
        if kind in self.allowed or (not self.allowed and kind not in ON_REQUEST):
            self.put({"update_id": update_id, kind: payload})
        return update_id

    def put(self, update: Any) -> None:
        """Queue `update` exactly as given: a repeat, an unknown kind or nonsense."""
        self.pending.append(update)
        self.wake()

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Json]:
        """Confirm everything below `offset`, then answer at the first update or after `timeout` seconds.

        A second poller ends the first with 409, as Telegram does.
        """
        self._turn += 1
        turn = self._turn
        self.wake()
        self.confirm(offset)
        until = asyncio.get_running_loop().time() + timeout
        self.polling += 1
        try:
            while turn == self._turn:
                batch = self.read(limit)
                left = until - asyncio.get_running_loop().time()
                if batch or left <= 0 or self.closed or turn == self._hurried:
                    return batch
                await self.sleep(left)
        finally:
            self.polling -= 1
        raise ApiError(409, DESCRIPTIONS[409])

    async def answer_now(self, patience: float = 5.0) -> None:
        """End the poll that waits with nothing, as at the end of its time, and wait for the next: for clocks that are moved."""
        turn = self._hurried = self._turn
        self.wake()
        until = asyncio.get_running_loop().time() + patience
        while turn == self._turn and not self.closed and asyncio.get_running_loop().time() < until:
            await asyncio.sleep(0.01)

    def confirm(self, offset: int) -> None:
        if offset > 0:
            self.pending = [update for update in self.pending if id_of(update) >= offset]
        elif offset < 0:
            self.pending = self.pending[offset:]

    def read(self, limit: int = 100) -> list[Json]:
        return self.pending[:limit]

    async def sleep(self, seconds: float) -> None:
        """Until something happens, `seconds` at most."""
        event = asyncio.Event()
        sleeper = (asyncio.get_running_loop(), event)
        self._sleepers.append(sleeper)
        try:
            await asyncio.wait_for(event.wait(), seconds)
        except TimeoutError:
            pass
        finally:
            self._sleepers.remove(sleeper)

    def wake(self) -> None:
        """Safe from any thread: the demo's page may live in another one."""
        for loop, event in list(self._sleepers):
            loop.call_soon_threadsafe(event.set)

    def close(self) -> None:
        self.closed = True
        self.wake()


def id_of(update: Any) -> int:
    """What has no number can't be confirmed either: it comes again with every poll."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if isinstance(number, int) else sys.maxsize
