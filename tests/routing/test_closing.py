"""A question is closed for a reason that is true of it, and opened again as its asker would expect."""

from datetime import timedelta

import pytest

from routing import closing
from routing.coordinating import NotPossible
from routing.models import Question
from tests.world import ASKER_MAIL, DESK

OTHER_ASKER = "education@porto.example"


def act(world, verb, number, *args, **more):
    with world.store.transaction() as session:
        verb(session, world.office, session.get_one(Question, number), *args, by="user:1", now=world.now, **more)


@pytest.fixture
def twice(small):
    """One asker with two open questions, and somebody else with one."""
    small.assigned()
    small.mail(ASKER_MAIL, "How do you pay for a welding workshop?", subject="Money")
    small.mail(OTHER_ASKER, "Who mends welding machines in mountain villages?")
    return small


def test_a_duplicate_names_the_question_in_which_the_answer_comes(twice):
    act(twice, closing.close, 1, "duplicate", "")
    second = twice.all(Question)[1]
    assert second.number in twice.letter("closed", ASKER_MAIL).text
    assert twice.events("closed")[-1].detail == {"because": "duplicate", "other": second.number}


def test_who_has_asked_only_once_is_never_told_of_another_question(twice):
    with pytest.raises(NotPossible, match="put the two together"):
        act(twice, closing.close, 3, "duplicate", "")
    act(twice, closing.close, 1, "duplicate", "")
    with pytest.raises(NotPossible, match="put the two together"):
        act(twice, closing.close, 2, "duplicate", "")  # the other one is closed, and was never answered
    assert [one.state for one in twice.all(Question)].count("closed") == 1


def test_of_several_the_coordinator_says_which(twice):
    twice.mail(ASKER_MAIL, "And how do you pay for the lorry that carries it?", subject="Lorry")
    with pytest.raises(NotPossible, match="several other questions"):
        act(twice, closing.close, 1, "duplicate", "")
    _, _, foreign, fourth = twice.all(Question)
    with pytest.raises(NotPossible, match="no such question"):
        act(twice, closing.close, 1, "duplicate", "", other=foreign.number)
    act(twice, closing.close, 1, "duplicate", "", other=fourth.number)
    assert fourth.number in twice.letter("closed", ASKER_MAIL).text


def test_an_answered_question_may_be_repeated(small):
    small.answered()
    small.mail(ASKER_MAIL, "Which lorry carries welding machines to remote mountain villages?", subject="Again")
    act(small, closing.close, 2, "duplicate", "")
    assert small.all(Question)[0].number in small.letter("closed", ASKER_MAIL).text


def test_what_nobody_has_answered_is_not_closed_as_answered(small):
    small.assigned()
    with pytest.raises(NotPossible, match="Nobody has answered"):
        act(small, closing.close, 1, "answered", "")
    assert small.question().state == "assigned" and not small.letters("closed")
    with small.store.snapshot() as session:
        assert closing.reasons(session.get_one(Question, 1), ()) == ["coordinator", "asker_withdrew"]


def test_what_is_answered_can_be_closed_as_answered(small):
    small.answered()
    act(small, closing.close, 1, "answered", "")
    assert small.letter("closed", ASKER_MAIL)


def test_the_asker_reads_why_the_coordinator_closed_it(small):
    small.assigned()
    act(
        small, closing.close, 1, "coordinator", "spoke on the phone", said="  The call for lorries has ended.\nAsk again in May. "
    )
    letter = small.letter("closed", ASKER_MAIL).text
    assert "> The call for lorries has ended." in letter and "phone" not in letter
    assert small.events("closed")[-1].detail["text"] == "The call for lorries has ended.\nAsk again in May."


def test_the_sentence_to_the_asker_is_short(small):
    small.assigned()
    with pytest.raises(NotPossible, match="at most 500"):
        act(small, closing.close, 1, "coordinator", "", said="x" * 501)
    assert small.question().state == "assigned"


# ------------------------------------------------------------------------------------------ open again


def test_a_letter_that_has_not_left_stays_here_when_the_question_is_opened_again(small):
    small.assigned()
    act(small, closing.close, 1, "coordinator", "")
    act(small, closing.reopen, 1)
    assert small.letter("closed", ASKER_MAIL).state == "cancelled" and not small.letters("reopened")
    assert small.question().waiting_for == "coordinator"


def test_who_has_read_that_it_is_closed_reads_that_it_is_open_again(small):
    small.assigned()
    act(small, closing.close, 1, "coordinator", "")
    small.send_all()
    act(small, closing.reopen, 1)
    letter = small.letter("reopened", ASKER_MAIL)
    assert "A coordinator of the network is looking after it" in letter.text and "what you wrote" not in letter.text
    assert small.question().promised_at > small.now


def test_closed_and_opened_twice_is_told_twice(small):
    small.assigned()
    for _ in range(2):
        small.now += timedelta(days=2)  # beyond the caps on letters
        act(small, closing.close, 1, "coordinator", "")
        small.send_all()
        act(small, closing.reopen, 1)
    assert len(small.letters("closed", ASKER_MAIL)) == len(small.letters("reopened", ASKER_MAIL)) == 2
    act(small, closing.close, 1, "coordinator", "")
    act(small, closing.reopen, 1)
    assert len(small.letters("reopened", ASKER_MAIL)) == 2


def test_the_expert_of_a_reopened_question_is_not_asked_again_by_itself(small):
    small.assigned()
    act(small, closing.close, 1, "coordinator", "")
    act(small, closing.reopen, 1)
    assert small.assignments() == [(DESK, "withdrawn")]
