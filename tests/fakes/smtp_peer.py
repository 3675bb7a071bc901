"""A scripted SMTP server: it journals everything, keeps what it took, and misbehaves exactly as told.

`async with SmtpPeer() as peer: peer.scripts.append(Script(reply={"rcpt": "550 5.1.1 no such user"}))`. Each connection
takes the next script; when none is left it behaves. Phases: connect, ehlo, starttls, auth, mail, rcpt, data, body, dot.
"""

from __future__ import annotations

import asyncio
import base64
import ssl
from contextlib import suppress
from dataclasses import dataclass, field

from tests.fakes.peer import Peer

FOREVER_S = 3600


@dataclass(frozen=True)
class Script:
    """How one connection goes. `reply` replaces the answer at a phase; `hang` and `cut` stop there without one.

    `cut_after_bytes` closes inside the text, after so many bytes of it; `early` is said before the dot; `keeps` says
    whether a mail whose dot is never answered was stored all the same; `delay` is the pause per byte read of the text.
    """

    reply: dict[str, str] = field(default_factory=dict)
    hang: str | None = None
    cut: str | None = None
    cut_after_bytes: int | None = None
    early: str | None = None
    keeps: bool = True
    starttls: str = "absent"  # absent, ok, refused, broken
    auth: str | None = None  # None, ok, refused, echo (refuses and repeats what it was given)
    mechanisms: str = "PLAIN LOGIN"
    extensions: tuple[str, ...] = ("SIZE 10485760", "8BITMIME", "ENHANCEDSTATUSCODES")
    delay: float = 0.0


@dataclass(frozen=True)
class Mail:
    mail_from: str
    rcpt_to: tuple[str, ...]
    data: bytes
    encrypted: bool


class _Stop(Exception):
    """This connection ends here."""


class SmtpPeer(Peer):
    def __init__(self, tls: ssl.SSLContext | None = None, *, implicit: bool = False, port: int = 0):
        super().__init__(port, ssl=tls if implicit else None)
        self.scripts: list[Script] = []
        self.journal: list[tuple[str, str]] = []
        self.mails: list[Mail] = []
        self._tls, self._implicit = tls, implicit

    def said(self, verb: str) -> list[str]:
        """What clients said after `verb`, in order."""
        return [rest for name, rest in self.journal if name == verb]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        script = self.scripts.pop(0) if self.scripts else Script()
        with suppress(_Stop, ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, asyncio.CancelledError):
            await _Connection(self, script, reader, writer, self._tls, self._implicit).run()
        writer.transport.abort() if script.cut_after_bytes is not None else writer.close()


