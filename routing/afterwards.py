"""What the asker says once a question is answered, or was closed without an answer.

In: their words, or the mere word that they are. Out: a verdict, a case that opens again, or a new one; thanks open nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from routing import verdicts
from routing.gratitude import PRAISED
from routing.models import Address, InboxMessage, Question
from routing.office import Office
from routing.opening import new_question
from routing.unsigned import without_signer
from routing.values import Incoming
from routing.words import UNHELPFUL, Word

FIRST_ASKED = "ask whether used"  # until then the asker has been asked whether the answer helped, and nothing else
USED = {"yes": "yes", "not_yet": "not yet", "no": "no"}


def hear(
    session: Session, office: Office, question: Question, row: InboxMessage, item: Incoming, word: Word | None, now: datetime
) -> str:
    """Words of the asker about a question that is answered or closed; `word` where they are a mere word."""
    if question.answered_at is None:
        return _about_unanswered(session, office, question, row, item, word, now)
    says_used = word is not None and word.meaning in USED and word.text != UNHELPFUL
    if word is not None and says_used and verdicts.was_asked_whether_used(session, question):
        return verdicts.used(session, office, question, USED[word.meaning], now)
    if word is not None and word.meaning in ("yes", "choice"):
        return verdicts.helped(session, office, question, now)
    if word is not None and word.meaning == "no":
        return verdicts.did_not_help(session, office, question, now)
    if word is not None and word.meaning == "thanks":
        return _thanked(session, office, question, word, now)
    if word is not None:
        return "noted"
    return _more_to_say(session, office, question, row, item, now)


def _thanked(session: Session, office: Office, question: Question, word: Word, now: datetime) -> str:
    """Whoever finds an answer good need not be asked whether it helped; mere thanks say nothing of it."""
    if word.text == PRAISED and question.state == "answered" and question.verdict is None and question.next_action == FIRST_ASKED:
        return verdicts.helped(session, office, question, now)
    return "thanks noted"


def _about_unanswered(
    session: Session, office: Office, question: Question, row: InboxMessage, item: Incoming, word: Word | None, now: datetime
) -> str:
    """Closed before anybody answered: fiches that nobody judged, an explanation that never came, a refusal, a decision."""
    said = word.meaning if word is not None else None
    if said in ("yes", "choice") and question.closed_because == "no_verdict":
        return verdicts.helped(session, office, question, now)
    if said in ("no", "ask_expert") and question.closed_because == "no_verdict":
        return verdicts.ask_expert_after_all(session, question, now)
    if said is None or (question.closed_because == "no_clarification" and said not in ("thanks", "stop")):
        return _more_to_say(session, office, question, row, item, now)
    return "thanks noted" if said == "thanks" else "noted"


def _more_to_say(session: Session, office: Office, question: Question, row: InboxMessage, item: Incoming, now: datetime) -> str:
    """The case opens again; long after its end it is a new one, which nobody would understand without the old one's words."""
    if question.closed_at is not None and now - question.closed_at > timedelta(days=office.policy.patience.follow_up_window_days):
        address = session.get_one(Address, question.address_id)
        new = new_question(session, office, row, item, address, now)
        new.text = "\n".join((new.text, "", *(f"> {line}" for line in question.text.split("\n"))))
        return f"question {new.number} (the earlier one is closed)"
    return verdicts.reopen(session, office, question, without_signer(row.text), now)
