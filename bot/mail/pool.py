"""Reads mail in processes that can be killed, so that no mail can stop or swell the service.

In: raw bytes and envelope. Out: `Incoming` or `Unreadable`; never raises for what a mail does. A child that crashes, hangs or
passes its limits is replaced; so is one that has grown or read many mails.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.mail import wire
from bot.mail.config import MailConfig
from bot.mail.mime import MAX_SIZE
from bot.mail.parse import CHANNEL
from routing.values import Incoming, Kind, Unreadable

WALL_SECONDS = 20.0
MAILS_PER_CHILD = 2_000
MAX_RESIDENT = 160 * 1024 * 1024
ROOT = Path(__file__).resolve().parents[2]


class Reader:
    """`children` processes read mail side by side; each call takes one of them for one mail."""

    def __init__(self, config: MailConfig, *, children: int = 1, wall_seconds: float = WALL_SECONDS):
        self._config, self._wall = config, wall_seconds
        self._idle: asyncio.Queue[_Child] = asyncio.Queue()
        self._all = [_Child(config) for _ in range(children)]
        for child in self._all:
            self._idle.put_nowait(child)

    async def start(self) -> None:
        """Starts the children, so that the first mail need not wait for them."""
        for child in self._all:
            await child.ensure()

    async def close(self) -> None:
        """Ends all children; a mail being read comes back as `Unreadable`."""
        for child in self._all:
            await child.kill()

    async def read(self, raw: bytes, envelope: Mapping[str, Any]) -> Incoming | Unreadable:
        """Raises only what a broken installation raises (OSError when no process can be started)."""
        if len(raw) > MAX_SIZE:
            return Unreadable(CHANNEL, f"the mail is past a bound: larger than {MAX_SIZE // 1024 // 1024} MiB")
        child = await self._idle.get()
        try:
            item = await self._ask(child, wire.request(raw, dict(envelope)))
            return await self._with_signature(child, raw, item) if isinstance(item, Incoming) else item
        finally:
            self._idle.put_nowait(child)

    async def _with_signature(self, child: _Child, raw: bytes, item: Incoming) -> Incoming:
        """`item`, proven where no border server judges but its sender's domain has signed it. A fault proves nothing."""
        if not self._config.check_signatures or self._config.authserv_id or item.kind is not Kind.MESSAGE or item.held:
            return item
        word = "unchecked"
        try:
            await child.ensure()
            answer = await asyncio.wait_for(child.ask(wire.signature_request(raw, item.sender, item.tokens)), self._wall)
            word = str(answer["vouched"])
        except asyncio.CancelledError:
            await child.kill()
            raise
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError, ValueError, KeyError, TypeError):
            await child.kill()
        return replace(item, proven=word == "signed", facts={**item.facts, "identity": word})

    async def _ask(self, child: _Child, request: bytes) -> Incoming | Unreadable:
        await child.ensure()
        try:
            answer = await asyncio.wait_for(child.ask(request), self._wall)
            item = wire.unpack(answer)
        except TimeoutError:
            await child.kill()
            return Unreadable(CHANNEL, "reading the mail took too long and was stopped")
        except (asyncio.IncompleteReadError, ConnectionError, ValueError, KeyError, TypeError):
            await child.kill()
            return Unreadable(CHANNEL, "reading the mail passed a limit of time or memory and was stopped")
        except asyncio.CancelledError:
            await child.kill()
            raise
        if child.is_worn_out():
            await child.kill()
        return item


class _Child:
    """One process and the pipe to it."""

    def __init__(self, config: MailConfig):
        self._config = config
        self._process: asyncio.subprocess.Process | None = None
        self._served = 0

    async def ensure(self) -> None:
        if self._process is not None and self._process.returncode is None:
            return
        self._served = 0
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.mail.child",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            cwd=ROOT, env=_environment(), limit=2**20,
        )  # fmt: skip
        _stdin(self._process).write(wire.frame(self._config.to_json()))

    async def ask(self, request: bytes) -> dict[str, Any]:
        process = self._process
        assert process is not None and process.stdout is not None
        self._served += 1
        _stdin(process).write(request)
        await _stdin(process).drain()
        head = await process.stdout.readexactly(wire.LENGTH_BYTES)
        size = int.from_bytes(head, "big")
        if size > wire.MAX_FRAME:
            raise ValueError("the answer is too large")
        answer = json.loads(await process.stdout.readexactly(size))
        if not isinstance(answer, dict):
            raise TypeError("the answer is no object")
        return answer

    def is_worn_out(self) -> bool:
        return self._served >= MAILS_PER_CHILD or (self._process is not None and _resident(self._process.pid) > MAX_RESIDENT)

    async def kill(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            _stdin(process).close()
        await process.wait()


def _stdin(process: asyncio.subprocess.Process) -> asyncio.StreamWriter:
    assert process.stdin is not None
    return process.stdin


def _environment() -> dict[str, str]:
    """Nothing of ours: secrets in the environment are no business of a process that reads strangers' mail."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "VIRTUAL_ENV") if name in os.environ}
    paths = os.pathsep.join([str(ROOT), *(path for path in sys.path if path)])
    return kept | {"PYTHONPATH": paths, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", "MALLOC_ARENA_MAX": "1"}


def _resident(pid: int) -> int:
    """Bytes of memory in use; 0 where the system does not say."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
