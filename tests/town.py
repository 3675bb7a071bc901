"""A town to tell stories in: the whole service with a Telegram, a mail server and a clock of its own, all on 127.0.0.1.

Nothing of ours is replaced: the service is built by `bot.app.build` from settings. Mail to us goes in by LMTP, letters are
taken by a scripted SMTP server that keeps a journal, chat goes through a Bot API server, the clock can be moved.
"""

import asyncio
import email
import email.policy
import shutil
import smtplib
import socket
import time
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from email.message import EmailMessage

from sqlalchemy import select, text

from bot import app
from bot.clock import MovableClock
from bot.demo.botapi import BotApiServer
from bot.settings import load
from routing import directory, fiches
from routing.models import Base, InboxMessage, OutboxMessage, Question
from routing.store import Store
from tests.fakes.mail_servers import PASSWORD
from tests.fakes.ports import free_ports
from tests.fakes.smtp_peer import SmtpPeer
from tests.world import AUTHORITIES, COORDINATOR, EXPERTS, FICHES, MONDAY, shipped_index

BORDER = "mx.network.example"
PATIENCE = 150.0  # seconds; a machine may be slow, and only what fails waits so long
DONE = ("sent", "cancelled")  # a reminder that had not left when its assignment ended is called back


class Town:
    """One network in one place; `service` is the running service, and may be stopped and started again."""

    def __init__(self, store_url, folder, telegram, mail, clock, choices=None):
        self.choices = choices or {}
        self.store_url, self.folder = store_url, folder
        self.telegram, self.mail, self.clock = telegram, mail, clock
        self.lmtp_port = free_ports(1)[0]
        self.store = Store(store_url)
        self.service = None
        self.moved_at = None  # how often Telegram had been polled when the clock was last moved

    def settings(self):
        return load(
            overrides={
                "network.name": "Test network",
                "network.mail_address": "questions@network.example",
                "network.reply_domain": "network.example",
                "network.reply_mailbox": "reply",
                "network.base_url": "http://127.0.0.1:8080",
                "database.url": self.store_url,
                "search.index_folder": str(self.folder / "index"),
                "telegram.enabled": True,
                "telegram.base_url": self.telegram.root,
                "telegram.poll_seconds": 1,
                "smtp.enabled": True,
                "smtp.port": self.mail.port,
                "smtp.tls": "off-for-loopback",
                "listener.enabled": True,
                "listener.port": self.lmtp_port,
                "identity.authserv_id": BORDER,
                "console.port": 0,
                "worker.name": "town",
                **self.choices,
            },
            environment={"RRM_TELEGRAM__TOKEN": self.telegram.token, "RRM_IMAP__PASSWORD": PASSWORD},
            folder=self.folder,
        )

    async def open(self):
        self.service = app.build(self.settings(), clock=self.clock, store=self.store)
        await self.service.start()
        await self.until(lambda: self._listens())

    async def shut(self):
        await self.service.stop()

    async def restart(self):
        """As after a power cut that the service survived: everything stopped, everything started again."""
        await self.shut()
        await self.open()

    def furnish(self):
        """The directory, the shipped fiches and a coordinator."""
        with self.store.transaction() as session:
            directory.import_authorities(session, AUTHORITIES, self.clock.now())
            directory.import_experts(session, EXPERTS, self.clock.now())
            directory.add_user(session, COORDINATOR, "coordinator", self.clock.now())
            fiches.import_records(session, FICHES, self.clock.now())

    # ------------------------------------------------------------------ people write

    def phone(self, number=501, name="Policy desk", language="en"):
        return self.telegram.user(number, name, language)

    async def write(self, sender, text, *, to="questions@network.example", subject="A question", proven=True, **headers):
        """A mail as it arrives from the border server, which says what it thinks of the sender."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, to, subject
        message["Date"] = self.clock.now()
        message["Message-ID"] = headers.pop("message_id", f"<{time.monotonic_ns()}@{sender.rpartition('@')[2]}>")
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        message.set_content(text)
        await self.deliver(message.as_bytes(policy=email.policy.SMTP), sender, to, proven=proven)
        return message

    async def answer(self, letter, text, *, sender=None, proven=True, **headers):
        """Reply to one of our letters as a mail client does."""
        return await self.write(
            sender or letter["To"].strip("<>"), text, to=address_in(letter["Reply-To"]), subject=f"Re: {letter['Subject']}", proven=proven,
            In_Reply_To=letter["Message-ID"], References=letter["Message-ID"], **headers,
        )  # fmt: skip

    async def deliver(self, raw, sender, recipient, *, proven=True):
        """By LMTP, with the border server's word on top (RFC 8601)."""
        domain = sender.rpartition("@")[2]
        verdict = "pass" if proven else "fail"
        word = f"Authentication-Results: {BORDER}; dmarc={verdict} header.from={domain}; dkim={verdict} header.d={domain}\r\n"
        await asyncio.to_thread(self._deliver, word.encode() + raw, sender, recipient)

    def _deliver(self, raw, sender, recipient):
        with smtplib.LMTP("127.0.0.1", self.lmtp_port, timeout=90) as server:
            server.sendmail(sender if "@" in sender else "", [recipient], raw)

    # ------------------------------------------------------------------ people read

    def letters(self, to=None, subject=""):
        """Mails our SMTP server took, as an ordinary mail library reads them."""
        read = [
            email.message_from_bytes(mail.data, policy=email.policy.default)
            for mail in self.mail.mails
            if to is None or to in mail.rcpt_to
        ]
        return [one for one in read if subject.lower() in str(one["Subject"]).lower()]

    async def letter(self, to, containing="", count=1):
        """Wait for a letter to `to` whose text contains something."""
        return (await self.until(lambda: found if len(found := self._containing(to, containing)) >= count else None))[count - 1]

    def _containing(self, to, containing):
        return [one for one in self.letters(to) if containing.lower() in (str(one["Subject"]) + text_of(one)).lower()]

    async def bubble(self, phone, containing=""):
        """Wait for a message of the bot on a phone's screen."""
        return await self.until(
            lambda: next(
                (one for one in reversed(phone.screen()) if one.from_bot and containing.lower() in one.text.lower()), None
            )
        )

    # ------------------------------------------------------------------ time and truth

    async def until(self, look, patience=PATIENCE):
        """Look again and again until there is something; say what there was when there is not."""
        deadline = time.monotonic() + patience
        while not (found := look()):
            assert time.monotonic() < deadline, (
                f"waited {patience} s in vain; letters: {[(m['To'], m['Subject']) for m in self.letters()]}; questions: {self.state()};"
                f" in hand: {self.in_hand()}"
            )
            await asyncio.sleep(0.05)
        return found

    async def pass_time(self, days=0.0, hours=0.0, step=timedelta(hours=1)):
        """Move the clock, and let the ticks do what they do on the way."""
        end = self.clock.now() + timedelta(days=days, hours=hours)
        while self.clock.now() < end:
            self.clock.move_to(min(self.clock.now() + step, end))
            await asyncio.to_thread(self.service.sweeping.sweep, self.clock.now())
        self.moved_at = len(self.telegram.calls("getUpdates"))
        self.service.wake()

    def state(self):
        with self.store.snapshot() as session:
            return [
                (q.number, q.state, q.waiting_for, q.next_action) for q in session.scalars(select(Question).order_by(Question.id))
            ]

    def in_hand(self):
        """Messages that nobody has read, and letters that nobody has carried."""
        unread = [(row.id, row.kind, row.attempts) for row in self.inbox(state="new")]
        return unread + [
            (row.id, row.kind, row.state, row.attempts, str(row.next_attempt_at), str(row.brink_at), row.last_error)
            for row in self.outbox()
            if row.state not in DONE
        ]

    def question(self):
        with self.store.snapshot() as session:
            return session.scalars(select(Question).order_by(Question.id.desc()).limit(1)).one_or_none()

    def inbox(self, **where):
        with self.store.snapshot() as session:
            return list(session.scalars(select(InboxMessage).filter_by(**where).order_by(InboxMessage.id)))

    def outbox(self, **where):
        with self.store.snapshot() as session:
            return list(session.scalars(select(OutboxMessage).filter_by(**where).order_by(OutboxMessage.id)))

    async def settled(self):
        """Nothing is left to be read, decided or carried: what is there now stays until somebody does something."""
        if self.moved_at is not None:
            await self._time_was_noticed(self.moved_at)
        await self.until(
            lambda: all(row.state != "new" for row in self.inbox())
            and all(action != "search" for *_, action in self.state())
            and all(row.state in DONE for row in self.outbox())
        )

    async def _time_was_noticed(self, polls):
        """The chat channel tells coordinators of a day's silence when it hears from Telegram again, which is after the clock was
        moved; when two more polls are over, it has. What the last tick did may be worth a notice, which the next tick writes.
        """
        if self.settings().telegram.enabled:
            await self.until(lambda: len(self.telegram.calls("getUpdates")) >= polls + 2)
        await asyncio.to_thread(self.service.sweeping.sweep, self.clock.now())
        self.moved_at = None

    def contents(self):
        """Every row of every table but the signs of life and what follows in the background, as text."""
        with self.store.snapshot() as session:
            return {
                name: session.execute(text(f'SELECT * FROM "{name}"')).all()
                for name in sorted(Base.metadata.tables)
                if name not in ("heartbeat", "cursor", "question_vector", "month_mark", "month_counts")
            }

    def _listens(self):
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", self.lmtp_port)) == 0


