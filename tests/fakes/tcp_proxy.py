"""A TCP proxy that cuts: after so many bytes in one direction the connection is gone on both sides.

`async with tcp_proxy(port) as proxy: proxy.cut_up = 100` cuts the next connection after 100 bytes from the client;
`cut_down` counts bytes from the server. None lets everything through. `up` and `down` count what was forwarded last.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

HOST = "127.0.0.1"


class TcpProxy:
    def __init__(self, target: int):
        self.target = target
        self.cut_up: int | None = None
        self.cut_down: int | None = None
        self.up = self.down = 0
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def port(self) -> int:
        return self._server.sockets[0].getsockname()[1]

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, HOST, 0)

    async def stop(self) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.add(asyncio.current_task())
        self.up = self.down = 0
        far_reader, far_writer = await asyncio.open_connection(HOST, self.target)
        ways = [self._pump(reader, far_writer, "up", self.cut_up), self._pump(far_reader, writer, "down", self.cut_down)]
        tasks = [asyncio.ensure_future(way) for way in ways]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            writer.close()
            far_writer.close()
            self._tasks.discard(asyncio.current_task())

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: str, cut: int | None) -> None:
        """Forward until the end or the cut; what lies before the cut still arrives."""
        passed = 0
        with suppress(ConnectionError):
            while cut is None or passed < cut:
                data = await reader.read(65536 if cut is None else cut - passed)
                if not data:
                    return
                writer.write(data)
                await writer.drain()
                passed += len(data)
                setattr(self, way, passed)


@asynccontextmanager
async def tcp_proxy(target: int) -> AsyncIterator[TcpProxy]:
    proxy = TcpProxy(target)
    await proxy.start()
    try:
        yield proxy
    finally:
        await proxy.stop()
