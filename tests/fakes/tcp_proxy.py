"""A TCP proxy that cuts: after so many bytes in one direction the connection is gone on both sides.

`async with TcpProxy(port) as proxy: proxy.cut_up = 100` cuts the next connection after 100 bytes from the client;
`cut_down` counts bytes from the server. None lets everything through. `up` and `down` count what was forwarded last.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from tests.fakes.peer import HOST, Peer


class TcpProxy(Peer):
    def __init__(self, target: int):
        super().__init__()
        self.target = target
        self.cut_up: int | None = None
        self.cut_down: int | None = None
        self.up = self.down = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
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
