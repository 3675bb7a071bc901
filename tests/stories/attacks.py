"""What the tests of attacks share: a question with an expert, mails exactly as an attacker writes them, and what came of them."""

import asyncio
import itertools
import smtplib

from sqlalchemy import func, select

from routing import closing
from routing.models import Assignment, InboxMessage, OutboxMessage, Question
from tests.town import BORDER, address_in, text_of
from tests.world import OTHER_QUESTION

WORDS = "We leased a lorry and shared it among five valleys."
OURS = "questions@network.example"
_numbers = itertools.count(1)


class Case:
    """One question of its own asker, given to an expert: `letter` is the mail that the expert got, `reply_to` its secret."""

    def __init__(self, town, asker, question_id):
        self.town, self.asker, self.question_id = town, asker, question_id
        self.letter = self.expert = self.reply_to = None

    async def given_out(self):
        row = await self.town.until(lambda: next(iter(self.town.outbox(kind="assignment", question_id=self.question_id, state="sent")), None))
        self.letter = next(one for one in self.town.letters() if one["Message-ID"] == row.message_id)
        self.expert, self.reply_to = self.letter["To"].strip("<>"), address_in(self.letter["Reply-To"])
        self.assignment_id, self.number = row.assignment_id, self.question().number
        return self

    @property
    def token(self):
        return self.reply_to.partition("+")[2].partition("@")[0]

    def question(self):
        with self.town.store.snapshot() as session:
            return session.get(Question, self.question_id)

    def assignment(self):
        with self.town.store.snapshot() as session:
            return session.get(Assignment, self.assignment_id)

    def answers(self):
        """Everything that went, or is to go, to the asker as an answer."""
        return self.town.outbox(kind="answer", question_id=self.question_id) + self.town.outbox(kind="addition", question_id=self.question_id)

    async def settled(self):
        """Nothing is left to be judged: what is not there now will not come."""
        await self.town.until(lambda: not self.town.inbox(state="new"))

    def close(self):
        with self.town.store.transaction() as session:
            question = session.get(Question, self.question_id)
            if question.state != "closed":
                closing.close(session, self.town.service.office, question, "coordinator", "", by="person:1", now=self.town.clock.now())


async def case(town, question=OTHER_QUESTION):
    """Somebody asks, somebody is asked."""
    asker = f"desk@town{next(_numbers)}.example"
    row = await arrived(town, mail(asker, question, to=OURS, subject="Mobile workshop"), asker, OURS)
    assert row.question_id, (row.state, row.reason, row.outcome)
    return await insisting(town, Case(town, asker, row.question_id))


async def insisting(town, here):
    """The asker wants an expert, whatever fiches are offered."""
    state = await town.until(lambda: here.question().state if here.question().state != "received" else None)
    if state == "proposed":
        offer = town.outbox(kind="proposal", question_id=here.question_id)[0]
        await arrived(town, mail(here.asker, "No", to=offer.reply_to), here.asker, offer.reply_to)
    return await here.given_out()


def mail(sender, text, *, to=OURS, subject="Re: your question", **fields):
    """A mail by hand: `sender` is the whole From field, values go in as they are. Bytes with CRLF."""
    head = {"From": sender, "To": to, "Subject": subject, "Date": "Mon, 23 Nov 2026 09:00:00 +0000"}
    head |= {"Message-ID": f"<{next(_numbers)}.attack@elsewhere.example>"}
    head |= {name.replace("_", "-"): value for name, value in fields.items()}
    lines = [f"{name}: {value}" for name, value in head.items() if value is not None]
    if not any(line.lower().startswith("content-type:") for line in lines):
        lines += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8"]
    body = text if isinstance(text, bytes) else text.encode()
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") + b"\r\n"


def passed(domain):
    """The border server's word for a sender it believes."""
    return f"Authentication-Results: {BORDER}; dmarc=pass header.from={domain}; dkim=pass header.d={domain}\r\n".encode()


def refused(domain):
    return f"Authentication-Results: {BORDER}; dmarc=fail header.from={domain}; dkim=none; spf=fail smtp.mailfrom={domain}\r\n".encode()


async def arrived(town, raw, sender, *recipients, believed=True):
    """Hand a mail to the front door (LMTP) with the border server's word on top; the stored row once it is judged."""
    if believed is not None:
        raw = (passed if believed else refused)(sender.rpartition("@")[2]) + raw
    return (await all_arrived(town, raw, sender, *recipients))[-1]


async def all_arrived(town, raw, sender, *recipients):
    """As it is, without a word on top; every row it made."""
    before = newest(town)
    await asyncio.to_thread(_deliver, town.lmtp_port, raw, sender, recipients or (OURS,))
    wanted = len(recipients) or 1
    return await town.until(lambda: rows if len(rows := judged_since(town, before)) >= wanted else None)


def _deliver(port, raw, sender, recipients):
    with smtplib.LMTP("127.0.0.1", port, timeout=90) as server:
        server.sendmail(sender if "@" in sender else "", list(recipients), raw, mail_options=["BODY=8BITMIME"])


def newest(town):
    with town.store.snapshot() as session:
        return session.scalar(select(func.max(InboxMessage.id))) or 0


def judged_since(town, before):
    with town.store.snapshot() as session:
        found = select(InboxMessage).where(InboxMessage.id > before, InboxMessage.state != "new").order_by(InboxMessage.id)
        return list(session.scalars(found))


def letters_to(town, address):
    """Every letter written to an address, sent or not."""
    with town.store.snapshot() as session:
        found = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
        theirs = {row.id for row in town_addresses(session, address)}
        return [one for one in found if one.address_id in theirs]


def town_addresses(session, address):
    from routing.models import Address

    return session.scalars(select(Address).where(Address.address == address.lower())).all()


def code_of(row):
    return (row.facts.get("why") or {}).get("code")


__all__ = [
    "OURS", "WORDS", "Case", "all_arrived", "arrived", "case", "code_of", "judged_since", "letters_to", "mail", "newest", "passed",
    "refused", "text_of",
]  # fmt: skip
