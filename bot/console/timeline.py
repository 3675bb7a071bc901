"""One timeline of everything that happened to a question: messages in, letters out, decisions, assignments, notes.

In: a `Case` as read from the database, and the reader's words. Out: entries in the order in which things happened. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.console.eventwords import Happening
from bot.console.happenings import happening
from bot.console.words import Words
from routing.models import Answer, Assignment, Attachment, Event, InboxMessage, OutboxMessage, Proposal
from routing.queries import Case

# Events that say what a richer entry says already.
TOLD_ELSEWHERE = frozenset({"question-received", "proposed", "assigned", "answered", "asker-wrote", "expert-wrote"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; `sort` names the template block that shows it, `thing` is what it shows."""

    at: datetime
    place: int  # among things of one transaction: what caused the others stands first
    sort: str
    thing: Any
    who: str = ""
    files: Sequence[Attachment] = ()
    more: Any = None


@dataclass(frozen=True, slots=True)
class Told:
    """An event with its words."""

    event: Event
    words: Happening = field(repr=False)


def timeline(case: Case, words: Words) -> list[Entry]:
    """All entries, oldest first; letters to coordinators about the case are left out, they say nothing new."""
    entries = [*_messages(case), *_events(case, words), *_proposals(case), *_assignments(case), *_answers(case), *_letters(case)]
    return sorted(entries, key=lambda entry: (entry.at, entry.place))


def party(case: Case, letter: OutboxMessage) -> str:
    """To whom a letter about this case went."""
    if letter.assignment_id is not None:
        return "expert"
    return "asker" if letter.person_id == case.question.asker_id else "coordinator"


def last_event(case: Case) -> int:
    return case.events[-1].id if case.events else 0


def _messages(case: Case) -> Iterator[Entry]:
    answered = {answer.inbox_id for answer in case.answers}
    for message in case.messages:
        if message.id in answered or message.state == "ignored":
            continue
        sort = "held" if message.state == "held" else "asked" if message.id == case.question.inbox_id else "message"
        yield Entry(message.received_at, 0, sort, message, _sender(case, message), _files(case, message.id))
    if case.question.inbox_id is None:
        yield Entry(case.question.created_at, 0, "asked", None, "asker")


def _sender(case: Case, message: InboxMessage) -> str:
    if message.person_id == case.question.asker_id:
        return "asker"
    experts = {one.expert.person_id for one in case.assignments}
    return "expert" if message.person_id in experts else "somebody"


def _files(case: Case, inbox_id: int | None) -> list[Attachment]:
    return [file for file in case.files if file.inbox_id == inbox_id]


def _events(case: Case, words: Words) -> Iterator[Entry]:
    for event in case.events:
        released_at_once = event.kind == "answer-released" and event.actor == "policy"
        if event.kind not in TOLD_ELSEWHERE and not released_at_once:
            yield Entry(event.at, 1, "event", Told(event, happening(event, words)), event.actor)


def _proposals(case: Case) -> Iterator[Entry]:
    for proposal in case.proposals:
        yield Entry(proposal.created_at, 2, "proposal", proposal)


def _assignments(case: Case) -> Iterator[Entry]:
    actors = [event.actor for event in case.events if event.kind == "assigned"]
    for place, assignment in enumerate(case.assignments):
        who = actors[place] if place < len(actors) else "system"
        yield Entry(assignment.created_at, 2, "assignment", assignment, who)


def _answers(case: Case) -> Iterator[Entry]:
    messages = {message.id: message for message in case.messages}
    for answer in case.answers:
        message = messages.get(answer.inbox_id) if answer.inbox_id else None
        yield Entry(answer.created_at, 0, "answer", answer, answer.author, _files(case, answer.inbox_id), message)


def _letters(case: Case) -> Iterator[Entry]:
    for letter in case.letters:
        to = party(case, letter)
        if to != "coordinator":
            yield Entry(letter.created_at, 3, "letter", letter, to)


__all__ = ["Answer", "Assignment", "Entry", "Proposal", "Told", "last_event", "party", "timeline"]
