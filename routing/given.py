"""A question as one expert has it: the assignment, its question and the expert, which every verb of theirs needs together.

In: a stored assignment. Out: `Given`, and letters to its expert.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from routing.cases import SENT_BACK
from routing.letters.kinds import KINDS
from routing.models import Assignment, Authority, Expert, Question
from routing.office import Office
from routing.post import post
from routing.recipients import to_person


@dataclass(frozen=True, slots=True)
class Given:
    """One question given to one expert.

    `prose` is the id of the message from whose prose it was read what the expert does now, None where a word or a click says it:
    the letter about it tells the writer what we made of it, and lets them say that it was their answer.
    """

    question: Question
    assignment: Assignment
    expert: Expert
    prose: int | None = None

    @property
    def actor(self) -> str:
        """The expert, as the history names who acts."""
        return f"expert:{self.expert.id}"


def given(session: Session, assignment: Assignment) -> Given:
    question, expert = session.get_one(Question, assignment.question_id), session.get_one(Expert, assignment.expert_id)
    return Given(question, assignment, expert)


def zone_of_expert(session: Session, expert: Expert) -> str:
    """In which dates are told to them: the zone of their authority."""
    return session.get_one(Authority, expert.authority_id).zone


def write_to_expert(
    session: Session,
    office: Office,
    given: Given,
    kind: str,
    facts: Mapping[str, Any],
    now: datetime,
    *,
    edition: str = "",
    enclosed: Iterable[Mapping[str, object]] = (),
) -> None:
    """One letter about the assignment to whoever has it, as `routing.post.post` writes it.

    Who was asked for a better answer has the same assignment anew, and gets each of its letters anew.
    """
    to = to_person(session, given.expert.person_id, "assignment")
    question, assignment, value = given.question, given.assignment, None
    if given.prose is not None and "in_prose" in KINDS[kind].may:
        facts, value = {**facts, "in_prose": True}, str(given.prose)
        edition = edition or f"prose {given.prose}"
    if again := question.thread.get(SENT_BACK, ()).count(assignment.id):
        edition = f"{edition} again {again}".strip()
    post(
        session,
        office,
        to,
        kind,
        facts,
        now=now,
        question=question,
        assignment=assignment,
        edition=edition,
        value=value,
        enclosed=enclosed,
    )
