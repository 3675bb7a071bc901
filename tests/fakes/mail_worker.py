"""A process that takes in and sends mail with the real database, made to be killed at a failpoint by its test.

`python -m tests.fakes.mail_worker DATABASE_URL imap PORT` reads the mailbox of the scripted IMAP server for ever;
`… lmtp PORT` listens there; `… smtp PORT` carries one letter of the outbox. RRM_FAILPOINTS says where it dies.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime

from bot.channels.imap import ImapMailbox
from bot.channels.imap_settings import ImapSettings
from bot.channels.lmtp import ListenerSettings, MailListener
from bot.channels.smtp import SmtpSender
from bot.channels.smtp_settings import SmtpSettings
from bot.secrets import Secret
from routing import cursors, intake
from routing.store import Store
from tests.fakes.imap_peer import PASSWORD, USER

CURSOR = "imap test"


class Desk:
    """Stores as the service does: one transaction per message, one per step of the cursor."""

    def __init__(self, url: str):
        self.store = Store(url)

    async def accept(self, external_id, raw, envelope) -> bool:
        return await asyncio.to_thread(self._receive, external_id, raw, envelope)

    async def load(self):
        with self.store.snapshot() as session:
            return cursors.load(session, CURSOR)

    async def save(self, value) -> None:
        with self.store.transaction() as session:
            cursors.save(session, CURSOR, dict(value), datetime.now(UTC))

    def _receive(self, external_id, raw, envelope) -> bool:
        now = datetime.now(UTC)
        with self.store.transaction() as session:
            stored = intake.receive(session, channel="email", external_id=external_id, raw=raw, now=now, envelope=envelope)
        return stored is not None


async def main(url: str, way: str, port: int) -> None:
    desk = Desk(url)
    if way == "imap":
        settings = ImapSettings(host="127.0.0.1", port=port, user=USER, password=Secret(PASSWORD), tls="off-for-loopback")
        await ImapMailbox(settings, desk).listen(desk.accept)
    elif way == "lmtp":
        settings = ListenerSettings(domains=("network.example",), protocol="smtp", port=port)
        await MailListener(settings).listen(desk.accept)
    else:
        sender = SmtpSender(SmtpSettings(host="127.0.0.1", port=port, tls="off-for-loopback"))
        raw = b"Subject: x\r\n\r\ntext\r\n"
        await sender.send(raw, envelope_sender="desk@network.example", recipient="a@city.example", brink=say_brink)


async def say_brink() -> None:
    print("brink", flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
