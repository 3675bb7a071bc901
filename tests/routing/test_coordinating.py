"""A coordinator's verbs against the rules that must hold whatever they do, on both databases."""

from datetime import timedelta

import pytest

from routing import closing, coordinating, resending
from routing.cases import open_proposal
from routing.errors import NotFound, StaleAction
from routing.handing import hand_to_coordinator
from routing.labels import labelled_questions
from routing.models import Address, Expert, Fiche, OutboxMessage, Question
from routing.verdicts import refuse_proposal
from tests.fakes.bureau import ONE_FICHE, FurnishedWorld, furnish
from tests.world import ASKER_MAIL, DESK, DUAL_FICHE, MONDAY, OTHER_QUESTION, SECOND, THIRD

BY = "user:1"


@pytest.fixture
def world(store):
    furnish(store, ONE_FICHE)
    world = FurnishedWorld(store)
    world.mail(ASKER_MAIL, OTHER_QUESTION)
    return world


def do(world, act, *args, **more):
    with world.store.transaction() as session:
        question = session.get_one(Question, 1)
        return act(
            session,
            *([] if act is coordinating.add_note else [world.office]),
            question,
            *args,
            by=BY,
            now=world.now,
            **more,
        )


def assign(world, email):
    return do(world, coordinating.assign_to, world.expert(email).id)


VERBS = {
    "assign": lambda world: assign(world, SECOND),
    "extend": lambda world: do(world, coordinating.extend, 3, "why"),
    "answer": lambda world: do(world, coordinating.answer, "Two firms paid for it."),
    "propose": lambda world: do(world, coordinating.propose_fiche, DUAL_FICHE),
    "sensitive": lambda world: do(world, coordinating.mark_sensitive, True),
    "tier": lambda world: do(world, coordinating.set_tier, "urgent"),
    "search": lambda world: do(world, coordinating.search_again),
    "close": lambda world: do(world, closing.close, "coordinator", ""),
}


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_moves_the_revision_and_leaves_an_open_question_with_an_owner_and_a_moment(world, verb):
    assign(world, DESK)
    before = world.question().revision
    VERBS[verb](world)
    question = world.question()
    assert question.revision > before
    assert (question.state == "closed") == (question.next_action_at is None) == (question.waiting_for == "nobody")
    with world.store.transaction() as session, pytest.raises(StaleAction):
        coordinating.taken_up(session, question.number, before)


@pytest.mark.parametrize("verb", ["assign", "answer", "propose", "search", "close"])
def test_whoever_had_it_is_thanked_and_freed(world, verb):
    assign(world, DESK)
    VERBS[verb](world)
    assert world.assignments()[0] == (DESK, "withdrawn")
    assert len(world.letters("moved_on", DESK)) == 1


def test_the_first_date_is_a_receipt_and_the_next_a_holding_note(world):
    assign(world, DESK)
    assert [letter.kind for letter in world.letters(to=ASKER_MAIL)] == ["receipt"]
    assign(world, THIRD)
    assert [letter.kind for letter in world.letters(to=ASKER_MAIL)] == ["receipt", "holding"]


def test_the_asker_hears_to_whom_a_coordinator_has_given_the_question(world):
    assign(world, DESK)
    assign(world, THIRD)
    told = world.letter("holding", ASKER_MAIL).text
    assert "a coordinator of the network has given it to an expert" in told and "It is now with:" in told
    assert "looking after it" not in told


def test_who_was_told_that_a_coordinator_has_it_gets_no_receipt_afterwards(world):
    with world.store.transaction() as session:
        hand_to_coordinator(session, world.office, session.get_one(Question, 1), "no_roster", world.now)
    world.now += timedelta(days=3)
    assign(world, DESK)
    assert [letter.kind for letter in world.letters(to=ASKER_MAIL)] == ["coordinator_has_it", "holding"]
    told = world.letter("holding", ASKER_MAIL).text
    assert "New date for your answer" in told and "We are sorry" in told and "It is now with:" in told


def test_an_earlier_date_is_no_reason_to_be_sorry(world):
    with world.store.transaction() as session:
        question = session.get_one(Question, 1)
        hand_to_coordinator(session, world.office, question, "no_roster", world.now)
        question.promised_at = world.now + timedelta(days=60)
    assign(world, DESK)
    told = world.letter("holding", ASKER_MAIL).text
    assert "New date for your answer" in told and "sorry" not in told


def test_a_first_date_is_not_called_a_new_one(world):
    do(world, coordinating.propose_fiche, DUAL_FICHE)
    assign(world, DESK)
    told = world.letter("holding", ASKER_MAIL).text
    assert "Answer expected by:" in told and "New date" not in told and "sorry" not in told


def test_nobody_gets_it_twice_and_nobody_gone_gets_it(world):
    assign(world, DESK)
    with pytest.raises(coordinating.NotPossible, match="already has the question"):
        assign(world, DESK)
    with world.store.transaction() as session:
        session.get_one(Expert, world.expert(SECOND).id).active = False
        for address in session.query(Address).filter_by(address=THIRD):
            address.dead_at = MONDAY
    for email, why in ((SECOND, "no longer in the directory"), (THIRD, "no working address")):
        with pytest.raises(coordinating.NotPossible, match=why):
            assign(world, email)
    assert world.assignments() == [(DESK, "offered")]


