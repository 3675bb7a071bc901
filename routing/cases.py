"""Verbs on a question that keep its promise: while it is open it has an owner, a next action and a next moment.

`state` says how far the case is, `waiting_for` who owes the next step, `next_action` what we do when `next_action_at` comes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import and_, bindparam, or_, select, update
from sqlalchemy.orm import Session, joinedload, object_session

from routing import finding  # noqa: F401  keeps the index of words with every question
from routing.history import note
from routing.locking import followers
from routing.models import Address, Answer, Assignment, Expert, OutboxMessage, Proposal, Question
from routing.moments import next_due_of

OPEN_ASSIGNMENT = ("offered", "accepted")
# Letters to an expert that say nothing true any more once the assignment is over, and those by which it was given.
URGING = ("reminder", "deadline_moved", "asker_replied", "not_extended", "file_missing", "answer_returned")
ASKED = ("assignment", "answer_missing", "goes_on")
_AT_WORK = (
    select(Assignment)
    .where(Assignment.question_id == bindparam("question"), Assignment.state.in_(OPEN_ASSIGNMENT))
    .options(joinedload(Assignment.expert).joinedload(Expert.authority))
    .order_by(Assignment.id)
)
# In a question's thread: who had it, and what was promised, before it began to wait for another one's answer (`routing.parting`).
APART = "apart"
SENT_BACK = "sent_back"  # in a question's thread: the assignments whose experts were asked for a better answer
PAUSED, ASKING = "paused_at", "asking"  # in a question's thread, while its clock stands still (`routing.pausing`)


def open_question(
    session: Session,
    *,
    address: Address,
    language: str,
    subject: str,
    text: str,
    inbox_id: int | None,
    thread: dict[str, object],
    now: datetime,
) -> Question:
    """A new case, numbered, to be searched at once."""
    question = Question(
        number=f"new-{inbox_id}-{now.isoformat()}",
        inbox_id=inbox_id,
        asker_id=address.person_id,
        address_id=address.id,
        language=language,
        subject=subject,
        text=text,
        thread=thread,
        created_at=now,
        next_action_at=now,
    )
    session.add(question)
    session.flush()
    question.number = f"{now.year}-{question.id:04d}"
    note(session, question, "question-received", actor="asker", now=now, channel=address.channel, language=language)
    return question


def move(question: Question, *, state: str, waiting_for: str, next_action: str, at: datetime) -> None:
    """Give an open question its next owner and moment; whoever has it then, no clock stands still for the asker any more.

    Questions that wait for its answer have the same owner from now on.
    """
    if next_action != "close unclarified":
        _end_pause(question)
    is_passed_on = question.waiting_for != waiting_for
    question.state, question.waiting_for = state, waiting_for
    question.next_action, question.next_action_at = next_action, at
    question.closed_at = question.closed_because = None
    question.revision += 1
    if is_passed_on:
        _take_along(question)


def owner_of_followers(leader: str) -> str:
    """Who owes the next step to those who wait for an answer, when this is whom the question itself waits for."""
    return leader if leader in ("expert", "coordinator") else "expert"


def _take_along(leader: Question) -> None:
    session = object_session(leader)
    if session is None:
        return
    waiting = update(Question).where(Question.merged_into_id == leader.id, Question.next_action == "follow")
    with session.no_autoflush:
        session.execute(waiting.values(waiting_for=owner_of_followers(leader.waiting_for)))


def await_experts(question: Question, at_work: Iterable[Assignment]) -> None:
    """The experts owe the next step: look again when the first of them has something due."""
    move(question, state="assigned", waiting_for="expert", next_action="watch assignments", at=next_due_of(at_work))


def search_again(question: Question, now: datetime) -> None:
    move(question, state="received", waiting_for="us", next_action="search", at=now)


def close(session: Session, question: Question, because: str, *, actor: str, now: datetime, **told: str) -> None:
    """End a case: open offers lapse and reply addresses of its experts stop working. `told`: what else the history keeps."""
    settle_proposal(session, question, "lapsed", now)
    for assignment in open_assignments(session, question):
        settle_assignment(session, assignment, "withdrawn", f"the question was closed ({because})", now)
    withdraw_waiting(session, question)
    for follower in followers(session, question):
        set_apart(session, follower, "system", now)  # whoever waited for this answer must not wait for ever
    _end_pause(question)
    question.state, question.waiting_for = "closed", "nobody"
    question.next_action, question.next_action_at = "none", None
    question.closed_at, question.closed_because = now, because
    question.revision += 1
    note(session, question, "closed", actor=actor, now=now, because=because, **told)


def _end_pause(question: Question) -> None:
    if PAUSED in question.thread:
        question.thread = {key: fact for key, fact in question.thread.items() if key not in (PAUSED, ASKING)}


def set_apart(session: Session, question: Question, by: str, now: datetime) -> None:
    """It no longer waits for somebody else's answer, and no machine joins it again."""
    question.merged_into_id = None
    question.thread = {key: fact for key, fact in question.thread.items() if key != APART} | {"alone": True}
    note(session, question, "unjoined", actor=by, now=now)
    search_again(question, now)


