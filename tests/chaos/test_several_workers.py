"""What a worker may take from the common inbox when others read other channels, and when one message stops workers."""

from datetime import timedelta

import pytest

from routing import entries, intake, sweeps
from routing.models import InboxMessage
from tests.world import MONDAY


@pytest.fixture
def inbox(store):
    def receive(channel, count):
        with store.transaction() as session:
            return [
                intake.receive(session, channel=channel, external_id=f"{channel}{n}", raw=b"raw", now=MONDAY)
                for n in range(count)
            ]

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


def test_due_questions_and_the_list_of_experts_can_be_read_on_every_database(store):
    with store.snapshot() as session:
        assert list(sweeps.due_questions(session, MONDAY)) == []
        assert list(sweeps.due_searches(session, MONDAY)) == []
        assert list(entries.experts(session, "office")) == []
