"""Whoever asked first steps back while others wait for the same answer: the next goes on with the same expert and the same clock."""

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from routing import bounces, buttons, closing, coordinating, joining, outbox, privacy, succeeding
from routing.checks import breaches
from routing.errors import Unreachable
from routing.models import Address, Answer, Assignment, Authority, Event, Expert, InboxMessage, Person, Question
from tests.world import ASKER_MAIL, COORDINATOR, DEPUTY, DESK, SECOND

DAY = timedelta(days=1)
OTHER_ASKER, THIRD_ASKER = "education@porto.example", "schools@faro.example"
OTHERS = {OTHER_ASKER: "Who mends welding machines in mountain villages?", THIRD_ASKER: "Which lorry climbs up to the villages?"}


@pytest.fixture
def together(small):
    """Three askers with one question, of whom two wait for the first one's answer. Returns the desk's letter."""
    letter = small.assigned()
    for asker, words in OTHERS.items():
        small.mail(asker, words)
    with small.store.transaction() as session:
        leader, *waiting = session.query(Question).order_by(Question.id)
        for one in waiting:
            joining.join(session, small.office, one, leader, small.now, by="system", likeness=0.91)
    return letter


def stop(world):
    world.now += DAY
    world.mail(ASKER_MAIL, "Stop", to=world.letter("receipt", ASKER_MAIL))


def clock(world):
    [one] = world.all(Assignment)
    return one.id, one.state, one.accept_by_at, one.deadline_at, one.escalate_at, one.created_at, one.reminders


def answers_to(session, question):
    return session.query(Answer).filter_by(question_id=question.id).order_by(Answer.id).all()


def is_sound(world):
    with world.store.snapshot() as session:
        return breaches(session, world.now) == []


def test_the_next_asker_takes_the_place_with_the_same_expert_and_clock(small, together):
    before, promised = clock(small), small.all(Question)[1].promised_at
    stop(small)
    first, second, third = small.all(Question)
    assert (first.state, first.closed_because) == ("closed", "asker_withdrew")
    assert (second.state, second.waiting_for, second.next_action) == ("assigned", "expert", "watch assignments")
    assert clock(small) == before and small.all(Assignment)[0].question_id == second.id
    assert (third.merged_into_id, third.next_action) == (second.id, "follow")
    assert second.promised_at == promised == third.promised_at and is_sound(small)


def test_the_expert_gets_one_letter_that_says_what_has_changed(small, together):
    stop(small)
    first, second, _ = small.all(Question)
    told = small.letter("goes_on", DESK)
    assert first.number in told.subject and second.number in told.subject and OTHERS[OTHER_ASKER] in told.text
    assert "Which lorry carries" not in told.text
    assert [one.kind for one in small.letters(to=DESK)] == ["assignment", "goes_on"]
    assert not [one for one in small.letters(to=OTHER_ASKER) if one.kind not in ("receipt", "joined")], (
        "nothing has changed for them"
    )


@pytest.mark.parametrize("which", ["assignment", "goes_on"])
def test_whichever_letter_the_expert_replies_to_the_answer_reaches_everybody_who_waits(small, together, which):
    stop(small)
    letter = small.letter(which, DESK)
    row = small.mail(DESK, "We leased a lorry.", to=letter, references=(letter.message_id,))
    assert row.state == "handled"
    assert all("leased a lorry" in small.letter("answer", one).text for one in OTHERS) and not small.letters("answer", ASKER_MAIL)
    assert [one.state for one in small.all(Question)] == ["closed", "answered", "answered"] and is_sound(small)
    small.mail(OTHER_ASKER, "What did it cost?", to=small.letter("answer", OTHER_ASKER))
    assert "What did it cost" in small.letter("answer_missing", DESK).text


@pytest.mark.parametrize("which", ["assignment", "goes_on"])
def test_the_links_of_both_letters_work(small, together, which):
    stop(small)
    [accept] = [one for one in small.buttons(small.letter(which, DESK)) if one.action == "accept"]
    with small.store.transaction() as session:
        assert buttons.press(session, small.office, accept.id, now=small.now).outcome == "accepted"
    assert small.assignments() == [(DESK, "accepted")] and small.letter("accepted", DESK)
    assert small.events("accepted")[-1].question_id == small.all(Question)[1].id


