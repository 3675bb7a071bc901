"""A siege: a network of people who never tire writes to workers that keep dying.

The peers live here, in the parent: Telegram, the mail server that takes letters, a mailbox that all workers read, and a border
server that repeats every mail until it hears 250. Workers are forked by a nursery and killed at failpoints, or anywhere. In: a database, a number of
workers, a seed. Out: a `History` for the checker. The schedule of kills and of what people do follows from the seed.
"""

import asyncio
import contextlib
import email
import email.policy
import itertools
import json
import os
import shutil
import signal
import smtplib
import sys
import time
from collections import Counter
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from random import Random

from sqlalchemy import func, select

from bot.demo.botapi import BotApiServer
from retrieval import Searcher, embedder_from
from routing import directory, fiches
from routing.migrate import upgrade
from routing.models import InboxMessage, OutboxMessage, Question
from routing.store import Store
from tests.chaos.worker import SharedClock
from tests.fakes.history import History, check, remember_confirmed
from tests.fakes.imap_peer import PASSWORD, USER, ImapPeer
from tests.fakes.ports import free_ports
from tests.fakes.smtp_peer import SmtpPeer
from tests.world import AUTHORITIES, COORDINATOR, DUAL_FICHE, EXPERTS, FICHES, MONDAY

BORDER = "mx.network.example"
DESK = "questions@network.example"
ROOT = Path(__file__).resolve().parents[2]
FAILPOINTS = (
    "intake.before_commit", "intake.after_commit", "lmtp.after_accept", "imap.before_accept", "imap.after_accept",
    "handling.claimed", "handling.read", "handling.before_commit", "handling.accepted",
    "searching.found", "searching.before_commit", "sweeping.before_commit",
    "outbox.claimed", "outbox.brink", "outbox.sent", "outbox.settled", "smtp.after_dot", "smtp.after_250",
)  # fmt: skip
SHARE_OF_THE_MAILBOX = 0.3
PAST_EVERY_LEASE = timedelta(minutes=13)
SOME_DAYS = timedelta(days=4)
SOON_VISITED = ("searching.", "sweeping.", "imap.")  # fewer things pass there: the first or the second dies
ROUND_SECONDS = 60.0
LONG_QUIET_S = 240.0
QUESTIONS = (
    "Apprentices work in a firm and learn at school: how do firms and schools train apprentices together?",
    "How did you finance a mobile welding workshop for remote mountain villages?",
    "How do you win back young people who left school early and do not answer letters?",
    "Come si finanzia un'officina mobile di saldatura per i paesi di montagna?",
)
SAID_BY_EXPERTS = "We rented two vans with a welding bench in each; the chamber of crafts paid the first year. "


def network_policy(folder):
    """More room than a real network gives: here every question shall find its expert."""
    (folder / "policy.toml").write_text(
        "[roster]\nopen_at_most = 500\n[caps]\nper_domain_per_hour = 1000\nper_domain_per_day = 1000\n"
    )


