"""Questions that wait for one answer have one owner and no date in the past; parted, each goes back to where it was."""

from datetime import timedelta

import pytest

from routing import coordinating, joining, parting
from routing.checks import breaches
from routing.handing import hand_to_coordinator
from routing.models import Question

OTHER_ASKER = "education@porto.example"
BY = "user:1"


def do(world, act, number, *args, **more):
    with world.store.transaction() as session:
        return act(session, world.office, session.get_one(Question, number), *args, now=world.now, **more)


def join(world):
    with world.store.transaction() as session:
        leader, question = session.query(Question).order_by(Question.id)
        joining.join(session, world.office, question, leader, world.now, by=BY)


def part(world, by=BY):
    return do(world, parting.part, 2, by=by)


@pytest.fixture
def two(small):
    """A question that an expert has, and one of somebody else that a coordinator has. Returns the desk's letter."""
    letter = small.assigned()
    small.mail(OTHER_ASKER, "Who mends welding machines in mountain villages?")
    do(small, hand_to_coordinator, 2, "no_roster")
    small.send_all()
    return letter


def second(world):
    return world.all(Question)[1]


def test_nobody_is_promised_a_date_that_has_passed(small, two):
    small.now = small.all(Question)[0].promised_at + timedelta(hours=3)
    join(small)
    assert second(small).promised_at > small.now
    do(small, joining.keep_promise, 2, small.all(Question)[0])
    assert second(small).promised_at > small.now, "the leader's date is no promise any more"


def test_a_letter_that_has_not_left_stays_here_and_everything_is_as_before(small, two):
    before = second(small)
    join(small)
    part(small)
    after = second(small)
    assert small.letter("joined", OTHER_ASKER).state == "cancelled" and not small.letters("parted")
    assert (after.waiting_for, after.next_action) == ("coordinator", "nag coordinator")
    assert (after.promised_at, after.first_word_at) == (before.promised_at, before.first_word_at)
    assert after.merged_into_id is None and after.thread["alone"] and "apart" not in after.thread


def test_who_has_read_of_it_reads_that_the_question_goes_on_by_itself(small, two):
    before = second(small)
    join(small)
    small.send_all()
    part(small)
    told = small.letter("parted", OTHER_ASKER).text
    assert "goes on by itself" in told and "A coordinator of the network is looking after it." in told
    assert "Answer expected by:" in told and second(small).promised_at == before.promised_at
    assert (second(small).waiting_for, second(small).next_action) == ("coordinator", "nag coordinator")


def test_a_date_that_passed_meanwhile_is_promised_anew(small, two):
    join(small)
    small.send_all()
    small.now = second(small).promised_at + timedelta(days=20)
    part(small)
    assert second(small).promised_at > small.now and "Answer expected by:" in small.letter("parted", OTHER_ASKER).text


def test_the_expert_who_had_it_has_it_again(small):
    small.assigned()
    small.mail(OTHER_ASKER, "Who mends welding machines in mountain villages?")
    small.search()
    given = small.assignments()[-1][0]
    join(small)
    small.send_all()
    part(small)
    assert small.assignments()[-1] == (given, "offered") and second(small).waiting_for == "expert"
    assert "It is now with:" in small.letter("parted", OTHER_ASKER).text
    with small.store.snapshot() as session:
        assert breaches(session, small.now) == []


def test_what_nobody_had_yet_is_searched_and_its_asker_gets_a_receipt_if_they_have_read_nothing(small):
    small.assigned()
    small.mail(OTHER_ASKER, "Who mends welding machines in mountain villages?")
    join(small)
    part(small)
    after = second(small)
    assert (after.state, after.next_action, after.promised_at, after.first_word_at) == ("received", "search", None, None)
    small.search()
    assert small.letter("receipt", OTHER_ASKER)


def test_what_nobody_had_yet_is_searched_and_its_asker_is_told_when_a_coordinator_parts_it(small):
    small.assigned()
    small.mail(OTHER_ASKER, "Who mends welding machines in mountain villages?")
    join(small)
    small.send_all()
    part(small)
    assert second(small).next_action == "search" and "goes on by itself" in small.letter("parted", OTHER_ASKER).text


def test_whoever_waits_moves_with_the_question_waited_for(small, two):
    join(small)
    assert second(small).waiting_for == "expert"
    do(small, hand_to_coordinator, 1, "no_answer_yet")
    assert (second(small).waiting_for, second(small).next_action) == ("coordinator", "follow")
    with small.store.transaction() as session:
        expert = session.get_one(Question, 1).roster[1]["expert"]
        coordinating.assign_to(session, small.office, session.get_one(Question, 1), expert, by=BY, now=small.now)
        assert session.get_one(Question, 2).waiting_for == "expert"
    assert (second(small).waiting_for, second(small).next_action) == ("expert", "follow")
