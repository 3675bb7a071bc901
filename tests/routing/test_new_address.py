"""An expert's address changes in the directory: letters follow, and a slip of the pen or a stranger gets none of them."""

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from routing import directory, outbox, registering, signin
from routing.errors import Unreachable
from routing.models import Absence, Address, Expert, OutboxMessage
from routing.people import STOPPED, mark_dead, reachable
from routing.values import FailedRecipient, Kind
from tests.routing.test_odd_turns import DAY, days, expert_id
from tests.world import ASKER_MAIL, DEPUTY, DESK, EXPERTS

NEW = "desk@new-trento.example"


def row_of(address, **changes):
    return next(row for row in EXPERTS if row["email"] == address) | changes


def test_an_expert_with_a_new_address_keeps_the_question(small):
    letter = small.assigned()
    with small.store.transaction() as session:
        row = row_of(DESK, email="Desk@New-Trento.example", former_email=DESK)
        directory.import_experts(session, [row], small.now, small.office)
        directory.import_experts(session, [row], small.now, small.office)
    assert len(small.all(Expert)) == 4
    days(small, 3)
    assert small.letters("reminder", "desk@new-trento.example") and not small.letters("reminder", DESK)
    small.mail("desk@new-trento.example", "We leased a lorry.", to=letter)
    assert "leased a lorry" in small.letter("answer", ASKER_MAIL).text


def at_a_new_address(world, address="desk@new-trento.example"):
    with world.store.transaction() as session:
        directory.import_experts(session, [row_of(DESK, email=address, former_email=DESK)], world.now, world.office)


def addresses(world):
    [now] = world.all(Address, address="desk@new-trento.example")
    return {one.address: one.dead_at is None for one in world.all(Address, person_id=now.person_id)}


def test_a_letter_that_has_not_gone_yet_goes_to_the_new_address(small):
    letter = small.assigned()
    at_a_new_address(small)
    assert letter.state == "queued" and [one.id for one in small.letters("assignment", "desk@new-trento.example")] == [letter.id]


def test_a_slip_of_the_pen_gets_no_letter_any_more_but_a_desk_that_wrote_from_there_may(small):
    letter = small.assigned()
    at_a_new_address(small)
    assert addresses(small) == {"desk@new-trento.example": True, DESK: False}
    small.mail(DESK, "accept", to=letter)
    assert addresses(small) == {"desk@new-trento.example": True, DESK: True}, "who writes from it reads there"
    at_a_new_address(small)
    assert addresses(small) == {"desk@new-trento.example": True, DESK: True}


def test_an_address_of_somebody_else_is_not_taken_over(small):
    with small.store.transaction() as session, pytest.raises(directory.DirectoryError, match="somebody else's address"):
        directory.import_experts(session, [row_of(DESK, email=DEPUTY, former_email=DESK)], small.now, small.office)


def test_an_absence_that_a_file_brings_moves_what_the_expert_has(small):
    small.assigned()
    until = (small.now + 40 * DAY).date()
    row = row_of(DESK, absences=f"{small.now.date()}/{until}")
    for _ in range(2):
        with small.store.transaction() as session:
            directory.import_experts(session, [row], small.now, small.office)
    assert small.assignments() == [(DESK, "declined"), (DEPUTY, "offered")] and len(small.all(Absence)) == 1
    assert "away" in small.letter("holding", ASKER_MAIL).text


def working(world, address):
    """Where letters go to whoever has this address."""
    with world.store.snapshot() as session:
        person = session.scalars(select(Address.person_id).where(Address.address == address)).one()
        return reachable(session, person).address


def leaving(world):
    """Which letter goes to which address now."""
    with world.store.transaction() as session:
        return [(one.letter.kind, one.letter.address) for one in outbox.claim(session, worker="w", now=world.now, limit=100)]


@pytest.mark.parametrize("facts", [{"kind": Kind.AUTO_REPLY}, {"proven": False}])
def test_what_a_machine_or_anybody_could_have_sent_from_there_does_not_count_as_writing(small, facts):
    small.mail(DESK, "There is no such office here.", to=small.assigned(), **facts)
    at_a_new_address(small)
    assert addresses(small) == {NEW: True, DESK: False}


