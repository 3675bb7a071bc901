"""A loop that does one step whenever it is woken or its pause is over, survives errors, and gives a sign of life."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)

LONGEST_PAUSE_AFTER_ERRORS = 30.0


class Loop:
    """Runs `step` until stopped. `step` returns True when there may be more to do at once.

    `beat` is awaited after every step, so a loop that hangs or dies can be noticed while its process lives.
    """

    def __init__(
        self,
        name: str,
        step: Callable[[], Awaitable[bool]],
        *,
        pause: float,
        beat: Callable[[str], Awaitable[None]] | None = None,
    ):
        self.name, self._step, self._pause, self._beat = name, step, pause, beat
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._errors = 0
        self._stopping = False

    def wake(self) -> None:
        """Look now rather than at the end of the pause."""
        self._woken.set()

    def start(self) -> None:
        self._stopping = False
        self._task = asyncio.create_task(self._run(), name=self.name)

    async def stop(self, within: float = 20.0) -> None:
        """Let the running step finish, so that nothing claimed lies until its lease lapses; cut it off after `within` seconds."""
        if self._task is None:
            return
        self._stopping = True
        self._woken.set()
        done, _ = await asyncio.wait([self._task], timeout=within)
        if not done:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    @property
    def is_running(self) -> bool:
        return self._task is not None and not self._task.done()

    async def _run(self) -> None:
        while not self._stopping:
            self._woken.clear()
            more = await self._guarded_step()
            if not more and not self._stopping:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), self._wait())

    async def _guarded_step(self) -> bool:
        try:
            more = await self._step()
            if self._beat is not None:
                await self._beat(self.name)
            self._errors = 0
            return more
        except Exception as error:
            self._errors += 1
            log.error("loop %s: %s: %s", self.name, type(error).__name__, error, exc_info=log.isEnabledFor(logging.DEBUG))
            return False

    def _wait(self) -> float:
        """Longer after every error in a row, scattered, so that a database that comes back is not stormed."""
        wait = self._pause * 2**self._errors if self._errors else self._pause
        return min(wait, max(LONGEST_PAUSE_AFTER_ERRORS, self._pause)) * (random.uniform(0.8, 1.2) if self._errors else 1)
