"""Askers' verdicts become labelled questions."""

from __future__ import annotations

from datetime import UTC, datetime

from routing.erasing import ERASED
from routing.labels import MOST_ANSWERED, answered_questions, labelled_questions, teach
from routing.models import Label, Question
from routing.people import address_of

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def ask(session, number: str, text: str = "", sensitive: bool = False, **verdicts: bool) -> None:
    """A question, and for each fiche whether it helped."""
    address = address_of(session, "email", "ann@town.example", now=NOW, language="en")
    question = Question(
        number=number,
        asker_id=address.person_id,
        address_id=address.id,
        language="it",
        text=text or f"Question {number}?",
        sensitive=sensitive,
        next_action_at=NOW,
        created_at=NOW,
    )
    session.add(question)
    session.flush()
    for slug, helps in verdicts.items():
        session.add(Label(question_id=question.id, fiche_slug=slug, helps=helps, source="asker", created_at=NOW))


def test_verdicts_become_labelled_questions(store):
    with store.transaction() as session:
        ask(session, "A", first=False, second=True, third=True)
        ask(session, "B", first=False)
        ask(session, "C")
    with store.snapshot() as session:
        found = labelled_questions(session)
    assert [(one.id, one.language, one.text, one.answers) for one in found] == [
        ("A", "it", "Question A?", ("second", "third")),
        ("B", "it", "Question B?", ()),
    ]


def test_a_fiche_remembers_what_it_answered(store):
    with store.transaction() as session:
        ask(session, "A", first=True, second=False)
        ask(session, "B", text="Question A?", first=True)
        ask(session, "C", sensitive=True, first=True)
        ask(session, "D", text=ERASED, first=True, second=True)
        ask(session, "E", first=True)
    with store.snapshot() as session:
        assert answered_questions(session) == {"first": [("it", "Question E?"), ("it", "Question A?")]}
        assert "D" not in [one.id for one in labelled_questions(session)]


def test_a_coordinator_teaches_what_no_asker_has_judged(store):
    with store.transaction() as session:
        ask(session, "A", first=False)
        ask(session, "B")
        for question in session.query(Question).order_by(Question.id):
            for helps in (True, False):  # the first word stands
                teach(session, question, "first", helps=helps, source="coordinator", now=NOW)
    with store.snapshot() as session:
        assert [(one.id, one.answers) for one in labelled_questions(session)] == [("A", ()), ("B", ("first",))]
        assert answered_questions(session) == {"first": [("it", "Question B?")]}


def test_it_remembers_only_so_many(store):
    with store.transaction() as session:
        for number in range(MOST_ANSWERED + 5):
            ask(session, str(number), first=True)
    with store.snapshot() as session:
        kept = answered_questions(session)["first"]
    assert len(kept) == MOST_ANSWERED and kept[0] == ("it", f"Question {MOST_ANSWERED + 4}?")