class Siege:
    def __init__(self, store_url, folder, *, workers=1, seed=1, embedder="hash", say=lambda text: None):
        self.store_url, self.folder, self.say, self.embedder = store_url, folder, say, embedder
        self.luck, self.fate, self.seed = Random(seed), Random(seed), seed  # what people do hangs on time too; who dies does not
        self.names = [f"w{number}" for number in range(workers)]
        self.ports = dict(zip(self.names, free_ports(workers), strict=True))
        self.clock = SharedClock(folder / "clock")
        start = MONDAY - self.clock.now()
        self.clock.advance(start)
        self.history, self.mail, self.telegram = History(), SmtpPeer(), BotApiServer()
        self.mailbox = ImapPeer(None, ("IDLE", "MOVE", "UIDPLUS"))
        self.kills: Counter[str] = Counter()
        self.alive: dict[str, int] = {}
        self._living: dict[str, str] = {}
        self.started = self.crashed = 0
        self._numbers = itertools.count(1)
        self._read_letters = 0
        self._unanswered, self._repeats, self._phones = [], [], []
        self._feeding: set[asyncio.Task] = set()

    # ------------------------------------------------------------------ opening and closing

    async def __aenter__(self):
        await self.mail.start()
        await self.mailbox.start()
        await self.telegram.start()
        self.history.bot_id = self.telegram.world.bot["id"]
        remember_confirmed(self.telegram.world.updates, self.history)
        self.store = Store(self.store_url)
        await asyncio.to_thread(self._furnish)
        self._nursery = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.chaos.nursery", cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            env={key: value for key, value in os.environ.items() if not key.startswith("RRM_")} | {"PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        self._registrar = asyncio.create_task(self._register())
        return self

    async def __aexit__(self, *_error):
        self._nursery.stdin.close()
        await self._nursery.wait()
        for task in (self._registrar, *self._feeding):
            task.cancel()
        await asyncio.gather(self._registrar, *self._feeding, return_exceptions=True)
        await self.telegram.stop()
        await self.mailbox.stop()
        await self.mail.stop()
        self.store.close()

    def _furnish(self):
        upgrade(self.store)
        network_policy(self.folder)
        records = [record for record in FICHES if record.slug == DUAL_FICHE] + FICHES[:5]
        records = list({record.slug: record for record in records}.values())
        now = self.clock.now()
        with self.store.transaction() as session:
            directory.import_authorities(session, [row | {"capacity_per_month": "5000"} for row in AUTHORITIES], now)
            directory.import_experts(session, [row | {"monthly_limit": "5000"} for row in EXPERTS], now)
            directory.add_user(session, COORDINATOR, "coordinator", now)
            fiches.import_records(session, records, now)
        with self.store.snapshot() as session:
            published = fiches.published(session)
        searcher = Searcher.open(self.folder / "index", embedder_from(self.embedder))
        searcher.reconcile(published)
        searcher.close()
        for name in self.names:
            shutil.copytree(self.folder / "index", self.folder / f"index-{name}")

    def environment(self, name, plan=""):
        return {
            "RRM_HOME": str(self.folder),
            "RRM_CHAOS_CLOCK": str(self.folder / "clock"),
            "RRM_CHAOS_LOG": str(self.folder / f"{name}.log"),
            "RRM_FAILPOINTS": plan,
            "RRM_NETWORK__NAME": "Test network",
            "RRM_NETWORK__MAIL_ADDRESS": DESK,
            "RRM_NETWORK__REPLY_MAILBOX": "reply",
            "RRM_DATABASE__URL": self.store_url,
            "RRM_SEARCH__EMBEDDER": self.embedder,
            "RRM_SEARCH__INDEX_FOLDER": f"index-{name}",
            "RRM_TELEGRAM__ENABLED": str(name == self.names[0]).lower(),  # Telegram allows one poller
            "RRM_TELEGRAM__BASE_URL": self.telegram.root,
            "RRM_TELEGRAM__POLL_SECONDS": "1",
            "RRM_TELEGRAM__TOKEN": self.telegram.token,
            "RRM_SMTP__ENABLED": "true",
            "RRM_SMTP__PORT": str(self.mail.port),
            "RRM_SMTP__TLS": "off-for-loopback",
            "RRM_IMAP__ENABLED": "true",
            "RRM_IMAP__PORT": str(self.mailbox.port),
            "RRM_IMAP__TLS": "off-for-loopback",
            "RRM_IMAP__USERNAME": USER,
            "RRM_IMAP__PASSWORD": PASSWORD,
            "RRM_LISTENER__ENABLED": "true",
            "RRM_LISTENER__PORT": str(self.ports[name]),
            "RRM_IDENTITY__AUTHSERV_ID": BORDER,
            "RRM_CONSOLE__PORT": "0",
            "RRM_POLICY__FILE": "policy.toml",
            "RRM_WORKER__NAME": self._living[name],
            "OMP_NUM_THREADS": "1",
        }

    # ------------------------------------------------------------------ workers live and die

    async def start(self, name, plan=""):
        self.started += 1
        self._living[name] = f"{name}-{self.started}"
        order = {"worker": name, "environment": self.environment(name, plan)}
        self._nursery.stdin.write(json.dumps(order).encode() + b"\n")
        self.alive[name] = 0
        while self.alive.get(name) == 0:
            await asyncio.sleep(0.005)

    async def _register(self):
        async for line in self._nursery.stdout:
            told = json.loads(line)
            if "ended" in told:
                self.alive.pop(told["worker"], None)
                self.crashed += told["ended"] not in (0, -signal.SIGKILL)
            else:
                self.alive[told["worker"]] = told["pid"]

    def kill_all(self):
        for pid in filter(None, self.alive.values()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                self.kills["anywhere"] += 1

    async def round(self, points, patience=ROUND_SECONDS):
        """Start all workers, each to die at one point; whoever has not come there in time is killed where it is."""
        plans = {name: point for name, point in zip(self.names, points, strict=False)}
        self.clock.advance(SOME_DAYS if "sweeping.before_commit" in points else PAST_EVERY_LEASE)
        for name, point in plans.items():
            await self.start(name, f"{point}=kill@{self.fate.randint(1, 2 if point.startswith(SOON_VISITED) else 8)}")
        deadline = time.monotonic() + patience
        acted = idle = 0
        while self.alive and time.monotonic() < deadline:
            if len(self._feeding) < 6 * len(self.names) and acted < 14 * len(self.names):
                self.act()
                acted += 1
            elif not self._feeding:  # somebody who has nothing to do comes to no point: more happens, and leases of the dead end
                idle = idle + 1 if await asyncio.to_thread(self.only_waits) else 0
                if idle == 40:
                    self.clock.advance(PAST_EVERY_LEASE)
                    acted = idle = 0
            await asyncio.sleep(0.05)
        late = [plans[name] for name in self.alive]
        self.kill_all()
        await self._all_gone()
        self.kills.update(point for point in points)
        self.kills.subtract(late)

    async def _all_gone(self):
        while self.alive:
            await asyncio.sleep(0.01)

    async def besiege(self, kills, points=FAILPOINTS):
        """Kill so many workers, spread evenly over `points`."""
        order = list(itertools.islice(itertools.cycle(self.fate.sample(points, len(points))), kills))
        for at in range(0, kills, len(self.names)):
            await self.round(order[at : at + len(self.names)])
            self.say(f"{min(at + len(self.names), kills)}/{kills} kills, {self.told()}")

    async def quiet(self):
        """Let clean workers run until nothing is left to do, then end them politely. Returns how long it took."""
        self.clock.advance(PAST_EVERY_LEASE)
        for name in self.names:
            await self.start(name)
        return await self.settle()

    async def settle(self):
        """Until nothing is left to do for those who live; then they end."""
        began = time.monotonic()
        calm = stuck = in_hand = 0
        # four seconds: longer than a tick needs, which may still write to coordinators about mail that was held last
        while calm < 20 and self.alive and time.monotonic() - began < LONG_QUIET_S:
            await asyncio.sleep(0.2)
            left, waits, carried = await asyncio.to_thread(lambda: (self.left(), self.only_waits(), self.carried()))
            calm = calm + 1 if not self._feeding and not left else 0
            stuck = stuck + 1 if left and waits and not carried else 0
            in_hand = in_hand + 1 if left and waits else 0
            # for a lapsed lease or a later try; a leap while somebody carries a letter would make it doubtful, but who has not
            # come to an end in a minute has let it fall
            if stuck == 8 or in_hand == 300:
                self.clock.advance(max(PAST_EVERY_LEASE, await asyncio.to_thread(self.next_try) - self.clock.now()))
                stuck = in_hand = 0
        for pid in filter(None, self.alive.values()):
            os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + 15
        while self.alive and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
        return time.monotonic() - began

    def left(self):
        """What still waits to be done now."""
        updates = self.telegram.world.updates.pending
        with self.store.snapshot() as session:
            unread = len(self.mailbox.mails) - self._fetched(session)
            inbox = session.scalar(select(func.count()).where(InboxMessage.state == "new"))
            letters = session.scalar(select(func.count()).where(OutboxMessage.state.in_(("queued", "claimed"))))
            due = session.scalar(select(func.count()).where(Question.next_action_at <= self.clock.now()))
        counted = dict(updates=len(updates), mailbox=unread, inbox=inbox, letters=letters, due=due)
        return {key: many for key, many in counted.items() if many}

    def only_waits(self):
        """Nothing but what is in somebody's hands can be done now."""
        now, new = self.clock.now(), InboxMessage.state == "new"
        open_letters = OutboxMessage.state.in_(("queued", "claimed"))
        with self.store.snapshot() as session:
            inbox = session.scalar(select(func.count()).where(new, InboxMessage.next_attempt_at <= now))
            letters = session.scalar(select(func.count()).where(open_letters, OutboxMessage.next_attempt_at <= now))
            due = session.scalar(select(func.count()).where(Question.next_action_at <= now))
            unread = len(self.mailbox.mails) - self._fetched(session)
        return not (unread or inbox or letters or due or self.telegram.world.updates.pending)

    def carried(self):
        """How many letters living workers have in their hands."""
        theirs = OutboxMessage.state == "claimed", OutboxMessage.leased_by.in_(self._living.values())
        with self.store.snapshot() as session:
            return session.scalar(select(func.count()).where(*theirs))

    def _fetched(self, session):
        return session.scalar(select(func.count()).where(InboxMessage.external_id.startswith("imap:")))

    def next_try(self):
        """When the first of what waits may be tried again."""
        letters = select(func.min(OutboxMessage.next_attempt_at)).where(OutboxMessage.state.in_(("queued", "claimed")))
        inbox = select(func.min(InboxMessage.next_attempt_at)).where(InboxMessage.state == "new")
        with self.store.snapshot() as session:
            return min(filter(None, (session.scalar(letters), session.scalar(inbox))), default=self.clock.now())

    def told(self):
        return f"{len(self.history.updates)} updates, {len(self.history.mails)} mails in, {len(self.mail.mails)} out, left {self.left()}"

    def verdict(self):
        self.history.hear(self.mail.mails, self.telegram.world.chats.values())
        return check(self.store, self.history, self.clock.now())

    # ------------------------------------------------------------------ what people do

    def act(self):
        self._read_post()
        acts = (self._ask_by_chat, self._ask_by_mail, self._send_again, self._answer, self._answer, self._forge, self._press)
        self.luck.choices(acts, weights=(4, 4, 2, 4, 2, 1, 3))[0]()

    def _ask(self):
        words = f"ref{self.seed}x{next(self._numbers)}z"
        self.history.asked.add(words)
        return f"{self.luck.choice(QUESTIONS)} ({words})"

    def _ask_by_chat(self):
        number = 1000 + next(self._numbers)
        phone = self.telegram.user(number, f"Desk {number}", "en")
        phone.say(self._ask())
        self._phones.append(phone)

    def _press(self):
        """Touch any button on any screen, old ones too."""
        for phone in self.luck.sample(self._phones, len(self._phones)):
            buttons = [
                (one.message_id, b.data) for one in phone.screen() if one.from_bot for row in one.rows for b in row if b.data
            ]
            if buttons:
                message_id, data = self.luck.choice(buttons)
                phone.press(data, message_id=message_id)
                return
        self._ask_by_chat()

    def _ask_by_mail(self):
        number = next(self._numbers)
        self._mail(f"policy-desk@town{number}.example", DESK, "A question", self._ask())

    def _send_again(self):
        """A border server that did not hear our 250 sends the same bytes once more, maybe to another worker."""
        if self._repeats:
            self._feed(*self.luck.choice(self._repeats[-40:]))

    def _read_post(self):
        for mail in self.mail.mails[self._read_letters :]:
            letter = email.message_from_bytes(mail.data, policy=email.policy.default)
            if "+" in str(letter["Reply-To"] or ""):
                self._unanswered.append((mail.rcpt_to[0], letter))
        self._read_letters = len(self.mail.mails)

    def _answer(self):
        """Somebody replies to one of our letters: experts at length, askers with a word."""
        if not self._unanswered:
            return self._ask_by_mail()
        person, letter = self._unanswered.pop(self.luck.randrange(len(self._unanswered)))
        experts = {row["email"] for row in EXPERTS}
        text = (
            f"{SAID_BY_EXPERTS} ({next(self._numbers)})"
            if person in experts
            else self.luck.choice(("yes", "no", "ask an expert"))
        )
        self._reply(person, letter, text)

    def _forge(self):
        """A stranger who has seen a letter speaks in the expert's place."""
        if self._unanswered:
            _person, letter = self.luck.choice(self._unanswered)
            words = f"forged{next(self._numbers)}z"
            self.history.forbidden.add(words)
            self._reply(f"stranger{next(self._numbers)}@elsewhere.example", letter, f"Pay to our account. {words}")

    def _reply(self, person, letter, text):
        to = str(letter["Reply-To"]).rpartition("<")[2].rstrip(">")
        self._mail(
            person, to, f"Re: {letter['Subject']}", text, In_Reply_To=letter["Message-ID"], References=letter["Message-ID"]
        )

    def _mail(self, sender, to, subject, text, **headers):
        message, domain = EmailMessage(), sender.rpartition("@")[2]
        message["From"], message["To"], message["Subject"] = sender, to, subject
        message["Date"], message["Message-ID"] = self.clock.now(), f"<{self.seed}.{next(self._numbers)}@{domain}>"
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        message.set_content(text)
        word = f"Authentication-Results: {BORDER}; dmarc=pass header.from={domain}; dkim=pass header.d={domain}\r\n"
        self._repeats.append((word.encode() + message.as_bytes(policy=email.policy.SMTP), sender, to))
        self._feed(*self._repeats[-1])

    def _feed(self, raw, sender, to):
        task = asyncio.create_task(self._until_taken(raw, sender, to))
        self._feeding.add(task)
        task.add_done_callback(self._feeding.discard)

    async def _until_taken(self, raw, sender, to):
        if self.luck.random() < SHARE_OF_THE_MAILBOX:
            self.history.boxed[f"imap:INBOX:{self.mailbox.uidvalidity}:{self.mailbox.uidnext}"] = raw
            return await self.mailbox.deliver(raw)
        while True:
            up = [self.ports[name] for name, pid in self.alive.items() if pid]
            if up:
                with contextlib.suppress(OSError, smtplib.SMTPException):
                    await asyncio.to_thread(_deliver, self.luck.choice(up), raw, sender, to)
                    self.history.mails.add((raw, to))
                    return
            await asyncio.sleep(0.1)


def _deliver(port, raw, sender, to):
    with smtplib.LMTP("127.0.0.1", port, timeout=90) as server:
        server.sendmail(sender, [to], raw)
