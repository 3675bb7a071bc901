"""The history checker: what the peers' journals say against what the database says.

In: a `History` (what others know they gave us and got from us) and the store. Out: breaches in words, none when nothing was
lost and nothing doubled. Ask it when the service is quiet: then every input must have its end and every letter its fate.
"""

import email
import email.policy
import hashlib
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import undefer

from bot.channels.telegram_send import parts_of
from bot.channels.telegram_settings import TelegramLimits
from bot.demo.botapi_text import read_markup
from bot.demo.botapi_updates import id_of
from routing.models import Address, Answer, Assignment, Expert, InboxMessage, OutboxMessage, Question
from routing.outbox import outgoing

LATE = timedelta(seconds=120)
NOT_TAKEN = ("repeat", "poison")  # nothing has come of a mail that stopped workers; its copy may get through, and then it repeats that


@dataclass
class History:
    """What the other side knows.

    `updates`: confirmed by an offset, by update id. `mails`: (raw, recipient) that were answered 250. `boxed`: mails that
    lie in a mailbox of ours, by the name under which they come in. `asked`: words that
    occur in exactly one thing that somebody sent, and ask something. `forbidden`: words that may reach nobody.
    `post`: raw mails our SMTP server took. `screens`: (chat, text) of every bubble of the bot.
    """

    bot_id: int = 0
    updates: dict[int, dict] = field(default_factory=dict)
    mails: set[tuple[bytes, str]] = field(default_factory=set)
    boxed: dict[str, bytes] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    forbidden: set[str] = field(default_factory=set)
    post: list[bytes] = field(default_factory=list)
    screens: list[tuple[int, str]] = field(default_factory=list)

    def hear(self, mails, chats) -> None:
        """What has reached people so far: the mails an SMTP server took, the bot's bubbles in these chats."""
        self.post = [mail.data for mail in mails]
        self.screens = [
            (chat.id, message.get("text", ""))
            for chat in chats
            for message in chat.messages.values()
            if message["from"]["is_bot"]
        ]


