"""A coordinator asks the asker something, and the answer comes back to whoever had the question."""

from datetime import timedelta

import pytest

from routing import clarifying, closing, coordinating, handing, joining
from routing.models import Answer, Assignment, Question
from tests.world import ASKER_MAIL, COORDINATOR, DESK, OTHER_QUESTION


def ask(small, text="Which trades do you mean?"):
    with small.store.transaction() as session:
        known = small.question()
        clarifying.ask(session, small.office, coordinating.taken_up(session, known.number, known.revision), text, by="user:1", now=small.now)
    return small.letters("question_back", ASKER_MAIL)


def handed(small):
    """A question that waits for a coordinator."""
    small.mail(ASKER_MAIL, OTHER_QUESTION)
    with small.store.transaction() as session:
        handing.hand_to_coordinator(session, small.office, session.get(Question, small.question().id), "no_roster", small.now)


def test_the_coordinator_has_it_again_with_the_answer(small):
    handed(small)
    [letter] = ask(small)
    assert "> Which trades do you mean?" in letter.text and not letter.automatic
    asked = small.question()
    assert (asked.state, asked.waiting_for, asked.next_action) == ("assigned", "asker", "close unclarified")
    small.now += timedelta(hours=3)
    small.mail(ASKER_MAIL, "Welding, and only welding.", to=letter)
    again = small.question()
    assert (again.waiting_for, again.next_action) == ("coordinator", "nag coordinator")
    told = small.letters("co_question", COORDINATOR)[-1].text
    assert "The asker has answered what was asked." in told and "Welding, and only welding." in told
    assert len(small.letters("coordinator_has_it", ASKER_MAIL)) == 1, "the asker need not be told who has it a second time"


def test_the_clock_of_an_expert_at_work_stands_still(small):
    small.assigned()
    before = small.all(Assignment)[0].deadline_at
    [letter] = ask(small)
    assert small.question().waiting_for == "asker"
    small.now += timedelta(days=2)
    small.mail(ASKER_MAIL, "Welding.", to=letter)
    assert small.question().waiting_for == "expert"
    assert small.all(Assignment)[0].deadline_at > before
    assert "Welding." in small.letter("asker_replied", DESK).text
    assert small.letters("co_question", COORDINATOR) == []


def test_who_never_answers_is_closed_after_a_while_and_told(small):
    handed(small)
    ask(small)
    small.run_until(small.now + timedelta(days=20), step=timedelta(hours=12))
    assert small.question().closed_because == "no_clarification"
    assert small.letters("closed", ASKER_MAIL)


def test_an_answer_that_waits_to_be_released_goes_on_waiting(small):
    handed(small)
    with small.store.transaction() as session:
        asked = session.get(Question, small.question().id)
        session.add(Answer(question_id=asked.id, author="user:1", language="en", text="Ask a bank.", state="waiting", created_at=small.now))
    [letter] = ask(small)
    assert small.question().waiting_for == "coordinator"
    small.mail(ASKER_MAIL, "Welding.", to=letter)
    assert small.question().waiting_for == "coordinator"


def test_the_status_page_tells_it(small):
    from routing.standing import standing

    handed(small)
    ask(small)
    with small.store.snapshot() as session:
        told = standing(session, small.office, session.get(Question, small.question().id))
    assert [one.key for one in told.steps][-1] == "we_asked" and told.waiting_for == "asker"


@pytest.mark.parametrize("text", ["", "  \n "])
def test_nothing_cannot_be_asked(small, text):
    handed(small)
    with pytest.raises(coordinating.NotPossible, match="Write the question"):
        ask(small, text)
    assert small.question().waiting_for == "coordinator" and not small.letters("question_back")


def test_neither_can_a_question_that_is_over_or_waits_for_another(small):
    small.assigned()
    small.mail("other@town.example", OTHER_QUESTION)
    with small.store.transaction() as session:
        leader, follower = session.query(Question).order_by(Question.id)
        joining.join(session, small.office, follower, leader, small.now, by="user:1")
    with pytest.raises(coordinating.NotPossible, match="Ask there"):
        ask(small)
    with small.store.transaction() as session:
        known = session.query(Question).order_by(Question.id).first()
        closing.close(session, small.office, known, "coordinator", "", by="user:1", now=small.now)
    with pytest.raises(coordinating.NotPossible), small.store.transaction() as session:
        known = session.query(Question).order_by(Question.id).first()
        clarifying.ask(session, small.office, known, "What?", by="user:1", now=small.now)
