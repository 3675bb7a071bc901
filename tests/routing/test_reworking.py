"""An answer that a coordinator sends back to the expert who wrote it."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from routing import coordinating, reworking
from routing.checks import breaches
from routing.errors import NotFound, StaleAction
from routing.models import Answer, Assignment, Authority, Expert, Question
from tests.routing.test_further_turns import REPORT, carried
from tests.routing.test_odd_turns import DAY, acting, beside, days, expert_id, owner
from tests.routing.test_succeeding import stop, together  # noqa: F401
from tests.world import ASKER_MAIL, DESK, SECOND

FIRST = "Two firms leased the lorry."
REMARK = "Who paid for it, and what does it cost a year?"


@pytest.fixture
def waiting(small):
    """The desk's answer waits for a coordinator."""
    letter = small.assigned()
    with small.store.transaction() as session:
        session.execute(update(Authority).values(review="review"))
    small.mail(DESK, FIRST, to=letter)
    assert owner(small) == ("assigned", "coordinator", "nag coordinator")
    return small


def send_back(world, answer=1, remark=REMARK, working_days=3):
    return acting(world, reworking.send_back, answer, remark, working_days)


def holds(world):
    with world.store.snapshot() as session:
        return breaches(session, world.now) == []


def test_the_author_is_asked_again_and_the_asker_hears_nothing(waiting):
    before = waiting.question()
    send_back(waiting)
    letter = waiting.letter("answer_returned", DESK)
    assert REMARK in letter.text and FIRST in letter.text and letter.reply_to
    assert waiting.assignments() == [(DESK, "accepted")] and owner(waiting) == ("assigned", "expert", "watch assignments")
    assert not waiting.letters("holding", ASKER_MAIL) and not waiting.letters("answer", ASKER_MAIL)
    assert waiting.question().promised_at == before.promised_at, "three days are sooner than what was promised"
    assert waiting.question().revision > before.revision and holds(waiting)


def test_the_second_answer_is_read_beside_the_first_whatever_the_policy(waiting):
    send_back(waiting)
    with waiting.store.transaction() as session:
        session.execute(update(Authority).values(review="straight"))
    waiting.mail(DESK, "The two firms paid, 900 euro a year.", to=waiting.letter("answer_returned", DESK))
    assert owner(waiting) == ("assigned", "coordinator", "nag coordinator") and not waiting.letters("answer", ASKER_MAIL)
    with waiting.store.snapshot() as session:
        question, answers = session.get_one(Question, 1), session.query(Answer).order_by(Answer.id).all()
        assert [one.text for one in reworking.sent_back(question, answers[1], answers)] == [FIRST]
        assert list(reworking.sent_back(question, answers[0], answers)) == []
    acting(waiting, coordinating.release_answer, 2, "Two firms leased it and paid 900 euro a year.")
    assert "paid 900 euro" in waiting.letter("answer", ASKER_MAIL).text
    assert waiting.assignments() == [(DESK, "answered")] and holds(waiting)


def test_a_reply_to_an_earlier_letter_counts_as_well(waiting):
    send_back(waiting)
    waiting.mail(DESK, "They paid 900 euro.", to=waiting.letter("answer_thanks", DESK))
    assert [one.state for one in waiting.all(Answer)] == ["discarded", "waiting"]


def test_a_date_that_becomes_later_is_told(waiting):
    days(waiting, 12)
    before = waiting.question().promised_at
    send_back(waiting, working_days=10)
    after = waiting.question().promised_at
    assert after > before and after == waiting.all(Assignment)[-1].deadline_at
    assert "900" not in waiting.letter("holding", ASKER_MAIL).text and REMARK not in waiting.letter("holding", ASKER_MAIL).text


def test_who_stays_silent_is_reminded_and_then_the_question_moves_on(waiting):
    send_back(waiting)
    days(waiting, 10)
    assert waiting.letters("reminder", DESK) and waiting.assignments()[0] == (DESK, "lapsed")
    assert len(waiting.assignments()) == 2 and holds(waiting)


def test_who_cannot_do_more_declines_and_somebody_else_is_asked(waiting):
    send_back(waiting)
    waiting.mail(DESK, "Decline: I know no more", to=waiting.letter("answer_returned", DESK))
    assert waiting.assignments()[0] == (DESK, "declined") and waiting.assignments()[1][1] == "offered" and holds(waiting)


def test_it_may_go_back_twice_each_with_its_own_letter(waiting):
    for number in (1, 2):
        send_back(waiting, answer=number, remark=f"remark {number}")
        waiting.mail(DESK, f"version {number + 1}", to=waiting.letter("answer_returned", DESK))
    assert [REMARK not in one.text for one in waiting.letters("answer_returned", DESK)] == [True, True]
    assert [one.state for one in waiting.all(Answer)] == ["discarded", "discarded", "waiting"]


def test_while_another_answer_waits_the_coordinator_keeps_the_question(waiting):
    with waiting.store.transaction() as session:
        other = Assignment(
            question_id=1, expert_id=expert_id(waiting, SECOND), state="answered", stage=0, reasons=[], reminders=[], panel=True,
            deadline_at=waiting.now + DAY, escalate_at=None, explanation={}, created_at=waiting.now, settled_at=waiting.now,
        )  # fmt: skip
        session.add(other)
        session.flush()
        session.add(
            Answer(
                question_id=1, assignment_id=other.id, author=f"expert:{other.expert_id}", language="en", text="Another",
                state="waiting", created_at=waiting.now,
            )
        )  # fmt: skip
    before = waiting.question().revision
    send_back(waiting)
    assert owner(waiting)[1] == "coordinator" and waiting.question().revision > before
    assert waiting.assignments()[0] == (DESK, "accepted")


