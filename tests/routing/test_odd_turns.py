"""Odd turns that a question takes in real life: more time, a panel that shrinks, words that come late or twice.

Each story looks at what people are told, and when; the wrong word to a person is the bug.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select

from routing import assigning, closing, coordinating, held, joining, outbox, recounting
from routing.calendars import calendar_of
from routing.checks import breaches
from routing.deadlines import next_working_moment
from routing.models import Address, Assignment, Authority, Expert, Question
from routing.people import mark_dead
from routing.values import AttachedFile, Sent
from tests.world import ASKER_MAIL, COORDINATOR, DEPUTY, DESK, OTHER_QUESTION, SECOND, THIRD, World

DAY = timedelta(days=1)


@pytest.fixture
def world(store, tmp_path):
    return World(store, tmp_path / "index")


def days(world, count, step=timedelta(hours=6)):
    world.run_until(world.now + count * DAY, step)


def acting(world, act, *facts, **more):
    """What a coordinator does to the only question."""
    with world.store.transaction() as session:
        return act(session, world.office, session.query(Question).order_by(Question.id).first(), *facts, by="user:1", now=world.now, **more)


def expert_id(world, address):
    with world.store.snapshot() as session:
        found = select(Expert.id).join(Address, Address.person_id == Expert.person_id).where(Address.address == address)
        return session.scalars(found).one()


def beside(world, *addresses):
    """The desk and these are asked together; returns their letters by address."""
    world.assigned()
    for address in addresses:
        acting(world, coordinating.ask_also, expert_id(world, address))
    return {address: world.letter("assignment", address) for address in (DESK, *addresses)}


def asked_together(world, *addresses):
    """A panel by policy: the asker is promised the first of their deadlines."""
    world.mail(ASKER_MAIL, OTHER_QUESTION)
    with world.store.transaction() as session:
        panel = [session.get_one(Expert, expert_id(world, one)) for one in addresses]
        others = [(one, []) for one in panel[1:]]
        assigning.assign(session, world.office, session.query(Question).one(), panel[0], [], world.now, others=others)
    return {address: world.letter("assignment", address) for address in addresses}


def of(world, address):
    """The latest assignment of an expert."""
    theirs = expert_id(world, address)
    return [one for one in world.all(Assignment) if one.expert_id == theirs][-1]


def owner(world):
    question = world.question()
    return question.state, question.waiting_for, question.next_action


def reminders(world, address=DESK):
    return [(letter.created_at, letter.text) for letter in world.letters("reminder", address)]


# ------------------------------------------------------------------------------------------ more time


def test_with_more_days_nobody_is_told_that_the_old_deadline_has_passed(small):
    small.mail(DESK, "Accetto", to=small.assigned())
    days(small, 9)
    small.mail(DESK, "5 giorni in più", to=small.letter("assignment", DESK))
    before, [assignment] = len(reminders(small)), small.all(Assignment)
    small.run_until(assignment.deadline_at, timedelta(hours=6))
    [(written, _)] = reminders(small)[before:]
    assert assignment.deadline_at - 4 * DAY < written < assignment.deadline_at, "reminded shortly before the new deadline"
    assert small.assignments() == [(DESK, "accepted")]
    days(small, 1)
    assert len(reminders(small)) == before + 2 and small.events("reminded")[-1].detail["stage"] == "overdue"


def test_whoever_got_more_days_keeps_the_grace_in_working_time(small):
    small.mail(DESK, "Accetto", to=small.assigned())
    acting(small, coordinating.extend, 3, "a fair")
    [assignment] = small.all(Assignment)
    assert assignment.deadline_at.weekday() == 4, "a Friday: grace must not run out over the weekend"
    with small.store.snapshot() as session:
        trento = session.query(Authority).filter_by(slug="trento").one()
        moment = assignment.escalate_at - timedelta(seconds=1)
        assert next_working_moment(moment, calendar_of(trento)) == moment and assignment.escalate_at > assignment.deadline_at


def test_a_long_deadline_is_recalled_a_week_before_and_the_day_before(small):
    small.assigned()
    acting(small, coordinating.set_tier, "extended")
    small.mail(DESK, "Accetto", to=small.letter("assignment", DESK))
    [assignment] = small.all(Assignment)
    small.run_until(assignment.deadline_at, timedelta(hours=6))
    stages = [event.detail["stage"] for event in small.events("reminded")]
    assert stages == ["halfway", "due_soon", "due_soon"] and len(reminders(small)) == 3


def test_a_changed_calendar_moves_reminders_with_the_deadline(small):
    small.mail(DESK, "Accetto", to=small.assigned())
    with small.store.transaction() as session:
        trento = session.query(Authority).filter_by(slug="trento").one()
        trento.exceptions = {f"2026-12-{day:02}": "closed" for day in range(3, 8)}
        assert recounting.after_calendar(session, small.office, trento, small.now) == 1
    [assignment] = small.all(Assignment)
    small.run_until(assignment.deadline_at, timedelta(hours=6))
    assert [event.detail["stage"] for event in small.events("reminded")] == ["halfway", "due_soon"]
    assert all("passed" not in text and "scadut" not in text for _, text in reminders(small))
    assert small.letter("new_date", ASKER_MAIL)


def test_everybody_of_a_panel_may_ask_for_more_days_once(small):
    letters = beside(small, SECOND)
    for address in (DESK, SECOND):
        before = of(small, address).deadline_at
        small.mail(address, "3 giorni in più", to=letters[address])
        assert of(small, address).deadline_at > before
        once = of(small, address).deadline_at
        small.mail(address, "3 giorni in più", to=letters[address])
        assert of(small, address).deadline_at == once


def test_the_next_expert_may_ask_for_more_days_though_the_first_did(small):
    letter = small.assigned()
    small.mail(DESK, "3 giorni in più", to=letter)
    small.mail(DESK, "Decline: flu", to=letter)
    before = of(small, DEPUTY).deadline_at
    small.mail(DEPUTY, "2 giorni in più", to=small.letter("assignment", DEPUTY))
    assert of(small, DEPUTY).deadline_at > before


# ------------------------------------------------------------------------------------------ a question back

ASKS = "Question for the policy maker: which trades?"


def test_who_answers_without_waiting_for_the_asker_ends_the_pause(small):
    letter = small.assigned()
    small.mail(DESK, ASKS, to=letter)
    days(small, 5)
    small.mail(DESK, "For all trades alike: we leased a lorry.", to=letter)
    days(small, 3)
    small.mail(ASKER_MAIL, "And what did it cost?", to=small.letter("answer", ASKER_MAIL))
    due = of(small, DESK).deadline_at
    small.mail(ASKER_MAIL, "I forgot: in euro, please.", to=small.letter("reopened", ASKER_MAIL))
    assert of(small, DESK).deadline_at == due == small.question().promised_at


def test_after_a_question_back_the_next_expert_is_not_given_time_that_another_lost(small):
    letter = small.assigned()
    small.mail(DESK, ASKS, to=letter)
    days(small, 5)
    small.mail(DESK, "Decline: no capacity", to=letter)
    due = of(small, DEPUTY).deadline_at
    assert owner(small) == ("assigned", "expert", "watch assignments")
    small.mail(ASKER_MAIL, "Welding.", to=small.letter("ask_back", ASKER_MAIL))
    assert of(small, DEPUTY).deadline_at == due
    assert "Welding" in small.letter("asker_replied", DEPUTY).text


def test_who_asks_twice_gets_all_the_time_back(small):
    letter = small.assigned()
    before = of(small, DESK).deadline_at
    small.mail(DESK, ASKS, to=letter)
    days(small, 4)
    small.mail(DESK, "Question for the policy maker: in which villages?", to=letter)
    days(small, 1)
    small.mail(ASKER_MAIL, "Welding, in all of them.", to=small.letter("ask_back", ASKER_MAIL))
    assert of(small, DESK).deadline_at >= before + 5 * DAY


def test_while_the_asker_is_asked_more_days_do_not_start_the_clock(small):
    letter = small.assigned()
    small.mail(DESK, ASKS, to=letter)
    small.mail(DESK, "3 giorni in più", to=letter)
    assert owner(small) == ("assigned", "asker", "close unclarified")
    due = of(small, DESK).deadline_at
    days(small, 4)
    assert reminders(small) == []
    small.mail(ASKER_MAIL, "Welding.", to=small.letter("ask_back", ASKER_MAIL))
    assert of(small, DESK).deadline_at > due and owner(small)[1] == "expert"


def test_a_silent_asker_stops_only_who_asked_them(small):
    letters = beside(small, SECOND)
    small.mail(DESK, ASKS, to=letters[DESK])
    small.mail(SECOND, "Accetto", to=letters[SECOND])
    assert owner(small) == ("assigned", "asker", "close unclarified")
    due = of(small, SECOND).deadline_at
    days(small, 17)
    assert small.assignments() == [(DESK, "withdrawn"), (SECOND, "accepted")]
    assert owner(small) == ("assigned", "expert", "watch assignments") and small.question().promised_at > due
    assert small.letters("moved_on", DESK) and not small.letters("moved_on", SECOND) and not small.letters("closed")
    assert small.letter("holding", ASKER_MAIL)


def test_when_who_asked_the_asker_gives_up_the_rest_of_the_panel_goes_on(small):
    letters = beside(small, SECOND)
    small.mail(DESK, ASKS, to=letters[DESK])
    days(small, 5)
    before = of(small, SECOND).deadline_at
    small.mail(DESK, "Decline: no capacity", to=letters[DESK])
    assert of(small, SECOND).deadline_at > before, "the pause was not their fault"
    assert owner(small) == ("assigned", "expert", "watch assignments")
    assert small.question().promised_at == of(small, SECOND).deadline_at and small.letter("holding", ASKER_MAIL)


# ------------------------------------------------------------------------------------------ a panel of three


def test_where_the_quickest_of_three_decline_the_asker_hears_the_later_date(small):
    letters = asked_together(small, DESK, SECOND, THIRD)
    last = max((DESK, SECOND, THIRD), key=lambda one: of(small, one).deadline_at)
    assert small.question().promised_at < of(small, last).deadline_at
    for address in {DESK, SECOND, THIRD} - {last}:
        small.mail(address, "Decline: no capacity", to=letters[address])
    assert small.question().promised_at == of(small, last).deadline_at
    told = small.letters("holding", ASKER_MAIL)
    assert told and all("somebody else" not in one.text for one in told), "nobody else is asked: the last one goes on"


@pytest.fixture
def read_first(small):
    """The desk's answer waits for a coordinator while the second expert has the question too; returns the letters."""
    letters = beside(small, SECOND)
    with small.store.transaction() as session:
        session.query(Authority).filter_by(slug="trento").one().review = "review"
    small.mail(DESK, "We leased a lorry and shared it.", to=letters[DESK])
    assert owner(small) == ("assigned", "coordinator", "nag coordinator")
    return letters