def test_who_wrote_from_an_address_with_umlauts_reads_there(small):
    """SQLite makes small letters of ASCII alone."""
    with small.store.transaction() as session:
        directory.import_experts(
            session, [row_of(DESK, email="büro@rathaus.example", former_email=DESK)], small.now, small.office
        )
    small.mail("BÜRO@rathaus.example", "How do you train tinsmiths in small towns, please?")
    with small.store.transaction() as session:
        directory.import_experts(session, [row_of(DESK, email=NEW, former_email="büro@rathaus.example")], small.now, small.office)
    assert addresses(small)["büro@rathaus.example"]


def test_a_correction_that_is_taken_back_works_again(small):
    small.assigned()
    at_a_new_address(small)
    with small.store.transaction() as session:
        directory.import_experts(session, [row_of(DESK, email=DESK, former_email=NEW)], small.now, small.office)
    assert working(small, DESK) == DESK
    days(small, 4)
    assert small.letters("reminder", DESK)


def test_an_address_that_had_failed_and_is_entered_again_is_tried_again(small):
    letter = small.assigned()
    with small.store.transaction() as session:
        person = session.scalars(select(Address.person_id).where(Address.address == DESK)).one()
        there = Address(person_id=person, channel="email", address=NEW, rank=5)
        session.add(there)
        mark_dead(there, "no such mailbox", small.now)
    at_a_new_address(small)
    assert working(small, NEW) == NEW and letter.id in [one.id for one in small.letters("assignment", NEW)]


def test_whoever_asked_us_to_stop_is_not_written_to_by_a_correction(small):
    with small.store.transaction() as session:
        person = session.scalars(select(Address.person_id).where(Address.address == DESK)).one()
        there = Address(person_id=person, channel="email", address=NEW, rank=5)
        session.add(there)
        mark_dead(there, STOPPED, small.now)
    small.assigned()
    with pytest.raises(directory.DirectoryError, match="asked us to stop writing"):
        at_a_new_address(small)
    assert working(small, DESK) == DESK and NEW not in [to for _, to in leaving(small)]


def test_a_letter_that_was_leaving_is_not_tried_again_at_a_slip_of_the_pen(small):
    small.assigned()
    with small.store.transaction() as session:
        claims = outbox.claim(session, worker="w", now=small.now, limit=100)
    at_a_new_address(small)
    with small.store.transaction() as session:
        for one in claims:
            outbox.settle_failure(session, one, Unreachable("come back later"), small.now, small.office.policy.outbox, Random(1))
    small.now += DAY
    assert DESK not in [to for _, to in leaving(small)]
    assert small.letters("assignment", DESK)[-1].state == "failed"


def test_what_bounces_for_now_from_a_slip_of_the_pen_is_not_sent_there_again(small):
    letter = small.assigned()
    small.send_all()
    at_a_new_address(small)
    full = (FailedRecipient(DESK, hard=False, status="4.2.2"),)
    small.mail("mailer-daemon@mx.example", "report", kind=Kind.BOUNCE, references=(letter.message_id,), failed=full)
    small.now += timedelta(days=3)
    assert DESK not in [to for _, to in leaving(small)]


def test_a_link_that_lets_somebody_in_stays_at_the_address_that_asked_for_it(small):
    """Whoever may correct the directory could otherwise have an administrator's link sent to themselves."""
    with small.store.transaction() as session:
        directory.add_user(session, DESK, "admin", small.now)
    with small.store.transaction() as session:
        signin.request_link(session, small.office, DESK, small.now)
    expert = expert_id(small, DESK)
    with small.store.transaction() as session:
        row = registering.entry_of_expert(session, expert)
        seen = registering.mark(row)
        registering.correct_expert(session, small.office, expert, row | {"email": NEW}, seen, by="user:1", now=small.now)
    assert not small.letters("sign_in", NEW) and len(small.letters("sign_in", DESK)) == 1
    assert [one.kind for one in small.all(OutboxMessage) if one.kind == "sign_in"] == ["sign_in"]
