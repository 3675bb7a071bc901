"""Words in a chat that ask nothing of an expert (`routing.smalltalk`), and what is done about them.

In: such a message, and what it is. Out: what came of it in a few words. An expert whose desk fills with greetings leaves the
network; where nothing else can be done, the asker hears that nobody was asked, with a button for who meant it as a question.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from routing import commands, held, withdrawing
from routing.models import Address, InboxMessage, Person
from routing.office import Office
from routing.post import post_in_reply
from routing.recipients import To
from routing.smalltalk import ABOUT_US, DROPS, LANGUAGE, THANKS
from routing.values import Incoming


def heed(session: Session, office: Office, row: InboxMessage, item: Incoming, address: Address, kind: str, now: datetime) -> str:
    """Do what somebody seems to want who asks nothing."""
    to = To(address, session.get_one(Person, address.person_id), "asker")
    if kind in ABOUT_US:
        return commands.about(session, office, row, item, address, now)
    if kind == THANKS:
        return "noted: nothing was asked"
    if kind == DROPS:
        return withdrawing.wished(session, office, row, item.text, to, now)
    if kind == LANGUAGE:
        return commands.ask_language(session, office, row, to, now)
    post_in_reply(session, office, row, to, "not_asked", {}, now, value=str(row.id))
    return "nobody was asked: it seems to be no question"


def ask_after_all(session: Session, office: Office, row_id: int, now: datetime) -> str:
    """It was meant as a question."""
    row = session.get_one(InboxMessage, row_id)
    row.outcome = held.ask(session, office, row, now)
    return row.outcome
