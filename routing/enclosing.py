"""Files that go along with a letter: the asker's to the expert, the expert's with the answer.

In: stored files, and whether their sender is proven to be who they seem. Out: which of them a letter carries. Programs, archives,
web pages, documents with macros and what is too much for a mail stay here; the letter names them, and a coordinator can see them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from routing.cases import SENT_BACK
from routing.models import Address, Answer, Attachment, InboxMessage, Question

# What people write and show. The type is told by the name alone, as mail programs do when they open it.
SENT_ON = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "rtf": "application/rtf",
    "txt": "text/plain",
    "csv": "text/csv",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "heic": "image/heic",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "ogg": "audio/ogg",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
}
MOST_BYTES = 14 * 1024 * 1024  # of all files of a letter; a third more on the way, and many mail servers stop at 20 MB


@dataclass(frozen=True, slots=True)
class Enclosed:
    """What goes along, as an outbox row keeps it (by the id of the stored file), and the names of what stays."""

    going: tuple[dict[str, object], ...] = ()
    kept: tuple[str, ...] = ()

    @property
    def facts(self) -> dict[str, object]:
        """For the letter; None where there is nothing to say."""
        return {"enclosed": [str(one["name"]) for one in self.going] or None, "kept": list(self.kept) or None}


def of_question(session: Session, question: Question) -> Enclosed:
    """All that the asker has sent about it."""
    files = select(Attachment).where(Attachment.question_id == question.id).order_by(Attachment.id)
    return chosen(session.scalars(files), from_proven=_is_proven(session, question))


def of_message(session: Session, question: Question, row: InboxMessage) -> Enclosed:
    """What came with one message of the asker."""
    files = select(Attachment).where(Attachment.inbox_id == row.id).order_by(Attachment.id)
    return chosen(session.scalars(files), from_proven=_is_proven(session, question))


def of_answer(session: Session, written: Answer) -> Enclosed:
    """What came with the expert's reply; who wrote it has been proven, or a coordinator has vouched for it."""
    if written.inbox_id is None:
        return Enclosed()
    files = select(Attachment).where(Attachment.inbox_id.in_(_replies(session, written))).order_by(Attachment.id)
    return chosen(session.scalars(files), from_proven=True)


def _replies(session: Session, written: Answer) -> Sequence[int | None]:
    """The mails of an answer: also of those that a coordinator sent back and never sent on, whose second half this one is."""
    question = session.get_one(Question, written.question_id)
    if written.assignment_id not in question.thread.get(SENT_BACK, ()):
        return [written.inbox_id]
    before = select(Answer.inbox_id).where(Answer.assignment_id == written.assignment_id, Answer.id < written.id)
    return [*session.scalars(before.where(Answer.state == "discarded")), written.inbox_id]


def chosen(files: Iterable[Attachment], *, from_proven: bool) -> Enclosed:
    going, kept, size = [], [], 0
    for file in files:
        kind = SENT_ON.get(file.name.rpartition(".")[2].lower())
        if kind is None or not from_proven or size + file.size > MOST_BYTES:
            kept.append(file.name)
            continue
        size += file.size
        going.append({"attachment": file.id, "name": file.name, "media_type": kind})
    return Enclosed(tuple(going), tuple(kept))


def _is_proven(session: Session, question: Question) -> bool:
    """Anybody can write in somebody's name; words are read, but a stranger's file would be opened."""
    address = session.get_one(Address, question.address_id)
    return address.channel != "email" or address.proven_at is not None
