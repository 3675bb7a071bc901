"""A letter before anybody sends it: what the asker will read, in their channel and language.

In: an answer that waits or is being written, or a fiche. Out: the letter as it would go out; nothing is written down.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from routing import answering, enclosing
from routing.coordinating import NotPossible, as_match
from routing.languages import language_of
from routing.letters import Letter, write
from routing.models import Answer, Fiche, Question
from routing.office import Office
from routing.post import composed
from routing.recipients import to_asker

# A question of nobody's, for the letter in which a fiche is offered.
_SOME_QUESTION = "2026-0001"


@dataclass(frozen=True, slots=True)
class Preview:
    """`medium` is the channel that the letter would take: "telegram" or "email"."""

    medium: str
    language: str
    letter: Letter


def of_answer(session: Session, question: Question, text: str, answer_id: int | None = None) -> Preview:
    """The answer with these words; `answer_id` names the waiting one that they are an edition of.

    Raises `NotPossible` where there are no words, or nobody whom a letter could reach.
    """
    to = to_asker(session, question)
    if not text.strip():
        raise NotPossible("Write the answer first.")
    if to is None:
        raise NotPossible("None of the asker’s addresses works any more, so no letter would reach them.")
    written = session.get(Answer, answer_id) if answer_id is not None else None
    if written is not None and written.question_id == question.id:
        files = enclosing.of_answer(session, written)
        facts = answering.facts_of(session, question, written) | {"text": text.strip()} | files.facts
    else:
        facts = {"question": question.text, "text": text.strip(), "language": language_of(text, question.language)}
    return Preview(to.medium, question.letters_in, composed(to, question, "answer", facts, question.letters_in))


def of_fiche(office: Office, fiche: Fiche, language: str, medium: str) -> Preview:
    """The letter in which this fiche is offered to somebody who writes in `language`."""
    match = as_match(fiche, language)
    letter = write("proposal", language, medium=medium, number=_SOME_QUESTION, matches=[match], confident=True, zone=office.zone)
    return Preview(medium, language, letter)
