"""Takes mail straight from a mail server, by LMTP (RFC 2033) or SMTP: 250 means that the raw bytes are committed.

In: connections on one address, normally from the border mail server on this machine. Out: `accept` once per recipient
under `lmtp:SHA256`, then the reply. It relays nothing, and refuses whatever two servers could read as two mails.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, AnyStr, Literal, get_args

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.channels.imap_settings import MEBIBYTE
from routing.failpoints import failpoint

log = logging.getLogger(__name__)

Accept = Callable[[str, bytes, dict[str, Any]], Awaitable[bool]]
Protocol = Literal["lmtp", "smtp"]

STORED = "250 2.0.0 stored"
LATER = "451 4.3.0 it cannot be stored now, please try again later"
BARE_LINE_END = "550 5.6.11 a line end is CR LF, not one of them alone (RFC 5321 section 2.3.8)"
NO_RELAY = "550 5.7.1 mail for this address is not taken here"
TOO_MANY = "452 4.5.3 too many recipients"
BUSY = b"421 4.3.2 too many connections, please try again later\r\n"
# Where one server ends a line at a bare LF and the next does not, text can be smuggled out as a second mail.
_BARE = re.compile(rb"\r(?!\n)|(?<!\r)\n")
LONGEST_LINE = 64 * 1024


@dataclass(frozen=True, slots=True)
class ListenerSettings:
    """Times in seconds, sizes in bytes. `domains` and `addresses` are what mail is taken for; sub-addresses are included."""

    domains: tuple[str, ...]
    addresses: tuple[str, ...] = ()
    protocol: Protocol = "lmtp"
    host: str = "127.0.0.1"
    port: int = 8024
    hostname: str = "localhost"
    size_limit: int = 25 * MEBIBYTE
    most_recipients: int = 100
    most_connections: int = 100
    silence: float = 120.0
    connection: float = 900.0
    storing: float = 60.0
    farewell: float = 5.0

    def __post_init__(self) -> None:
        if self.protocol not in get_args(Protocol):
            raise ValueError(f"listener protocol is 'lmtp' or 'smtp', not {self.protocol!r}")
        if not self.domains and not self.addresses:
            raise ValueError("the listener must be told which domains or addresses are ours")

    def takes(self, address: str) -> bool:
        """Whether `address` is ours; the part after a plus sign does not matter (RFC 5233)."""
        local, _, domain = address.strip().lower().rpartition("@")
        plain = f"{local.partition('+')[0]}@{domain}"
        ours = {own.lower() for own in self.addresses}
        return bool(local) and (domain in {own.lower() for own in self.domains} or bool({f"{local}@{domain}", plain} & ours))


class MailListener:
    """The server. `listen` runs for ever; `start` and `close` are its two halves."""

    def __init__(self, settings: ListenerSettings):
        self._settings = settings
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.BaseTransport] = set()
        self._storing = 0
        # At INFO and DEBUG this logger writes addresses and whole mails.
        logging.getLogger("mail.log").setLevel(logging.ERROR)

    @property
    def port(self) -> int:
        """Where it listens; differs from the settings when they say 0."""
        if self._server is None:
            raise RuntimeError("the listener is not started")
        return int(self._server.sockets[0].getsockname()[1])

    async def listen(self, accept: Accept) -> None:
        """Take mail until cancelled. Raises OSError when the address cannot be bound."""
        await self.start(accept)
        try:
            await asyncio.Event().wait()
        finally:
            await self.close()

    async def start(self, accept: Accept) -> None:
        def protocol() -> asyncio.BaseProtocol:
            return _Busy() if len(self._open) >= self._settings.most_connections else self._conversation(accept)

        host, port = self._settings.host, self._settings.port
        try:
            self._server = await asyncio.get_running_loop().create_server(protocol, host, port)
        except OSError as problem:
            told = f"mail cannot be taken on {host}:{port} ({problem.strerror}); choose another listener.host or listener.port"
            raise OSError(problem.errno, told) from problem

    async def close(self) -> None:
        """Take no more, let what is being stored be stored and answered, then hang up."""
        if self._server is not None:
            self._server.close()
        deadline = asyncio.get_running_loop().time() + self._settings.farewell
        while self._storing and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.02)
        for transport in list(self._open):
            transport.close()

    async def store(self, accept: Accept, raw: bytes, envelope: dict[str, Any], recipient: str) -> bool:
        """Whether the mail for `recipient` is committed (also when it was before)."""
        name = "lmtp:" + hashlib.sha256(raw + recipient.encode("utf-8", "surrogateescape")).hexdigest()
        self._storing += 1
        try:
            async with asyncio.timeout(self._settings.storing):
                await accept(name, raw, envelope | {"rcpt_to": [recipient]})
            failpoint("lmtp.after_accept")
            return True
        except Exception as error:
            log.warning("a mail could not be stored (%s); its server was asked to keep it", type(error).__name__)
            return False
        finally:
            self._storing -= 1

    def _conversation(self, accept: Accept) -> asyncio.BaseProtocol:
        kind = _LmtpConversation if self._settings.protocol == "lmtp" else _SmtpConversation
        return kind(
            _Handler(self, self._settings, accept), data_size_limit=self._settings.size_limit, enable_SMTPUTF8=True,
            hostname=self._settings.hostname, ident="RRM", timeout=self._settings.silence, loop=asyncio.get_running_loop(),
        ).bounded(self._open, self._settings.connection)  # fmt: skip


class _Busy(asyncio.Protocol):
    """What a caller meets when too many are here already."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.WriteTransport):
            transport.write(BUSY)
            transport.close()


