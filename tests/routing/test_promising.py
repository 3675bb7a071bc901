"""What was promised first is what counts: nobody keeps a promise by making another one."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from routing import coordinating, counting, migrate, publishing, reports, tiers
from routing.handing import hand_to_coordinator
from routing.models import Expert, Question
from routing.months import Month
from routing.people import find_address
from tests.routing.test_tables import back_to
from tests.world import ASKER_MAIL, DESK, SECOND

BY = "user:1"


def do(world, act, *args, **more):
    with world.store.transaction() as session:
        return act(session, world.office, session.get_one(Question, 1), *args, now=world.now, **more)


def kept(world):
    """(in time, late, overdue now) as the console and as the public see it."""
    month = Month.of(world.question().created_at)
    span = reports.Span(month.begins, month.shifted(2).begins)
    with world.store.snapshot() as session:
        rows = counting.report(session, span, world.now).tables["tiers"].rows
        [public] = {one.promise for one in publishing.asked_in(session, month, world.now)}
    numbers = tuple(sum(row[place] for row in rows) for place in (2, 3, 4))
    assert public is {(1, 0, 0): True, (0, 1, 0): False, (0, 0, 1): False, (0, 0, 0): None}[numbers]
    return numbers


def expert(world, address):
    with world.store.snapshot() as session:
        person = find_address(session, "email", address).person_id
        return session.query(Expert).filter_by(person_id=person).one().id


def test_a_question_answered_by_its_date_is_in_time(small):
    small.answered()
    assert kept(small) == (1, 0, 0)


@pytest.mark.parametrize("moved", ["given to somebody else", "extended", "handed to a coordinator"])
def test_a_promise_that_was_moved_after_it_was_broken_stays_broken(small, moved):
    small.assigned()
    first = small.question().promised_at
    small.now = first + timedelta(hours=1)
    if moved == "extended":
        do(small, coordinating.extend, 5, "a fair", by=BY)
    elif moved == "given to somebody else":
        do(small, coordinating.assign_to, expert(small, SECOND), by=BY)
    else:
        do(small, hand_to_coordinator, "no_answer_yet")
    assert small.question().promised_at > small.now and small.question().first_promised_at == first
    assert kept(small) == (0, 0, 1)
    do(small, coordinating.answer, "By lorry.", by=BY)
    assert kept(small) == (0, 1, 0)


def test_extended_before_its_end_and_answered_by_the_second_date_is_late(small):
    small.assigned()
    first = small.question().promised_at
    do(small, coordinating.extend, 5, "a fair", by=BY)
    small.now = first + timedelta(days=1)
    do(small, coordinating.answer, "By lorry.", by=BY)
    assert small.question().answered_at < small.question().promised_at and kept(small) == (0, 1, 0)


def test_another_tier_is_a_new_promise_only_by_the_asker_s_own_choice(small):
    small.assigned()
    first = small.question().promised_at
    do(small, tiers.change, "extended", by=BY)
    assert small.question().first_promised_at == first < small.question().promised_at
    do(small, tiers.change, "standard", by="asker")
    do(small, tiers.change, "extended", by="asker")
    assert small.question().first_promised_at == small.question().promised_at > first


def test_the_time_that_the_asker_was_waited_for_is_given_to_the_promise_as_well(small):
    small.mail(DESK, "Question for the policy maker: which trades?", to=small.assigned())
    first = small.question().first_promised_at
    small.now += timedelta(days=4)
    small.mail(ASKER_MAIL, "Welding.", to=small.letter("ask_back", ASKER_MAIL))
    assert small.question().first_promised_at == small.question().promised_at > first


def test_a_promise_that_was_kept_is_over_when_the_asker_asks_on(small):
    answer = small.answered()
    small.now += timedelta(days=2)
    small.mail(ASKER_MAIL, "And what did it cost?", to=answer)
    assert small.assignments()[-1][1] == "offered"
    assert small.question().first_promised_at == small.question().promised_at


def test_a_promise_that_was_broken_stays_so_when_the_asker_asks_on(small):
    letter = small.assigned()
    first = small.question().promised_at
    do(small, coordinating.extend, 5, "a fair", by=BY)
    small.now = first + timedelta(days=1)
    small.mail(DESK, "By lorry.", to=letter)
    small.mail(ASKER_MAIL, "And what did it cost?", to=small.letter("answer", ASKER_MAIL))
    assert small.assignments()[-1][1] == "offered" and small.question().first_promised_at == first


def test_a_change_of_the_first_promise_makes_the_counts_of_its_month_old(small):
    small.assigned()
    with small.store.transaction() as session:
        before = session.scalar(text("SELECT sum(times) FROM month_mark"))
        session.get_one(Question, 1).first_promised_at += timedelta(days=1)
        session.flush()
        assert session.scalar(text("SELECT sum(times) FROM month_mark")) > before


def test_what_was_promised_before_the_first_date_was_kept_counts_as_promised_first(small):
    small.assigned()
    back_to(small.store, "0021")
    migrate.upgrade(small.store)
    assert small.question().first_promised_at == small.question().promised_at is not None
