"""What an expert does with a question besides answering it: accept, decline, ask back, want more days, be away, name somebody.

In: the question as the expert has it, and a `Word`, from whatever it was read: a reply, prose, a button, a page. Out: what came
of it in a few words; the clocks, the letters and the history follow.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from routing import escalating, extending, pausing, recounting
from routing.cases import OPEN_ASSIGNMENT, await_experts, open_assignments
from routing.dates import day_in
from routing.given import Given, write_to_expert, zone_of_expert
from routing.history import note
from routing.languages import language_of
from routing.models import Authority, Person, Question
from routing.office import Office
from routing.post import post
from routing.recipients import to_asker
from routing.suggesting import suggest
from routing.words import Word


def accept(session: Session, office: Office, theirs: Given, word: Word | None, now: datetime) -> str:
    """The expert will answer: the clock that asked "yes or no?" stops, the deadline stays."""
    assignment, is_new = theirs.assignment, theirs.assignment.state == "offered"
    if is_new:
        assignment.state, assignment.accept_by_at = "accepted", None
        _watch(session, theirs.question)
        note(session, theirs.question, "accepted", actor=theirs.actor, now=now)
    elif theirs.prose is None:
        return "accepted before"
    facts = {"deadline_at": assignment.deadline_at, "zone": zone_of_expert(session, theirs.expert)}
    write_to_expert(session, office, theirs, "accepted", facts, now)
    return "accepted" if is_new else "accepted before"


def decline(session: Session, office: Office, theirs: Given, word: Word | None, now: datetime) -> str:
    """The expert cannot or will not answer: thanks, and the question moves on; `word` may hold the reason."""
    reason = word.text if word and word.meaning == "decline" else ""
    question, assignment = theirs.question, theirs.assignment
    note(session, question, "declined", actor=theirs.actor, now=now, reason=reason)
    write_to_expert(session, office, theirs, "declined_thanks", {}, now)
    escalating.move_on(session, office, question, assignment, "declined", "expert_declined", now, because=reason or "declined")
    return "declined"


def ask_back(session: Session, office: Office, theirs: Given, word: Word, now: datetime) -> str:
    """The expert needs to know more: the asker is asked, and the clock stands still meanwhile."""
    question, assignment = theirs.question, theirs.assignment
    authority = session.get_one(Authority, theirs.expert.authority_id)
    note(session, question, "asked-back", actor=theirs.actor, now=now, text=word.text)
    if assignment.state == "offered":
        assignment.state, assignment.accept_by_at = "accepted", None
    language = language_of(word.text, session.get_one(Person, theirs.expert.person_id).language)
    facts = {"text": word.text, "language": language, "authority_kind": authority.kind, "authority_country": authority.country}
    pausing.pause(question, office, assignment, now)
    to, edition = to_asker(session, question), str(question.revision)
    post(session, office, to, "ask_back", facts, now=now, question=question, edition=edition, automatic=False)
    write_to_expert(session, office, theirs, "ask_back_sent", {}, now, edition=edition)
    return "asked the asker"


def _more_days(session: Session, office: Office, theirs: Given, word: Word, now: datetime) -> str:
    return extending.ask_for(session, office, theirs, word.number or 1, now)


def be_away(session: Session, office: Office, theirs: Given, word: Word, now: datetime) -> str:
    """Away until a day: an absence, and the question goes to somebody who is there."""
    question, assignment = theirs.question, theirs.assignment
    until = day_in(word.text, now.date())
    note(session, question, "away", actor=theirs.actor, now=now, said=word.text, until=until.isoformat() if until else None)
    is_noted = until is not None and recounting.away_from_now(session, office, theirs.expert, until, "said so in a reply", now)
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


VERBS: dict[str, Callable[[Session, Office, Given, Word, datetime], str]] = {
    "accept": accept,
    "yes": accept,
    "decline": decline,
    "no": decline,
    "ask_back": ask_back,
    "more_days": _more_days,
    "away_until": be_away,
    "suggest": suggest,
}
