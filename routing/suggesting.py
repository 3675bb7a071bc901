"""An expert proposes somebody else: known from the directory, they are asked at once; of a stranger a coordinator is told."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from routing.absences import away
from routing.assigning import assign
from routing.cases import open_assignments, settle_assignment
from routing.escalating import tell_new_date
from routing.given import Given, write_to_expert
from routing.handing import hand_to_coordinator, tell_coordinators
from routing.history import note
from routing.models import Assignment, Authority, Expert, Person, Question
from routing.office import Office
from routing.people import find_address, reachable
from routing.reasons import Reason
from routing.words import Word

_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,190}[A-Za-z0-9]")


def suggest(session: Session, office: Office, theirs: Given, word: Word, now: datetime) -> str:
    """The expert gives the question back and names somebody: an address, or a role at their own authority."""
    question, assignment = theirs.question, theirs.assignment
    named = _in_directory(session, theirs.expert, word.text)
    has_it = named is not None and any(one.expert_id == named.id for one in open_assignments(session, question))
    fits = named is not None and _may_be_asked(session, question, named, now)
    who = named.role if named is not None and fits else None
    note(session, question, "suggested", actor=theirs.actor, now=now, text=word.text, known=who)
    write_to_expert(session, office, theirs, "declined_thanks", {}, now)
    settle_assignment(session, assignment, "declined", "proposed somebody else", now)
    if named is not None and fits:
        reasons = [Reason("suggested").as_json()]
        assign(
            session,
            office,
            question,
            named,
            reasons,
            now,
            actor=theirs.actor,
            tell_asker="holding",
            why="expert_declined",
        )
        return f"proposed {named.role}, who is asked"
    if has_it:
        return "proposed somebody who has the question already"
    if open_assignments(session, question):
        tell_coordinators(session, office, question, "suggested", now, edition=f"suggested:{assignment.id}", text=word.text)
        return "proposed somebody unknown; the panel goes on"
    edition = f"coordinator:{assignment.id}"
    hand_to_coordinator(session, office, question, "suggested", now, tell_asker=False, text=word.text)
    tell_new_date(session, office, question, None, "coordinator", now, edition=edition)
    return "proposed somebody unknown; a coordinator looks"


def _in_directory(session: Session, expert: Expert, text: str) -> Expert | None:
    """By address anywhere in the directory, by role only among colleagues, where it names exactly one."""
    if (found := _ADDRESS.search(text)) is not None:
        address = find_address(session, "email", found[0])
        person = address.person_id if address else -1
        return session.scalars(select(Expert).where(Expert.person_id == person)).one_or_none()
    said = " ".join(text.lower().split())
    colleagues = select(Expert).where(Expert.authority_id == expert.authority_id, Expert.id != expert.id, Expert.active)
    fitting = [one for one in session.scalars(colleagues.order_by(Expert.id)) if one.role.lower() == said]
    return fitting[0] if len(fitting) == 1 else None


def _may_be_asked(session: Session, question: Question, named: Expert, now: datetime) -> bool:
    """Active, reachable, there, not asked before, and not of the asker's own authority."""
    asker = session.get_one(Person, question.asker_id)
    asked = session.scalars(select(Assignment.id).where(Assignment.question_id == question.id, Assignment.expert_id == named.id))
    return (
        named.active
        and session.get_one(Authority, named.authority_id).active
        and named.authority_id != asker.authority_id
        and asked.first() is None
        and not away(session, now, [named.id])
        and reachable(session, named.person_id) is not None
    )
