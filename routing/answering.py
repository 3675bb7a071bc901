"""An expert's answer: written down, passed on to everybody who waits for it, kept as the draft of a fiche.

In: the words of an expert or a coordinator. Out: an `Answer` that goes on at once or waits for a coordinator, and its letters.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from routing import drafts, enclosing, joining, pausing, reviewing, sharing
from routing.assigning import tell_moved_on
from routing.calendars import in_office_time
from routing.cases import OPEN_ASSIGNMENT, SENT_BACK, move, open_assignments, open_proposal, settle_assignment, withdraw_waiting
from routing.given import Given, write_to_expert
from routing.history import note
from routing.languages import language_of
from routing.models import Answer, Assignment, Authority, Expert, InboxMessage, Question
from routing.office import Office
from routing.post import post
from routing.recipients import to_asker

REWORKED = "a coordinator had sent the first answer back"


def answer(
    session: Session,
    office: Office,
    theirs: Given,
    text: str,
    now: datetime,
    *,
    inbox: InboxMessage | None = None,
    review: str | None = None,
) -> str:
    """The expert's words: on to the asker, or first to a coordinator when policy or a doubtful cut asks for it."""
    question, written = theirs.question, _written(session, theirs, text, now, inbox)
    settle_assignment(session, theirs.assignment, "answered", "answered", now)
    files = enclosing.of_answer(session, written)
    waits = review or reviewing.why_review(office, question, session.get_one(Authority, theirs.expert.authority_id))
    waits = waits or ("a file that came with it cannot be sent on" if files.kept else None)
    waits = waits or (REWORKED if theirs.assignment.id in question.thread.get(SENT_BACK, ()) else None)
    note(session, question, "answered", actor=theirs.actor, now=now, answer=written.id, review=waits)
    write_to_expert(session, office, theirs, "answer_thanks", {"passed_on": waits is None}, now)
    if waits is None:
        release(session, office, question, written, now, by="policy")
        return "answered"
    return await_review(session, office, question, waits, now)


def await_review(session: Session, office: Office, question: Question, why: str, now: datetime) -> str:
    """A coordinator reads an answer before the asker has it; whoever else is at work need not wait for the asker meanwhile."""
    pausing.resume(session, question, open_assignments(session, question), now)
    at = in_office_time(office, now, office.policy.tiers[question.tier].review_within)
    move(question, state="assigned", waiting_for="coordinator", next_action="nag coordinator", at=at)
    return f"answer waits for a coordinator: {why}"


def release(session: Session, office: Office, question: Question, written: Answer, now: datetime, *, by: str) -> None:
    """Send an answer to the asker, and keep it as the draft of a fiche."""
    written.state, written.released_at, written.released_by = "released", now, by
    proposal = open_proposal(session, question)
    if proposal is not None:
        proposal.state, proposal.settled_at = "lapsed", now
    _credit(session, office, question, written, now)
    _thank_the_others(session, office, question, now)
    withdraw_waiting(session, question)
    also = joining.answer_all(session, office, question, written, now)
    at = in_office_time(office, now, office.policy.patience.follow_up_after)
    move(question, state="answered", waiting_for="asker", next_action="ask whether used", at=at)
    question.answered_at = now
    question.first_word_at = question.first_word_at or now
    note(session, question, "answer-released", actor=by, now=now, answer=written.id)
    files = enclosing.of_answer(session, written)
    for one in (question, *also):
        facts, asker = facts_of(session, one, written), to_asker(session, one)
        facts, edition, going = facts | files.facts, str(written.id), files.going
        post(session, office, asker, "answer", facts, now=now, question=one, edition=edition, automatic=False, enclosed=going)
    drafts.draft_from(session, office, question, written, now)


def add(session: Session, office: Office, theirs: Given, text: str, now: datetime, *, inbox: InboxMessage) -> str:
    """One of several experts writes after another's answer went on: it is added to it."""
    written = _written(session, theirs, text, now, inbox)
    settle_assignment(session, theirs.assignment, "answered", "added to the answer", now)
    supplement(session, office, theirs.question, written, now, by="policy", actor=theirs.actor)
    write_to_expert(session, office, theirs, "answer_thanks", {"passed_on": True}, now, edition="added")
    return "added to the answer"


def supplement(
    session: Session, office: Office, question: Question, written: Answer, now: datetime, *, by: str, actor: str | None = None
) -> None:
    """Send on what follows an answer, a correction or a second half: no second answer, and no second fiche."""
    before = select(Answer.author).where(Answer.question_id == question.id, Answer.state == "released", Answer.id != written.id)
    same = written.author in session.scalars(before).all()
    written.state, written.released_at, written.released_by = "released", now, by
    note(session, question, "answer-added", actor=actor or by, now=now, answer=written.id)
    facts = {key: fact for key, fact in facts_of(session, question, written).items() if key not in ("question", "author_name")}
    asker, edition, files = to_asker(session, question), str(written.id), enclosing.of_answer(session, written)
    facts, going = {**facts, **files.facts, "same_author": same, "ours": written.author.startswith("user:")}, files.going
    post(session, office, asker, "addition", facts, now=now, question=question, edition=edition, automatic=False, enclosed=going)


def _written(session: Session, theirs: Given, text: str, now: datetime, inbox: InboxMessage | None) -> Answer:
    """What an expert has written, waiting to be released."""
    written = Answer(
        question_id=theirs.question.id,
        assignment_id=theirs.assignment.id,
        inbox_id=inbox.id if inbox else None,
        author=theirs.actor,
        language=language_of(text, theirs.question.language),
        text=text,
        state="waiting",
        created_at=now,
    )
    session.add(written)
    session.flush()
    return written


def facts_of(session: Session, question: Question, written: Answer) -> dict[str, object]:
    """What the asker's letter says of an answer: its words, and of its author as much as they allow."""
    own = written.question_id == question.id
    text = written.text if own else sharing.for_others(session, written)
    facts: dict[str, object] = {"question": question.text, "text": text, "language": written.language}
    side, _, expert_id = written.author.partition(":")
    if side == "expert" and (expert := session.get(Expert, int(expert_id))) is not None:
        authority = session.get_one(Authority, expert.authority_id)
        facts |= {"author_kind": authority.kind, "author_country": authority.country}
        if expert.may_be_named:
            facts["author_name"] = f"{expert.role}, {authority.name}"
    return facts


def _credit(session: Session, office: Office, question: Question, written: Answer, now: datetime) -> None:
    """It is its author's answer, also where they had been asked for a better one, and had not written it or given up on it."""
    if written.assignment_id not in question.thread.get(SENT_BACK, ()):
        return
    theirs = session.get_one(Assignment, written.assignment_id)
    if theirs.state == "answered":
        return
    was_at_work = theirs.state in OPEN_ASSIGNMENT
    settle_assignment(session, theirs, "answered", "the first answer went on", now)
    if was_at_work:
        tell_moved_on(session, office, question, theirs, "answered", now)


def _thank_the_others(session: Session, office: Office, question: Question, now: datetime) -> None:
    """Once answered, nobody else needs to work on it; of a panel, the others may still add to it."""
    for other in open_assignments(session, question):
        settle_assignment(session, other, "withdrawn", "somebody else answered", now)
        may_add = other.panel and other.id not in question.thread.get(SENT_BACK, ())
        tell_moved_on(session, office, question, other, "answered", now, may_add=may_add)
