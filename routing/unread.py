"""Which questions' meaning is still to be read: every new one, and every one whose text has changed.

In: what the session writes of questions, whichever verb it was. Out: a row without a vector for each, none for an erased one.
https://docs.sqlalchemy.org/en/20/orm/events.html#mapper-level-flush-events
"""

from __future__ import annotations

from sqlalchemy import Connection, delete, event, insert, inspect
from sqlalchemy.orm import Mapper

from routing.erasing import ERASED
from routing.models import Question, QuestionVector

_READ = ("subject", "text")


@event.listens_for(Question, "after_insert")
def _put(mapper: Mapper[Question], connection: Connection, question: Question) -> None:
    _write(connection, question)


@event.listens_for(Question, "after_update")
def _replace(mapper: Mapper[Question], connection: Connection, question: Question) -> None:
    state = inspect(question)
    if any(state.attrs[name].history.has_changes() for name in _READ):
        connection.execute(delete(QuestionVector).where(QuestionVector.question_id == question.id))
        _write(connection, question)


def _write(connection: Connection, question: Question) -> None:
    if question.text != ERASED:
        connection.execute(insert(QuestionVector), {"question_id": question.id})