@pytest.mark.parametrize(("remark", "working_days"), [("", 3), ("  \n ", 3), ("x" * 2001, 3), ("More", 0), ("More", 61)])
def test_an_empty_or_endless_remark_or_no_time_is_refused_and_changes_nothing(waiting, remark, working_days):
    with pytest.raises(coordinating.NotPossible):
        send_back(waiting, remark=remark, working_days=working_days)
    assert waiting.all(Answer)[0].state == "waiting" and not waiting.letters("answer_returned")


def test_who_has_left_is_not_asked_again(waiting):
    with waiting.store.transaction() as session:
        session.execute(update(Expert).where(Expert.id == expert_id(waiting, DESK)).values(active=False))
    with pytest.raises(coordinating.NotPossible, match="no longer in the directory"):
        send_back(waiting)


def test_an_answer_that_nobody_was_asked_for_cannot_go_back(waiting):
    with waiting.store.transaction() as session:
        session.execute(update(Answer).values(assignment_id=None, author="somebody@else.example"))
    with pytest.raises(coordinating.NotPossible, match="Nobody whom we asked"):
        send_back(waiting)


def test_what_is_released_or_unknown_cannot_go_back(waiting):
    with pytest.raises(NotFound):
        send_back(waiting, answer=99)
    acting(waiting, coordinating.release_answer, 1, FIRST)
    with pytest.raises(StaleAction):
        send_back(waiting)


def test_a_long_silence_of_the_coordinators_leaves_a_deadline_ahead(waiting):
    waiting.now += timedelta(days=60)
    send_back(waiting)
    assert waiting.all(Assignment)[-1].deadline_at > waiting.now and holds(waiting)


def test_who_has_the_question_again_is_not_asked_twice(waiting):
    acting(waiting, coordinating.assign_to, expert_id(waiting, DESK))
    with pytest.raises(coordinating.NotPossible, match="already has the question"):
        send_back(waiting)


@pytest.mark.parametrize("act", [coordinating.search_again])
def test_an_answer_to_a_question_that_has_moved_on_cannot_go_back(waiting, act):
    acting(waiting, act)
    with pytest.raises(coordinating.NotPossible, match="moved on"):
        send_back(waiting)


def test_a_question_that_waits_for_another_one_does_not_go_back_to_work(waiting):
    with waiting.store.transaction() as session:
        session.execute(update(Question).values(next_action="follow"))
    with pytest.raises(coordinating.NotPossible, match="moved on"):
        send_back(waiting)


def test_a_file_of_the_first_half_goes_along_with_the_second(small):
    letter = small.assigned()
    with small.store.transaction() as session:
        session.execute(update(Authority).values(review="review"))
    small.mail(DESK, FIRST, to=letter, attachments=(REPORT,))
    send_back(small)
    small.mail(DESK, "They paid 900 euro.", to=small.letter("answer_returned", DESK))
    acting(small, coordinating.release_answer, 2, "Two firms; 900 euro.")
    assert [name for name, *_ in carried(small, small.letter("answer", ASKER_MAIL))] == [REPORT.name]


@pytest.fixture
def panel(small):
    """The desk and a second expert were asked together, and both answers wait."""
    letters = beside(small, SECOND)
    with small.store.transaction() as session:
        session.execute(update(Authority).values(review="review"))
    small.mail(DESK, FIRST, to=letters[DESK])
    small.mail(SECOND, "We rent a hall.", to=letters[SECOND])
    return small


def test_once_another_answer_went_out_the_second_half_is_read_by_a_person(panel):
    send_back(panel)
    acting(panel, coordinating.release_answer, 2, "We rent a hall.")
    row = panel.mail(DESK, "They paid 900 euro.", to=panel.letter("answer_returned", DESK))
    assert row.state == "held" and not panel.letters("addition", ASKER_MAIL)


def test_who_works_on_a_better_answer_is_watched_once_no_other_waits(panel):
    send_back(panel)
    acting(panel, coordinating.discard_answer, 2, "Not to the point")
    assert owner(panel) == ("assigned", "expert", "watch assignments") and holds(panel)
    days(panel, 5)
    assert panel.letters("reminder", DESK)


def test_whoever_goes_on_for_the_asker_who_withdrew_has_both_halves_read(small, together):  # noqa: F811
    with small.store.transaction() as session:
        session.execute(update(Authority).values(review="review"))
    small.mail(DESK, FIRST, to=small.letter("assignment", DESK))
    send_back(small)
    letter = small.letter("answer_returned", DESK)
    with small.store.transaction() as session:
        session.execute(update(Authority).values(review=None))
    stop(small)
    small.mail(DESK, "They paid 900 euro.", to=letter)
    assert not small.letters("answer")
    with small.store.snapshot() as session:
        heir, answers = session.get_one(Question, 2), session.query(Answer).order_by(Answer.id).all()
        assert {one.question_id for one in answers} == {2} and heir.waiting_for == "coordinator"
        assert [one.text for one in reworking.sent_back(heir, answers[1], answers)] == [FIRST]


def test_the_remark_that_waits_for_the_morning_goes_out_though_another_asker_goes_on(small, together):  # noqa: F811
    with small.store.transaction() as session:
        session.execute(update(Authority).values(review="review"))
    small.mail(DESK, FIRST, to=small.letter("assignment", DESK))
    send_back(small)
    assert small.letter("answer_returned", DESK).state == "queued"
    stop(small)
    assert small.letter("answer_returned", DESK).state == "queued" and small.letter("goes_on", DESK).state == "queued"