@pytest.mark.parametrize("says", ["Accetto", "3 giorni in più", "Decline: no capacity", ASKS, "away until 2027-03-01"])
def test_an_answer_that_waits_to_be_read_stays_with_the_coordinator(small, read_first, says):
    small.mail(SECOND, says, to=read_first[SECOND])
    assert owner(small) == ("assigned", "coordinator", "nag coordinator")
    assert len(small.letters("assignment")) == 2, "nobody further is asked"
    days(small, 3)
    assert small.letters("co_question", COORDINATOR)
    with small.store.snapshot() as session:
        assert breaches(session, small.now) == []


def test_each_question_back_is_asked_while_an_answer_waits(small, read_first):
    for asks in (ASKS, "Question for the policy maker: in which villages?"):
        small.mail(SECOND, asks, to=read_first[SECOND])
    assert len(small.letters("ask_back", ASKER_MAIL)) == 2


def test_a_word_of_the_asker_takes_no_answer_from_the_coordinator(small, read_first):
    small.mail(ASKER_MAIL, "We mean the small villages.", to=small.letter("receipt", ASKER_MAIL))
    assert owner(small) == ("assigned", "coordinator", "nag coordinator")
    assert "small villages" in small.letter("asker_replied", SECOND).text


# ------------------------------------------------------------------------------------------ who hears what


