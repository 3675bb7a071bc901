"""Askers' verdicts become labelled questions."""

from __future__ import annotations

from datetime import UTC, datetime

from routing.labels import labelled_questions
from routing.models import Label, Question
from routing.people import address_of

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def ask(session, number: str, **verdicts: bool) -> None:
    """A question, and for each fiche whether it helped."""
    address = address_of(session, "email", "ann@town.example", now=NOW)
    question = Question(
        number=number,
        asker_id=address.person_id,
        address_id=address.id,
        language="it",
        text=f"Question {number}?",
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