def test_the_record_says_what_happened(small, together):
    stop(small)
    first, second, _ = small.all(Question)
    [down], [over] = small.events("handed-down"), small.events("took-over")
    assert (down.question_id, down.detail) == (first.id, {"follower": second.number})
    assert (over.question_id, over.detail) == (second.id, {"leader": first.number, "experts": 1})


def test_one_after_the_other_may_step_back(small, together):
    stop(small)
    small.mail(OTHER_ASKER, "Stop", to=small.letter("joined", OTHER_ASKER))
    third = small.all(Question)[2]
    assert third.next_action == "watch assignments" and len(small.letters("goes_on", DESK)) == 2
    small.mail(DESK, "We leased a lorry.", to=together)
    assert "leased a lorry" in small.letter("answer", THIRD_ASKER).text
    assert len(small.letters("answer")) == 1


def test_when_the_last_one_steps_back_the_expert_is_freed(small, together):
    for asker, kind in ((ASKER_MAIL, "receipt"), (OTHER_ASKER, "joined"), (THIRD_ASKER, "joined")):
        small.mail(asker, "Stop", to=small.letter(kind, asker))
    assert small.assignments() == [(DESK, "withdrawn")] and len(small.letters("moved_on", DESK)) == 1


def test_whoever_declined_before_is_not_asked_again(small, together):
    small.mail(DESK, "Decline: flu", to=together)
    assert small.assignments() == [(DESK, "declined"), (DEPUTY, "offered")]
    stop(small)
    small.mail(DEPUTY, "Decline: no capacity", to=small.letter("goes_on", DEPUTY))
    assert small.assignments()[-1] == (SECOND, "offered") and len(small.letters("assignment", DESK)) == 1
    assert small.letter("holding", OTHER_ASKER)


def test_time_that_was_given_stays_and_is_not_given_twice(small, together):
    small.mail(DESK, "3 giorni in più", to=together)
    due = small.all(Assignment)[0].deadline_at
    stop(small)
    assert small.all(Assignment)[0].deadline_at == due == small.all(Question)[1].promised_at
    assert small.letter("holding", OTHER_ASKER), "the date that they were told before has moved"
    small.mail(DESK, "3 giorni in più", to=small.letter("goes_on", DESK))
    assert small.all(Assignment)[0].deadline_at == due and small.letter("not_extended", DESK)


def test_whoever_waits_hears_that_the_date_has_moved(small, together):
    small.mail(DESK, "5 giorni in più", to=together)
    small.run_until(small.now + 2 * DAY)
    first, *waiting = small.all(Question)
    for one, asker in zip(waiting, OTHERS, strict=True):
        assert one.promised_at == first.promised_at and len(small.letters("holding", asker)) == 1


def test_a_question_back_to_who_stepped_back_holds_nobody_up(small, together):
    small.mail(DESK, "Question for the policy maker: which trades?", to=together)
    before = small.all(Assignment)[0].deadline_at
    small.now += 4 * DAY
    stop(small)
    second = small.all(Question)[1]
    assert (second.waiting_for, second.next_action) == ("expert", "watch assignments")
    assert small.all(Assignment)[0].deadline_at > before, "the time waited is given back"
    assert small.letter("holding", OTHER_ASKER) and small.letter("goes_on", DESK)


def test_silence_to_a_question_back_ends_only_the_question_of_who_is_silent(small, together):
    small.mail(DESK, "Question for the policy maker: which trades?", to=together)
    small.run_until(small.now + 17 * DAY, timedelta(hours=6))
    first, second, _ = small.all(Question)
    assert first.closed_because == "no_clarification" and second.next_action == "watch assignments"
    assert small.letter("goes_on", DESK) and not small.letters("moved_on", DESK) and is_sound(small)


