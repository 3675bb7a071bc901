"""A Bot API server of our own, strict like Telegram's, for tests and for the demo.

In: HTTP calls of any Bot API client on one side; `user(…)`, `group(…)`, `fail(…)` from Python on the other.
Out: responses, updates by long poll or webhook, what each person sees, and a journal of every call.

    async with BotApiServer() as server:
        anna = server.user(1001, "Anna", "it")
        anna.say("/start")                       # the bot receives an update
        server.screen(anna)                      # what Anna sees, buttons included
        server.fail("sendMessage", cut=True, when="after")
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import Any, Literal, Self

import uvicorn

from bot.demo.botapi_faults import Call, Fault
from bot.demo.botapi_hook import Webhook
from bot.demo.botapi_people import Group, Phone, Shown
from bot.demo.botapi_web import BotApi
from bot.demo.botapi_world import Chat, World

TOKEN = "4200000001:demo-token-of-nobody-0123456789abcdef"  # opens nothing: made up here


class BotApiServer:
    """One bot's Telegram on 127.0.0.1. `root` is its address; `base_url` and `base_file_url` are it as PTB wants it."""

    def __init__(self, token: str = TOKEN, username: str = "rrm_demo_bot", name: str = "Rapid Response", port: int = 0):
        self.world = World(token, username, name)
        self.webhook = Webhook(self.world.updates)
        self.api = BotApi(self.world, self.webhook)
        self.token, self.port = token, port
        self._tasks: list[asyncio.Task[None]] = []
        self._server: QuietServer | None = None

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        return f"{self.root}/bot"

    @property
    def base_file_url(self) -> str:
        return f"{self.root}/file/bot"

    @property
    def journal(self) -> list[Call]:
        return self.api.journal

    async def start(self) -> Self:
        listener = socket.create_server(("127.0.0.1", self.port), backlog=256)
        self.port = listener.getsockname()[1]
        config = uvicorn.Config(self.api, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1)
        self._server = QuietServer(config)
        self._tasks = [asyncio.create_task(self._server.serve([listener])), asyncio.create_task(self.webhook.deliver())]
        while not self._server.started:
            await asyncio.sleep(0.01)
        return self

    async def stop(self) -> None:
        self.world.updates.close()
        if self._server is None:
            return
        self._server.should_exit = True
        serving, delivering = self._tasks
        delivering.cancel()
        await asyncio.gather(serving, delivering, return_exceptions=True)

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    def user(self, id: int, first_name: str, language_code: str | None = "en", **more: Any) -> Phone:
        """The telephone of person `id`; the same person again for the same `id`."""
        person = {"id": id, "is_bot": False, "first_name": first_name, **more}
        if language_code:
            person["language_code"] = language_code
        return Phone(self.world, self.world.people.setdefault(id, person))

    def group(self, id: int, title: str, *members: Phone, bot_in: bool = True) -> Group:
        """A group with these members; its `id` is negative, as in Telegram."""
        ids = {member.id for member in members} | ({self.world.bot["id"]} if bot_in else set())
        chat = self.world.chats.setdefault(id, Chat(id, "group", title, members=ids))
        return Group(self.world, chat)

    def screen(self, whose: Phone | Group) -> list[Shown]:
        """What is to be seen in a person's chat with the bot, or in a group: edits applied, deleted messages gone."""
        return whose.screen()

    chat = screen

    def fail(
        self, method: str, status: int | None = None, *, description: str = "", retry_after: int | None = None, cut: bool = False,
        when: Literal["before", "after"] = "before", delay: float = 0.0, chat: int | None = None, times: int = 1,
    ) -> Fault:  # fmt: skip
        """Order a fault for the next `times` calls of `method` (to `chat` only, if given); see `Fault`."""
        return self.api.faults.add(Fault(method, status, description, retry_after, cut, when, delay, chat, times))

    def revoke(self) -> None:
        """From now on the token is unknown (401)."""
        self.world.revoked = True

    def calls(self, method: str, chat: int | None = None, accepted: bool | None = None) -> list[Call]:
        return [
            call for call in self.journal
            if call.method.lower() == method.lower() and chat in (None, call.chat) and accepted in (None, call.accepted)
        ]  # fmt: skip


class QuietServer(uvicorn.Server):
    """Leaves the signals of the process to whoever embeds it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