def withdraw_waiting(session: Session, question: Question) -> None:
    """Letters that wait, for the morning or for what else may change, say nothing true any more once the asker has an answer."""
    session.flush()
    waiting = update(OutboxMessage).where(
        OutboxMessage.question_id == question.id,
        OutboxMessage.kind.in_(("holding", "proposal_reminder", "used_question")),
        OutboxMessage.state == "queued",
        OutboxMessage.attempts == 0,
    )
    session.execute(waiting.values(state="cancelled"))


def open_assignments(session: Session, question: Question) -> list[Assignment]:
    """In the order in which they were given, each with its expert and authority, which whoever acts on it needs next."""
    return list(session.scalars(_AT_WORK, {"question": question.id}))


def answer_waits(session: Session, question: Question) -> bool:
    """Whether an answer waits to be read by a coordinator."""
    waiting = select(Answer.id).where(Answer.question_id == question.id, Answer.state == "waiting")
    return session.scalars(waiting.limit(1)).first() is not None


def questions_with(session: Session, person_id: int) -> list[int]:
    """The ids of the questions that this person has as an expert."""
    theirs = select(Assignment.question_id).join(Expert, Expert.id == Assignment.expert_id)
    return list(session.scalars(theirs.where(Expert.person_id == person_id, Assignment.state.in_(OPEN_ASSIGNMENT))))


def settle_assignment(session: Session, assignment: Assignment, state: str, because: str, now: datetime) -> None:
    """End one assignment. The reply address keeps naming its question, so that a late answer is held, not lost."""
    assignment.state, assignment.settled_at, assignment.settled_because = state, now, because
    assignment.remind_at = assignment.accept_by_at = assignment.escalate_at = None
    recall(session, assignment)


def recall(session: Session, assignment: Assignment, *, but: Collection[str] = ()) -> None:
    """Letters to the expert that have not left yet, or whose mail server made them wait, would arrive after the thanks.

    `but`: kinds of letters that go out all the same. Those from before the assignment went on with another question count too.
    """
    session.flush()
    theirs = select(Expert.person_id).where(Expert.id == assignment.expert_id).scalar_subquery()
    waiting = update(OutboxMessage).where(
        OutboxMessage.person_id == theirs,
        OutboxMessage.assignment_id == assignment.id,
        OutboxMessage.state == "queued",
        OutboxMessage.kind.not_in(but),
        or_(OutboxMessage.kind.in_(URGING), and_(OutboxMessage.kind.in_(ASKED), OutboxMessage.attempts > 0)),
    )
    session.execute(waiting.values(state="cancelled"))


def question_of(session: Session, letter: OutboxMessage) -> int | None:
    """What a letter is about by now: an assignment may have gone on with another question (`routing.succeeding`)."""
    assignment = session.get(Assignment, letter.assignment_id) if letter.assignment_id else None
    return assignment.question_id if assignment is not None else letter.question_id


def open_proposal(session: Session, question: Question) -> Proposal | None:
    return session.query(Proposal).filter(Proposal.question_id == question.id, Proposal.state == "offered").one_or_none()


def settle_proposal(session: Session, question: Question, state: str, now: datetime) -> Proposal | None:
    proposal = open_proposal(session, question)
    if proposal is not None:
        proposal.state, proposal.settled_at = state, now
    return proposal
