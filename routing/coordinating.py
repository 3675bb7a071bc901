"""What a coordinator does to a question by hand. Each verb checks that the question is still as the coordinator saw it.

What cannot be done raises `NotPossible`, in words for the coordinator; what is not there `NotFound`; what somebody else has
changed meanwhile `StaleAction`.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from routing import answering, assigning, cases, escalating, extending, fiches, handing, proposing, tiers
from routing.calendars import in_office_time
from routing.care import EVERYTHING, Care, covers
from routing.cases import answer_waits, move, open_assignments
from routing.errors import NotFound, RoutingError, StaleAction
from routing.given import given
from routing.history import note
from routing.labels import teach
from routing.languages import language_of
from routing.locking import locked
from routing.models import Answer, Assignment, Authority, Event, Expert, Fiche, Question
from routing.moments import next_due, promise
from routing.office import Office
from routing.people import reachable
from routing.policy import TIERS
from routing.reasons import Reason

MOST_DAYS = 60
DAYS_WANTED = f"Extend by 1 to {MOST_DAYS} working days."
MOST_IN_PANEL = 3
LONGEST_WORD = 2000


class NotPossible(RoutingError):
    """What was asked for cannot be done; the message says why, in words for a coordinator."""


def taken_up(session: Session, number: str, revision: int, care: Care = EVERYTHING) -> Question:
    """The question, locked; raises `NotFound` (also for one not in `care`), or `StaleAction` when it has moved on since
    `revision` was read."""
    named = session.scalar(select(Question.id).where(Question.number == number))
    question = locked(session, named) if named is not None else None
    if question is None or not covers(session, care, question.id):
        raise NotFound(f"There is no question {number}.")
    if question.revision != revision:
        raise StaleAction("This question has changed since you opened it. Nothing you entered was saved.")
    return question


def assign_to(
    session: Session, office: Office, question: Question, expert_id: int, *, by: str, now: datetime, word: str = ""
) -> Assignment:
    """Give the question to this expert, instead of to whoever has it now; the asker hears the date, and who has it.

    `word`: what the coordinator writes to the expert beside the question.
    """
    expert, said = _able(session, question, expert_id), ("assignment", short_word(word))
    assigning.withdraw(session, office, question, "a coordinator gave it to somebody else", now)
    reasons = [*escalating.reasons_for(question, expert), Reason("coordinator_choice").as_json()]
    told, why = ("receipt", None) if question.first_word_at is None else ("holding", "given")
    return assigning.assign(session, office, question, expert, reasons, now, actor=by, tell_asker=told, why=why, said=said)


def extend(session: Session, office: Office, question: Question, days: int, reason: str, *, by: str, now: datetime) -> datetime:
    """Move the deadline of whoever has the question by working days of their calendar; returns the new one."""
    if not 1 <= days <= MOST_DAYS:
        raise NotPossible(DAYS_WANTED)
    assignments = open_assignments(session, question)
    if not assignments:
        raise NotPossible("No expert has this question, so there is no deadline to extend.")
    for assignment in assignments:
        extending.give(session, office, given(session, assignment), days, now)
    question.promised_at = max(promise(assignments), question.promised_at or now)
    move(
        question,
        state="assigned",
        waiting_for=question.waiting_for,
        next_action=question.next_action,
        at=min(map(next_due, assignments)) if question.waiting_for == "expert" else question.next_action_at or now,
    )
    told = {"days": days, "reason": reason, "deadline": question.promised_at.isoformat()}
    note(session, question, "extended", actor=by, now=now, **told, explanation=assignments[0].explanation)
    expert = session.get_one(Expert, assignments[0].expert_id)
    escalating.tell_new_date(session, office, question, expert, "extended", now, edition=f"extended:{question.revision}")
    return question.promised_at


def answer(session: Session, office: Office, question: Question, text: str, *, by: str, now: datetime) -> Answer:
    """The coordinator's own words go to the asker at once; after an answer they are added to it."""
    if not text.strip():
        raise NotPossible("Write the answer first.")
    written = Answer(
        question_id=question.id,
        author=by,
        language=language_of(text, question.language),
        text=text.strip(),
        state="waiting",
        created_at=now,
    )
    session.add(written)
    session.flush()
    if question.state == "answered":
        answering.supplement(session, office, question, written, now, by=by)
        return written
    note(session, question, "answered", actor=by, now=now, answer=written.id, review=None)
    answering.release(session, office, question, written, now, by=by)
    return written


