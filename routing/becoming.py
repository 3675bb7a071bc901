"""What became of an answer: whoever gave it hears that it was used or published, whoever asked hears that it was published.

In: a question that was answered, or the fiche that its answer became. Out: letters, each of them once in the life of a question.
Nothing is told of a sensitive question, nobody learns who else asked, and an expert who has left hears nothing any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from routing.models import Address, Answer, Assignment, Expert, Fiche, Proposal, Question
from routing.office import Office
from routing.post import post
from routing.recipients import to_asker, to_person
from routing.sharing import slug_of


def tell_used(session: Session, office: Office, question: Question, now: datetime) -> None:
    _tell_author(session, office, question, {"what": "used"}, now)


def tell_published(session: Session, office: Office, fiche: Fiche, now: datetime) -> None:
    """To the expert who answered, and to everybody who got the answer; a fiche that is published again says nothing new."""
    question = session.get(Question, fiche.question_id) if fiche.question_id else None
    if question is None or question.sensitive:
        return
    together = _answered_together(session, question)
    title = _title(fiche)
    reached = len({one.asker_id for one in (question, *together)}) + _taken_later(session, question)
    _tell_author(session, office, question, {"what": "published", "title": title, "reached": reached}, now)
    for one in (question, *together):
        facts = {"title": title if _is_proven(session, one) else None}
        post(session, office, to_asker(session, one), "published", facts, now=now, question=one)


def _tell_author(session: Session, office: Office, question: Question, facts: dict[str, object], now: datetime) -> None:
    found = select(Assignment).where(Assignment.question_id == question.id, Assignment.state == "answered")
    assignment = session.scalars(found.order_by(Assignment.id.desc())).first()
    expert = session.get_one(Expert, assignment.expert_id) if assignment else None
    if expert is not None and expert.active:
        to, edition = to_person(session, expert.person_id, "assignment"), str(facts["what"])
        post(session, office, to, "became", facts, now=now, question=question, assignment=assignment, edition=edition)


def _answered_together(session: Session, question: Question) -> Sequence[Question]:
    """The questions that waited for this one's answer and got it; one that was opened again goes its own way."""
    found = select(Question).where(Question.merged_into_id == question.id, Question.state.in_(("answered", "closed")))
    return session.scalars(found.where(Question.answered_at.is_not(None), ~Question.sensitive).order_by(Question.id)).all()


def _taken_later(session: Session, question: Question) -> int:
    """How often somebody who asked the same later was content with this answer."""
    answers = select(Answer).where(Answer.question_id == question.id, Answer.state == "released")
    slugs = [slug_of(one) for one in session.scalars(answers)]
    taken = select(func.count()).select_from(Proposal).where(Proposal.state == "accepted", Proposal.accepted_fiche.in_(slugs))
    return session.scalar(taken) or 0


def _is_proven(session: Session, question: Question) -> bool:
    """Unproven, a mail address may be a stranger's choice, and the title of the fiche may be the stranger's words."""
    address = session.get_one(Address, question.address_id)
    return address.channel != "email" or address.proven_at is not None


def _title(fiche: Fiche) -> str:
    source = fiche.text_in(fiche.source_language)
    return source.title if source else ""