def test_the_asker_who_explains_hears_the_new_date(small):
    letter = small.assigned()
    small.mail(DESK, ASKS, to=letter)
    days(small, 3)
    small.mail(ASKER_MAIL, "Welding.", to=small.letter("ask_back", ASKER_MAIL))
    told = small.letter("new_date", ASKER_MAIL)
    assert "passed on what you wrote" in told.text and small.question().promised_at == of(small, DESK).deadline_at


def test_thanks_while_an_expert_is_at_work_disturb_nobody(small):
    letter = small.assigned()
    small.mail(DESK, ASKS, to=letter)
    small.mail(ASKER_MAIL, "Thank you!", to=small.letter("receipt", ASKER_MAIL))
    assert not small.letters("asker_replied") and owner(small) == ("assigned", "asker", "close unclarified")


def test_a_picture_without_a_word_is_named_to_the_expert(small):
    small.assigned()
    small.mail(
        ASKER_MAIL, "", to=small.letter("receipt", ASKER_MAIL), attachments=(AttachedFile("workshop.jpg", "image/jpeg", b"\xff"),)
    )
    assert "workshop.jpg" in small.letter("asker_replied", DESK).text


def test_a_second_wish_for_more_days_is_answered(small):
    letter = small.assigned()
    small.mail(DESK, "3 giorni in più", to=letter)
    assert "più tempo" in small.letter("deadline_moved", DESK).text and not small.letters("accepted")
    due = of(small, DESK).deadline_at
    small.mail(DESK, "3 giorni in più", to=letter)
    assert "prorogato una volta" in small.letter("not_extended", DESK).text and of(small, DESK).deadline_at == due


