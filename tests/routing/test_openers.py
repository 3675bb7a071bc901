"""What is written in a chat and asks nothing reaches no expert; what asks is never kept back; a number that is named counts."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from retrieval import embedder_from
from routing.models import Answer, Assignment, Question
from routing.sense import KINDS, OPENER, Senses
from routing.smalltalk import HEEDED, QUESTION_FROM, no_question_in
from routing.values import AttachedFile, Incoming, Kind, Sense
from tests.world import ASKER_MAIL, CHAT, COORDINATOR, DEPUTY, DESK, OTHER_QUESTION, SECOND, THIRD

MESSAGES = [json.loads(line) for line in (Path(__file__).parent / "prose_openers.jsonl").read_text("utf-8").splitlines()]
HOLIDAY = "How do you win back early school leavers in small towns?"


def said(text, kind=None, matters=0.0, **facts):
    senses = {OPENER: Sense(kind, matters)} if kind else {}
    return Incoming("telegram", Kind.MESSAGE, "text", CHAT, text, proven=True, senses=senses, **facts)


def asked(small, text=OTHER_QUESTION):
    small.hear(said(text))
    small.search()
    return small.question()


# ------------------------------------------------------------------ small talk


@pytest.mark.parametrize(
    ("kind", "outcome", "letter"),
    [
        ("greets", "welcomed", "welcome"),
        ("who", "welcomed", "welcome"),
        ("what", "welcomed", "welcome"),
        ("thanks", "noted: nothing was asked", None),
        ("drops", "no open questions", "status_empty"),
        ("language", "asked which language", "which_language"),
        ("missed", "nobody was asked: it seems to be no question", "not_asked"),
        ("idle", "nobody was asked: it seems to be no question", "not_asked"),
    ],
)
def test_what_asks_nothing_reaches_no_expert(small, kind, outcome, letter):
    row = small.hear(said("slm hocam", kind))
    assert (row.outcome, small.all(Question)) == (outcome, [])
    assert [one.kind for one in small.letters(to=CHAT)] == ([letter] if letter else [])


@pytest.mark.parametrize(
    "item",
    [
        said("electricians", "idle", QUESTION_FROM),
        said("electricians", "ask"),
        said("electricians"),
        said("see this", "idle", attachments=(AttachedFile("plan.pdf", "application/pdf", b"%PDF"),)),
    ],
)
def test_what_may_be_a_question_is_asked(small, item):
    assert no_question_in(item) is None
    small.hear(item)
    assert small.all(Question)


def test_by_mail_everything_is_a_question(small):
    small.mail("x@town.example", "Bakers in winter", senses={OPENER: Sense("idle", 0.0)})
    assert small.all(Question)


def test_who_meant_it_as_a_question_presses_a_button(small):
    small.hear(said("only electricians", "idle"))
    letter = small.letter("not_asked", CHAT)
    assert "program" in letter.text and len(letter.buttons) == 1
    assert small.press("is_question", letter).outcome == f"question {small.question().number}"
    assert small.question().text == "only electricians"
    assert small.press("is_question", letter).outcome == "stale button"


def test_small_talk_is_no_answer_to_which_of_these_do_you_mean(small):
    small.unclear()
    before = small.question().text
    small.hear(said("are you a human?", "who"))
    assert small.question().text == before and small.letters("welcome", CHAT)
    small.hear(said("grants", "idle"))
    assert small.question().text.endswith("grants"), "but a short answer is one, whatever it seems to be"


def test_not_what_i_meant_is_said_of_the_fiches(small):
    small.proposed(in_chat=True)
    text = small.question().text
    assert small.hear(said("nije to to", "missed")).outcome == "refused; an expert will be asked"
    assert len(small.all(Question)) == 1 and small.question().text == text


def test_ok_to_several_fiches_is_no_choice(small):
    small.proposed(in_chat=True)
    assert small.hear(said("ok")).outcome in ("asked which of the fiches", "noted")
    small.hear(said("yes"))
    letter = small.letter("which_fiche", CHAT)
    assert small.question().state == "proposed" and "1. " in letter.text and "2. " in letter.text
    small.press("accept", letter, which=1)
    assert small.question().verdict == "accepted"


# ------------------------------------------------------------------ numbers


def test_a_number_that_is_named_closes_that_question_and_no_other(small):
    first, _, third = (asked(small, text) for text in (OTHER_QUESTION, HOLIDAY, "Who pays for night classes of carers?"))
    assert small.hear(said(f"cancel {first.number} and {third.number}")).outcome == "2 questions withdrawn by the asker"
    assert [one.state for one in small.all(Question)] == ["closed", "assigned", "closed"]
    assert len(small.letters("closed", CHAT)) == 2


@pytest.mark.parametrize(
    ("answer", "open_after"),
    [("{0}", [2]), ("{short}", [2]), ("all of them", []), ("{0} and {1}", []), ("hepsini", []), ("όλες", [])],
)
def test_which_one_is_answered_by_its_number_alone(small, answer, open_after):
    first, second = asked(small), asked(small, HOLIDAY)
    assert small.hear(said("cancel")).outcome == "asked which question they no longer need"
    small.hear(said(answer.format(first.number, second.number, short=first.number.partition("-")[2])))
    assert [one.id for one in small.all(Question) if one.state != "closed"] == open_after
    assert len(small.all(Question)) == 2


@pytest.mark.parametrize("words", ["Never mind, we found 1 example", "cancel, all is well now and 2 towns have helped"])
def test_what_is_counted_beside_it_names_no_question(small, words):
    asked(small), asked(small, HOLIDAY)
    assert small.hear(said(words, "drops")).outcome == "asked which question they no longer need"
    assert {one.state for one in small.all(Question)} == {"assigned"}


def test_all_of_several_are_cancelled_in_three_words(small):
    asked(small), asked(small, HOLIDAY)
    assert small.hear(said("hepsini iptal et", "drops")).outcome == "2 questions withdrawn by the asker"


def test_a_number_alone_is_no_withdrawal_where_nobody_asked(small):
    first = asked(small)
    small.hear(said(first.number))
    assert small.all(Question)[0].state == "assigned"


def test_words_about_a_numbered_question_go_to_that_one(small):
    first, _ = asked(small), asked(small, HOLIDAY)
    row = small.hear(said(f"About {first.number}: we are a small county."))
    assert row.question_id == first.id and len(small.all(Question)) == 2


def test_of_two_that_wait_the_one_asked_about_last_is_answered(small):
    """Both experts ask back, the one of the older question after the other."""
    first, second = asked(small), asked(small, HOLIDAY)
    for question in (second, first):
        [(sender, letter)] = [
            (to, one)
            for to in (DESK, DEPUTY, SECOND, THIRD)
            for one in small.letters("assignment", to)
            if one.question_id == question.id
        ]
        assert small.mail(sender, "Which country do you mean?", to=letter).outcome == "asked the asker"
    assert small.hear(said("Spain")).question_id == first.id


# ------------------------------------------------------------------ letters


def test_in_a_chat_one_sees_which_question_an_afterthought_went_to(small):
    first, _ = asked(small), asked(small, HOLIDAY)
    small.hear(said(f"About {first.number}: we are a small county."))
    assert first.number in small.letter("passed_on", CHAT).text
    small.assigned()
    small.mail(ASKER_MAIL, "We are small.", to=small.letter("receipt", ASKER_MAIL))
    assert small.letters("passed_on", ASKER_MAIL) == [], "a mail says by itself what it is about"


def test_an_afterthought_goes_to_the_question_that_was_spoken_of_last(small):
    first, second = asked(small), asked(small, HOLIDAY)
    small.hear(said(f"About {first.number}: we are a small county."))
    assert small.hear(said("I forgot to say: we have two hospitals only")).question_id == first.id
    assert second.id != first.id


def test_who_is_asked_instead_by_the_same_date_says_so(small):
    asked(small)
    promised = small.question().promised_at
    small.mail(DESK, "decline", to=small.letter("assignment", DESK))
    note = small.letter("holding", CHAT).text
    same = small.question().promised_at == promised
    assert ("stays the same" in note, "New date" in note, "sorry" in note) == (same, not same, not same)


def test_coordinators_hear_that_an_answer_waits_for_them(small):
    small.assigned()
    with small.store.transaction() as session:
        question = session.query(Question).one()
        question.waiting_for, question.next_action, question.next_action_at = "coordinator", "nag coordinator", small.now
        session.add(Answer(
            question_id=question.id, author="expert:1", language="en", text="By lorry.", state="waiting", created_at=small.now,
        ))  # fmt: skip
    small.sweep()
    assert "waits for you" in small.letter("co_question", COORDINATOR).text


def test_a_question_back_that_is_answered_in_the_evening_moves_nothing(small):
    asked(small)
    small.now = small.now.replace(hour=20)
    before = small.all(Assignment)[0].deadline_at
    small.mail(DESK, "Which country do you mean?", to=small.letter("assignment", DESK))
    small.now += timedelta(minutes=10)
    small.hear(said("Spain"))
    assert small.all(Assignment)[0].deadline_at == before


def test_a_question_back_in_another_language_says_so(small):
    asked(small)
    small.mail(DESK, "O kojoj je zemlji riječ i koliko učenika imate u školama?", to=small.letter("assignment", DESK))
    assert "Croatian" in small.letter("ask_back", CHAT).text


# ------------------------------------------------------------------ what messages seem to be


@pytest.fixture(scope="module")
def senses():
    return Senses(embedder_from("bundled"))


def is_small_talk(text, senses):
    return no_question_in(replace(said(text), senses=senses.of(text))) is not None


def test_messages_never_learnt_from(senses):
    """The figures, and with them the limit, come from benchmarks/replies.py; half of the messages are read here."""
    taken = [one for one in MESSAGES[::2] if is_small_talk(one["text"], senses)]
    assert [one["text"] for one in taken if one["kind"] == "ask"] == []
    assert len(taken) >= 50


def test_the_kinds_are_those_that_something_follows_from():
    assert {*HEEDED, "ask"} == set(KINDS[OPENER]) == {one["kind"] for one in MESSAGES}
