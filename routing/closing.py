"""A coordinator closes a question for a reason that is true of it, and opens it again.

In: a question, the reason, and a sentence for the asker if there is more to say. Out: a letter that says why, and where the
answer comes instead. A reason that would promise the asker what they never get cannot be chosen: what has no answer is not
"answered", and "duplicate" is said only of what the same asker has asked twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from routing import assigning, cases, handing, promising, succeeding
from routing.care import EVERYTHING, Care, covers
from routing.coordinating import NotPossible, add_note, keep
from routing.history import note
from routing.models import Question
from routing.office import Office
from routing.people import zone_of_asker
from routing.post import post
from routing.recipients import to_asker
from routing.resending import recall_unsent

REASONS = ("answered", "duplicate", "coordinator", "asker_withdrew")
LONGEST = 500
# The letters by which an asker hears that a question is over.
ENDINGS = ("closed", "refused_scope", "refused_admission", "refused_too_many")


def reasons(question: Question, others: Sequence[Question]) -> Sequence[str]:
    """Those of `REASONS` that are true of this question; `others` are those that it may repeat."""
    holds = {"answered": question.answered_at is not None, "duplicate": bool(others)}
    return [reason for reason in REASONS if holds.get(reason, True)]


def repeated(session: Session, question: Question, care: Care = EVERYTHING) -> Sequence[Question]:
    """The same asker's other questions that are open or have been answered: this one may be a duplicate of one of them."""
    others = select(Question).where(Question.asker_id == question.asker_id, Question.id != question.id)
    lives = or_(Question.state != "closed", Question.answered_at.is_not(None))
    found = session.scalars(others.where(lives).order_by(Question.id)).all()
    return [one for one in found if covers(session, care, one.id)]


def close(
    session: Session,
    office: Office,
    question: Question,
    reason: str,
    comment: str,
    *,
    by: str,
    now: datetime,
    said: str = "",
    other: str = "",
    care: Care = EVERYTHING,
) -> None:
    """End the case for a reason the asker is told, and with a sentence that is `said` to them; the comment stays inside.

    `other` is the number of the question that a duplicate repeats; it need not be given where the asker has only one.
    Raises `NotPossible`.
    """
    if reason not in REASONS:
        raise NotPossible("Choose why the question is closed.")
    if question.state == "closed":
        raise NotPossible("The question is already closed.")
    if reason == "answered" and question.answered_at is None:
        raise NotPossible("Nobody has answered this question yet. Answer it first, or choose another reason.")
    if len(said.strip()) > LONGEST:
        raise NotPossible(f"Write at most {LONGEST} characters to the asker.")
    same = _repeats(repeated(session, question, care), other.strip()).number if reason == "duplicate" else None
    if reason == "asker_withdrew":
        succeeding.hand_down(session, office, question, now)
    why = "answered" if reason == "answered" else "withdrawn" if reason == "asker_withdrew" else "closed"
    assigning.withdraw(session, office, question, f"the question was closed ({reason})", now, why=why)
    told = {name: fact for name, fact in (("text", said.strip()), ("other", same)) if fact}
    cases.close(session, question, reason, actor=by, now=now, **told)
    if comment.strip():
        add_note(session, question, comment, by=by, now=now)
    asker, edition = to_asker(session, question), str(question.revision)
    post(session, office, asker, "closed", {"reason": reason, **told}, now=now, question=question, edition=edition)


def reopen(session: Session, office: Office, question: Question, *, by: str, now: datetime) -> None:
    """Open a closed question again; a coordinator owes the next step. The asker hears of it if they have heard that it was
    closed; a letter that says so and has not left stays here."""
    if question.state != "closed":
        raise NotPossible("The question is open.")
    note(session, question, "opened-again", actor=by, now=now)
    promising.begin_anew(question)
    keep(question, office, now)
    if recall_unsent(session, question, ENDINGS):
        return
    question.promised_at = handing.promised_by_coordinators(office, question, now)
    facts = {"promised_at": question.promised_at, "zone": zone_of_asker(session, question), "by_coordinator": True}
    asker, edition = to_asker(session, question), f"by hand:{question.revision}"
    post(session, office, asker, "reopened", facts, now=now, question=question, edition=edition)


def _repeats(found: Sequence[Question], number: str) -> Question:
    """Which of those found is repeated: the one with this number, or the only one there is."""
    if not found:
        raise NotPossible(
            "This asker has no other question that is open or answered. "
            "If somebody else asks the same, put the two together: then both get the answer."
        )
    chosen = [one for one in found if one.number == number] if number else found
    if not chosen:
        raise NotPossible("The asker of this question has no such question that is open or answered.")
    if len(chosen) > 1:
        raise NotPossible("This asker has several other questions. Open it, and say which of them it repeats.")
    return chosen[0]
