"""Opening a case: a message becomes a question, in the language of its words, with its files.

In: a stored message and who wrote it. Out: a numbered question that waits to be searched; files belong to it from then on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from routing.cases import open_question
from routing.languages import language_of
from routing.models import Address, Attachment, InboxMessage, Person, Question
from routing.office import Office
from routing.people import take_up
from routing.post import post
from routing.recipients import to_asker
from routing.unsigned import without_signer
from routing.values import Incoming


def new_question(
    session: Session, office: Office, row: InboxMessage, item: Incoming, address: Address, now: datetime
) -> Question:
    """The case that a message opens, with the files that came along."""
    person = session.get_one(Person, address.person_id)
    take_up(session, person.id)
    text = without_signer(item.text) or item.subject.strip()
    language = language_of(f"{item.subject}\n{text}", person.language)
    if not person.language_chosen:
        person.language = office.policy.languages.for_letters(language)
    thread = {"message_id": item.message_id} | {
        key: item.facts[key] for key in ("chat", "thread", "message") if key in item.facts
    }
    question = open_question(
        session, address=address, language=language, subject=item.subject, text=text, inbox_id=row.id, thread=thread, now=now
    )
    row.question_id = question.id
    keep_files(session, office, row, question, now)
    return question


def keep_files(session: Session, office: Office, row: InboxMessage, question: Question, now: datetime) -> None:
    """Files belong to the question from now on; in a chat the asker is told so, by mail it goes without saying."""
    session.flush()
    if not (names := names_of_files(session, row)):
        return
    session.execute(update(Attachment).where(Attachment.inbox_id == row.id).values(question_id=question.id))
    to = to_asker(session, question)
    if to is not None and to.medium == "telegram":
        post(
            session, office, to, "attachment_kept", {"names": list(names)}, now=now, question=question, edition=f"inbox {row.id}"
        )


def names_of_files(session: Session, row: InboxMessage) -> Sequence[str]:
    return session.scalars(select(Attachment.name).where(Attachment.inbox_id == row.id)).all()