def release_answer(
    session: Session, office: Office, question: Question, answer_id: int, text: str, *, by: str, now: datetime
) -> Answer:
    """Send a waiting answer on, as it is or edited; the expert's own words stay in the history.

    Where another answer has gone out it is added to that one.
    """
    written = waiting_answer(session, question, answer_id)
    if not text.strip():
        raise NotPossible("Write the answer first.")
    if text.strip() != written.text.strip():
        note(session, question, "answer-edited", actor=by, now=now, answer=written.id, before=written.text)
        written.text = text.strip()
    if question.state == "answered":
        answering.supplement(session, office, question, written, now, by=by)
        question.revision += 1
        return written
    answering.release(session, office, question, written, now, by=by)
    return written


def discard_answer(
    session: Session, office: Office, question: Question, answer_id: int, reason: str, *, by: str, now: datetime
) -> None:
    """This answer does not go out; a question without one stays with the coordinators unless experts are at work on it."""
    written = waiting_answer(session, question, answer_id)
    written.state = "discarded"
    note(session, question, "answer-discarded", actor=by, now=now, answer=written.id, reason=reason)
    at_work = open_assignments(session, question)
    if question.state != "assigned" or question.next_action == "follow":  # another answer has gone out, or is waited for
        question.revision += 1
    elif at_work and not answer_waits(session, question):  # others of a panel, or who was asked for a better answer, go on
        cases.await_experts(question, at_work)
    else:
        keep(question, office, now)


def propose_fiche(session: Session, office: Office, question: Question, slug: str, *, by: str, now: datetime) -> None:
    """Offer one fiche to the asker; whoever works on the question is thanked and freed."""
    fiche = fiches.get(session, slug.strip())
    if fiche.status != "published":
        raise NotPossible("Only a published fiche can be proposed. Publish it first.")
    assigning.withdraw(session, office, question, "a coordinator proposed a fiche", now, why="answered")
    note(session, question, "fiche-chosen", actor=by, now=now, fiche=fiche.slug)
    teach(session, question, fiche.slug, helps=True, source="coordinator", now=now)
    matches = [as_match(fiche, question.letters_in)]
    proposing.propose(session, office, question, matches, 1.0, True, now, chosen_by="coordinator")


def as_match(fiche: Fiche, language: str) -> dict[str, object]:
    """A fiche as the proposal letter tells it, in the asker's language where there is such a text."""
    texts = {one.language: one for one in fiche.texts}
    text = texts.get(language) or texts.get("en") or texts[fiche.source_language]
    return {
        "slug": fiche.slug,
        "title": text.title,
        "title_language": text.language,
        "place": fiche.facts.get("place", ""),
        "country": fiche.facts.get("country", ""),
        "year": fiche.facts.get("year_start"),
        "quote": text.summary,
        "quote_language": text.language,
        "source": next(iter(fiche.facts.get("sources", ())), None),
        "score": 1.0,
        "signals": {},
    }


def mark_sensitive(session: Session, office: Office, question: Question, sensitive: bool, *, by: str, now: datetime) -> None:
    """A sensitive question that nobody has yet goes to a coordinator before anybody else."""
    if question.sensitive == sensitive:
        return
    question.sensitive = sensitive
    question.revision += 1
    note(session, question, "marked-sensitive" if sensitive else "unmarked-sensitive", actor=by, now=now)
    if sensitive and question.state == "received":
        handing.hand_to_coordinator(session, office, question, "sensitive", now, tell_asker=False)


