"""The expert's side: a reply is an answer unless it is one of the few words that stand for something else.

In: an authenticated reply, or the same chosen on a page or by a button. Out: what came of it in a few words.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from routing import answering, escalating, extending, pausing, recounting
from routing.asides import NEWS, NOTED, SERVICE, aside_in
from routing.cases import OPEN_ASSIGNMENT, await_experts, open_assignments
from routing.dates import day_in
from routing.given import Given, given, write_to_expert, zone_of_expert
from routing.history import note
from routing.intake import hold
from routing.models import Assignment, Authority, InboxMessage, Question
from routing.office import Office
from routing.pairing import is_courtesy
from routing.post import post
from routing.recipients import to_asker
from routing.suggesting import suggest
from routing.values import Incoming
from routing.why import because
from routing.words import Word, hint_in, only_asks, understand


def reply(session: Session, office: Office, row: InboxMessage, item: Incoming, now: datetime) -> str:
    """An authenticated reply of the assigned expert to an open assignment."""
    theirs = given(session, session.get_one(Assignment, row.assignment_id))
    word = understand(item.text, theirs.question.language)
    if is_courtesy(item):
        note(session, theirs.question, "expert-wrote", actor=theirs.actor, now=now, inbox=row.id, word="thanks")
        return "thanks noted"
    if theirs.assignment.state not in OPEN_ASSIGNMENT:
        return _from_the_panel(session, office, theirs, row, item.text, word, now)
    if not item.text.strip() and not item.attachments:
        return hold(row, because(row, "says-nothing"), now)
    act = WORDS.get(word.meaning) if word else None
    if word is not None and act is not None:
        return act(session, office, theirs, word, now)
    if word is not None:
        return hold(row, because(row, "only-a-word", text=item.text.strip()), now)
    if (hint := hint_in(item.text, theirs.question.language)) is not None:
        return _more_than_a_word(session, office, theirs, row, hint, now)
    if not item.attachments and (outcome := _no_answer(session, office, theirs, row, item.text, now)) is not None:
        return outcome
    return answering.answer(session, office, theirs, item.text, now, inbox=row, review=item.review)


def _no_answer(session: Session, office: Office, theirs: Given, row: InboxMessage, text: str, now: datetime) -> str | None:
    """A nod, or mere questions: those of us wait for a person, the others are for the asker. None for what may be the answer."""
    aside, asked = aside_in(text, theirs.question.language), only_asks(text)
    if aside == NOTED:
        note(session, theirs.question, "expert-wrote", actor=theirs.actor, now=now, inbox=row.id, word="thanks")
        return "noted: nothing was asked"
    if aside in (SERVICE, NEWS):
        return hold(row, because(row, "only-a-word", text=text.strip()), now)
    return _ask_back(session, office, theirs, Word("ask_back", text=asked), now) if asked else None


def _more_than_a_word(session: Session, office: Office, theirs: Given, row: InboxMessage, hint: Word, now: datetime) -> str:
    """A few words, of which some accept or decline: hardly the answer, so a person reads them. What only gives time is done."""
    if hint.meaning in ("accept", "more_days"):
        WORDS[hint.meaning](session, office, theirs, hint, now)
    return hold(row, because(row, "more-than-a-word", text=hint.text), now)


def accept(session: Session, office: Office, theirs: Given, word: Word | None, now: datetime) -> str:
    """The expert will answer: the clock that asked "yes or no?" stops, the deadline stays."""
    assignment = theirs.assignment
    if assignment.state != "offered":
        return "accepted before"
    assignment.state, assignment.accept_by_at = "accepted", None
    _watch(session, theirs.question)
    note(session, theirs.question, "accepted", actor=theirs.actor, now=now)
    facts = {"deadline_at": assignment.deadline_at, "zone": zone_of_expert(session, theirs.expert)}
    write_to_expert(session, office, theirs, "accepted", facts, now)
    return "accepted"


def decline(session: Session, office: Office, theirs: Given, word: Word | None, now: datetime) -> str:
    """The expert cannot or will not answer: thanks, and the question moves on; `word` may hold the reason."""
    reason = word.text if word and word.meaning == "decline" else ""
    question, assignment = theirs.question, theirs.assignment
    note(session, question, "declined", actor=theirs.actor, now=now, reason=reason)
    write_to_expert(session, office, theirs, "declined_thanks", {}, now)
    escalating.move_on(session, office, question, assignment, "declined", "expert_declined", now, because=reason or "declined")
    return "declined"


def _ask_back(session: Session, office: Office, theirs: Given, word: Word, now: datetime) -> str:
    """The expert needs to know more: the asker is asked, and the clock stands still meanwhile."""
    question, assignment = theirs.question, theirs.assignment
    authority = session.get_one(Authority, theirs.expert.authority_id)
    note(session, question, "asked-back", actor=theirs.actor, now=now, text=word.text)
    if assignment.state == "offered":
        assignment.state, assignment.accept_by_at = "accepted", None
    facts = {"text": word.text, "authority_kind": authority.kind, "authority_country": authority.country}
    pausing.pause(question, office, assignment, now)
    to, edition = to_asker(session, question), str(question.revision)
    post(session, office, to, "ask_back", facts, now=now, question=question, edition=edition, automatic=False)
    write_to_expert(session, office, theirs, "ask_back_sent", {}, now, edition=edition)
    return "asked the asker"


def _more_days(session: Session, office: Office, theirs: Given, word: Word, now: datetime) -> str:
    return extending.ask_for(session, office, theirs, word.number or 1, now)


def _away(session: Session, office: Office, theirs: Given, word: Word, now: datetime) -> str:
    """Away until a day: an absence, and the question goes to somebody who is there."""
    question, assignment = theirs.question, theirs.assignment
    until = day_in(word.text, now.date())
    note(session, question, "away", actor=theirs.actor, now=now, said=word.text, until=until.isoformat() if until else None)
    is_noted = until is not None and recounting.note_absence(
        session, office, theirs.expert, now.date(), until, "said so in a reply", now
    )
    write_to_expert(session, office, theirs, "declined_thanks", {"until": until if is_noted else None}, now)
    if assignment.state not in OPEN_ASSIGNMENT:
        return "away"
    escalating.move_on(session, office, question, assignment, "declined", "expert_away", now, because="away")
    return "away"


def _watch(session: Session, question: Question) -> None:
    """Look again when something is due; but while the asker or a coordinator owes the next step, that stays so."""
    if question.waiting_for == "expert":
        await_experts(question, open_assignments(session, question))
    else:
        question.revision += 1


def _from_the_panel(
    session: Session, office: Office, theirs: Given, row: InboxMessage, text: str, word: Word | None, now: datetime
) -> str:
    """Another expert's answer went on before: words of any length are added to it; a mere word is only noted."""
    if word is None:
        return answering.add(session, office, theirs, text, now, inbox=row)
    note(session, theirs.question, "expert-wrote", actor=theirs.actor, now=now, inbox=row.id, word=word.meaning)
    return f"{word.meaning} noted: the question is answered"


WORDS: dict[str, Callable[[Session, Office, Given, Word, datetime], str]] = {
    "accept": accept,
    "yes": accept,
    "decline": decline,
    "no": decline,
    "ask_back": _ask_back,
    "more_days": _more_days,
    "away_until": _away,
    "suggest": suggest,
}
