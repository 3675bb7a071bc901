"""The watch over our own promises: quiet while all is well, and one sentence for each kind of breach."""

from datetime import timedelta

import pytest
from sqlalchemy import event, inspect, text
from sqlalchemy.orm import Session

from routing import intake
from routing.checks import LATE, breaches
from routing.models import Event, Question
from tests.world import CHAT, DESK


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


def test_no_question_changes_its_state_without_a_line_in_its_history(small):
    """Through a proposal, an expert, an answer, a reopening, silence and closing: each step says what it was."""
    silent = []

    def look_at(session, _context, _instances):
        changed = {one for one in session.dirty if isinstance(one, Question) and inspect(one).attrs.state.history.has_changes()}
        noted = {one.question_id for one in session.new if isinstance(one, Event)} | session.info.setdefault("noted", set())
        session.info["noted"] = noted
        session.info.setdefault("changed", set()).update(one.id for one in changed)

    def compare(session):
        if session.in_nested_transaction():
            return  # a letter written within, not the end of what happens
        silent.extend(session.info.pop("changed", set()) - session.info.pop("noted", set()))

    event.listen(Session, "before_flush", look_at)
    event.listen(Session, "before_commit", compare)
    try:
        small.press("ask_expert", small.proposed(in_chat=True))
        small.search()
        small.mail(DESK, "We leased a lorry.", to=small.letter("assignment", DESK))
        small.press("helped_no", small.letter("answer", CHAT))
        small.chat("What did it cost each village?")
        small.run_until(small.now + timedelta(days=60), timedelta(hours=12))
        small.unclear()
        small.run_until(small.now + timedelta(days=60), timedelta(hours=12))
    finally:
        event.remove(Session, "before_flush", look_at)
        event.remove(Session, "before_commit", compare)
    assert silent == [] and len(small.events("closed")) >= 1