class TownClock(MovableClock):
    """Runs like any; while somebody looks whether anything changes it can stand, so that nothing falls due meanwhile."""

    _stands_at = None

    def now(self):
        return self._stands_at or super().now()

    @contextmanager
    def stopped(self):
        self._stands_at = self.now()
        try:
            yield
        finally:
            self._stands_at = None


def text_of(message):
    part = message.get_body(("plain",))
    return part.get_content() if part else ""


def address_in(header):
    return str(header).rpartition("<")[2].rstrip(">")


def each_for_itself(folder):
    """Choices for a town where questions alike are not put together: its tests ask the same one again and again."""
    (folder / "policy.toml").write_text("[same]\njoin_at = 2.0\noffer_at = 2.0\n")
    return {"policy__file": str(folder / "policy.toml")}


@asynccontextmanager
async def town(store_url, folder, start=MONDAY, **choices):
    """`choices` are settings with two underscores for the dot: identity__authserv_id=""."""
    mail = SmtpPeer()
    await mail.start()
    async with BotApiServer() as telegram:
        here = Town(store_url, folder, telegram, mail, TownClock(start), {key.replace("__", "."): it for key, it in choices.items()})
        shutil.copytree(shipped_index(), folder / "index")
        here.furnish()
        await here.open()
        try:
            await here.until(lambda: here.service.searcher.status().fiches == len(FICHES))
            yield here
        finally:
            await here.shut()
            here.store.close()
            await mail.stop()
