"""A server on a port of this machine that a test starts, stops and starts again; what it says is for its kind to say."""

from __future__ import annotations

import asyncio
from typing import Any, Self

HOST = "127.0.0.1"


class Peer:
    """`serve` handles one connection; whoever stops the peer ends those that are still open."""

    def __init__(self, port: int = 0, **options: Any):
        self.connections = 0
        self.port, self._options = port, options
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def is_busy(self) -> bool:
        return bool(self._tasks)

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, HOST, self.port, **self._options)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.stop()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        raise NotImplementedError

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._tasks.add(task)
        self.connections += 1
        try:
            await self.serve(reader, writer)
        finally:
            self._tasks.discard(task)
