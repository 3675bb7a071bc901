"""Turns for sending: one message a second to a chat, thirty a second in all, twenty a minute to a group.

In: who wants to send to which chat. Out: a turn, kept until the response has come. Windows are counted from the response on,
so whatever the network does in between, no window at Telegram's end ever holds more than allowed.
https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from time import monotonic

from bot.channels.telegram_settings import TelegramLimits
from routing.errors import Unreachable

GROUP_WINDOW = 60.0
KEEP_CHATS = 2000


@dataclass(slots=True)
class ChatTurns:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    ends: deque[float] = field(default_factory=deque)
    waiting: int = 0
    closed_until: float = 0.0


class Limiter:
    def __init__(self, limits: TelegramLimits, clock: Callable[[], float] = monotonic):
        self.limits, self.clock = limits, clock
        self._chats: dict[int, ChatTurns] = {}
        self._gate = asyncio.Lock()
        self._ends: deque[float] = deque()
        self._running = 0
        self._ended = asyncio.Event()

    @contextlib.asynccontextmanager
    async def turn(self, chat: int, patient: bool = False) -> AsyncIterator[None]:
        """Wait for a turn and hold it. Raises Unreachable while the chat is closed, or if the wait would be longer than
        `patience` (unless `patient`); nothing was sent then.
        """
        turns = self._turns(chat)
        self._refuse(turns, chat, turns.waiting, patient)
        turns.waiting += 1
        try:
            async with turns.lock:
                self._refuse(turns, chat, 0, patient)
                await self._until(self._due(turns, chat))
                self._refuse(turns, chat, 0, patient)
                await self._enter()
                try:
                    yield
                finally:
                    self._leave(turns)
        finally:
            turns.waiting -= 1

    def close(self, chat: int, seconds: float) -> None:
        """Telegram said "later" for this chat: nothing goes there until then; other chats are not concerned."""
        turns = self._turns(chat)
        turns.closed_until = max(turns.closed_until, self.clock() + seconds)

    def _refuse(self, turns: ChatTurns, chat: int, ahead: int, patient: bool) -> None:
        now = self.clock()
        closed = turns.closed_until - now
        if closed > 0:
            raise Unreachable("Telegram asked to wait with this chat", code="429", retry_after=closed)
        wait = max(self._due(turns, chat) - now, 0.0) + ahead * self.limits.chat_pause
        if wait > self.limits.patience and not patient:
            raise Unreachable("many letters wait for this chat", code="busy", retry_after=wait)

    def _due(self, turns: ChatTurns, chat: int) -> float:
        """The moment from which this chat may get the next message."""
        due = turns.ends[-1] + self.limits.chat_pause if turns.ends else 0.0
        if chat < 0 and len(turns.ends) >= self.limits.per_group_minute:
            due = max(due, turns.ends[-self.limits.per_group_minute] + GROUP_WINDOW)
        return due

    async def _until(self, moment: float) -> None:
        while (left := moment - self.clock()) > 0:
            await asyncio.sleep(left)

    async def _enter(self) -> None:
        async with self._gate:
            while self._full():
                self._ended.clear()
                pause = self._ends[0] + 1.0 - self.clock() if self._ends else 60.0
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._ended.wait(), max(pause, 0.001))
            self._running += 1

    def _full(self) -> bool:
        now = self.clock()
        while self._ends and self._ends[0] + 1.0 <= now:
            self._ends.popleft()
        return self._running + len(self._ends) >= self.limits.per_second

    def _leave(self, turns: ChatTurns) -> None:
        now = self.clock()
        self._running -= 1
        self._ends.append(now)
        turns.ends.append(now)
        while len(turns.ends) > self.limits.per_group_minute:
            turns.ends.popleft()
        self._ended.set()

    def _turns(self, chat: int) -> ChatTurns:
        if chat not in self._chats and len(self._chats) >= KEEP_CHATS:
            self._forget_idle()
        return self._chats.setdefault(chat, ChatTurns())

    def _forget_idle(self) -> None:
        long_ago = self.clock() - GROUP_WINDOW
        self._chats = {
            chat: turns for chat, turns in self._chats.items()
            if turns.waiting or turns.closed_until > long_ago or (turns.ends and turns.ends[-1] > long_ago)
        }  # fmt: skip
