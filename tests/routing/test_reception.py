"""Prose of askers that wants nothing: thanks, praise, a choice; and that a wish always reaches a person."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from retrieval import embedder_from
from routing.models import Question
from routing.reception import HEEDED, WISH_FROM, word_in
from routing.sense import KINDS, Senses
from routing.values import Incoming, Kind, Sense
from tests.world import ASKER_MAIL, CHAT, DESK, OTHER_QUESTION

REPLIES = [json.loads(line) for line in Path(__file__).with_name("prose_askers.jsonl").read_text("utf-8").splitlines()]
TEXT = "This goes straight into the paper for our council on Thursday."


def says(kind, matters=0.02):
    return {"asker": Sense(kind, matters)}


@pytest.fixture
def answered(small):
    return small.answered()


@pytest.mark.parametrize(
    ("kind", "outcome", "verdict"),
    [
        ("pleased", "the answer helped", "helped"),
        ("used", "the answer helped", "helped"),
        ("polite", "thanks noted", None),
        ("not_yet", "thanks noted", None),
        ("not_used", "thanks noted", None),
        ("unhelpful", "asked what is missing", "not helped"),
    ],
)
def test_what_is_said_of_an_answer(small, answered, kind, outcome, verdict):
    assert small.mail(ASKER_MAIL, TEXT, to=answered, senses=says(kind)).outcome == outcome
    assert small.question().verdict == verdict and small.letters("answer_missing") == []


@pytest.mark.parametrize("senses", [{}, says("more", 0.97), says("pleased", WISH_FROM), says("accept"), says("expert")])
def test_whatever_may_be_a_wish_goes_to_the_expert(small, answered, senses):
    assert small.mail(ASKER_MAIL, TEXT, to=answered, senses=senses).outcome == "opened again"
    assert TEXT in small.letter("answer_missing", DESK).text


def test_what_is_missing_is_never_taken_for_thanks(small, answered):
    small.mail(ASKER_MAIL, "no", to=answered)
    assert small.mail(ASKER_MAIL, TEXT, to=answered, senses=says("polite")).outcome == "opened again"


@pytest.mark.parametrize(("kind", "how"), [("used", "yes"), ("not_yet", "not yet"), ("not_used", "no")])
def test_whether_it_was_used(small, answered, kind, how):
    small.run_until(small.now + timedelta(days=20), timedelta(hours=12))
    letter = small.letter("used_question", ASKER_MAIL)
    assert small.mail(ASKER_MAIL, TEXT, to=letter, senses=says(kind)).outcome == f"used: {how}"


@pytest.mark.parametrize(
    ("kind", "text", "outcome"),
    [
        ("accept", "The second one is what we were looking for.", "accepted second-fiche"),
        ("accept", "We take the last one, it fits our valleys.", "accepted second-fiche"),
        ("accept", "Die 2 passt gut zu unseren Tälern.", "accepted second-fiche"),
        ("accept", "That one fits us well enough, for all 9 villages.", "asked which of the fiches"),
        ("accept", "The first one, for all 9 villages.", "accepted first-fiche"),
        ("pleased", "Very useful to know of it.", "asked which of the fiches"),
        ("expert", "I would rather hear it from a person.", "refused; an expert will be asked"),
        ("unhelpful", "These are of no use to us.", "refused; an expert will be asked"),
        ("polite", "I shall look at them on the train.", "noted"),
        ("used", "We have done that since March.", "refused; an expert will be asked"),
    ],
)
def test_what_is_said_of_fiches(small, kind, text, outcome):
    assert small.mail(ASKER_MAIL, text, to=small.proposed(), senses=says(kind)).outcome == outcome


@pytest.mark.parametrize(
    ("text", "seems", "outcome"),
    [
        ("Really useful, it goes straight into our plan for the valley.", says("pleased"), "the answer helped"),
        ("We put it on the list for the valley.", says("pleased"), "question"),  # neither thanks nor praise
        ("Very useful, and we lack a word on the costs.", says("more", 0.9), "question"),
    ],
)
def test_what_is_said_in_a_chat_of_the_last_answer(small, text, seems, outcome):
    small.chat(OTHER_QUESTION)
    small.search()
    small.mail(DESK, "We leased a lorry and shared it among five valleys.", to=small.letter("assignment", DESK))
    row = small.hear(Incoming("telegram", Kind.MESSAGE, "text", CHAT, text, proven=True, senses=seems))
    assert row.outcome.startswith(outcome)


def test_while_an_expert_is_at_work_all_is_passed_on(small):
    small.assigned()
    row = small.mail(ASKER_MAIL, TEXT, to=small.letter("receipt", ASKER_MAIL), senses=says("polite"))
    assert row.outcome == "passed on to the expert"


@pytest.fixture(scope="module")
def senses():
    return Senses(embedder_from("bundled"))


def test_replies_never_learnt_from(senses):
    """The figures, and with them the limit, come from benchmarks/replies.py; half of the replies are read here."""
    half = REPLIES[::2]
    heard = [reply for reply in half if word_heard(reply, senses) is not None]
    assert [reply["text"] for reply in heard if reply["kind"] == "more"] == []
    assert len(heard) >= 45, len(heard)


def word_heard(reply, senses):
    item = Incoming("email", Kind.MESSAGE, "words", ASKER_MAIL, reply["text"], senses=senses.of(reply["text"]))
    question = Question(state="proposed" if reply["context"] == "proposal" else "answered", language=reply["language"])
    return word_in(item, question, fiches=3, is_asked_whether_used=reply["context"] == "used")


def test_the_kinds_are_those_that_something_follows_from():
    assert {*HEEDED, "more", "accept", "expert"} == set(KINDS["asker"]) == {*(reply["kind"] for reply in REPLIES)}
