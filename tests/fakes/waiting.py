"""Waiting for what comes to pass by itself: it is looked for again and again, never slept for."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
PATIENCE_S = 90.0


async def until(look: Callable[[], T], why: Callable[[], str] = lambda: "it did not come to pass in time") -> T:
    """What `look()` finds, as soon as it finds something; fails with `why()` when that takes too long."""
    end = time.monotonic() + PATIENCE_S
    while not (found := look()):
        assert time.monotonic() < end, why()
        await asyncio.sleep(0.005)
    return found


@contextlib.asynccontextmanager
async def running(work: Coroutine[Any, Any, None]) -> AsyncIterator[asyncio.Task[None]]:
    """Work without an end, at the side; it must still go on when the block is left."""
    task = asyncio.create_task(work)
    try:
        yield task
        assert not task.done(), task.exception()
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
