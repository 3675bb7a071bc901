"""Buttons: every action, once, for one person, in the chat or behind a mailed link; and the same said in words."""

from datetime import timedelta

import pytest

from routing import buttons
from routing.models import Button, Person, Proposal, Question
from routing.values import Kind
from tests.world import ASKER_MAIL, CHAT, DEPUTY, DESK, OTHER_QUESTION


def click(world, action, letter):
    """The page behind a mailed link."""
    button = next(one for one in world.buttons(letter) if one.action == action)
    with world.store.transaction() as session:
        return buttons.press(session, world.office, button.id, now=world.now)


def test_an_expert_accepts_and_declines_by_link(small):
    letter = small.assigned()
    assert click(small, "accept", letter).outcome == "accepted"
    assert small.assignments() == [(DESK, "accepted")] and small.letters("accepted", DESK)
    assert click(small, "accept", letter).toast == "stale"
    assert click(small, "decline", letter).outcome == "declined"
    assert small.assignments() == [(DESK, "declined"), (DEPUTY, "offered")]
    assert click(small, "decline", letter).toast == "stale"


def test_accepting_twice_by_different_ways_changes_nothing(small):
    letter = small.assigned()
    small.mail(DESK, "Accept", to=letter)
    assert small.mail(DESK, "Yes", to=letter).outcome == "accepted before"
    assert click(small, "accept", letter).outcome == "accepted before"
    assert len(small.letters("accepted", DESK)) == 1


def test_the_second_fiche_is_accepted(small):
    letter = small.proposed(in_chat=True)
    small.press("accept", letter, which=1)
    assert small.all(Proposal)[0].accepted_fiche == "second-fiche" and small.question().state == "closed"


def test_none_of_the_fiches_is_wanted(small):
    letter = small.proposed(in_chat=True)
    small.press("ask_expert", letter)
    assert small.question().next_action == "search" and small.question().thread["wish"] == "expert"
    assert small.press("accept", letter).outcome == "stale button" and small.letters("button_stale", CHAT)


@pytest.mark.parametrize(
    ("word", "state", "verdict"),
    [("2", "closed", "accepted"), ("Yes", "proposed", None), ("First", "closed", "accepted"), ("No", "received", "refused"),
     ("Ask an expert", "received", "refused"), ("7", "proposed", None), ("thanks", "proposed", None),
     ("We have no firms at all in our valley, only farms.", "received", "refused"), ("Stop", "closed", None)],
)  # fmt: skip
def test_a_proposal_is_answered_in_words(small, word, state, verdict):
    letter = small.proposed()
    small.mail(ASKER_MAIL, word, to=letter)
    assert (small.question().state, small.question().verdict) == (state, verdict)


def test_a_choice_makes_the_question_clear(small):
    small.press("choose", small.unclear(), which=1)
    assert small.question().text.endswith("Grants") and small.question().next_action == "search"


def test_words_make_the_question_clear(small):
    small.unclear()
    small.chat("I mean grants for firms.")
    assert small.question().text.endswith("grants for firms.") and len(small.all(Question)) == 1


@pytest.mark.parametrize(("action", "verdict"), [("helped_yes", "helped"), ("helped_no", "not helped")])
def test_an_answer_is_judged(small, action, verdict):
    click(small, action, small.answered())
    assert small.question().verdict == verdict


@pytest.mark.parametrize(("action", "used"), [("used_yes", "yes"), ("used_not_yet", "not yet"), ("used_no", "no")])
def test_an_asker_tells_whether_it_was_used(small, action, used):
    small.answered()
    small.run_until(small.now + timedelta(days=20), timedelta(hours=12))
    click(small, action, small.letter("used_question", ASKER_MAIL))
    assert (small.question().used, small.question().state) == (used, "closed") and small.letters("used_thanks")


@pytest.mark.parametrize(("word", "used"), [("Yes", "yes"), ("Not yet.", "not yet"), ("No", "no")])
def test_an_asker_tells_in_words_whether_it_was_used(small, word, used):
    answer = small.answered()
    small.mail(ASKER_MAIL, "Yes", to=answer)
    assert small.question().verdict == "helped"
    small.run_until(small.now + timedelta(days=20), timedelta(hours=12))
    small.mail(ASKER_MAIL, word, to=small.letter("used_question", ASKER_MAIL))
    assert (small.question().used, small.question().verdict, small.question().state) == (used, "helped", "closed")


def test_whether_it_was_used_may_be_told_after_the_case_was_closed(small):
    small.answered()
    small.run_until(small.now + timedelta(days=50), timedelta(hours=12))
    assert small.question().state == "closed"
    small.mail(ASKER_MAIL, "Yes", to=small.letter("used_question", ASKER_MAIL))
    assert (small.question().used, small.question().state) == ("yes", "closed")
    assert small.mail(ASKER_MAIL, "Thank you!", to=small.letter("used_question", ASKER_MAIL)).outcome == "thanks noted"


def test_a_language_is_chosen_as_often_as_one_likes(small):
    small.chat("", kind=Kind.COMMAND, command="start")
    welcome = small.letter("welcome", CHAT)
    for which in (0, 1, 0):
        small.press("language", welcome, which=which)
    assert len(small.letters("language_set")) >= 1 and small.all(Person)[-1].language_chosen


def test_an_unknown_button_does_nothing(small):
    small.chat(OTHER_QUESTION)
    for made_up in ("x" * 32, "x" * 65, ""):
        row = small.chat(kind=Kind.BUTTON, button=made_up, callback_id="cb")
        assert row.outcome == "unknown or foreign button" and row.facts["toast"] == "" and not row.facts["spent"]


def test_a_button_of_a_chat_is_not_pressed_by_a_link(small):
    letter = small.proposed(in_chat=True)
    assert click(small, "ask_expert", letter).outcome == "unknown or foreign button"
    assert small.all(Proposal)[0].state == "offered"


def test_ids_of_buttons_cannot_be_guessed(small):
    small.assigned()
    with small.store.snapshot() as session:
        assert all(len(button.id) >= 32 for button in session.query(Button))
