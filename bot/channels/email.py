"""The email channel: mail in by IMAP or from a mail server, letters out by SMTP.

In: `EmailSettings`; `listen(accept)` hands over raw mail and acknowledges it only once it is stored.
Out: `Incoming` or `Unreadable` from `read`; `Sent` from `send`, or Refused / Unreachable / Ambiguous.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.channels.imap import Accept, Alert, Clock, Cursor, ImapMailbox
from bot.channels.imap_settings import ImapSettings
from bot.channels.lmtp import ListenerSettings, MailListener
from bot.channels.smtp import SmtpSender
from bot.channels.smtp_settings import SmtpSettings
from bot.mail.compose import BadLetter, compose
from bot.mail.config import MailConfig
from bot.mail.glance import sender_at_a_glance
from bot.mail.pool import Reader
from routing.errors import Refused, Unreachable
from routing.values import Incoming, Outgoing, Sent, Unreadable

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EmailSettings:
    """`sender` and `sender_name` are the From of our letters; a way in or out that is None is switched off."""

    sender: str
    sender_name: str
    mail: MailConfig
    smtp: SmtpSettings | None = None
    imap: ImapSettings | None = None
    listener: ListenerSettings | None = None


async def log_alert(code: str, text: str) -> None:
    log.error("%s: %s", code, text)


class EmailChannel:
    """Letters by mail. `cursor` remembers how far the mailbox was read; without `imap` none is needed."""

    name = "email"

    def __init__(
        self,
        settings: EmailSettings,
        *,
        cursor: Cursor | None = None,
        alert: Alert = log_alert,
        clock: Clock = lambda: datetime.now(UTC),
    ):
        self.settings = settings
        self.sender = SmtpSender(settings.smtp) if settings.smtp else None
        self.mailbox = _mailbox(settings.imap, cursor, alert, clock)
        self.listener = MailListener(settings.listener) if settings.listener else None
        self.reader = Reader(settings.mail)

    async def start(self) -> None:
        """Start what reads mail; `listen` and `send` connect by themselves."""
        await self.reader.start()

    async def close(self) -> None:
        if self.listener:
            await self.listener.close()
        await self.reader.close()

    async def listen(self, accept: Accept) -> None:
        """Hand over mail from every way in until cancelled. Raises OSError when the listener's address is taken."""
        ways_in = [way.listen(accept) for way in (self.mailbox, self.listener) if way is not None]
        await _all_or_none(ways_in or [_for_ever()])

    def sender_of(self, raw: bytes, envelope: Mapping[str, Any]) -> str | None:
        """The address that the mail claims to come from; `read` decides whether it is true."""
        return sender_at_a_glance(raw)

    async def read(self, raw: bytes, envelope: Mapping[str, Any]) -> Incoming | Unreadable:
        """The stored bytes as a value. A mail that was not fetched whole is held with the reason.

        Whatever the mail holds, this does not raise; OSError means that this machine cannot start a process to read it in.
        """
        note = envelope.get("note")
        if note and not raw:
            return Unreadable(self.name, str(note))
        item = await self.reader.read(raw, envelope)
        return replace(item, held=item.held or str(note)) if note and isinstance(item, Incoming) else item

    async def send(self, message: Outgoing, brink: Callable[[], Awaitable[None]]) -> Sent:
        """Carry one letter. Raises Refused, Unreachable or Ambiguous.

        The envelope sender is the letter's own reply address, so that a bounce names the letter it is about (VERP).
        """
        if self.sender is None:
            raise Unreachable("sending mail is switched off (smtp.enabled)", code="off")
        if self.settings.mail.is_own(message.address):  # two of our own addresses would talk to each other for ever
            raise Refused("this is one of our own addresses", code="own", address_is_dead=False)
        sender = message.reply_to or self.settings.sender
        return await self.sender.send(self._written(message), envelope_sender=sender, recipient=message.address, brink=brink)

    def _written(self, message: Outgoing) -> bytes:
        settings = self.settings
        try:
            return compose(message, sender=settings.sender, sender_name=settings.sender_name, config=settings.mail)
        except BadLetter as error:
            raise Refused(f"the letter cannot be written as a mail: {error}", code="letter", address_is_dead=False) from error


def _mailbox(settings: ImapSettings | None, cursor: Cursor | None, alert: Alert, clock: Clock) -> ImapMailbox | None:
    if settings is None:
        return None
    if cursor is None:
        raise ValueError("reading a mailbox needs a cursor that remembers how far it was read")
    return ImapMailbox(settings, cursor, alert=alert, clock=clock)


async def _all_or_none(ways_in: list[Any]) -> None:
    """Run all until one fails or we are cancelled; then none is left running, and the first error is raised as it is."""
    tasks = [asyncio.ensure_future(way) for way in ways_in]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _for_ever() -> None:
    await asyncio.Event().wait()