def test_the_expert_of_a_withdrawn_question_is_not_told_that_somebody_else_has_it(small):
    small.assigned()
    small.mail(ASKER_MAIL, "Stop", to=small.letter("receipt", ASKER_MAIL))
    told = small.letter("moved_on", DESK)
    assert "ritirato" in told.text and "altri" not in told.subject


@pytest.mark.parametrize(("how", "word"), [("answered", "risposta"), ("coordinator", "chiuso")])
def test_the_expert_hears_why_a_coordinator_closed_the_question(small, how, word):
    small.assigned()
    with small.store.transaction() as session:
        session.query(Question).one().answered_at = small.now  # by one of several; this one still works on it
    acting(small, closing.close, how, "")
    assert word in small.letter("moved_on", DESK).text


def test_a_reminder_that_has_not_left_yet_never_arrives_after_the_thanks(small):
    small.mail(DESK, "Accetto", to=small.assigned())
    days(small, 8)
    reminder = small.letter("reminder", DESK)
    assert reminder.state == "queued"
    small.mail(ASKER_MAIL, "Stop", to=small.letter("receipt", ASKER_MAIL))
    assert small.letter("reminder", DESK).state == "cancelled" and small.letter("moved_on", DESK).state == "queued"


def test_a_reminder_that_is_leaving_may_arrive(small):
    small.mail(DESK, "Accetto", to=small.assigned())
    days(small, 8)
    with small.store.transaction() as session:
        claims = outbox.claim(session, worker="test", now=small.now, limit=100)
    small.mail(ASKER_MAIL, "Stop", to=small.letter("receipt", ASKER_MAIL))
    with small.store.transaction() as session:
        assert all(outbox.settle_sent(session, one, Sent(), small.now) for one in claims)
    assert small.letter("reminder", DESK).state == "sent"


