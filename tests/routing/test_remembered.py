"""A coordinator decides once about a sender and a question; the next mail goes the same way, as long as nobody is borrowed."""

import pytest

from routing import held, remembered
from routing.errors import NotFound
from routing.models import Answer, InboxMessage, Remembered
from tests.world import ASKER_MAIL, DESK, OTHER_QUESTION

COLLEAGUE = "colleague@trento.example"
BY = "user:1"
FIRST = "The province paid half of it."
SECOND = "And the villages paid the other half."


def decide(world, row, act="release", target=None, reason=""):
    """As the console does: remember, then do."""
    question = target or world.question()
    with world.store.transaction() as session:
        kept = held.get_held(session, row.id)
        remembered.keep(session, kept, act, question.id if act == "release" else None, by=BY, now=world.now, reason=reason)
        if act == "discard":
            held.discard(session, row.id, reason, by=BY, now=world.now)
        else:
            held.release_to(session, world.office, row.id, question.id, by=BY, now=world.now)


@pytest.fixture
def released(small):
    """A colleague's first answer, released by a coordinator; the letter they all reply to."""
    letter = small.assigned()
    decide(small, small.mail(COLLEAGUE, FIRST, to=letter))
    return letter


def additions(world):
    return [one.text for one in world.all(Answer)]


def test_the_next_mail_of_a_released_colleague_goes_the_same_way(small, released):
    row = small.mail(COLLEAGUE, SECOND, to=released)
    assert row.state == "handled" and row.handled_by == BY
    assert additions(small) == [FIRST, SECOND]
    [decision] = small.all(Remembered)
    assert decision.used == 1
    assert small.events("mail-released")[-1].detail["remembered"] == decision.id, "the history says by which decision"


NEVER = [
    ("not authenticated", dict(proven=False)),
    ("somebody else", dict(sender="other@trento.example")),
    ("doubtfully cut", dict(review="quoted text may be left")),
    ("a word that could mean anything", dict(text="No")),
    ("without words", dict(text="  ")),
]


@pytest.mark.parametrize("facts", [row[1] for row in NEVER], ids=[row[0] for row in NEVER])
def test_what_never_benefits(small, released, facts):
    told = {"sender": COLLEAGUE, "text": SECOND} | facts
    row = small.mail(told.pop("sender"), told.pop("text"), to=released, **told)
    assert row.state == "held" and additions(small) == [FIRST]
    assert small.all(Remembered)[0].used == 0


def test_a_decision_on_unauthenticated_mail_is_not_remembered(small):
    letter = small.assigned()
    decide(small, small.mail(COLLEAGUE, FIRST, to=letter, proven=False))
    assert small.all(Remembered) == []
    assert small.mail(COLLEAGUE, SECOND, to=letter).state == "held"


def test_a_decision_on_a_forged_answer_is_not_remembered(small):
    letter = small.assigned()
    decide(small, small.mail(DESK, "Spam", to=letter, proven=False), "discard", reason="spam")
    assert small.all(Remembered) == []
    assert small.mail(DESK, SECOND, to=letter).state == "handled", "the expert is not silenced by who borrowed their name"


def test_another_question_is_another_decision(small, released):
    other = small.assigned("Who pays for the teachers of the mobile workshop?")
    assert small.mail(COLLEAGUE, SECOND, to=other).state == "held"


def test_a_discard_is_done_again_with_its_reason(small):
    letter = small.assigned()
    decide(small, small.mail(COLLEAGUE, "I am only reading along.", to=letter), "discard", reason="reads along")
    row = small.mail(COLLEAGUE, "Still reading along here.", to=letter)
    assert (row.state, row.outcome) == ("ignored", "discarded: reads along")
    assert small.all(InboxMessage, id=row.id)[0].text, "kept all the same"


def test_filed_elsewhere_goes_elsewhere_again(small):
    here = small.assigned()
    about = small.question()
    small.mail(ASKER_MAIL, "Who pays for the teachers of the mobile workshop?")
    elsewhere = small.question()
    decide(small, small.mail(COLLEAGUE, FIRST, to=here), target=elsewhere)
    row = small.mail(COLLEAGUE, SECOND, to=here)
    assert row.state == "handled" and {one.question_id for one in small.all(Answer)} == {elsewhere.id} != {about.id}


def test_the_latest_word_counts_and_can_be_taken_back(small, released):
    with small.store.transaction() as session:
        [(decision, about, target)] = remembered.standing(session)
        assert about == target == small.question().number
        remembered.revoke(session, decision.id, by=BY, now=small.now)
    row = small.mail(COLLEAGUE, SECOND, to=released)
    assert row.state == "held" and small.events("decision-revoked")
    decide(small, row, "discard", reason="enough")
    assert small.mail(COLLEAGUE, "Once more.", to=released).state == "ignored"
    with small.store.transaction() as session, pytest.raises(NotFound):
        remembered.revoke(session, decision.id, by=BY, now=small.now)
    with small.store.snapshot() as session:
        assert [one.act for one, _, _ in remembered.standing(session)] == ["discard"]


def test_a_closed_question_opens_for_nobody(small, released):
    from routing import cases
    from routing.models import Question

    with small.store.transaction() as session:
        cases.close(session, session.get(Question, small.question().id), "coordinator", actor=BY, now=small.now)
    assert small.mail(COLLEAGUE, SECOND, to=released).state == "held"


def test_guesses_are_ranked_and_each_question_stands_once(small):
    letter = small.assigned(OTHER_QUESTION)
    number = small.question().number
    row = small.mail(COLLEAGUE, FIRST, references=(letter.message_id,), subject=f"Re: {number}")
    assert [(guess["number"], guess["code"]) for guess in row.facts["guesses"]] == [(number, "refers")]
    row = small.mail("new@trento.example", FIRST, tokens=("9" * 28,))
    assert [guess["code"] for guess in row.facts["guesses"]] == ["colleague"]