class _Connection:
    def __init__(self, peer, script, reader, writer, tls, encrypted):
        self.peer, self.script, self.reader, self.writer = peer, script, reader, writer
        self.tls, self.encrypted = tls, encrypted
        self.mail_from, self.rcpt_to = "", []

    async def run(self) -> None:
        await self.answer("connect", "220 peer.test ESMTP")
        verbs = {"EHLO": self.ehlo, "HELO": self.ehlo, "STARTTLS": self.starttls, "AUTH": self.auth}
        verbs |= {"MAIL": self.mail, "RCPT": self.rcpt, "DATA": self.data}
        while True:
            verb, _, rest = (await self.line()).partition(" ")
            self.peer.journal.append((verb.upper(), rest))
            if verb.upper() == "QUIT":
                await self.say("221 2.0.0 bye")
                return
            await verbs[verb.upper()](rest)

    async def line(self) -> str:
        line = await self.reader.readuntil(b"\r\n")
        return line.decode("utf-8", "surrogateescape").rstrip("\r\n")

    async def say(self, text: str) -> None:
        self.writer.write(text.encode() + b"\r\n")
        await self.writer.drain()

    async def answer(self, phase: str, normal: str) -> bool:
        """The scripted or the normal answer; True when the client may go on from here."""
        if self.script.hang == phase:
            self.peer.journal.append(("(hang)", phase))
            await asyncio.sleep(FOREVER_S)
        if self.script.cut == phase:
            self.peer.journal.append(("(cut)", phase))
            raise _Stop
        reply = self.script.reply.get(phase, normal)
        await self.say(reply)
        return reply == normal

    async def ehlo(self, _rest: str) -> None:
        offers = list(self.script.extensions)
        if self.script.starttls != "absent" and not self.encrypted:
            offers.append("STARTTLS")
        if self.script.auth:
            offers.append(f"AUTH {self.script.mechanisms}")
        lines = ["peer.test", *offers]
        text = "\r\n".join(f"250{' ' if line is lines[-1] else '-'}{line}" for line in lines)
        await self.answer("ehlo", text)

    async def starttls(self, _rest: str) -> None:
        if self.script.starttls == "refused":
            await self.say("454 4.7.0 TLS not available")
            return
        if not await self.answer("starttls", "220 2.0.0 go ahead"):
            return
        if self.script.starttls == "broken":
            self.writer.write(b"this is no handshake\r\n")
            raise _Stop
        await self.writer.start_tls(self.tls)
        self.encrypted = True

    async def auth(self, rest: str) -> None:
        if "LOGIN" in rest:
            await self.say("334 UGFzc3dvcmQ6")
            rest += " " + await self.line()
        if self.script.auth == "echo":
            given = rest.split()[-1]
            await self.say(f"535 5.7.8 {given} {base64.b64decode(given)!r} is wrong")
        elif self.script.auth == "refused":
            await self.say("535 5.7.8 authentication credentials invalid")
        else:
            await self.answer("auth", "235 2.7.0 welcome")

    async def mail(self, rest: str) -> None:
        self.mail_from, self.rcpt_to = rest.partition(":")[2].split(" ")[0].strip("<>"), []
        await self.answer("mail", "250 2.1.0 ok")

    async def rcpt(self, rest: str) -> None:
        if await self.answer("rcpt", "250 2.1.5 ok"):
            self.rcpt_to.append(rest.partition(":")[2].split(" ")[0].strip("<>"))

    async def data(self, _rest: str) -> None:
        if not await self.answer("data", "354 go ahead"):
            return
        text = await self.text()
        self.peer.journal.append(("(dot)", ""))
        kept = "dot" not in self.script.reply and (self.script.keeps or "dot" not in (self.script.hang, self.script.cut))
        if kept:
            self.peer.mails.append(Mail(self.mail_from, tuple(self.rcpt_to), text, self.encrypted))
        await self.answer("dot", f"250 2.0.0 Ok: queued as PEER{len(self.peer.mails)}")

    async def text(self) -> bytes:
        """The mail, undotted; ends only at CRLF . CRLF, however the bytes arrive."""
        taken = bytearray()
        if self.script.early:
            taken += await self.reader.readexactly(1)
            await self.say(self.script.early)
        if self.script.hang == "body":
            self.peer.journal.append(("(hang)", "body"))
            await asyncio.sleep(FOREVER_S)
        while not (taken.endswith(b"\r\n.\r\n") or taken == b".\r\n"):
            if self.script.cut_after_bytes is not None and len(taken) >= self.script.cut_after_bytes:
                self.peer.journal.append(("(cut)", f"body {len(taken)}"))
                raise _Stop
            taken += await self.reader.readexactly(1) if self.script.delay else await self.some(taken)
            await asyncio.sleep(self.script.delay)
        lines = bytes(taken)[:-3].split(b"\r\n")
        return b"\r\n".join(line[1:] if line.startswith(b".") else line for line in lines)

    async def some(self, taken: bytearray) -> bytes:
        """What is there up to the scripted cut; a client waits for our answer after the dot, so nothing lies behind it."""
        most = 65536 if self.script.cut_after_bytes is None else self.script.cut_after_bytes - len(taken)
        got = await self.reader.read(most)
        if not got:
            raise _Stop
        return got