def set_tier(session: Session, office: Office, question: Question, tier: str, *, by: str, now: datetime) -> None:
    """Another promised time; a running deadline is counted anew, and both sides are told."""
    if tier not in TIERS:
        raise NotPossible(f"There is no tier {tier!r}.")
    tiers.change(session, office, question, tier, by=by, now=now)


def ask_also(
    session: Session, office: Office, question: Question, expert_id: int, *, by: str, now: datetime, word: str = ""
) -> Assignment:
    """Ask one more expert beside those who have the question: a panel of up to three. `word` as for `assign_to`."""
    at_work = open_assignments(session, question)
    if not at_work:
        raise NotPossible("Nobody has this question yet. Assign it first.")
    if len(at_work) >= MOST_IN_PANEL:
        raise NotPossible(f"{MOST_IN_PANEL} experts already have this question. More would not make the answer better.")
    expert = _able(session, question, expert_id)
    reasons = [*escalating.reasons_for(question, expert), Reason("coordinator_choice").as_json()]
    return assigning.add_to_panel(session, office, question, expert, reasons, now, actor=by, word=short_word(word))


def search_again(session: Session, office: Office, question: Question, *, by: str, now: datetime) -> None:
    """Let the machine look once more, as if the question had just come in."""
    assigning.withdraw(session, office, question, "a coordinator had it searched again", now)
    note(session, question, "searched-again", actor=by, now=now)
    cases.settle_proposal(session, question, "lapsed", now)
    cases.search_again(question, now)


def add_note(session: Session, question: Question, text: str, *, by: str, now: datetime) -> Event:
    """A remark for other coordinators; it changes nothing and is never sent."""
    if not text.strip():
        raise NotPossible("Write the note first.")
    return note(session, question, "note", actor=by, now=now, text=text.strip())


def keep(question: Question, office: Office, now: datetime) -> None:
    """The question stays with the coordinators, or comes back to them; they are told again until something is done."""
    at = in_office_time(office, now, office.policy.patience.coordinator_nag_after)
    move(question, state="assigned", waiting_for="coordinator", next_action="nag coordinator", at=at)


def short_word(text: str) -> str:
    """What a coordinator writes to an expert; raises `NotPossible` where it is longer than a letter bears."""
    if len(text.strip()) > LONGEST_WORD:
        raise NotPossible(f"Write at most {LONGEST_WORD} characters to the expert.")
    return text.strip()


def _able(session: Session, question: Question, expert_id: int) -> Expert:
    """The expert, if a letter to them can arrive and they have not got the question already."""
    expert = able_to_answer(session, expert_id)
    if any(one.expert_id == expert.id for one in open_assignments(session, question)):
        raise NotPossible("This expert already has the question.")
    return expert


def able_to_answer(session: Session, expert_id: int) -> Expert:
    """The expert, if they are in the directory and a letter to them can arrive; raises `NotPossible`."""
    expert = session.get(Expert, expert_id)
    if expert is None or not expert.active or not session.get_one(Authority, expert.authority_id).active:
        raise NotPossible("This expert is no longer in the directory.")
    if reachable(session, expert.person_id) is None:
        raise NotPossible("There is no working address for this expert. Choose somebody else, or correct the directory.")
    return expert


def waiting_answer(session: Session, question: Question, answer_id: int) -> Answer:
    """An answer that has not gone out yet, locked; raises `NotFound`, or `StaleAction` when somebody has decided about it."""
    written = session.get(Answer, answer_id, with_for_update=True)
    if written is None or written.question_id != question.id:
        raise NotFound("There is no such answer.")
    if written.state != "waiting":
        raise StaleAction(f"This answer has already been {written.state}.")
    return written