def test_a_deadline_is_extended_by_days_of_the_experts_own_calendar(world):
    assign(world, THIRD)
    old = world.question().promised_at
    new = do(world, coordinating.extend, 1, "one more day")
    assert new - old == timedelta(days=1)
    assert world.question().promised_at == new
    world.run_until(old + timedelta(hours=3))
    assert world.assignments()[0][1] in ("offered", "lapsed")  # it is asked for a word meanwhile, but not late by the old date
    assert not [event for event in world.events("escalated") if event.detail["because"] == "no answer by the deadline"]


def test_without_an_expert_there_is_nothing_to_extend(world):
    with pytest.raises(coordinating.NotPossible):
        do(world, coordinating.extend, 1, "x")


def test_a_sensitive_question_that_nobody_has_goes_to_a_coordinator_first(world):
    do(world, coordinating.mark_sensitive, True)
    assert (world.question().waiting_for, world.question().sensitive) == ("coordinator", True)
    assert not world.assignments()


@pytest.mark.parametrize(
    ("act", "args"),
    [
        (coordinating.answer, ("  ",)),
        (coordinating.propose_fiche, ("no-such-fiche",)),
        (coordinating.set_tier, ("now",)),
        (closing.close, ("because", "")),
        (closing.reopen, ()),
        (coordinating.add_note, ("\n",)),
        (coordinating.release_answer, (99, "text")),
        (coordinating.extend, (0, "x")),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(world, act, args):
    before = (world.question().revision, len(world.letters()), len(world.events("note")))
    with pytest.raises((coordinating.NotPossible, NotFound)):
        do(world, act, *args)
    assert (world.question().revision, len(world.letters()), len(world.events("note"))) == before


def test_closing_tells_the_asker_and_opening_again_gives_it_to_a_coordinator(world):
    do(world, closing.close, "coordinator", "see the other one")
    assert world.letters("closed", ASKER_MAIL) and world.events("note")
    with pytest.raises(coordinating.NotPossible):
        do(world, closing.close, "coordinator", "")
    do(world, closing.reopen)
    assert world.question().waiting_for == "coordinator"
    world.run_until(world.now + timedelta(days=4))
    assert world.events("coordinators-told-again")


def test_a_fiche_proposed_by_a_person_teaches_the_search_until_the_asker_judges_it(world):
    do(world, coordinating.propose_fiche, DUAL_FICHE)
    with world.store.transaction() as session:
        question = session.get_one(Question, 1)
        assert [one.answers for one in labelled_questions(session)] == [(DUAL_FICHE,)]
        proposal = open_proposal(session, question)
        assert (proposal.chosen_by, proposal.promised) == ("coordinator", None)
        refuse_proposal(session, world.office, question, world.now)
        assert [one.answers for one in labelled_questions(session)] == [()]


def test_an_unknown_number_is_not_found(world):
    with world.store.transaction() as session, pytest.raises(NotFound):
        coordinating.taken_up(session, "2026-0099", 0)


# ------------------------------------------------------------------------------------------ letters


@pytest.mark.parametrize("state", ["failed", "ambiguous"])
def test_a_stuck_letter_goes_out_again_with_the_same_message_id(world, state):
    assign(world, DESK)
    with world.store.transaction() as session:
        letter = session.query(OutboxMessage).filter_by(kind="assignment").one()
        letter.state, letter.ambiguities, letter.attempts = state, 2, 4
        before, letter_id = letter.message_id, letter.id
    with world.store.transaction() as session:
        resending.retry(session, letter_id, by=BY, now=world.now)
    world.send_all()
    letter = world.letter("assignment", DESK)
    assert (letter.state, letter.message_id) == ("sent", before)


@pytest.mark.parametrize("act", [resending.retry, resending.mark_arrived, resending.let_go])
def test_a_letter_that_has_gone_is_left_alone(world, act):
    assign(world, DESK)
    world.send_all()
    with world.store.transaction() as session, pytest.raises(StaleAction):
        act(session, world.letter("assignment", DESK).id, by=BY, now=world.now)
    with world.store.transaction() as session, pytest.raises(NotFound):
        act(session, 999, by=BY, now=world.now)


def test_a_correction_of_ones_own_answer_is_added_to_it_and_no_second_draft(world):
    do(world, coordinating.answer, "The province paid for the workshop.")
    do(world, coordinating.answer, "What I wrote was wrong: two firms paid for it.")
    assert len(world.letters("answer", ASKER_MAIL)) == 1 and "two firms" in world.letter("addition", ASKER_MAIL).text
    assert "We add this to the answer" in world.letter("addition", ASKER_MAIL).text
    assert len([one for one in world.all(Fiche) if one.question_id]) == 1 and world.question().state == "answered"
