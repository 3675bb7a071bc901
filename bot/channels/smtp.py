"""Carries one letter to one recipient over SMTP, step by step, so that every failure has a known meaning.

In: a finished mail as bytes, an envelope sender, one recipient, and `brink`, which is awaited between the recipient's
acceptance and DATA. Out: `Sent`, or one of `Refused`, `Unreachable`, `Ambiguous` (the table is in `smtp_fates`).
No encryption is never a fallback: a server that does not offer what is configured is unreachable.
"""

from __future__ import annotations

import asyncio
import logging
import re
import ssl
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress

import aiosmtplib
from aiosmtplib.protocol import SMTPProtocol

from bot.channels.replies import scrub
from bot.channels.smtp_fates import Phase, Trouble, channel_error, judge
from bot.channels.smtp_settings import SmtpSettings
from routing.errors import ChannelError, Refused
from routing.failpoints import failpoint
from routing.values import Sent

log = logging.getLogger(__name__)

START_INPUT, DONE = 354, 250
_LINE_END = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)
_QUEUED_AS = re.compile(r"queued as ([\w.+/=-]{1,80})", re.IGNORECASE)
_UNSAFE_ADDRESS = re.compile(r"[\x00-\x20\x7f<>,;]")


class SmtpSender:
    """Hands letters to one mail server, a connection per letter."""

    def __init__(self, settings: SmtpSettings):
        self._settings = settings
        self._tls = None if settings.tls == "off-for-loopback" else ssl.create_default_context(cafile=settings.ca_file)

    async def send(self, raw: bytes, *, envelope_sender: str, recipient: str, brink: Callable[[], Awaitable[None]]) -> Sent:
        """Deliver `raw`; raises Refused, Unreachable or Ambiguous, and lets an error of `brink` through untouched."""
        content = _wire_form(raw)
        _check_addresses(envelope_sender, recipient)
        talk = _Talk(self._settings, self._tls)
        try:
            with talk.judged():
                async with asyncio.timeout(self._settings.timeouts.offer):
                    await talk.open()
                    await talk.offer(envelope_sender, recipient, content)
            await brink()
            with talk.judged():
                reply = await talk.hand_over(content)
        finally:
            talk.close()
        found = _QUEUED_AS.search(reply)
        return Sent(external_id=found[1] if found else None, detail=reply)

    async def check(self) -> None:
        """Connect, encrypt and log in, then leave: what a health check wants to know. Raises as `send` does."""
        talk = _Talk(self._settings, self._tls)
        try:
            with talk.judged():
                async with asyncio.timeout(self._settings.timeouts.offer):
                    await talk.open()
        finally:
            talk.close()