@dataclass
class Verdict:
    """`breaches` by promise, and the two named windows: how often they were counted and how many letters came twice there."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    ambiguities: int = 0
    repeated: int = 0
    facts: Counter = field(default_factory=Counter)

    @property
    def breaches(self):
        return self.lost + self.doubled + self.other


def remember_confirmed(updates, history: History):
    """From now on every update that an offset confirms is written into `history`."""
    forget: Callable[[int], None] = updates.confirm

    def confirm(offset):
        if offset > 0:
            history.updates |= {id_of(update): update for update in updates.pending if id_of(update) < offset}
        forget(offset)

    updates.confirm = confirm


def check(store, history: History, now) -> Verdict:
    """Every promise that can be read from journals and tables."""
    verdict = Verdict()
    with store.snapshot() as session:
        inbox = session.scalars(select(InboxMessage).options(undefer(InboxMessage.raw))).all()
        letters = session.execute(select(OutboxMessage, Address.address).join(Address)).all()
        questions = session.scalars(select(Question)).all()
        answers = session.scalars(select(Answer)).all()
        addresses = _addresses_of_assignments(session)
        shown = [(row, outgoing(session, row, address)) for row, address in letters if row.channel == "telegram"]
    _intake(verdict, history, inbox)
    _conservation(verdict, history, inbox, questions)
    _liveness(verdict, questions, now)
    _letters(verdict, letters, now)
    _mailed(verdict, history, [row for row, _ in letters if row.channel == "email"])
    _chatted(verdict, history, shown)
    _answers(verdict, answers, {row.id: row for row in inbox}, addresses)
    _forbidden(verdict, history)
    verdict.facts.update(inbox=len(inbox), letters=len(letters), questions=len(questions), answers=len(answers))
    verdict.facts.update(f"inbox {row.state}" for row in inbox)
    verdict.facts.update(f"question {one.state}" for one in questions)
    verdict.facts["held after three crashes"] = sum(row.rule == "poison" for row in inbox)
    return verdict


def mail_id(raw, recipient):
    return "lmtp:" + hashlib.sha256(raw + recipient.encode()).hexdigest()


# ------------------------------------------------------------------------------------------- what came in


def _intake(verdict, history, inbox):
    """I1: whatever was confirmed has its raw bytes stored. Nothing is stored that nobody sent."""
    stored = {(row.channel, row.external_id): row for row in inbox}
    expected = {("telegram", f"{history.bot_id}:{number}"): update for number, update in history.updates.items()}
    for key, update in expected.items():
        if key not in stored or json.loads(stored[key].raw) != update:
            verdict.lost.append(f"I1 update {key[1]} was confirmed and is not stored")
    mails = {("email", mail_id(raw, recipient)): raw for raw, recipient in history.mails}
    mails |= {("email", name): raw for name, raw in history.boxed.items()}
    for key, raw in mails.items():
        if key not in stored or stored[key].raw != raw:
            verdict.lost.append(f"I1 a mail was answered 250, or lies in the mailbox, and is not stored: {raw[:60]!r}")
    for key in stored.keys() - expected.keys() - mails.keys():
        verdict.other.append(f"I1 {key} is stored and was never confirmed")


def _conservation(verdict, history, inbox, questions):
    """I2 and I3: one record and one end for everything, one question for every asking."""
    for row in inbox:
        if row.state == "new":
            verdict.lost.append(f"I3 inbox message {row.id} ({row.channel}) has no end after {row.attempts} attempts")
        elif row.state == "held" and not row.reason:
            verdict.other.append(f"I3 inbox message {row.id} is held without a reason")
        elif row.state != "held" and not row.outcome:
            verdict.other.append(f"I3 inbox message {row.id} is {row.state} without an outcome")
    taken = (row for row in inbox if row.channel == "email" and row.rule not in NOT_TAKEN)
    counted = Counter(hashlib.sha256(row.raw).digest() for row in taken)
    doubled = sum(many - 1 for many in counted.values() if many > 1)
    if doubled:
        verdict.doubled.append(f"I2 {doubled} mails were taken for new a second time")
    held = b"\n".join(row.raw for row in inbox if row.state == "held").decode("utf-8", "replace").replace("=\r\n", "")
    texts = [one.text for one in questions]
    for words in history.asked:
        found = sum(words in text for text in texts)
        if found > 1:
            verdict.doubled.append(f"I2 {words} became {found} questions")
        elif found == 0 and words not in held:
            ends = [f"{row.state}, {row.rule}: {row.outcome}" for row in inbox if words in row.text or words.encode() in row.raw]
            verdict.lost.append(f"I3 {words} became no question and is not held: {ends}")


def _liveness(verdict, questions, now):
    """I4: an open question has a next moment, and it is not long past."""
    for one in questions:
        if one.state == "closed":
            continue
        if one.next_action_at is None:
            verdict.lost.append(f"I4 question {one.number} is open without a next action")
        elif one.next_action_at < now - LATE:
            verdict.lost.append(f"I4 question {one.number}: {one.next_action} is overdue by {now - one.next_action_at}")


# ------------------------------------------------------------------------------------------- what went out


def _letters(verdict, letters, now):
    """I6 and the books of I5: one row per effect, and every row has a fate or a later moment."""
    keys = Counter(row.effect_key for row, _ in letters)
    verdict.doubled += [f"I6 {key} is {many} letters" for key, many in keys.items() if many > 1]
    told = {row.effect_key.rpartition("letter ")[2] for row, _ in letters if row.kind == "co_ambiguous"}
    in_doubt = [row for row, _ in letters if row.state == "ambiguous" and not row.kind.startswith("co_")]
    verdict.other += [f"I5 letter {row.id} is in doubt and no coordinator knows" for row in in_doubt if str(row.id) not in told]
    for row, _ in letters:
        verdict.ambiguities += row.ambiguities
        verdict.facts[f"letter {row.state}"] += 1
        waits = row.state == "queued" and row.next_attempt_at > now
        if row.state in ("queued", "claimed", "failed") and not waits:
            verdict.lost.append(f"I5 letter {row.id} ({row.kind}, {row.channel}) is {row.state}: {row.last_error}")


def _most(row):
    """How often a letter may have arrived: once if it is sent, and once for every counted passage of a window."""
    return (row.state == "sent") + row.ambiguities


def _mailed(verdict, history, letters):
    parse = email.message_from_bytes
    seen = Counter(str(parse(raw, policy=email.policy.compat32)["Message-ID"]) for raw in history.post)
    for row in letters:
        _judge(verdict, f"letter {row.id} ({row.kind}) by mail", seen.pop(row.message_id, 0), row.state == "sent", _most(row))
    verdict.doubled += [f"I6 a mail nobody wrote: {message_id}" for message_id in seen]


def _chatted(verdict, history, shown):
    """Telegram knows no identity of a letter: its words in its chat must do."""
    seen = Counter(history.screens)
    least, most = Counter(), Counter()
    for row, letter in shown:
        for part in parts_of(letter, int(letter.address), TelegramLimits()):
            words = _on_screen(part)
            least[int(letter.address), words] += row.state == "sent"
            most[int(letter.address), words] += _most(row)
    for (chat, text), bound in most.items():
        _judge(verdict, f"chat {chat}: {text[:40]!r}", seen.pop((chat, text), 0), least[chat, text], bound)
    verdict.doubled += [f"I6 words nobody wrote in chat {chat}: {text[:60]!r}" for chat, text in seen]


def _on_screen(part):
    """The words of a message as its reader sees them; a file has none."""
    return read_markup(part.piece.html, "HTML", None)[0] if part.piece is not None else ""


def _judge(verdict, what, arrived, least, most):
    if arrived < least:
        verdict.lost.append(f"I5 {what} is marked as sent {int(least)} times and arrived {arrived} times")
    if arrived > most:
        verdict.doubled.append(f"I5 {what} arrived {arrived} times, at most {most} are accounted for")
    verdict.repeated += max(0, arrived - max(int(least), 1))


# ------------------------------------------------------------------------------------------- who speaks


def _addresses_of_assignments(session):
    rows = session.execute(
        select(Assignment.id, Address.address)
        .join(Expert, Expert.id == Assignment.expert_id)
        .join(Address, Address.person_id == Expert.person_id)
    )
    found = {}
    for assignment_id, address in rows:
        found.setdefault(assignment_id, set()).add(address)
    return found


def _answers(verdict, answers, inbox, addresses):
    """I11: an answer is the reply of the one who was asked, or a coordinator's."""
    for answer in answers:
        row = inbox.get(answer.inbox_id)
        by_expert = row is not None and row.assignment_id == answer.assignment_id and row.facts.get("proven")
        if by_expert and row.sender in addresses.get(answer.assignment_id, ()):
            continue
        if answer.released_by is None:
            verdict.other.append(f"I11 answer {answer.id} by {answer.author} comes from nobody who was asked")


def _forbidden(verdict, history):
    """I12: what was forged or meant for nobody has reached nobody."""
    said = b"\n".join(history.post).decode("utf-8", "replace") + "\n".join(text for _, text in history.screens)
    verdict.other += [f"I12 {words} has reached somebody" for words in history.forbidden if words in said]
