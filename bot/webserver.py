"""The console's web server as a part of the process: it listens before the service says that it runs, and ends with it.

In: an ASGI application, and where it listens. Out: the port, also when any free one was asked for.
"""

from __future__ import annotations

import asyncio

import uvicorn
from starlette.types import ASGIApp

from bot.sections import Console
from bot.sources import SettingsError


class WebServer:
    def __init__(self, told: Console):
        self._told = told
        self._server: uvicorn.Server | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self, app: ASGIApp) -> None:
        """Returns once it listens; raises `SettingsError` where it cannot, as on a port that is taken."""
        self._server = uvicorn.Server(self._config(app))
        self._server.install_signal_handlers = lambda: None  # type: ignore[attr-defined, method-assign, unused-ignore]
        self._task = asyncio.create_task(self._serve(self._server), name="console")
        while not self._server.started and not self._task.done():
            await asyncio.sleep(0.02)
        if self._task.done():
            await self._task

    async def _serve(self, server: uvicorn.Server) -> None:
        try:
            await server.serve()
        except SystemExit as end:  # uvicorn would end the whole process where it cannot listen, and has the reason in its log
            where = f"{self._told.host}:{self._told.port}"
            raise SettingsError(
                f"The console cannot listen on {where} ({end.__context__}): choose another console.host or console.port."
            ) from end

    async def stop(self) -> None:
        if self._server is not None and self._task is not None:
            self._server.should_exit = True
            await asyncio.gather(self._task, return_exceptions=True)

    @property
    def port(self) -> int:
        if self._server is None or not self._server.servers:
            return self._told.port
        return int(self._server.servers[0].sockets[0].getsockname()[1])

    def _config(self, app: ASGIApp) -> uvicorn.Config:
        return uvicorn.Config(
            app,
            host=self._told.host,
            port=self._told.port,
            log_config=None,  # its lines go where all others go, masked as they are
            log_level="warning",
            access_log=False,
            server_header=False,
            lifespan="off",
            proxy_headers=bool(self._told.trusted_proxies),
            forwarded_allow_ips=list(self._told.trusted_proxies),
            timeout_graceful_shutdown=5,
        )
