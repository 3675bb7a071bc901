"""The expert's side: a reply is an answer unless it is one of the few words, or surely prose, that stand for something else.

In: an authenticated reply. Out: what came of it in a few words.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from routing import answering, prose
from routing.asides import NEWS, NOTED, SERVICE, aside_in
from routing.cases import OPEN_ASSIGNMENT
from routing.given import Given, given
from routing.history import note
from routing.inside import strange_lines
from routing.intake import hold
from routing.models import Assignment, InboxMessage, OutboxMessage
from routing.office import Office
from routing.pairing import is_courtesy
from routing.values import Incoming
from routing.verbs import VERBS, ask_back
from routing.why import because
from routing.words import Word, hint_in, only_asks, understand

INSIDE = "words that we did not write stand inside the quoted letter"


def reply(session: Session, office: Office, row: InboxMessage, item: Incoming, now: datetime) -> str:
    """An authenticated reply of the assigned expert to an open assignment."""
    theirs = given(session, session.get_one(Assignment, row.assignment_id))
    word = understand(item.text, theirs.question.language)
    if is_courtesy(item):
        note(session, theirs.question, "expert-wrote", actor=theirs.actor, now=now, inbox=row.id, word="thanks")
        return "thanks noted"
    if theirs.assignment.state not in OPEN_ASSIGNMENT:
        return _from_the_panel(session, office, theirs, row, item, word, now)
    if not item.text.strip() and not item.attachments:
        return hold(row, because(row, "says-nothing"), now)
    act = VERBS.get(word.meaning) if word else None
    if word is not None and act is not None:
        return act(session, office, theirs, word, now)
    if word is not None:
        return hold(row, because(row, "only-a-word", text=item.text.strip()), now)
    if item.review is None and strange_lines(item.quoted, _said(session, theirs, row)):
        whole = f"{item.text}\n\n{item.cut}".strip()
        return answering.answer(session, office, theirs, whole, now, inbox=row, review=INSIDE)
    if not item.attachments and (outcome := _no_answer(session, office, theirs, row, item.text, now)) is not None:
        return outcome
    hint = hint_in(item.text, theirs.question.language)
    if (sense := prose.no_answer_in(item)) is not None:
        return prose.heed(session, office, theirs, row, sense, hint, item.text, now)
    if hint is not None:
        return _more_than_a_word(session, office, theirs, row, hint, now)
    return answering.answer(session, office, theirs, item.text, now, inbox=row, review=item.review)


def _said(session: Session, theirs: Given, row: InboxMessage) -> Iterator[str]:
    """What a mail about the question may quote: our letters with their buttons, and what came in before."""
    sent = select(OutboxMessage.subject, OutboxMessage.text, OutboxMessage.buttons)
    for subject, text, buttons in session.execute(sent.where(OutboxMessage.question_id == theirs.question.id)):
        yield from (subject, text, *(str(button["label"]) for button in buttons))
    came = select(InboxMessage.text).where(InboxMessage.question_id == theirs.question.id, InboxMessage.id != row.id)
    yield from session.scalars(came)


def _no_answer(session: Session, office: Office, theirs: Given, row: InboxMessage, text: str, now: datetime) -> str | None:
    """A nod, or mere questions: those of us wait for a person, the others are for the asker. None for what may be the answer."""
    aside, asked = aside_in(text, theirs.question.language), only_asks(text)
    if aside == NOTED:
        note(session, theirs.question, "expert-wrote", actor=theirs.actor, now=now, inbox=row.id, word="thanks")
        return "noted: nothing was asked"
    if aside in (SERVICE, NEWS):
        return hold(row, because(row, "only-a-word", text=text.strip()), now)
    return ask_back(session, office, theirs, Word("ask_back", text=asked), now) if asked else None


def _more_than_a_word(session: Session, office: Office, theirs: Given, row: InboxMessage, hint: Word, now: datetime) -> str:
    """A few words, of which some accept or decline: hardly the answer, so a person reads them. What only gives time is done."""
    if hint.meaning in ("accept", "more_days"):
        VERBS[hint.meaning](session, office, theirs, hint, now)
    return hold(row, because(row, "more-than-a-word", text=hint.text), now)


def _from_the_panel(
    session: Session, office: Office, theirs: Given, row: InboxMessage, item: Incoming, word: Word | None, now: datetime
) -> str:
    """Another expert's answer went on before: what tells more is added to it; a mere word, or a promise, is only noted."""
    sense = prose.no_answer_in(item)
    if word is None and sense is None:
        return answering.add(session, office, theirs, item.text, now, inbox=row)
    said = word.meaning if word is not None else ""
    note(session, theirs.question, "expert-wrote", actor=theirs.actor, now=now, inbox=row.id, word=said)
    return f"{said} noted: the question is answered" if said else "noted"
