"""The asker's side of a question: asking it, adding to it, choosing a fiche, saying whether the answer helped."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from retrieval import identify_language
from routing import afterwards, clarifying, enclosing, pausing, reception, status, tiers, verdicts
from routing.asides import NEWS, NOTED, PATIENT, URGENT, WITHDRAW, aside_in
from routing.cases import open_assignments, open_proposal, search_again
from routing.given import Given, write_to_expert, zone_of_expert
from routing.gratitude import thanks_in
from routing.history import note
from routing.locking import locked
from routing.models import Address, Expert, InboxMessage, Person, Question
from routing.models.case import LETTERS_IN
from routing.office import Office
from routing.opening import keep_files, names_of_files, new_question
from routing.people import zone_of_asker
from routing.post import post
from routing.recipients import to_asker
from routing.standing import leader_of, tiers_to_choose
from routing.unsigned import without_signer
from routing.values import Incoming
from routing.withdrawing import step_back
from routing.words import Word, understand

TIER = "tier"
MEANT = {  # asides that do the same as a word, or as a button
    NEWS: Word("status"),
    WITHDRAW: Word("stop"),
    URGENT: Word(TIER, text="urgent"),
    PATIENT: Word(TIER, text="extended"),
    NOTED: Word("thanks"),
}


def start(session: Session, office: Office, row: InboxMessage, item: Incoming, address: Address, now: datetime) -> str:
    """A new question, whatever else is open."""
    return f"question {new_question(session, office, row, item, address, now).number}"


def reply(session: Session, office: Office, question: Question, row: InboxMessage, item: Incoming, now: datetime) -> str:
    """The asker speaks about their own question; what that means depends on what it waits for."""
    keep_files(session, office, row, question, now)
    word = _word_in(session, question, item)
    note(session, question, "asker-wrote", actor="asker", now=now, inbox=row.id, word=word.meaning if word else None)
    if word is None:
        _speak_as_they_do(session, office, question, item.text)
    if word is not None and word.meaning == TIER and _is_promised(session, office, question, word.text, now):
        return f"tier {question.tier}"
    if word is not None and word.meaning in ("status", TIER):
        to = to_asker(session, question)
        return status.tell(session, office, row, to, now) if to is not None else "nobody to tell"
    if word is not None and word.meaning == "stop" and question.state != "closed":
        return step_back(session, office, question, now)
    if word is not None and word.meaning == "thanks" and question.state in ("received", "assigned"):
        return "thanks noted"
    if word is not None and word.meaning == "yes" and question.state == "assigned" and not _is_awaited(session, question):
        return "noted: nothing was asked"  # "OK" to a date
    if question.state == "proposed":
        return _about_proposal(session, office, question, row, word, now)
    if question.state == "received":
        return _more_said(question, row, now)
    if question.state == "assigned":
        return _while_assigned(session, office, question, row, now)
    return afterwards.hear(session, office, question, row, item, word, now)


def _is_promised(session: Session, office: Office, question: Question, tier: str, now: datetime) -> bool:
    """Whether another time than before is promised now."""
    return tier in tiers_to_choose(office, question) and tiers.change(session, office, question, tier, by="asker", now=now)


def _word_in(session: Session, question: Question, item: Incoming) -> Word | None:
    """What is said in short; but to an expert or a coordinator who has asked something it is the answer."""
    if (word := understand(item.text, question.language)) is not None:
        return word
    in_prose = _word_in_prose(session, question, item)
    if question.state == "proposed" and in_prose is not None:
        return in_prose  # "the second one, thank you" chooses
    word = thanks_in(item.text, question.language)
    if word is not None or item.attachments or (question.state == "assigned" and _is_awaited(session, question)):
        return word
    return MEANT.get(aside_in(item.text, question.language) or "") or in_prose


def _word_in_prose(session: Session, question: Question, item: Incoming) -> Word | None:
    is_asked = verdicts.was_asked_whether_used(session, question)
    return reception.word_in(item, question, fiches=_shown(session, question), is_asked_whether_used=is_asked)


def _shown(session: Session, question: Question) -> int:
    """How many fiches the asker may choose from."""
    proposal = open_proposal(session, question)
    return len(proposal.matches) if proposal else 0


def _speak_as_they_do(session: Session, office: Office, question: Question, text: str) -> None:
    """Who goes on in another language, surely and in one that letters can be written in, is answered in that one from then on;
    the question stays in the language in which it was asked."""
    asker, written = session.get_one(Person, question.asker_id), identify_language(text)
    if written is None or written not in office.policy.languages.spoken or asker.language_chosen:
        return
    asker.language = written
    if written != question.letters_in:
        question.thread = question.thread | {LETTERS_IN: written}


def edit(session: Session, office: Office, row: InboxMessage, item: Incoming, now: datetime) -> str:
    """A Telegram message was edited: its question takes the new words while nobody has acted on the old ones."""
    edited = session.scalars(
        select(Question)
        .join(InboxMessage, InboxMessage.id == Question.inbox_id)
        .where(InboxMessage.sender == item.sender, InboxMessage.message_id == item.message_id)
    ).first()
    if edited is None or locked(session, edited.id) is None or edited.state not in ("received", "proposed"):
        return "edit kept, nothing changed"
    row.question_id = edited.id
    edited.text = without_signer(item.text)
    note(session, edited, "question-edited", actor="asker", now=now, inbox=row.id)
    search_again(edited, now)
    post(session, office, to_asker(session, edited), "edit_noted", {}, now=now, question=edited, edition=str(edited.revision))
    return f"question {edited.number} edited"


def remark(session: Session, question: Question, row: InboxMessage, now: datetime) -> str:
    """A coordinator replied to one of our letters by mail: kept in the history, decides nothing."""
    note(session, question, "coordinator-wrote", actor=f"person:{row.person_id}", now=now, inbox=row.id, text=row.text)
    return "remark noted"


def _about_proposal(
    session: Session, office: Office, question: Question, row: InboxMessage, word: Word | None, now: datetime
) -> str:
    shown = _shown(session, question)
    if word is None:
        question.text = f"{question.text}\n\n{without_signer(row.text)}".strip()
        return verdicts.refuse_proposal(session, office, question, now, said=row.text)
    if word.meaning == "choice" and word.number and 1 <= word.number <= shown:
        return verdicts.accept_proposal(session, office, question, word.number, now)
    if word.meaning == "yes" and shown > 1:
        return _ask_which_fiche(session, office, question, row, now)
    if word.meaning == "yes" and shown:
        return verdicts.accept_proposal(session, office, question, 1, now)
    if word.meaning in ("no", "ask_expert"):
        return verdicts.refuse_proposal(session, office, question, now)
    return "noted"


def _ask_which_fiche(session: Session, office: Office, question: Question, row: InboxMessage, now: datetime) -> str:
    """ "OK" to several may mean any of them, or that they have come; a wrong one would teach us that it answers."""
    proposal = open_proposal(session, question)
    facts, to = {"matches": proposal.matches if proposal else ()}, to_asker(session, question)
    post(session, office, to, "which_fiche", facts, now=now, question=question, edition=f"inbox {row.id}")
    return "asked which of the fiches"


def _more_said(question: Question, row: InboxMessage, now: datetime) -> str:
    """An answer to our clarifying question, or an afterthought before the search: search with all of it."""
    question.text = f"{question.text}\n\n{without_signer(row.text)}".strip()
    question.thread = question.thread | {"clarified": question.thread.get("clarified", 0) + 1}
    search_again(question, now)
    return "added to the question"


def _while_assigned(session: Session, office: Office, question: Question, row: InboxMessage, now: datetime) -> str:
    """The asker adds something, perhaps what the expert asked for: it is passed on, and the clock is the expert's again."""
    leader = leader_of(session, question)
    assignments = open_assignments(session, leader)
    text, promised = without_signer(row.text) or ", ".join(names_of_files(session, row)), question.promised_at
    was_asked = _is_awaited(session, question)
    pausing.resume(session, question, assignments, now)
    if question.promised_at != promised:
        _tell_new_date(session, office, question, row, now)
    files = enclosing.of_message(session, question, row)
    for assignment in assignments:
        expert = session.get_one(Expert, assignment.expert_id)
        when = {"deadline_at": assignment.deadline_at, "zone": zone_of_expert(session, expert)}
        facts = {"text": text, "asked": was_asked, **when, **files.facts}
        theirs, edition = Given(leader, assignment, expert), str(row.id)
        write_to_expert(session, office, theirs, "asker_replied", facts, now, edition=edition, enclosed=files.going)
    if assignments and question.promised_at == promised and row.channel.startswith("telegram"):
        _say_it_goes_on(session, office, question, row, now)
    if not assignments and question.waiting_for == "asker":
        clarifying.returned(session, office, question, text, now)
    return "passed on to the expert" if assignments else "added for the coordinator"


def _say_it_goes_on(session: Session, office: Office, question: Question, row: InboxMessage, now: datetime) -> None:
    """In a chat what they write may be meant for another question: they see which one it was taken for."""
    post(session, office, to_asker(session, question), "passed_on", {}, now=now, question=question, edition=f"inbox {row.id}")


def _is_awaited(session: Session, question: Question) -> bool:
    """Whether an expert or a coordinator has asked the asker something."""
    return "asker" in (question.waiting_for, leader_of(session, question).waiting_for)


def _tell_new_date(session: Session, office: Office, question: Question, row: InboxMessage, now: datetime) -> None:
    """The time that the expert waited for the asker is the expert's again."""
    facts = {"promised_at": question.promised_at, "zone": zone_of_asker(session, question), "tier": question.tier}
    to, edition = to_asker(session, question), f"replied:{row.id}"
    post(session, office, to, "new_date", facts | {"reason": "replied"}, now=now, question=question, edition=edition)
