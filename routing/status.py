"""Telling askers where their open questions stand: one letter for all, each with its secret link."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from routing import links
from routing.asides import word_to_withdraw
from routing.models import InboxMessage, Question
from routing.office import Office
from routing.post import post_in_reply
from routing.recipients import To
from routing.standing import Standing, standing

MOST_TOLD = 10
NUMBER = re.compile(r"[0-9]{4}-[0-9]+")  # of a question, as people write it


def tell(session: Session, office: Office, row: InboxMessage, to: To, now: datetime) -> str:
    """`row` is the message in which they asked for it."""
    questions = open_questions(session, to.person.id)
    if not questions:
        post_in_reply(session, office, row, to, "status_empty", {}, now)
        return "no open questions"
    items = [_line(standing(session, office, question), links.new_link(session, office, question, now)) for question in questions]
    post_in_reply(session, office, row, to, "status", {"items": items, "zone": to.person.zone}, now)
    return f"status of {len(questions)} questions"


def ask_which(session: Session, office: Office, row: InboxMessage, to: To, questions: Sequence[Question], now: datetime) -> str:
    """Which of these they need no longer."""
    items = [{"number": one.number, "line": standing(session, office, one).line} for one in questions]
    example = f"{word_to_withdraw(to.person.language)} {questions[0].number}"
    post_in_reply(session, office, row, to, "withdraw_which", {"items": items, "example": example}, now)
    return "asked which question they no longer need"


def named(session: Session, person_id: int, text: str) -> Sequence[Question]:
    """Their own questions whose numbers stand in a text."""
    numbers = NUMBER.findall(text)
    theirs = select(Question).where(Question.asker_id == person_id, Question.number.in_(numbers)).order_by(Question.id)
    return session.scalars(theirs).all() if numbers else ()


def open_questions(session: Session, person_id: int) -> Sequence[Question]:
    """The latest first."""
    theirs = select(Question).where(Question.asker_id == person_id, Question.state != "closed")
    return session.scalars(theirs.order_by(Question.id.desc()).limit(MOST_TOLD)).all()


def _line(told: Standing, url: str) -> dict[str, object]:
    state = {"state": told.state, "waiting_for": told.waiting_for, "promised_at": told.promised_at}
    return {"number": told.number, "line": told.line, "url": url, **state}
