"""Finding questions by their words or by who asked: the index that the console's search reads, and the condition that asks it.

In: texts in any of the languages. Out: folded words ("Brașov" meets "BRASOV"), beginnings of words included. The index is a
cache of subject, text and number, written with every change of them, so that no verb can forget it.
https://docs.sqlalchemy.org/en/20/orm/events.html#mapper-level-flush-events
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Connection, Select, delete, event, false, insert, inspect, intersect, select, union
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapper, Session
from sqlalchemy.sql.functions import FunctionElement

from retrieval import fold
from routing import askers, unread  # noqa: F401  what the search by meaning has still to read follows the same changes
from routing.models import Question, QuestionWord

LONGEST_WORD = 40
MOST_WORDS = 400  # of one question: enough for five pages
MOST_ASKED = 8
SCARCE = 1000  # rows of the index: so many are soon read
_WORD = re.compile(r"\w+")
_INDEXED = ("number", "subject", "text")


def words_of(number: str, subject: str, text: str) -> list[str]:
    """The words under which a question is found; of its number also the digits that people say ("12")."""
    ordinal = number.rpartition("-")[2]
    told = [*_WORD.findall(number), ordinal.lstrip("0"), *folded(subject), *folded(text)]
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in told if word))[:MOST_WORDS]


def says(asked: str) -> ColumnElement[bool]:
    """The condition that a question holds all these words, or its asker is called so; never true where no word is asked for."""
    return among(Question.id, holding(asked).scalar_subquery())


def few(session: Session, asked: str, most: int) -> list[int] | None:
    """The ids of the questions that hold all these words or whose asker is called so, in no order; None where they are more
    than `most`.

    Scarce words are looked up first, and the common ones only in the questions that hold those.
    """
    theirs = set(session.scalars(askers.asked_by(asked).limit(most + 1)))
    words = folded(asked)[:MOST_ASKED]
    found: set[int] | None = None
    common = []
    for word in words:
        held = set(session.scalars(_holding(word).limit(SCARCE + 1)))
        if len(held) > SCARCE:
            common.append(word)
        else:
            found = held if found is None else found & held
    if found is None:  # no word is scarce, or none was asked for
        ids = session.scalars(select(holding(asked).subquery().c.question_id).distinct().limit(most + 1)).all()
        return None if len(ids) > most else list(ids)
    for word in common:
        if found:
            found = set(session.scalars(_holding(word).where(QuestionWord.question_id.in_(found))))
    found |= theirs
    return None if len(found) > most else list(found)


def holding(asked: str) -> Any:
    """The ids of the questions that hold all these words or whose asker is called so; none where no word is asked for."""
    each = [_holding(word) for word in folded(asked)[:MOST_ASKED]]
    if not each:
        return select(QuestionWord.question_id).where(false())
    # SQLite takes no union of anything but plain selections.
    said = select(intersect(*each).subquery().c.question_id) if len(each) > 1 else each[0]
    return union(said, askers.asked_by(asked))


class among(FunctionElement[bool]):
    """`column IN (SELECT …)`, by first finding what is chosen and then looking it up.

    Of a plain IN with an order and a limit PostgreSQL makes a walk through all questions in that order, asking each of them for
    its words: quick where every other question has them, a third of a second in 100,000 where few do.
    """

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        """A condition as it stands. SQLAlchemy would compare it with 1 for SQLite, which then asks it of every question
        instead of looking up the few."""
        return self


@compiles(among)
def _in(element: among, compiler: Any, **how: Any) -> str:
    column, chosen = element.clauses
    return f"{compiler.process(column, **how)} IN {compiler.process(chosen, **how)}"


@compiles(among, "postgresql")
def _any(element: among, compiler: Any, **how: Any) -> str:
    """https://www.postgresql.org/docs/current/sql-expressions.html#SQL-SYNTAX-ARRAY-CONSTRUCTORS"""
    column, chosen = element.clauses
    return f"{compiler.process(column, **how)} = ANY(ARRAY{compiler.process(chosen, **how)})"


def folded(text: str) -> list[str]:
    """All words of a text in the form in which they are compared."""
    return _WORD.findall(fold(text))


def _holding(word: str) -> Select[int]:
    """The questions with a word that begins so: a range of the primary key, the same on every database. A letter alone is a
    word alone: nearly every question has a word that begins with it."""
    word = word[:LONGEST_WORD]
    begins = (QuestionWord.word >= word, QuestionWord.word < word + "\U0010ffff")
    return select(QuestionWord.question_id).where(*(begins if len(word) > 1 else (QuestionWord.word == word,)))


@event.listens_for(Question, "after_insert")
def _put(mapper: Mapper[Question], connection: Connection, question: Question) -> None:
    _write(connection, question.id, words_of(question.number, question.subject or "", question.text))


@event.listens_for(Question, "after_update")
def _replace(mapper: Mapper[Question], connection: Connection, question: Question) -> None:
    state = inspect(question)
    if any(state.attrs[name].history.has_changes() for name in _INDEXED):
        connection.execute(delete(QuestionWord).where(QuestionWord.question_id == question.id))
        _write(connection, question.id, words_of(question.number, question.subject, question.text))


def _write(connection: Connection, question_id: int, words: Iterable[str]) -> None:
    rows = [{"word": word, "question_id": question_id} for word in words]
    if rows:
        connection.execute(insert(QuestionWord), rows)
