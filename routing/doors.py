"""How a letter can be answered: a reply address of its own, the thread it stands in, and its buttons.

In: an outbox row before it is written, and what it is about. Out: the row's part of each, and the secrets to be kept with it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from routing.letters import with_marker
from routing.models import Assignment, Authority, Button, OutboxMessage, Question, ReplyToken
from routing.office import Office
from routing.recipients import To
from routing.tokens import new_token, token_hash


@dataclass(frozen=True, slots=True)
class About:
    """What a letter is about, and with it every reply to it and every button in it."""

    question: Question | None
    assignment: Assignment | None
    authority: Authority | None

    @property
    def ids(self) -> dict[str, int | None]:
        """As reply tokens and buttons store it."""
        return {
            "question_id": self.question.id if self.question else None,
            "assignment_id": self.assignment.id if self.assignment else None,
            "authority_id": self.authority.id if self.authority else None,
        }


def address_reply(office: Office, row: OutboxMessage, to: To, about: About, now: datetime) -> ReplyToken:
    """Give the letter its own reply address, and the marker line for systems that strip addresses."""
    token = new_token()
    row.reply_to = office.reply_address(token)
    row.text = with_marker(row.text, row.language, token)
    return ReplyToken(secret_hash=token_hash(token), purpose=to.purpose, person_id=to.person.id, created_at=now, **about.ids)


def put_in_thread(session: Session, row: OutboxMessage, to: To, about: About) -> None:
    """Put the letter into the thread the reader knows: their own question, or our first letter to them about it."""
    question, assignment = about.question, about.assignment
    if question is None:
        return
    earlier = session.scalars(
        select(OutboxMessage.message_id)
        .where(
            OutboxMessage.question_id == question.id,
            OutboxMessage.person_id == to.person.id,
            OutboxMessage.channel == "email",
            true() if assignment is None else OutboxMessage.assignment_id == assignment.id,
        )
        .order_by(OutboxMessage.id)
    ).all()
    is_known = to.purpose == "asker" and to.address.proven_at is not None  # else nothing a stranger chose goes out, no id either
    asked = question.thread.get("message_id") if is_known else None
    chain = [message_id for message_id in (asked, *earlier) if message_id and not message_id.startswith("tg:")]
    row.references = chain[:1] + chain[1:][-9:]
    row.in_reply_to = chain[-1] if chain else None


def new_button(
    office: Office, to: To, action: str, label: str, about: About, value: str | None, now: datetime
) -> tuple[Button, dict[str, Any]]:
    """The button as it is kept, and as the letter shows it. What a coordinator decides is read on a page first."""
    verb, _, choice = action.partition(":")
    on_page = verb.startswith("co_")
    button = Button(
        id=secrets.token_urlsafe(24),
        action=verb,
        person_id=to.person.id,
        chat=to.address.address if to.medium == "telegram" and not on_page else None,
        state=about.question.state if about.question else None,
        value=":".join(filter(None, (value, choice))) or None,
        created_at=now,
        **about.ids,
    )
    return button, {"label": label, "id": button.id, "url": office.page(f"do/{button.id}"), "page": on_page}