class _SmtpConversation(SMTP):
    """aiosmtpd's conversation, with a bound on its life and a reply per recipient where LMTP wants one."""

    line_length_limit = LONGEST_LINE  # real mail breaks the 1000 of RFC 5321; losing it over that helps nobody
    replies_after_data = 1

    def bounded(self, open_transports: set[asyncio.BaseTransport], seconds: float) -> _SmtpConversation:
        self._open_transports, self._seconds = open_transports, seconds
        return self

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._open_transports.add(transport)
        self._own_transport = transport
        self._end_of_life = self.loop.call_later(self._seconds, transport.close)

    def connection_lost(self, error: Exception | None) -> None:
        self._open_transports.discard(self._own_transport)
        self._end_of_life.cancel()
        super().connection_lost(error)

    async def push(self, status: AnyStr) -> None:
        refuses_all = isinstance(status, str) and status.startswith(("500 Line too long", "552 "))
        for _ in range(self.replies_after_data if refuses_all else 1):
            await super().push(status)


class _LmtpConversation(_SmtpConversation, LMTP):
    """After DATA every recipient gets a reply of its own (RFC 2033 section 4.2), also when none is stored."""

    async def smtp_DATA(self, arg: str) -> None:
        self.replies_after_data = len(self.envelope.rcpt_tos) if self.envelope and self.envelope.rcpt_tos else 1
        try:
            await super().smtp_DATA(arg)
        finally:
            self.replies_after_data = 1


class _Handler:
    """aiosmtpd's hooks: which recipients, and what becomes of the text."""

    def __init__(self, listener: MailListener, settings: ListenerSettings, accept: Accept):
        self._listener, self._settings, self._accept = listener, settings, accept

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:  # fmt: skip
        if len(envelope.rcpt_tos) >= self._settings.most_recipients:
            return TOO_MANY
        if not self._settings.takes(address):
            return NO_RELAY
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ours"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:
        raw, recipients = envelope.original_content or b"", list(envelope.rcpt_tos)
        if _BARE.search(raw):
            return self._replies([BARE_LINE_END] * len(recipients))
        sender = "" if envelope.mail_from == "<>" else envelope.mail_from
        known = {"mail_from": sender, "peer": str(session.peer[0]) if session.peer else ""}
        stored = [await self._listener.store(self._accept, raw, known, recipient) for recipient in recipients]
        return self._replies([STORED if done else LATER for done in stored])

    async def handle_exception(self, error: Exception) -> str:
        """A fault of ours is no reason to lose a mail, and its words are nobody else's business."""
        log.error("the mail listener failed (%s)", type(error).__name__)
        return LATER

    def _replies(self, each: list[str]) -> str:
        """One line per recipient for LMTP; for SMTP one for all, which is the worst."""
        if self._settings.protocol == "lmtp":
            return "\r\n".join(each)
        return next((reply for reply in each if reply != STORED), STORED)