@pytest.mark.parametrize("when", ["answered before", "passed on"])
def test_who_writes_too_late_hears_that_a_person_reads_it(small, when):
    letter = small.assigned()
    if when == "answered before":
        small.mail(DESK, "We leased a lorry.", to=letter)
    else:
        days(small, 9)
        assert small.assignments()[0] == (DESK, "lapsed")
    assert small.mail(DESK, "And we shared it among five valleys.", to=letter).state == "held"
    assert len(small.letters("held_notice", DESK)) == 1


def test_a_stranger_with_the_address_hears_nothing(small):
    letter = small.answered() and small.letter("assignment", DESK)
    small.mail("stranger@elsewhere.example", "And we shared it.", to=letter)
    small.mail(DESK, "And we shared it.", to=letter, proven=False)
    assert not small.letters("held_notice")


# ------------------------------------------------------------------------------------------ after the end


@pytest.mark.parametrize("says", ["Welding, in twelve villages.", "yes", "no"])
def test_a_word_after_the_pause_has_run_out_reaches_the_expert_who_asked(small, says):
    small.mail(DESK, "Question for the policy maker: is it for welders?", to=small.assigned())
    days(small, 20)
    assert small.question().closed_because == "no_clarification"
    small.mail(ASKER_MAIL, says, to=small.letter("closed", ASKER_MAIL))
    assert small.assignments()[-1] == (DESK, "offered") and says in small.letter("asker_replied", DESK).text
    assert small.letter("reopened", ASKER_MAIL) and not small.letters("helped_thanks")


def test_no_to_fiches_of_a_closed_question_asks_an_expert(small):
    small.proposed()
    days(small, 20)
    assert small.question().closed_because == "no_verdict"
    small.mail(ASKER_MAIL, "No", to=small.letter("closed", ASKER_MAIL))
    assert owner(small) == ("received", "us", "search") and small.question().thread["wish"] == "expert"
    days(small, 40)
    assert small.letters("assignment") and not small.letters("helped_no")


@pytest.mark.parametrize("says", ["yes", "no", "not yet", "thanks"])
def test_a_mere_word_about_a_withdrawn_question_opens_nothing(small, says):
    small.assigned()
    small.mail(ASKER_MAIL, "Stop", to=small.letter("receipt", ASKER_MAIL))
    before = len(small.letters())
    small.mail(ASKER_MAIL, says, to=small.letter("stopped", ASKER_MAIL))
    assert small.question().state == "closed" and len(small.letters()) == before


def test_what_is_missing_stands_first_in_the_letter_to_the_expert(small):
    small.mail(ASKER_MAIL, "And what did it cost?", to=small.answered())
    told = small.letter("answer_missing", DESK)
    assert told.text.index("what did it cost") < told.text.index("Which lorry") and len(small.letters("assignment")) == 1
    assert [one.action for one in small.buttons(told)] == ["accept", "decline", "options"]
    small.mail(DESK, "Forty thousand.", to=told)
    assert "Forty thousand" in small.letter("answer", ASKER_MAIL).text


@pytest.mark.parametrize("how", ["away", "no address"])
def test_a_further_question_does_not_wait_for_who_is_not_there(small, how):
    letter = small.answered()
    with small.store.transaction() as session:
        desk = session.get(Expert, expert_id(small, DESK))
        if how == "away":
            first, last = small.now.date(), (small.now + 30 * DAY).date()
            recounting.note_absence(session, small.office, desk, first, last, "console", small.now)
        else:
            mark_dead(session.query(Address).filter_by(address=DESK).one(), "bounced", small.now)
    small.mail(ASKER_MAIL, "And what did it cost?", to=letter)
    assert small.assignments()[-1] == (DEPUTY, "offered") and "what did it cost" in small.letter("assignment", DEPUTY).text


