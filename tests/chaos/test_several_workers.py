"""What a worker may take from the common inbox: when others read other channels or the same sender's mail, or a message stops workers."""

import itertools
from datetime import timedelta

import pytest

from routing import entries, intake, sweeps
from routing.models import InboxMessage
from tests.world import MONDAY


@pytest.fixture
def inbox(store):
    numbers = itertools.count()

    def receive(channel, count, sender=None, now=MONDAY):
        with store.transaction() as session:
            names = (f"{channel}{next(numbers)}" for _ in range(count))
            told = {"channel": channel, "raw": b"raw", "now": now, "sender": sender}
            return [intake.receive(session, external_id=name, **told) for name in names]

    def claim(now=MONDAY, **more):
        with store.transaction() as session:
            return [taken.id for taken in intake.claim(session, now, **more)]

    return receive, claim


def test_a_worker_leaves_other_channels_to_those_who_read_them(inbox):
    receive, claim = inbox
    [chat], [mail] = receive("telegram", 1), receive("email", 1)
    assert claim(channels=("email",)) == [mail]
    assert claim(channels=("telegram", "email")) == [chat]


def test_what_nobody_reads_for_an_hour_is_taken_by_anybody_and_so_seen(inbox):
    receive, claim = inbox
    [chat] = receive("telegram", 1)
    assert claim(MONDAY + timedelta(minutes=59), channels=("email",)) == []
    assert claim(MONDAY + timedelta(minutes=61), channels=("email",)) == [chat]


def test_a_message_that_may_have_stopped_a_worker_is_tried_alone(inbox, store):
    receive, claim = inbox
    several = receive("email", 4)
    assert claim() == several  # and the worker dies
    later = MONDAY + intake.LEASE
    assert [claim(later) for _ in range(4)] == [[one] for one in several]
    with store.snapshot() as session:
        assert {row.state for row in session.query(InboxMessage)} == {"new"}


def done(store, *numbers):
    with store.transaction() as session:
        for number in numbers:
            intake.finish(session.get_one(InboxMessage, number), "handled", "done", MONDAY)


def test_what_one_sender_wrote_is_handled_one_after_the_other(inbox, store):
    receive, claim = inbox
    first, second, third = receive("email", 3, "desk@town.example")
    [other] = receive("email", 1, "desk@village.example")
    [chat] = receive("telegram", 1, "desk@town.example")
    assert claim() == [first, other, chat]
    assert claim() == [], "others read the same inbox, and the first is still with a worker"
    done(store, first)
    assert claim() == [second]
    done(store, second)
    assert claim() == [third]


def test_a_message_that_fails_lets_the_next_wait_until_a_person_has_it(inbox, store):
    receive, claim = inbox
    first, second = receive("email", 2, "desk@town.example")
    now = MONDAY
    for attempt in range(1, intake.MOST_ATTEMPTS + 1):
        with store.transaction() as session:
            [taken] = intake.claim(session, now)
            assert (taken.id, taken.attempt) == (first, attempt)
            intake.give_up(session, taken, "no disk", now)
        now += timedelta(seconds=30)
    assert claim(now) == [second]


def test_nothing_waits_for_ever_behind_a_message_that_cannot_be_handled(inbox):
    """A clock that was wrong has put its next attempt into another month."""
    receive, claim = inbox
    ahead = MONDAY + timedelta(days=40)
    [first] = receive("email", 1, "desk@town.example")
    assert claim(ahead) == [first]
    later = MONDAY + timedelta(minutes=1)
    second = receive("email", 1, "desk@town.example", now=later)
    assert claim(later + intake.IN_TURN - timedelta(seconds=1)) == []
    assert claim(later + intake.IN_TURN) == second


def test_due_questions_and_the_list_of_experts_can_be_read_on_every_database(store):
    with store.snapshot() as session:
        assert list(sweeps.due_questions(session, MONDAY)) == []
        assert list(sweeps.due_searches(session, MONDAY)) == []
        assert list(entries.experts(session, "office")) == []
