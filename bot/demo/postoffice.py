"""A mail server of our own on 127.0.0.1: takes every letter of the service, and brings people's mails to it.

In: SMTP from the service; `bring` from people's mail programs. Out: `Letter`s in the order they came, raw bytes kept, and
LMTP to the service's listener, with the border server's word about the sender on top (RFC 8601). Nothing leaves this machine.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import smtplib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from functools import cached_property
from typing import Any, cast

from aiosmtpd.smtp import SMTP, Envelope, Session

from routing.languages import language_of

HOST = "127.0.0.1"
BORDER = "mx.rrm.example"
LARGEST = 30 * 1024 * 1024


@dataclass(frozen=True)
class Letter:
    """One mail on its way: `outgoing` from the service to a person, else from a person to the service."""

    number: int
    at: datetime
    outgoing: bool
    sender: str
    recipient: str
    raw: bytes = field(repr=False)

    @cached_property
    def mail(self) -> EmailMessage:
        return email.message_from_bytes(self.raw, policy=email.policy.default)

    @property
    def subject(self) -> str:
        return str(self.mail["Subject"] or "")

    @property
    def message_id(self) -> str:
        return str(self.mail["Message-ID"] or "")

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    @cached_property
    def language(self) -> str:
        return str(self.mail["Content-Language"] or language_of(self.text, "en"))

    @property
    def reply_address(self) -> str:
        """Where a reply goes: Reply-To, else From (RFC 5322, section 3.6.2)."""
        return bare(self.mail, "Reply-To") or bare(self.mail, "From")

    def _part(self, kind: str) -> str:
        part = self.mail.get_body((kind,))
        return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""


class PostOffice:
    """`letters` is the journal of everything that went through, in both directions."""

    def __init__(self, now: Callable[[], datetime], lmtp_port: int):
        self.letters: list[Letter] = []
        self.port = 0
        self._now, self._lmtp_port = now, lmtp_port
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._speaker, HOST, 0)
        self.port = int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def bring(self, mail: EmailMessage) -> Letter:
        """Deliver a person's mail to the service; returns once it has said that it keeps it."""
        raw, sender, recipient = mail.as_bytes(policy=email.policy.SMTP), bare(mail, "From"), bare(mail, "To")
        domain = sender.rpartition("@")[2]
        word = f"Authentication-Results: {BORDER};\r\n dmarc=pass header.from={domain};\r\n dkim=pass header.d={domain}\r\n"
        raw = word.encode("ascii") + raw
        await asyncio.to_thread(self._deliver, raw, sender, recipient)
        return self._keep(sender, recipient, raw, outgoing=False)

    def letter(self, number: int) -> Letter | None:
        return self.letters[number - 1] if 0 < number <= len(self.letters) else None

    def to(self, recipient: str) -> list[Letter]:
        return [letter for letter in self.letters if letter.outgoing and letter.recipient == recipient]

    def replies_to(self, letter: Letter) -> list[Letter]:
        return [one for one in self.letters if not one.outgoing and one.mail["In-Reply-To"] == letter.message_id]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        for recipient in envelope.rcpt_tos:
            self._keep(envelope.mail_from or "", recipient, cast(bytes, envelope.original_content), outgoing=True)
        return "250 2.0.0 taken"

    def _speaker(self) -> SMTP:
        return SMTP(cast(Any, self), hostname=BORDER, data_size_limit=LARGEST, enable_SMTPUTF8=True)

    def _keep(self, sender: str, recipient: str, raw: bytes, *, outgoing: bool) -> Letter:
        letter = Letter(len(self.letters) + 1, self._now(), outgoing, sender, recipient, raw)
        self.letters.append(letter)
        return letter

    def _deliver(self, raw: bytes, sender: str, recipient: str) -> None:
        with smtplib.LMTP(HOST, self._lmtp_port, timeout=20) as server:
            server.sendmail(sender, [recipient], raw)


def bare(mail: EmailMessage, field_name: str) -> str:
    """The first address of a field, without its name."""
    header = mail[field_name]
    addresses = getattr(header, "addresses", ())
    return str(addresses[0].addr_spec) if addresses else ""