# ------------------------------------------------------------------------------------------ held mail


def test_a_held_refusal_is_a_refusal_and_no_answer(small):
    row = small.mail(DESK, "decline: not our field", to=small.assigned(), proven=False)
    assert row.state == "held"
    with small.store.transaction() as session:
        held.release_to(session, small.office, row.id, small.question().id, by="user:1", now=small.now)
    assert small.assignments() == [(DESK, "declined"), (DEPUTY, "offered")] and not small.letters("answer")


def test_a_refusal_that_comes_late_is_never_sent_to_the_asker(small):
    letter = small.assigned()
    days(small, 9)
    row = small.mail(DESK, "decline: not our field", to=letter)
    with small.store.transaction() as session:
        held.release_to(session, small.office, row.id, small.question().id, by="user:1", now=small.now)
    assert not small.letters("answer") and small.assignments() == [(DESK, "lapsed"), (DEPUTY, "offered")]


# ------------------------------------------------------------------------------------------ thanks

PRAISE = "Thank you very much, this is very helpful.\n\nKind regards\nAna"


def test_a_letter_of_thanks_for_an_answer_opens_nothing_and_counts_as_helped(small):
    small.mail(ASKER_MAIL, PRAISE, to=small.answered())
    assert small.question().verdict == "helped" and small.letter("helped_thanks", ASKER_MAIL)
    small.mail(ASKER_MAIL, PRAISE, to=small.letter("helped_thanks", ASKER_MAIL))
    assert len(small.assignments()) == 1 and not small.events("reopened")


def test_thanks_for_a_question_whether_it_was_used_are_no_answer_to_it(small):
    letter = small.answered()
    days(small, 16)
    assert small.letter("used_question", ASKER_MAIL)
    small.mail(ASKER_MAIL, PRAISE, to=letter)
    assert small.question().used is None and not small.events("reopened")


def test_thanks_for_fiches_refuse_none_of_them(small):
    small.mail(ASKER_MAIL, PRAISE, to=small.proposed())
    assert owner(small)[0] == "proposed" and small.question().verdict is None


def test_thanks_in_a_chat_are_no_question(small):
    small.chat("Thank you very much, this is very helpful!")
    small.chat("Thanks!")
    assert small.all(Question) == []
    small.chat("Thanks! And who pays for the lorry?")
    assert len(small.all(Question)) == 1


# ------------------------------------------------------------------------------------------ together and apart


def test_who_waited_for_a_question_that_a_coordinator_closed_hears_a_new_date(world):
    world.mail(ASKER_MAIL, OTHER_QUESTION)
    world.search()
    world.mail("desk@cluj.example", "Which lorry brings welding machines to villages high up in the mountains in winter?")
    with world.store.transaction() as session:
        leader, question = session.query(Question).order_by(Question.id)
        joining.join(session, world.office, question, leader, world.now, by="user:1")
    promised = world.question().promised_at
    world.now += 2 * DAY
    acting(world, closing.close, "coordinator", "")
    world.search()
    told = world.letter("holding", "desk@cluj.example")
    assert world.question().promised_at > promised and "New date" in told.text
    assert not world.letters("receipt", "desk@cluj.example")


def test_a_question_long_after_the_end_brings_the_old_one_along(small):
    letter = small.answered()
    days(small, 40)
    small.now += 40 * DAY
    assert small.question().state == "closed"
    small.mail(ASKER_MAIL, "And what did it cost?", to=letter)
    assert len(small.all(Question)) == 2
    small.search()
    asked = small.letter("assignment", DESK).text
    assert "what did it cost" in asked and "Which lorry" in asked
