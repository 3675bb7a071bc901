"""Words of an asker that name no letter of ours: the next sentence of an open question, an aside, or a new question.

In: a message and who wrote it. Out: what came of it. In a chat nearly all words come so; by mail only those of a new mail.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from routing import asking, commands, openers, status, withdrawing
from routing.asides import ADDING, NEWS, NOTED, PATIENT, SERVICE, URGENT, WITHDRAW, aside_in
from routing.gratitude import PRAISED, thanks_in
from routing.locking import locked
from routing.models import Address, InboxMessage, OutboxMessage, Person, Question
from routing.office import Office
from routing.reception import MISSING, is_about
from routing.recipients import To
from routing.smalltalk import MISSED, NO_DETAILS, no_question_in
from routing.values import Incoming
from routing.words import understand

PLAIN_WORDS = ("yes", "no", "choice", "ask_expert", "thanks", "stop", "not_yet")
# Of no use to whoever only asks; "no" may say that an answer was none.
NOTHING_ASKED = ("yes", "choice", "thanks", "not_yet", "accept", "decline", "more_days")


def take(session: Session, office: Office, row: InboxMessage, item: Incoming, address: Address, now: datetime) -> str:
    """Words without an address: they belong to a question that waits for this person, or are a new one."""
    if _withdraws(session, item, address):
        return withdrawing.wished(session, office, row, item.text, _to(session, address), now)
    waiting = _waiting_for(session, office, address, item, now)
    if waiting is not None and locked(session, waiting.id) is not None:
        row.question_id = waiting.id
        return asking.reply(session, office, waiting, row, item, now)
    if item.channel == "telegram" and not item.attachments and _only_thanks(item.text):
        return "thanks noted: nothing is open"
    outcome = _beside(session, office, row, item, address, now)
    if outcome is None and (kind := no_question_in(item)) is not None:
        outcome = openers.heed(session, office, row, item, address, kind, now)
    return outcome if outcome is not None else asking.start(session, office, row, item, address, now)


def _withdraws(session: Session, item: Incoming, address: Address) -> bool:
    """Whether it says which questions they need no longer, by a number of theirs or when they were asked for one."""
    if not item.proven or item.attachments:
        return False
    says_so = aside_in(item.text, item.language_hint) == WITHDRAW and withdrawing.names(item.text)
    return says_so or (item.channel == "telegram" and withdrawing.says_which(session, address, item.text))


def _to(session: Session, address: Address) -> To:
    return To(address, session.get_one(Person, address.person_id), "asker")


def _beside(session: Session, office: Office, row: InboxMessage, item: Incoming, address: Address, now: datetime) -> str | None:
    """What is said about their questions or about us, surely by them; None for a question, and for whatever brings a file."""
    if not item.proven or item.attachments:
        return None
    aside, to = aside_in(item.text, item.language_hint), _to(session, address)
    word, in_chat = understand(item.text, item.language_hint), item.channel == "telegram"
    said = word.meaning if word is not None else ""
    if said in commands.WORDS:  # by mail it was taken for the command before
        return commands.COMMANDS[said](session, office, row, item, to, now)
    if in_chat and (aside == SERVICE or said == "start"):  # a mail that says little may be all in its subject
        return commands.about(session, office, row, item, address, now)
    if in_chat and (aside == NOTED or said in NOTHING_ASKED):
        return "noted: nothing was asked"
    if aside == NEWS:
        return status.tell(session, office, row, to, now)
    if aside == WITHDRAW or said == "stop":
        return withdrawing.wished(session, office, row, item.text, to, now)
    is_of_an_open_one = aside in (ADDING, PATIENT, URGENT)
    is_of_one = is_of_an_open_one or (in_chat and said == "no")
    lately = _asked_lately(session, office, address, now) if is_of_one else ()
    theirs = [question for question in lately if question.state != "closed" or not is_of_an_open_one]
    if theirs and locked(session, theirs[0].id) is not None:
        row.question_id = theirs[0].id
        return asking.reply(session, office, theirs[0], row, item, now)
    return None


def _only_thanks(text: str) -> bool:
    """Nothing is open: only the plain word, or praise of what came, is surely no question."""
    word, said = understand(text), thanks_in(text)
    return (word is not None and word.meaning == "thanks") or (said is not None and said.text == PRAISED)


def _waiting_for(session: Session, office: Office, address: Address, item: Incoming, now: datetime) -> Question | None:
    """The question an unaddressed message continues: one we asked something about, or one a short word can only mean."""
    if item.channel == "email":
        return None
    answered = select(OutboxMessage.question_id).where(
        OutboxMessage.person_id == address.person_id, OutboxMessage.external_id.in_(item.references)
    )
    if (about := session.scalars(answered).first()) is not None:
        return session.get_one(Question, about)
    if len(named := status.named(session, address.person_id, item.text)) == 1:
        return named[0]
    word, aside = understand(item.text) or thanks_in(item.text), no_question_in(item)
    for question in _asked_lately(session, office, address, now):
        is_plain = word is not None and word.meaning in PLAIN_WORDS and question.state in ("proposed", "answered")
        is_missed = aside == MISSED and question.state == "proposed"
        says_no_details = aside in NO_DETAILS and question.state == "received"
        if is_plain or is_missed or (_is_asked_something(question) and not says_no_details) or is_about(item, question):
            return question
    return None


def _asked_lately(session: Session, office: Office, address: Address, now: datetime) -> Sequence[Question]:
    """First the one that our latest letter to them was about: what they write is said after reading that one."""
    recent = now - timedelta(days=office.policy.patience.follow_up_window_days)
    theirs = select(Question).where(Question.asker_id == address.person_id, Question.created_at > recent)
    about = OutboxMessage.question_id == Question.id
    last = select(func.max(OutboxMessage.id)).where(about, OutboxMessage.person_id == address.person_id).scalar_subquery()
    return session.scalars(theirs.order_by(func.coalesce(last, 0).desc(), Question.id.desc())).all()


def _is_asked_something(question: Question) -> bool:
    return question.waiting_for == "asker" and (question.state in ("received", "assigned") or question.next_action == MISSING)
