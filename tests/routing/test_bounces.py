"""Reports of machines: a bounce of our own letter opens the delivery again, anything else changes nothing."""

from datetime import date, timedelta

import pytest

from routing import bounces
from routing.models import Absence, Address, OutboxMessage
from routing.people import SOFT_BOUNCES_UNTIL_DEAD
from routing.values import FailedRecipient, Kind
from tests.world import ASKER_MAIL, COORDINATOR, DEPUTY, DESK


def bounce(world, letter=None, **facts):
    about = (letter.message_id,) if letter is not None else ()
    told = {"kind": Kind.BOUNCE, "references": about, "failed": (FailedRecipient(DESK, hard=True, status="5.1.1"),)}
    return world.mail("mailer-daemon@mx.example", "report", **(told | facts))


def address(world, of=DESK):
    return world.all(Address, address=of)[0]


def test_a_dead_address_moves_the_question_on(small):
    letter = small.assigned()
    small.send_all()
    assert "next route" in bounce(small, letter).outcome
    assert address(small).dead_at is not None
    assert small.assignments() == [(DESK, "bounced"), (DEPUTY, "offered")]
    assert small.letters("holding", ASKER_MAIL) and small.letters("co_delivery", COORDINATOR)
    assert small.all(OutboxMessage, id=letter.id)[0].state == "failed"


@pytest.mark.parametrize("status", ["5.7.1", "5.3.4", "5.4.6"])
def test_a_letter_refused_for_what_it_is_moves_on_and_the_address_lives(small, status):
    """Sent again it would be refused again; but the next letter may well arrive."""
    letter = small.assigned()
    small.send_all()
    assert "refused" in bounce(small, letter, failed=(FailedRecipient(DESK, hard=False, status=status),)).outcome
    assert address(small).dead_at is None and address(small).soft_bounces == 0
    assert small.assignments() == [(DESK, "bounced"), (DEPUTY, "offered")] and small.letters("co_delivery", COORDINATOR)


def test_the_same_bounce_again_changes_nothing(small):
    letter = small.assigned()
    small.send_all()
    bounce(small, letter)
    before = (small.assignments(), len(small.letters()))
    bounce(small, letter)
    assert (small.assignments(), len(small.letters())) == before


def test_a_forged_bounce_silences_nobody(small):
    small.assigned()
    small.send_all()
    assert "not ours" in bounce(small).outcome
    assert "not ours" in bounce(small, references=("<made-up@network.example>",), tokens=("0" * 28,)).outcome
    assert address(small).dead_at is None and small.assignments() == [(DESK, "offered")]


def test_the_token_of_the_return_path_names_the_letter(small):
    letter = small.assigned()
    small.send_all()
    bounce(small, to=letter)
    assert small.assignments()[0] == (DESK, "bounced")


def test_soft_bounces_are_sent_again_until_there_are_too_many(small):
    letter = small.assigned()
    full = (FailedRecipient(DESK, hard=False, status="4.2.2"),)
    for _ in range(SOFT_BOUNCES_UNTIL_DEAD - 1):
        small.send_all()
        assert "temporary" in bounce(small, letter, failed=full).outcome
        small.now += bounces.SOFT_RETRY_AFTER
    assert {one.message_id for one in small.letters("assignment", DESK)} == {letter.message_id}
    small.send_all()
    bounce(small, letter, failed=full)
    assert address(small).dead_at is not None


@pytest.mark.parametrize(
    "failed",
    [
        (FailedRecipient(DESK, hard=False, status="4.4.1", delayed=True),),
        (FailedRecipient("a@x.example", hard=True), FailedRecipient("b@x.example", hard=True)),
        (),
    ],
)
def test_a_delay_or_a_report_about_others_changes_nothing(small, failed):
    letter = small.assigned()
    small.send_all()
    assert "delayed" in bounce(small, letter, failed=failed).outcome
    assert small.assignments() == [(DESK, "offered")] and address(small).dead_at is None


def test_the_next_address_of_a_person_is_tried_first_and_once(small):
    letter = small.assigned()
    small.send_all()
    with small.store.transaction() as session:
        person = session.query(Address).filter_by(address=DESK).one().person_id
        session.add(Address(person_id=person, channel="email", address="second@trento.example", rank=1))
    bounce(small, letter)
    copy = small.letter("assignment", "second@trento.example")
    assert (copy.text, copy.reply_to, copy.state) == (letter.text, letter.reply_to, "queued")
    assert small.assignments()[0] == (DESK, "offered")
    bounce(small, letter)
    assert len(small.letters("assignment", "second@trento.example")) == 1


def test_an_asker_who_cannot_be_reached_is_told_to_coordinators(small):
    answer = small.answered()
    small.send_all()
    bounce(small, answer, failed=(FailedRecipient(ASKER_MAIL, hard=True),))
    told = small.letter("co_delivery", COORDINATOR)
    assert small.question().number in told.text + told.subject


def test_a_dead_coordinator_is_not_written_about_to_themselves(small):
    small.answered()
    small.send_all()
    draft = small.letter("co_draft", COORDINATOR)
    bounce(small, draft, failed=(FailedRecipient(COORDINATOR, hard=True),))
    assert small.letters("co_delivery") == [] and address(small, COORDINATOR).dead_at is not None


def test_an_expert_who_writes_again_is_alive_again(small):
    letter = small.assigned()
    small.send_all()
    bounce(small, letter)
    small.mail(DESK, "We are back.", to=letter)
    assert address(small).dead_at is None


def test_an_automatic_reply_with_a_day_is_an_absence_and_stops_no_clock(small):
    letter = small.assigned()
    until = (small.now + timedelta(days=3)).date()
    due = small.question().next_action_at
    row = small.mail(DESK, "I am away.", to=letter, kind=Kind.AUTO_REPLY, absent_until=until)
    assert row.outcome == f"auto-reply: away until {until}" and small.question().next_action_at == due
    [absence] = small.all(Absence)
    assert absence.last_day == until.isoformat()
    small.mail(DESK, "I am away.", to=letter, kind=Kind.AUTO_REPLY, absent_until=until)
    assert len(small.all(Absence)) == 1 and small.letters("answer") == []


@pytest.mark.parametrize("until", [None, date(2031, 1, 1), date(2020, 1, 1)])
def test_an_automatic_reply_without_a_likely_day_is_only_noted(small, until):
    small.mail(DESK, "Away.", to=small.assigned(), kind=Kind.AUTO_REPLY, absent_until=until)
    assert small.all(Absence) == [] and small.events("machine-wrote")


def test_an_automatic_reply_of_an_asker_is_noted(small):
    small.assigned()
    row = small.mail(
        ASKER_MAIL, "Away.", to=small.letter("receipt", ASKER_MAIL), kind=Kind.AUTO_REPLY, absent_until=date(2026, 12, 1)
    )
    assert row.outcome == "auto-reply: noted" and small.all(Absence) == []


def test_an_ambiguous_letter_is_told_to_coordinators_but_not_its_own_reader(small):
    letter = small.assigned()
    with small.store.transaction() as session:
        bounces.tell_ambiguous(session, small.office, session.get(OutboxMessage, letter.id), small.now)
    told = small.letter("co_ambiguous", COORDINATOR)
    with small.store.transaction() as session:
        bounces.tell_ambiguous(session, small.office, session.get(OutboxMessage, told.id), small.now)
    assert len(small.letters("co_ambiguous")) == 1 and len(small.events("letter-ambiguous")) == 2