def test_an_answer_that_waits_to_be_read_goes_to_those_who_still_wait(small, together):
    with small.store.transaction() as session:
        session.query(Authority).filter_by(slug="trento").one().review = "review"
    small.mail(DESK, "We leased a lorry.", to=together)
    stop(small)
    second = small.all(Question)[1]
    assert (second.waiting_for, second.next_action) == ("coordinator", "nag coordinator")
    assert not small.letters("goes_on") and len(small.letters("assignment")) == 1
    with small.store.transaction() as session:
        question = session.get(Question, second.id)
        [waiting] = answers_to(session, question)
        coordinating.release_answer(session, small.office, question, waiting.id, waiting.text, by="user:1", now=small.now)
    assert all("leased a lorry" in small.letter("answer", one).text for one in OTHERS)


def test_what_the_coordinators_have_stays_with_them(small, together):
    for address in (DESK, DEPUTY, SECOND):
        small.mail(address, "Decline: no capacity", to=small.letter("assignment", address))
    leader = small.all(Question)[0]
    assert leader.waiting_for == "coordinator"
    stop(small)
    second = small.all(Question)[1]
    assert (second.waiting_for, second.next_action_at) == ("coordinator", leader.next_action_at)
    small.run_until(small.now + 3 * DAY)
    assert second.number in small.letter("co_question", COORDINATOR).text and len(small.letters("assignment")) == 3


def test_a_coordinator_who_closes_for_the_asker_frees_nobody_whom_others_need(small, together):
    with small.store.transaction() as session:
        leader = session.query(Question).order_by(Question.id).first()
        closing.close(session, small.office, leader, "asker_withdrew", "by telephone", by="user:1", now=small.now)
    assert small.assignments() == [(DESK, "offered")] and small.letter("goes_on", DESK) and not small.letters("moved_on")


def test_whoever_is_forgotten_leaves_no_words_with_those_who_go_on(small, together):
    small.mail(ASKER_MAIL, "forget me", to=small.letter("receipt", ASKER_MAIL))
    with small.store.transaction() as session:
        asker = session.get_one(Person, session.query(Question).order_by(Question.id).first().asker_id)
        succeeding.hand_down_all(session, small.office, asker.id, small.now)
    small.mail(
        DESK, "You ask: Which lorry carries the welding machines up to remote mountain villages in winter?\n\nOurs.", to=together
    )
    with small.store.transaction() as session:
        privacy.erase(session, session.get_one(Person, asker.id), small.now)
    assert small.all(Question)[1].state == "answered" and small.letter("goes_on", DESK).text
    kept = [row.text for row in small.all(InboxMessage)] + [str(row.detail) for row in small.all(Event)]
    with small.store.snapshot() as session:
        kept += [one.text for one in answers_to(session, small.all(Question)[1])]
    assert not [text for text in kept if "welding machines up to remote" in text]


def test_a_letter_that_bounces_afterwards_moves_the_question_that_goes_on(small, together):
    stop(small)
    with small.store.transaction() as session:
        letter = session.merge(small.letter("assignment", DESK))
        bounces.give_up_letter(session, small.office, letter, "550 no such user", small.now)
    assert small.assignments() == [(DESK, "bounced"), (DEPUTY, "offered")]
    assert small.all(Assignment)[-1].question_id == small.all(Question)[1].id


def test_a_word_of_the_coordinator_reaches_the_expert_though_their_mail_server_made_it_wait(small, together):
    with small.store.transaction() as session:
        expert = session.scalars(
            select(Expert).join(Address, Address.person_id == Expert.person_id).where(Address.address == SECOND)
        ).one()
        question, word = session.get_one(Question, 1), "Mind the two vans of May."
        coordinating.assign_to(session, small.office, question, expert.id, by="user:1", now=small.now, word=word)
    with small.store.transaction() as session:
        for one in outbox.claim(session, worker="w", now=small.now, limit=100):
            later = Unreachable("come back later")
            outbox.settle_failure(session, one, later, small.now, small.office.policy.outbox, Random(1))
    stop(small)
    assert "two vans" in small.letter("assignment", SECOND).text and small.letter("assignment", SECOND).state == "queued"
    small.now += DAY
    with small.store.transaction() as session:
        claims = outbox.claim(session, worker="w", now=small.now, limit=100)
        assert [one.letter.kind for one in claims if one.letter.address == SECOND][:1] == ["assignment"], "the oldest goes first"
