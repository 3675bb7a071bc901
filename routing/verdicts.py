"""What the asker says of a proposal or an answer, and what follows: closing, asking an expert, opening again.

Every verdict on a fiche is also a label, on which the confidence of later searches is calibrated.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from routing import becoming, escalating, promising, sharing
from routing.assigning import assign
from routing.calendars import in_office_time
from routing.cases import close, move, open_proposal, search_again, settle_proposal
from routing.handing import hand_to_coordinator
from routing.history import note
from routing.labels import teach
from routing.models import Answer, Assignment, Expert, OutboxMessage, Question
from routing.office import Office
from routing.people import take_up
from routing.post import post
from routing.recipients import to_asker


def accept_proposal(session: Session, office: Office, question: Question, rank: int, now: datetime) -> str:
    """Fiche number `rank` (1 is the first) answers: the case is closed with thanks."""
    proposal = open_proposal(session, question)
    if proposal is None or not 1 <= rank <= len(proposal.matches):
        return "stale"
    proposal.state, proposal.settled_at, proposal.accepted_fiche = "accepted", now, proposal.matches[rank - 1]["slug"]
    for match in (one for one in proposal.matches[:rank] if "answer" not in one):
        _label(session, question, match, helps=match["slug"] == proposal.accepted_fiche, now=now)
    question.verdict, question.answered_at = "accepted", now
    note(session, question, "proposal-accepted", actor="asker", now=now, fiche=proposal.accepted_fiche)
    post(
        session,
        office,
        to_asker(session, question),
        "proposal_accepted",
        {},
        now=now,
        question=question,
        edition=str(proposal.id),
    )
    close(session, question, "answered by a fiche", actor="asker", now=now)
    return f"accepted {proposal.accepted_fiche}"


def refuse_proposal(session: Session, office: Office, question: Question, now: datetime, *, said: str = "") -> str:
    """None of the fiches answers: the question goes to an expert; with new words it is searched for the right one again."""
    proposal = settle_proposal(session, question, "refused", now)
    if proposal is None:
        return "stale"
    for match in (one for one in proposal.matches if "answer" not in one):
        _label(session, question, match, helps=False, now=now)
    question.verdict = "refused"
    note(session, question, "proposal-refused", actor="asker", now=now, said=said)
    question.thread = question.thread | {"wish": "expert"}
    move(question, state="received", waiting_for="us", next_action="search", at=now)
    return "refused; an expert will be asked"


def clarify(session: Session, question: Question, choice: int, now: datetime) -> str:
    """The asker chose what they mean: search again with it."""
    choices = question.thread.get("choices", [])
    if not 1 <= choice <= len(choices):
        return "stale"
    question.text = f"{question.text}\n\n{choices[choice - 1]}"
    question.thread = question.thread | {"clarified": question.thread.get("clarified", 0) + 1}
    note(session, question, "clarified", actor="asker", now=now, choice=choices[choice - 1])
    search_again(question, now)
    return f"meant: {choices[choice - 1]}"


def helped(session: Session, office: Office, question: Question, now: datetime) -> str:
    question.verdict = "helped"
    note(session, question, "helped", actor="asker", now=now)
    if question.state == "answered":
        at = in_office_time(office, now, office.policy.patience.follow_up_after)
        move(question, state="answered", waiting_for="us", next_action="ask whether used", at=at)
    facts = {"ask_share": _may_ask_to_share(session, question)}
    post(session, office, to_asker(session, question), "helped_thanks", facts, now=now, question=question)
    return "the answer helped"


def did_not_help(session: Session, office: Office, question: Question, now: datetime) -> str:
    """Ask what is missing; the next words of the asker open the question again."""
    question.verdict = "not helped"
    note(session, question, "did-not-help", actor="asker", now=now)
    at = in_office_time(office, now, office.policy.patience.clarification_close_after)
    move(question, state="answered", waiting_for="asker", next_action="await what is missing", at=at)
    post(
        session, office, to_asker(session, question), "helped_no", {}, now=now, question=question, edition=str(question.revision)
    )
    return "asked what is missing"


def reopen(session: Session, office: Office, question: Question, missing: str, now: datetime) -> str:
    """The asker says what is missing or asks on: it goes to the expert who answered, or who had asked the asker something; where
    they are away or gone to the next on the ladder, else to a coordinator."""
    note(session, question, "reopened", actor="asker", now=now, missing=missing)
    take_up(session, question.asker_id)
    question.verdict = None
    promising.begin_anew(question)
    question.text = f"{question.text}\n\n{missing}".strip()
    last = _last_at_work(session, question)
    question.merged_into_id = None
    same = session.get_one(Expert, last.expert_id) if last else None
    if last is not None and same is not None and escalating.is_there(session, same, now):
        said = ("answer_missing" if last.state == "answered" else "asker_replied", missing)
        assign(session, office, question, same, [], now, actor="asker", tell_asker="reopened", said=said)
    elif last is not None and (other := escalating.next_expert(session, office, question, now)) is not None:
        reasons = escalating.reasons_for(question, other)
        assign(session, office, question, other, reasons, now, actor="asker", tell_asker="reopened")
    else:
        hand_to_coordinator(session, office, question, "no_answer_yet", now)
    return "opened again"


def ask_expert_after_all(session: Session, question: Question, now: datetime) -> str:
    """Fiches were offered, nobody said a word, the case was closed; now the asker says that they did not answer."""
    note(session, question, "reopened", actor="asker", now=now)
    question.verdict = "refused"
    question.thread = question.thread | {"wish": "expert"}
    search_again(question, now)
    return "an expert will be asked after all"


def _last_at_work(session: Session, question: Question) -> Assignment | None:
    """The assignment that was answered last; where the asker never replied to a question back, that of who asked it."""
    theirs = select(Assignment).where(Assignment.question_id.in_((question.id, question.merged_into_id)))
    theirs = theirs.order_by(Assignment.id.desc())
    answered = session.scalars(theirs.where(Assignment.state == "answered")).first()
    if answered is not None or question.closed_because != "no_clarification":
        return answered
    return session.scalars(theirs.where(Assignment.state == "withdrawn")).first()


def used(session: Session, office: Office, question: Question, how: str, now: datetime) -> str:
    """Whether the answer was used in practice: ``yes``, ``not yet`` or ``no``; then the case is closed."""
    question.used = how
    note(session, question, "used", actor="asker", now=now, how=how)
    post(session, office, to_asker(session, question), "used_thanks", {}, now=now, question=question)
    if how == "yes":
        becoming.tell_used(session, office, question, now)
    if question.state != "closed":
        close(session, question, "answered", actor="asker", now=now)
    return f"used: {how}"


def _may_ask_to_share(session: Session, question: Question) -> bool:
    """Whether the asker's consent is all that is missing for offering the answer to others."""
    found = select(Answer).where(Answer.question_id == question.id, Answer.state == "released").order_by(Answer.id.desc())
    written = session.scalars(found).first()
    return written is not None and not question.sensitive and not question.may_be_shared and sharing.consents(session, written)


def was_asked_whether_used(session: Session, question: Question) -> bool:
    """True while "yes" can only mean that the answer was used: we have asked, and do not know yet."""
    if question.used is not None or question.answered_at is None or question.state not in ("answered", "closed"):
        return False
    asked = select(OutboxMessage.id).where(
        OutboxMessage.question_id == question.id,
        OutboxMessage.kind == "used_question",
        OutboxMessage.created_at >= question.answered_at,
    )
    return session.scalars(asked).first() is not None


def _label(session: Session, question: Question, match: dict[str, object], *, helps: bool, now: datetime) -> None:
    teach(session, question, str(match["slug"]), helps=helps, source="asker", now=now, signals=match.get("signals"))
