"""The watch over our own promises: quiet while all is well, and one sentence for each kind of breach."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from routing import intake
from routing.checks import LATE, breaches


def look(world, now=None):
    with world.store.snapshot() as session:
        return breaches(session, now or world.now)


def spoil(world, statement):
    with world.store.transaction() as session:
        session.execute(text(statement))


def test_a_healthy_house_has_none(small):
    small.answered()
    assert look(small) == []


def test_what_is_overdue_is_told_after_two_minutes(small):
    small.assigned()
    due = small.question().next_action_at
    assert look(small, due + LATE) == []
    assert look(small, due + LATE + timedelta(seconds=1)) == ["1 open questions have been overdue for more than two minutes"]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE assignment SET state = 'withdrawn'", "nobody has them"),
        (
            "UPDATE question SET state = 'closed', waiting_for = 'nobody', next_action_at = NULL, closed_at = created_at",
            "is closed",
        ),
        ("UPDATE inbox_message SET outcome = NULL", "no outcome"),
        ("UPDATE inbox_message SET state = 'held', reason = ''", "no reason"),
    ],
)
def test_each_breach_is_told(small, statement, words):
    small.assigned()
    spoil(small, statement)
    [told] = look(small)
    assert words in told


def test_a_message_that_nobody_handles_is_told(small):
    with small.store.transaction() as session:
        intake.receive(session, channel="email", external_id="x", raw=b"x", now=small.now)
    assert look(small) == [] and "waited to be handled" in look(small, small.now + 2 * LATE)[0]