class _Talk:
    """One conversation with the server; `phase` says how far it got."""

    def __init__(self, settings: SmtpSettings, tls: ssl.SSLContext | None):
        self.phase = Phase.CONNECT
        self._settings, self._times = settings, settings.timeouts
        self._client = aiosmtplib.SMTP(
            hostname=settings.host, port=settings.port, use_tls=settings.is_implicit, start_tls=False,
            tls_context=tls, local_hostname=settings.helo, timeout=settings.timeouts.command,
        )  # fmt: skip

    @contextmanager
    def judged(self) -> Iterator[None]:
        """Turn whatever goes wrong inside, our own slips included, into the channel error of the current phase.

        The cause is not chained: a server may echo the credentials it refuses.
        """
        try:
            yield
        except ChannelError:
            raise
        except aiosmtplib.SMTPResponseException as error:
            raise self._judge(error.code, error.message) from None
        except Exception as error:
            if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
                self.phase = Phase.TLS if self.phase is Phase.CONNECT else self.phase
            raise self._judge(None, f"{type(error).__name__}: {error}") from None

    async def open(self) -> None:
        """Connect, greet, encrypt as configured, log in."""
        await self._client.connect(timeout=self._times.connect)
        await self._greet()
        if self._settings.starts_tls:
            self.phase = Phase.TLS
            await self._client.starttls()
            await self._greet()
        if self._settings.user:
            self.phase = Phase.AUTH
            password = self._settings.password
            await self._client.login(self._settings.user, password.reveal() if password else "")

    async def offer(self, sender: str, recipient: str, content: bytes) -> None:
        """Name the sender and the recipient; the server accepted both when this returns."""
        self.phase = Phase.MAIL
        options, encoding = self._mail_options(sender, recipient, content)
        await self._client.mail(sender, options=options, encoding=encoding)
        self.phase = Phase.RCPT
        await self._client.rcpt(recipient, encoding=encoding)

    async def hand_over(self, content: bytes) -> str:
        """DATA, the text, a moment to hear of a broken connection, then the dot; returns the server's last words."""
        async with asyncio.timeout(self._times.body):
            protocol, transport = await self._begin_data()
            reply = asyncio.ensure_future(protocol.read_response())
            try:
                await asyncio.sleep(0)  # the reader must be waiting before the first byte leaves, or an early reply is dropped
                protocol.write(content)
                await _flush(transport, reply)
                await asyncio.wait({reply}, timeout=self._times.settle)
                if reply.done():
                    raise aiosmtplib.SMTPDataError(reply.result().code, reply.result().message)
                protocol.write(b".\r\n")  # raises, with nothing written, where the connection is known to be lost
            except BaseException:
                _forget(reply)
                raise
        return await self._last_words(reply)

    async def _begin_data(self) -> tuple[SMTPProtocol, asyncio.WriteTransport]:
        self.phase = Phase.DATA
        response = await self._client.execute_command(b"DATA", timeout=self._times.body)
        if response.code != START_INPUT:
            raise aiosmtplib.SMTPDataError(response.code, response.message)
        self.phase = Phase.BODY
        protocol, transport = self._client.protocol, self._client.transport
        if protocol is None or not isinstance(transport, asyncio.WriteTransport):
            raise aiosmtplib.SMTPServerDisconnected("Connection lost")
        if getattr(protocol, "_buffer", b""):  # aiosmtplib would take what came with the 354 for the answer to our dot
            raise aiosmtplib.SMTPServerDisconnected("the server speaks out of turn")
        return protocol, transport

    def close(self) -> None:
        """Say goodbye without waiting for the answer: what was accepted stays accepted whatever QUIT brings."""
        if self._client.is_connected and self._client.protocol is not None and self.phase is not Phase.BODY:
            with suppress(aiosmtplib.SMTPException):
                self._client.protocol.write(b"QUIT\r\n")
        self._client.close()

    async def _last_words(self, reply: asyncio.Future[aiosmtplib.SMTPResponse]) -> str:
        self.phase = Phase.DOT
        try:
            failpoint("smtp.after_dot")
            response = await asyncio.wait_for(reply, self._times.dot)
        finally:
            _forget(reply)
        if response.code != DONE:
            raise aiosmtplib.SMTPDataError(response.code, response.message)
        failpoint("smtp.after_250")
        return scrub(f"{response.code} {response.message}", self._settings.password)

    async def _greet(self) -> None:
        self.phase = Phase.EHLO
        await self._client.ehlo()

    def _mail_options(self, sender: str, recipient: str, content: bytes) -> tuple[list[str], str]:
        """SIZE, BODY and SMTPUTF8 as the letter needs them; raises Refused when the server lacks what it needs."""
        options = [f"SIZE={len(content)}"] if self._client.supports_extension("size") else []
        limit = self._client.esmtp_extensions.get("size", "").split(" ")[0]
        if limit.isdigit() and 0 < int(limit) < len(content):
            raise Refused(f"the letter has {len(content)} bytes, the server takes {limit}", code="5.3.4", address_is_dead=False)
        if not content.isascii():
            options.append(self._needed("8bitmime", "BODY=8BITMIME", "5.6.3", "the letter has 8-bit text"))
        if (sender + recipient).isascii():
            return options, "ascii"
        return [*options, self._needed("smtputf8", "SMTPUTF8", "5.6.7", "an address has letters beyond ASCII")], "utf-8"

    def _needed(self, extension: str, option: str, code: str, why: str) -> str:
        if not self._client.supports_extension(extension):
            raise Refused(f"{why} and the server knows no {extension.upper()}", code=code, address_is_dead=False)
        return option

    def _judge(self, code: int | None, text: str) -> Exception:
        trouble = Trouble(self.phase, code, scrub(text, self._settings.password))
        if self.phase is Phase.AUTH:  # PLAIN packs name and password together: of these words only the status is kept
            trouble = Trouble(self.phase, code, trouble.status)
        if judge(trouble).loud:
            log.error("mail server %s:%s: %s (reply %s)", self._settings.host, self._settings.port, judge(trouble).name, code)
        return channel_error(trouble)


async def _flush(transport: asyncio.WriteTransport, reply: asyncio.Future[aiosmtplib.SMTPResponse]) -> None:
    """Wait until everything written was taken by the system, or the server spoke."""
    pause = 0.005
    while transport.get_write_buffer_size() and not reply.done():
        await asyncio.wait({reply}, timeout=pause)
        pause = min(2 * pause, 0.2)


def _forget(reply: asyncio.Future[aiosmtplib.SMTPResponse]) -> None:
    """Leave no task behind and no exception unretrieved."""
    if reply.done() and not reply.cancelled():
        reply.exception()
    reply.cancel()


def _wire_form(raw: bytes) -> bytes:
    """CRLF line ends and doubled leading dots (RFC 5321 section 4.5.2): no byte of the letter can end it early."""
    text = _LINE_END.sub(b"\r\n", raw)
    return _LEADING_DOT.sub(b"..", text if text.endswith(b"\r\n") else text + b"\r\n")


def _check_addresses(sender: str, recipient: str) -> None:
    if _UNSAFE_ADDRESS.search(sender):
        raise Refused("the envelope sender is not a mail address", code="5.1.7", address_is_dead=False)
    if _UNSAFE_ADDRESS.search(recipient) or not 3 <= len(recipient) <= 254 or "@" not in recipient[1:-1]:
        raise Refused("this is not a mail address", code="5.1.3")
