"""Finding questions by who asked them: the index of names and mail addresses that the console's search reads.

In: people and their addresses, as they are written. Out: the questions of those whose name or address begins as somebody types.
The index is a cache, written with every change of a name or an address, so that whoever is erased is found no more.
https://docs.sqlalchemy.org/en/20/orm/events.html#mapper-level-flush-events
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Select, delete, event, false, func, insert, inspect, intersect, select
from sqlalchemy.orm import Mapper, Session

from retrieval import fold
from routing.care import Care, within
from routing.models import Address, Person, PersonWord, Question

LONGEST_WORD = 120
MOST_ASKED = 8
SHORTEST_BEGINNING = 3  # "in" is half of Europe's names; two letters are a name only when they are all of it
_WORD = re.compile(r"\w+")
_MAIL = re.compile(r"[^\s@]+@[^\s@]*")


def is_address(asked: str) -> bool:
    """Whether this is a mail address, or its beginning: it says who asks, and means nothing."""
    return _MAIL.fullmatch(asked.strip()) is not None


def asked_by(asked: str) -> Select[int]:
    """The ids of the questions of everybody whose name holds all these words, or whose address begins so."""
    words = [asked.strip().lower()] if is_address(asked) else _words(asked)[:MOST_ASKED]
    if not words:
        return select(Question.id.label("question_id")).where(false())
    each = [_known_by(word[:LONGEST_WORD]) for word in words]
    people: Any = intersect(*each) if len(each) > 1 else each[0]
    return select(Question.id.label("question_id")).where(Question.asker_id.in_(people))


def others_of(session: Session, question: Question, care: Care) -> tuple[int, str]:
    """How many other questions the same person has asked, of those in somebody's care, and the search that finds them."""
    person, address = session.get_one(Person, question.asker_id), session.get_one(Address, question.address_id)
    asked = address.address if is_address(address.address) else " ".join(_words(person.name))
    theirs = (Question.asker_id == person.id, Question.id != question.id, *within(care, Question.id))
    count = session.scalar(select(func.count()).select_from(Question).where(*theirs)) if asked else 0
    return count or 0, asked


def forget(session: Session, person_id: int) -> None:
    """Whoever is erased is found no more, also while an address of theirs is kept for a last letter."""
    session.flush()
    session.execute(delete(PersonWord).where(PersonWord.person_id == person_id))


def words_of_name(name: str) -> list[str]:
    """The words under which a person is found."""
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in _words(name)))


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))


def _known_by(word: str) -> Select[int]:
    """A range of the primary key, the same on every database."""
    begins = (PersonWord.word >= word, PersonWord.word < word + "\U0010ffff")
    is_beginning = len(word) >= SHORTEST_BEGINNING
    return select(PersonWord.person_id).where(*(begins if is_beginning else (PersonWord.word == word,)))


@event.listens_for(Person, "after_insert")
def _put_name(mapper: Mapper[Person], connection: Connection, person: Person) -> None:
    _write(connection, person.id, words_of_name(person.name or ""))


@event.listens_for(Person, "after_update")
def _replace_name(mapper: Mapper[Person], connection: Connection, person: Person) -> None:
    if inspect(person).attrs["name"].history.has_changes():
        is_name = ~PersonWord.word.contains("@")
        connection.execute(delete(PersonWord).where(PersonWord.person_id == person.id, is_name))
        _write(connection, person.id, words_of_name(person.name or ""))


@event.listens_for(Address, "after_insert")
def _put_address(mapper: Mapper[Address], connection: Connection, address: Address) -> None:
    _write(connection, address.person_id, _as_words(address.address))


@event.listens_for(Address, "after_update")
def _replace_address(mapper: Mapper[Address], connection: Connection, address: Address) -> None:
    changed = {name: inspect(address).attrs[name].history for name in ("address", "person_id")}
    if any(history.has_changes() for history in changed.values()):
        former = [word for told in (changed["address"].deleted or [address.address]) for word in _as_words(told)]
        connection.execute(delete(PersonWord).where(PersonWord.word.in_(former)))
        _write(connection, address.person_id, _as_words(address.address))


def _as_words(address: str) -> list[str]:
    return [address.lower()[:LONGEST_WORD]] if is_address(address) else []


def _write(connection: Connection, person_id: int, words: Iterable[str]) -> None:
    rows = [{"word": word, "person_id": person_id} for word in words]
    if rows:
        connection.execute(insert(PersonWord), rows)
