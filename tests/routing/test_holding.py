"""The asker hears once that a question has changed hands, however often it does so in a short while."""

from datetime import UTC, datetime, timedelta

import pytest

from routing import coordinating, escalating, holding, outbox
from routing.holding import SETTLES, UNREACHABLE, Last
from routing.models import Assignment, OutboxMessage, Question
from routing.values import FailedRecipient, Kind
from tests.routing.test_odd_turns import acting, expert_id
from tests.world import ASKER_MAIL, CHAT, COORDINATOR, DEPUTY, DESK, SECOND

NOW, MINUTE, HOUR = datetime(2026, 11, 23, 9, 0, tzinfo=UTC), timedelta(minutes=1), timedelta(hours=1)
EARLY, DATE, LATE = (NOW + timedelta(days=days) for days in (9, 10, 11))
QUIET = 2 * HOUR


@pytest.mark.parametrize(
    ("last", "why", "before", "promised", "expected"),
    [
        (None, "expert_silent", DATE, LATE, NOW),
        (None, UNREACHABLE, DATE, DATE, NOW + SETTLES),
        (Last(NOW + MINUTE, waits=True), UNREACHABLE, DATE, LATE, NOW + MINUTE),
        (Last(NOW - MINUTE, waits=True), UNREACHABLE, DATE, LATE, NOW + SETTLES),
        (Last(NOW + MINUTE, waits=True), "expert_declined", DATE, EARLY, NOW),
        (Last(NOW - MINUTE, waits=False), "expert_declined", DATE, DATE, None),
        (Last(NOW - MINUTE, waits=False), UNREACHABLE, DATE, EARLY, None),
        (Last(NOW - MINUTE, waits=False), "expert_declined", DATE, LATE, NOW),
        (Last(NOW - MINUTE, waits=False), UNREACHABLE, DATE, LATE, NOW + SETTLES),
        (Last(NOW - MINUTE, waits=False), "extended", None, LATE, NOW),
        (Last(NOW - QUIET, waits=False), "expert_declined", DATE, DATE, NOW),
    ],
)
def test_when_a_note_leaves(last, why, before, promised, expected):
    assert holding.leaves_at(last, why, before, promised, NOW, QUIET) == expected


def bounce(world, address):
    """The mail system says that the last letter to this expert cannot be delivered."""
    world.send_all()
    letter = world.letter("assignment", address)
    failed = (FailedRecipient(address, hard=True, status="5.1.1"),)
    world.mail("mailer-daemon@mx.example", "report", kind=Kind.BOUNCE, references=(letter.message_id,), failed=failed)


def told(world, of=ASKER_MAIL):
    """The notes that the asker has got or will get."""
    return [letter for letter in world.letters("holding", of) if letter.state != "cancelled"]


def test_four_dead_addresses_in_a_few_minutes_are_one_letter(small):
    small.assigned()
    for address in (DESK, DEPUTY, SECOND):
        bounce(small, address)
        small.now += 2 * MINUTE
    assert [state for _, state in small.assignments()] == ["bounced"] * 3 and small.question().waiting_for == "coordinator"
    [note] = told(small)
    assert note.state == "queued" and note.next_attempt_at == NOW + SETTLES, "the first of them says when it leaves"
    small.now = NOW + SETTLES
    small.send_all()
    [note] = told(small)
    assert note.state == "sent" and len(small.letters("co_delivery", COORDINATOR)) == 3


def test_the_one_letter_tells_the_latest_state(small):
    small.assigned()
    bounce(small, DESK)
    bounce(small, DEPUTY)
    deadline = small.all(Assignment)[-1].deadline_at
    [note] = told(small)
    assert small.question().promised_at == deadline and f"{deadline.astimezone(UTC).day} December 2026" in note.text


def test_an_answer_that_overtakes_the_note_takes_it_back(small):
    small.assigned()
    bounce(small, DESK)
    small.mail(DEPUTY, "We leased a lorry and shared it among five valleys.", to=small.letter("assignment", DEPUTY))
    assert told(small) == [] and small.letter("answer", ASKER_MAIL).state == "queued"


def test_a_refusal_soon_after_a_letter_that_left_is_not_told_and_the_date_stays(small):
    """Deputy and desk close at the same hour, so that only the name behind the date has changed."""
    small.mail(DESK, "Decline", to=small.assigned())
    small.send_all()
    [first] = told(small)
    promised = small.question().promised_at
    small.now += MINUTE
    acting(small, coordinating.assign_to, expert_id(small, SECOND))
    assert small.all(Assignment)[-1].deadline_at < promised, "the second closes earlier in the day"
    assert [letter.id for letter in told(small)] == [first.id] and small.question().promised_at == promised
    assert small.events("letter-not-written")[-1].detail["why"] == holding.TOLD_BEFORE


def test_a_later_date_is_told_at_once(small):
    small.mail(DESK, "Decline", to=small.assigned())
    small.send_all()
    small.now += MINUTE
    small.mail(DEPUTY, "3 more days", to=small.letter("assignment", DEPUTY))
    assert len(told(small)) == 2 and small.question().promised_at == small.all(Assignment)[-1].deadline_at


def test_long_after_a_letter_every_change_is_told(small):
    small.mail(DESK, "Decline", to=small.assigned())
    small.send_all()
    small.now += 3 * HOUR
    small.mail(DEPUTY, "Decline", to=small.letter("assignment", DEPUTY))
    assert len(told(small)) == 2


def test_when_nobody_is_left_to_ask_the_asker_hears_that_a_coordinator_has_it(small):
    letter = small.assigned()
    while small.assignments()[-1][1] == "offered":
        small.send_all()
        small.now += 3 * HOUR
        small.mail(small.assignments()[-1][0], "Decline", to=letter)
        letter = small.letters("assignment")[-1]
    assert small.question().waiting_for == "coordinator"
    text = told(small)[-1].text
    assert "cannot take it, so a coordinator of the network is now looking after it" in text
    assert "somebody else" not in text and "It is now with" not in text


def test_in_a_chat_at_night_the_morning_brings_one_message(small):
    small.chat("Which lorry carries the welding machines up to remote mountain villages in winter?")
    small.search()
    small.now = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
    for address in (DESK, DEPUTY):
        bounce(small, address)
    [note] = told(small, CHAT)
    assert note.next_attempt_at == datetime(2026, 11, 24, 7, 0, tzinfo=UTC), "08:00 in Brussels"


def test_a_note_that_is_being_carried_is_not_taken_back(small):
    letter = small.assigned()
    small.send_all()
    small.mail(DESK, "Decline", to=letter)
    with small.store.transaction() as session:
        carried = [one.outbox_id for one in outbox.claim(session, worker="w", now=small.now, limit=100)]
    [first] = told(small)
    assert first.id in carried
    with small.store.transaction() as session:
        question = session.get(Question, small.question().id)
        later = question.promised_at + timedelta(days=1)
        before, question.promised_at = question.promised_at, later
        escalating.tell_new_date(session, small.office, question, None, "working_on_it", small.now, edition="x", before=before)
    assert len(told(small)) == 2 and small.all(OutboxMessage, id=first.id)[0].state == "claimed"
