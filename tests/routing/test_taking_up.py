# ruff: noqa: F811  fixtures of other modules
"""An answer that was held back, or sent back to its author, is taken up again when nothing better comes."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from routing import coordinating, reworking, verdicts
from routing.errors import NotFound, StaleAction
from routing.models import Answer, Assignment, Authority, Question
from tests.routing.test_further_turns import REPORT
from tests.routing.test_odd_turns import acting, beside, days, expert_id, owner
from tests.routing.test_reworking import FIRST, holds, panel, send_back, waiting  # noqa: F401
from tests.routing.test_succeeding import stop, together  # noqa: F401
from tests.world import ASKER_MAIL, DEPUTY, DESK, SECOND

BETTER = "They paid 900 euro."


def take_up(world, answer=1):
    return acting(world, reworking.take_up_again, answer)


def test_what_was_sent_back_is_read_again_when_nothing_better_comes(waiting):
    send_back(waiting)
    days(waiting, 1)
    take_up(waiting)
    assert owner(waiting) == ("assigned", "coordinator", "nag coordinator") and holds(waiting)
    acting(waiting, coordinating.release_answer, 1, FIRST)
    assert FIRST in waiting.letter("answer", ASKER_MAIL).text
    assert waiting.assignments() == [(DESK, "answered")] and waiting.letters("moved_on", DESK) and holds(waiting)


def test_the_author_may_still_write_while_the_first_answer_is_read_again(waiting):
    send_back(waiting)
    take_up(waiting)
    waiting.mail(DESK, "They paid 900 euro.", to=waiting.letter("answer_returned", DESK))
    assert (
        [one.state for one in waiting.all(Answer)] == ["waiting", "waiting"]
        and owner(waiting)[1] == "coordinator"
        and holds(waiting)
    )


def test_what_was_held_back_by_a_slip_is_read_again(waiting):
    acting(waiting, coordinating.discard_answer, 1, "the wrong button")
    take_up(waiting)
    assert [one.state for one in waiting.all(Answer)] == ["waiting"] and holds(waiting)


def test_only_what_was_held_back_and_still_matters_is_taken_up_again(waiting):
    with pytest.raises(StaleAction, match="not held back"):
        take_up(waiting)
    with pytest.raises(NotFound):
        take_up(waiting, answer=99)
    send_back(waiting)
    waiting.mail(DESK, "They paid 900 euro.", to=waiting.letter("answer_returned", DESK))
    with pytest.raises(coordinating.NotPossible, match="Another answer waits"):
        take_up(waiting)
    acting(waiting, coordinating.release_answer, 2, "They paid.")
    with pytest.raises(coordinating.NotPossible, match="moved on"):
        take_up(waiting)


# ------------------------------------------------------------------------------------------ and sent back once more


@pytest.mark.parametrize("how", ["declined", "lapsed", "given to somebody else"])
def test_what_is_sent_back_once_more_brings_a_letter_with_the_new_remark(waiting, how):
    send_back(waiting)
    if how == "declined":
        waiting.mail(DESK, "Decline: flu this week", to=waiting.letter("answer_returned", DESK))
    elif how == "lapsed":
        days(waiting, 10)
    else:
        acting(waiting, coordinating.assign_to, expert_id(waiting, SECOND))
    take_up(waiting)
    send_back(waiting, remark="Who may drive it?")
    assert waiting.assignments()[0] == (DESK, "accepted") and holds(waiting)
    assert ["Who may drive it?" in one.text for one in waiting.letters("answer_returned", DESK)] == [False, True]


def test_whoever_lost_it_a_second_time_hears_of_it_a_second_time(waiting):
    send_back(waiting)
    days(waiting, 10)
    before = len(waiting.letters("moved_on", DESK))
    take_up(waiting)
    send_back(waiting, remark="Who may drive it?")
    acting(waiting, coordinating.assign_to, expert_id(waiting, SECOND))
    assert len(waiting.letters("moved_on", DESK)) == before + 1


# ------------------------------------------------------------------------------------------ whose answer it is


def test_the_author_is_asked_what_is_missing_in_it(waiting):
    send_back(waiting)
    take_up(waiting)
    acting(waiting, coordinating.release_answer, 1, FIRST)
    waiting.mail(ASKER_MAIL, "What does it cost a year?", to=waiting.letter("answer", ASKER_MAIL))
    assert waiting.letters("answer_missing", DESK) and holds(waiting)


def test_the_author_is_asked_also_where_they_had_given_up_on_a_better_one(waiting):
    send_back(waiting)
    waiting.mail(DESK, "Decline: I know no more", to=waiting.letter("answer_returned", DESK))
    take_up(waiting)
    acting(waiting, coordinating.release_answer, 1, FIRST)
    assert dict(waiting.assignments()) == {DESK: "answered", DEPUTY: "withdrawn"}
    waiting.mail(ASKER_MAIL, "What does it cost a year?", to=waiting.letter("answer", ASKER_MAIL))
    assert waiting.letters("answer_missing", DESK) and holds(waiting)


def test_the_author_hears_that_it_was_used(waiting):
    send_back(waiting)
    take_up(waiting)
    acting(waiting, coordinating.release_answer, 1, FIRST)
    with waiting.store.transaction() as session:
        verdicts.used(session, waiting.office, session.get_one(Question, 1), "yes", waiting.now)
    assert waiting.letters("became", DESK)


# ------------------------------------------------------------------------------------------ two that wait


def test_the_second_one_is_added_to_the_first_or_held_back_and_opens_nothing_again(waiting):
    send_back(waiting)
    take_up(waiting)
    waiting.mail(DESK, BETTER, to=waiting.letter("answer_returned", DESK))
    acting(waiting, coordinating.release_answer, 2, BETTER)
    assert owner(waiting)[:2] == ("answered", "asker")
    before = waiting.question().revision
    acting(waiting, coordinating.discard_answer, 1, "what came later says it all")
    assert owner(waiting)[:2] == ("answered", "asker") and waiting.question().revision > before and holds(waiting)


def test_of_a_panel_the_second_answer_is_added_to_the_first(panel):
    acting(panel, coordinating.release_answer, 1, FIRST)
    acting(panel, coordinating.release_answer, 2, "We rent a hall.")
    assert len(panel.letters("answer", ASKER_MAIL)) == 1 and "rent a hall" in panel.letter("addition", ASKER_MAIL).text
    assert [one.state for one in panel.all(Answer)] == ["released", "released"] and holds(panel)


def test_a_file_that_went_with_the_first_does_not_go_again_with_the_second(small):
    letter = small.assigned()
    with small.store.transaction() as session:
        session.execute(update(Authority).values(review="review"))
    small.mail(DESK, FIRST, to=letter, attachments=(REPORT,))
    send_back(small)
    take_up(small)
    small.mail(DESK, BETTER, to=small.letter("answer_returned", DESK))
    with small.store.snapshot() as session:
        question, answers = session.get_one(Question, 1), session.query(Answer).order_by(Answer.id).all()
        assert list(reworking.sent_back(question, answers[1], answers)) == [], "the first stands on the page for itself"
    acting(small, coordinating.release_answer, 1, FIRST)
    acting(small, coordinating.release_answer, 2, BETTER)
    told = [small.letter(kind, ASKER_MAIL) for kind in ("answer", "addition")]
    assert [[file["name"] for file in one.files] for one in told] == [[REPORT.name], []]


# ------------------------------------------------------------------------------------------ while the asker is asked


def test_an_expert_who_waited_for_the_asker_gets_the_time_back_when_an_answer_is_read_meanwhile(small):
    letters = beside(small, SECOND)
    with small.store.transaction() as session:
        session.execute(update(Authority).values(review="review"))
    small.mail(SECOND, "Question for the policy maker: which trades?", to=letters[SECOND])
    assert owner(small)[1] == "asker"
    before = small.all(Assignment)[1].deadline_at
    small.now += timedelta(days=1)
    small.mail(DESK, FIRST, to=letters[DESK])
    small.now += timedelta(days=7)
    acting(small, coordinating.discard_answer, 1, "not to the point")
    small.sweep()
    assert small.all(Assignment)[1].deadline_at > before and small.assignments()[1] == (SECOND, "accepted") and holds(small)


def test_an_author_who_waits_for_the_asker_gets_the_time_back_when_the_first_answer_is_taken_up(waiting):
    send_back(waiting, working_days=3)
    waiting.mail(DESK, "Question for the policy maker: which trades?", to=waiting.letter("answer_returned", DESK))
    before = waiting.all(Assignment)[0].deadline_at
    waiting.now += timedelta(days=8)
    take_up(waiting)
    acting(waiting, coordinating.discard_answer, 1, "no after all")
    waiting.sweep()
    assert waiting.all(Assignment)[0].deadline_at > before and waiting.assignments()[0] == (DESK, "accepted") and holds(waiting)


# ------------------------------------------------------------------------------------------ when another asker goes on


@pytest.mark.parametrize("how", ["held back", "sent back", "sent back and declined"])
def test_whoever_goes_on_for_an_asker_who_withdrew_can_have_it_taken_up(small, together, how):
    with small.store.transaction() as session:
        session.execute(update(Authority).values(review="review"))
    small.mail(DESK, FIRST, to=small.letter("assignment", DESK))
    if how == "held back":
        acting(small, coordinating.discard_answer, 1, "the wrong button")
    else:
        send_back(small)
    if how == "sent back and declined":
        small.mail(DESK, "Decline: flu", to=small.letter("answer_returned", DESK))
    stop(small)
    with small.store.transaction() as session:
        heir = session.get_one(Question, 2)
        reworking.take_up_again(session, small.office, heir, 1, by="user:1", now=small.now)
    with small.store.transaction() as session:
        coordinating.release_answer(session, small.office, session.get_one(Question, 2), 1, FIRST, by="user:1", now=small.now)
    assert FIRST in small.letter("answer", "education@porto.example").text and not small.letters("answer", ASKER_MAIL)
    assert (DESK, "answered") in small.assignments() and holds(small)


def test_a_remark_that_has_not_left_is_recalled_also_after_another_asker_went_on(small, together):
    with small.store.transaction() as session:
        session.execute(update(Authority).values(review="review"))
    small.mail(DESK, FIRST, to=small.letter("assignment", DESK))
    send_back(small)
    stop(small)
    assert small.letter("answer_returned", DESK).state == "queued"
    with small.store.transaction() as session:
        heir, second = session.get_one(Question, 2), expert_id(small, SECOND)
        coordinating.assign_to(session, small.office, heir, second, by="user:1", now=small.now)
    assert small.letter("answer_returned", DESK).state == "cancelled"
