"""Sweeps: what is due happens once, late ticks catch up without bursts, nights are quiet, nobody is forgotten."""

from datetime import UTC, datetime, timedelta

import pytest

from routing import assigning, sweeps
from routing.checks import breaches
from routing.models import Assignment, Event, Expert, OutboxMessage, Question
from tests.world import ASKER_MAIL, CHAT, COORDINATOR, DEPUTY, DESK, OTHER_QUESTION, SECOND, THIRD, leaves

DAY = timedelta(days=1)


def sweep_twice(world):
    """A tick that comes twice does nothing the second time."""
    world.sweep()
    before = (len(world.letters()), len(world.all(Event)), world.assignments())
    world.sweep()
    assert (len(world.letters()), len(world.all(Event)), world.assignments()) == before


def days(world, count):
    """Time passes, with ten ticks a day; each comes twice."""
    for _ in range(count * 10):
        world.now += timedelta(hours=2.4)
        sweep_twice(world)


def test_silence_about_fiches_is_asked_about_once_and_then_closed(small):
    small.proposed()
    days(small, 5)
    assert len(small.letters("proposal_reminder")) == 1 and small.question().next_action == "close silent"
    days(small, 10)
    assert small.question().closed_because == "no_verdict" and len(small.letters("closed")) == 1


def test_after_a_long_time_down_silence_is_closed_without_a_reminder(small):
    small.proposed()
    small.now += 30 * DAY
    sweep_twice(small)
    assert small.letters("proposal_reminder") == [] and small.question().state == "closed"


def test_a_late_word_opens_it_again(small):
    small.proposed()
    small.now += 30 * DAY
    small.sweep()
    small.mail(ASKER_MAIL, "We have no firms at all, only farms.", to=small.letter("closed", ASKER_MAIL))
    assert small.question().waiting_for == "coordinator" and small.events("reopened")


def test_much_later_a_word_is_a_new_question(small):
    small.proposed()
    small.now += 30 * DAY
    small.sweep()
    small.now += 60 * DAY
    row = small.mail(ASKER_MAIL, "Who pays for the teachers?", to=small.letter("closed", ASKER_MAIL))
    assert "the earlier one is closed" in row.outcome and len(small.all(Question)) == 2


def test_an_unclear_question_is_closed_after_silence(small):
    small.unclear()
    small.run_until(small.now + 20 * DAY, timedelta(hours=6))
    assert small.question().closed_because == "no_clarification" and small.letter("closed", CHAT)


def test_an_expert_who_asked_back_need_not_wait_for_ever(small):
    small.mail(DESK, "Question for the asker: how many villages?", to=small.assigned())
    small.run_until(small.now + 20 * DAY, timedelta(hours=6))
    assert small.question().closed_because == "no_clarification" and small.letters("moved_on", DESK)
    assert small.assignments() == [(DESK, "withdrawn")] and small.letters("reminder") == []


def test_reminders_come_in_the_expert_s_working_hours_and_once(small):
    small.mail(DESK, "Accept", to=small.assigned())
    days(small, 20)
    stages = [event.detail["stage"] for event in small.events("reminded")]
    assert stages[:3] == ["halfway", "due_soon", "overdue"] and len(small.letters("reminder", DESK)) == len(
        [event for event in small.events("reminded") if event.detail["expert"] == "Apprenticeship desk"]
    )
    for letter in small.letters("reminder", DESK):
        assert letter.created_at.weekday() < 5 and 7 <= letter.created_at.hour < 17


def test_no_word_leads_to_a_reminder_and_then_to_the_next(small):
    small.assigned()
    days(small, 9)
    assert small.events("reminded")[0].detail["stage"] == "accept"
    assert small.assignments()[:2] == [(DESK, "lapsed"), (DEPUTY, "offered")]


def test_a_question_that_nobody_has_goes_to_a_coordinator(small):
    small.assigned()
    with small.store.transaction() as session:
        assignment = session.query(Assignment).one()
        assignment.state, assignment.settled_at = "withdrawn", small.now
        question = session.query(Question).one()
        question.next_action_at = small.now
    assert small.sweep() == ["nobody was at work on it: given to a coordinator"]
    assert small.question().waiting_for == "coordinator" and small.letters("co_question", COORDINATOR)


def test_of_a_panel_the_others_go_on(small):
    small.assigned()
    with small.store.transaction() as session:
        question = session.query(Question).one()
        third = session.get(Expert, question.roster[2]["expert"])
        assigning.assign(session, small.office, question, third, [], small.now, tell_asker="")
    small.mail(DESK, "Decline", to=small.letter("assignment", DESK))
    assert small.assignments() == [(DESK, "declined"), (SECOND, "offered")]
    small.mail(SECOND, "We leased a lorry.", to=small.letter("assignment", SECOND))
    assert small.question().state == "answered"


def test_once_one_of_a_panel_has_answered_the_others_may_rest(small):
    small.assigned()
    with small.store.transaction() as session:
        question = session.query(Question).one()
        third = session.get(Expert, question.roster[2]["expert"])
        assigning.assign(session, small.office, question, third, [], small.now, tell_asker="")
    small.mail(DESK, "We leased a lorry.", to=small.letter("assignment", DESK))
    assert small.assignments() == [(DESK, "answered"), (SECOND, "withdrawn")] and small.letters("moved_on", SECOND)


def test_what_an_expert_has_open_moves_on_when_they_leave(small):
    small.assigned()
    with small.store.transaction() as session:
        leaves(session, DESK)
    sweep_twice(small)
    assert small.assignments() == [(DESK, "withdrawn"), (DEPUTY, "offered")] and small.letters("holding", ASKER_MAIL)


def test_it_moves_on_too_while_the_expert_waits_for_the_asker(small):
    small.mail(DESK, "Question for the asker: how many villages?", to=small.assigned())
    with small.store.transaction() as session:
        leaves(session, DESK)
    sweep_twice(small)
    assert small.assignments() == [(DESK, "withdrawn"), (DEPUTY, "offered")]


@pytest.mark.parametrize("who", [(DESK, DEPUTY, SECOND, THIRD), (DESK, DEPUTY)])
def test_who_is_gone_or_away_is_passed_over(small, who):
    letter = small.assigned()
    with small.store.transaction() as session:
        for address in who[1:]:
            leaves(session, address)
    small.mail(DESK, "Away until 8 January", to=letter)
    last = small.assignments()[-1]
    assert last == ((DESK, "declined") if len(who) == 4 else (SECOND, "offered"))
    assert small.question().waiting_for == ("coordinator" if len(who) == 4 else "expert")
    assert small.events("away")[0].detail["until"] == "2027-01-08"


def test_act_does_nothing_that_is_not_due(small):
    small.assigned()
    with small.store.transaction() as session:
        assert sweeps.act(session, small.office, small.question().id, small.now) is None
        assert sweeps.act(session, small.office, 999, small.now) is None


NIGHT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def test_letters_that_nobody_asked_for_wait_for_the_morning_in_a_chat(small):
    small.chat(OTHER_QUESTION)
    small.search()
    assert small.letter("receipt", CHAT).next_attempt_at == small.now, "a receipt answers what was just done"
    small.now = NIGHT
    with small.store.transaction() as session:
        leaves(session, DESK)
    small.sweep()
    holding = small.letter("holding", CHAT)
    assert holding.next_attempt_at == datetime(2026, 11, 24, 7, 0, tzinfo=UTC), "08:00 in Brussels"
    small.mail(DEPUTY, "We leased a lorry.", to=small.letter("assignment", DEPUTY))
    assert small.all(OutboxMessage, id=holding.id)[0].state == "cancelled", "the answer has overtaken it"
    assert small.letter("answer", CHAT).next_attempt_at == NIGHT


def test_withdrawing_at_night_is_confirmed_at_night(small):
    small.now = NIGHT
    small.chat(OTHER_QUESTION)
    small.search()
    with small.store.transaction() as session:
        session.query(OutboxMessage).filter_by(kind="receipt").one().external_id = "tg:501:9"
    small.chat("Stop", references=("tg:501:9",))
    assert small.letter("closed", CHAT).next_attempt_at == NIGHT
    small.mail(ASKER_MAIL, OTHER_QUESTION)
    small.search()
    small.mail(ASKER_MAIL, "Stop", to=small.letter("receipt", ASKER_MAIL))
    assert small.letter("stopped", ASKER_MAIL).next_attempt_at == NIGHT and small.letters("moved_on", DESK)


def test_mail_does_not_wait_for_the_morning(small):
    small.assigned()
    small.now = NIGHT
    with small.store.transaction() as session:
        leaves(session, DESK)
    small.sweep()
    assert small.letter("holding", ASKER_MAIL).next_attempt_at == NIGHT


def test_a_long_life_breaks_no_promise(small):
    """Twelve questions, each treated in another way, sixty days: at no tick is a promise broken."""
    words = (
        "Accept",
        "Decline",
        "5 more days",
        "We leased a lorry.",
        "Question for the asker: how many?",
        "Away until 8 January",
    )
    for number in range(12):
        letter = small.assigned(f"{OTHER_QUESTION} (part {chr(ord('a') + number)})")
        small.now += timedelta(minutes=2)
        small.mail(DESK, words[number % len(words)], to=letter)
    for _ in range(120):
        small.now += timedelta(hours=12)
        small.sweep()
        small.search()
        assert look(small) == []
    assert {question.state for question in small.all(Question)} <= {"assigned", "closed", "answered"}
    changes = [question.revision for question in small.all(Question)]
    assert len(changes) == 12 and all(changes) and len(small.all(Event)) >= sum(changes)


def look(world):
    with world.store.snapshot() as session:
        return breaches(session, world.now)
