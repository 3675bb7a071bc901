"""Prose of experts that is no answer: what follows from it, and that whoever meant it as the answer is heard."""

import json
from pathlib import Path

import numpy as np
import pytest

from retrieval import embedder_from
from routing import buttons, coordinating
from routing.models import Absence, Expert, InboxMessage, Question
from routing.people import find_address
from routing.prose import ABOUT_US, ANSWER_FROM, ENCLOSED, MEANT, no_answer_in
from routing.sense import KINDS, RUNS, Model, Senses, keep, kept_for, sentences
from routing.values import AttachedFile, Incoming, Kind, Sense
from tests.world import ASKER_MAIL, COORDINATOR, DEPUTY, DESK, SECOND

REPLIES = [json.loads(line) for line in Path(__file__).with_name("prose_experts.jsonl").read_text("utf-8").splitlines()]
UNDERSTOOD = "abbiamo inteso la Sua mail"  # the desk reads Italian
LATER = "I shall have to ask my head of service first and then come back to you."


def says(kind, matters=0.02):
    return {"expert": Sense(kind, matters)}


def heard(text, senses):
    return Incoming("email", Kind.MESSAGE, "words", DESK, text, senses=senses)


def click(world, letter):
    """The one button of a letter, as the page behind its link presses it."""
    (button,) = world.buttons(letter)
    assert button.action == "was_answer"
    with world.store.transaction() as session:
        return buttons.press(session, world.office, button.id, now=world.now)


def test_a_promise_to_answer_accepts_and_nothing_goes_to_the_asker(small):
    row = small.mail(DESK, LATER, to=small.assigned(), senses=says("later"))
    assert row.outcome == "accepted" and small.assignments() == [(DESK, "accepted")]
    assert small.letters("answer") == [] and UNDERSTOOD in small.letter("accepted", DESK).text
    assert small.events("prose-read")[0].detail["sense"] == "later"


@pytest.mark.parametrize(
    ("day", "outcome"),
    [
        ("2 December", "accepted"),  # before the deadline, which is Monday 7 December
        ("7 December", "accepted"),
        ("10 December", "extended by 2 working days"),  # the 8th is a holiday
        ("2027-03-01", "extended by 10 working days"),
    ],
)
def test_a_later_day_that_is_promised_moves_the_deadline(small, day, outcome):
    row = small.mail(
        DESK, f"We must collect figures first; expect our reply on {day}.", to=small.assigned(), senses=says("later")
    )
    assert row.outcome == outcome
    assert UNDERSTOOD in small.letter("deadline_moved" if "extended" in outcome else "accepted", DESK).text


def test_who_promises_again_is_told_again(small):
    letter = small.assigned()
    small.mail(DESK, "accept", to=letter)
    row = small.mail(DESK, LATER, to=letter, senses=says("later"))
    assert row.outcome == "accepted before" and len(small.letters("accepted", DESK)) == 2


def test_what_was_meant_as_the_answer_goes_on_at_a_press(small):
    small.mail(DESK, LATER, to=small.assigned(), senses=says("later"))
    letter = small.letter("accepted", DESK)
    assert click(small, letter).outcome == "answered"
    assert LATER in small.letter("answer", ASKER_MAIL).text and small.assignments() == [(DESK, "answered")]
    assert click(small, letter).toast == "stale" and len(small.letters("answer")) == 1


def test_a_refusal_moves_the_question_on_and_can_be_taken_back(small):
    text = "This is none of our business, I am afraid."
    row = small.mail(DESK, text, to=small.assigned(), senses=says("declines"))
    assert row.outcome == "declined" and small.assignments() == [(DESK, "declined"), (DEPUTY, "offered")]
    assert click(small, small.letter("declined_thanks", DESK)).outcome == "held"
    held = small.all(InboxMessage, state="held")[0]
    assert held.text == text and small.letters("answer") == []


def test_absence_in_prose_is_noted_by_its_day(small):
    text = "With the pupils in Portugal, back on 4 December."
    row = small.mail(DESK, text, to=small.assigned(), senses=says("away"))
    assert row.outcome == "away" and [one.last_day for one in small.all(Absence)] == ["2026-12-04"]
    assert small.assignments()[1] == (DEPUTY, "offered")


def test_somebody_named_in_prose_who_is_known_is_asked(small):
    text = f"The dual office knows that far better than I do, its address is {SECOND}."
    row = small.mail(DESK, text, to=small.assigned(), senses=says("elsewhere"))
    assert row.outcome.startswith("proposed") and small.letter("assignment", SECOND)


def test_somebody_unknown_is_shown_to_a_coordinator(small):
    text = "The chamber of crafts is the one to ask."
    small.mail(DESK, text, to=small.assigned(), senses=says("elsewhere"))
    assert text in small.letter("co_question", COORDINATOR).text


def test_a_question_in_prose_goes_to_the_asker(small):
    text = "It depends on what the apprentice is in law over there. Employee or pupil?"
    row = small.mail(DESK, text, to=small.assigned(), senses=says("asks"))
    assert row.outcome == "asked the asker" and text in small.letter("ask_back", ASKER_MAIL).text


def test_what_is_asked_of_us_waits_for_a_person(small):
    row = small.mail(
        DESK, "Odd. Nobody told me of this, so where did you get the address?", to=small.assigned(), senses=says("us")
    )
    assert row.state == "held" and "where did you get" in row.reason and small.letters("ask_back") == []


def test_a_file_that_did_not_come_is_asked_for(small):
    row = small.mail(DESK, "All of it is in the slides below.", to=small.assigned(), senses=says("enclosed"))
    assert row.outcome == "asked for a file that did not come" and small.assignments() == [(DESK, "offered")]
    assert click(small, small.letter("file_missing", DESK)).outcome == "answered"


def test_with_its_file_it_is_the_answer(small):
    file = AttachedFile("slides.pdf", "application/pdf", b"%PDF-1.7")
    small.mail(DESK, "All of it is in the slides.", to=small.assigned(), senses=says("enclosed"), attachments=(file,))
    assert small.letter("answer", ASKER_MAIL)


def test_what_was_cut_in_doubt_waits_for_a_coordinator(small):
    row = small.mail(
        DESK, LATER, to=small.assigned(), senses=says("later"), review="words stand above and below the quoted letter"
    )
    assert row.outcome.startswith("answer waits for a coordinator")


@pytest.mark.parametrize("seems", [{}, says("tells", 0.99), says("later", ANSWER_FROM), says("fills")])
def test_all_else_is_the_answer(small, seems):
    small.mail(DESK, LATER, to=small.assigned(), senses=seems)
    assert LATER in small.letter("answer", ASKER_MAIL).text


def test_a_plain_word_among_the_prose_decides(small):
    text = "I need 3 more days, sorry, it is the end of the year here."
    row = small.mail(DESK, text, to=small.assigned(), senses=says("later"))
    assert row.state == "handled" and row.outcome == "extended by 3 working days"


def test_after_another_answer_a_promise_is_only_noted(small):
    letter = small.assigned()
    with small.store.transaction() as session:
        question, second = session.query(Question).one(), find_address(session, "email", SECOND).person_id
        expert = session.query(Expert).filter_by(person_id=second).one()
        coordinating.ask_also(session, small.office, question, expert.id, by="user:1", now=small.now)
    small.mail(SECOND, "Five valleys share a lorry.", to=small.letter("assignment", SECOND))
    assert small.mail(DESK, LATER, to=letter, senses=says("later")).outcome == "noted"
    assert small.mail(DESK, LATER, to=letter).outcome == "added to the answer"


def test_who_says_it_in_a_word_is_told_nothing_of_prose(small):
    small.mail(DESK, "accept", to=small.assigned())
    letter = small.letter("accepted", DESK)
    assert UNDERSTOOD not in letter.text and letter.buttons == []


# ------------------------------------------------------------------------------------------- what replies seem to be


@pytest.fixture(scope="module")
def senses():
    return Senses(embedder_from("bundled"))


def test_replies_never_learnt_from(senses):
    """The figures, and with them the limit, come from benchmarks/replies.py; half of the replies are read here."""
    taken = [reply for reply in REPLIES[::2] if no_answer_in(heard(reply["text"], senses.of(reply["text"])))]
    held = [reply["text"] for reply in taken if reply["kind"] == "tells"]
    assert held == [] and len(taken) >= 140, (held, len(taken))


def test_a_link_is_an_answer(senses):
    assert senses.of("All you need is at https://small-firms.county.example/sharing") == {
        "expert": Sense("tells", 1.0),
        "asker": Sense("more", 1.0),
        "opener": Sense("ask", 1.0),
    }


@pytest.mark.parametrize("text", ["", "…", "I will ask my colleague. " * 12])
def test_of_nothing_and_of_much_nothing_is_said(senses, text):
    assert senses.of(text) == {}


def test_other_embedders_say_nothing():
    assert Senses(embedder_from("hash")).of(LATER) == {}


def test_what_was_learnt_for_another_embedder_is_kept_in_the_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("RRM_CACHE", str(tmp_path))
    embedder = embedder_from("hash")
    models = {
        side: Model(kinds, np.zeros((embedder.dims + 3 + RUNS, len(kinds))), np.eye(len(kinds))[1] * 9)
        for side, kinds in KINDS.items()
    }
    kept_for(embedder).parent.mkdir(parents=True, exist_ok=True)
    keep(kept_for(embedder), embedder, models)
    assert Senses(embedder).of(LATER)["expert"].kind == "later" and Senses(embedder).of(LATER)["asker"].kind == "pleased"


def test_what_is_damaged_is_told_of_and_not_used(tmp_path, monkeypatch, caplog):
    monkeypatch.setenv("RRM_CACHE", str(tmp_path))
    embedder = embedder_from("hash")
    kept_for(embedder).parent.mkdir(parents=True, exist_ok=True)
    kept_for(embedder).write_text("{", "utf-8")
    assert Senses(embedder).of(LATER) == {} and "learn it again" in caplog.text


def test_the_kinds_are_those_that_something_follows_from():
    assert {*MEANT, ENCLOSED, ABOUT_US, "tells", "fills"} == set(KINDS["expert"]) == {reply["kind"] for reply in REPLIES}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("We pay by 17.03.2026. Ask desk@town.example.", ["We pay by 17.03.2026.", "Ask desk@town.example."]),
        ("A line that a mail program broke because it had come\nto its limit. And more", 2),
        ("Short line\nAnother one", ["Short line", "Another one"]),
        ("Πόσοι μαθητές; Ποιος πληρώνει;", ["Πόσοι μαθητές;", "Ποιος πληρώνει;"]),
        ("!!! … ?", []),
        ("Mogu tek do 12. siječnja. Hvala.", ["Mogu tek do 12. siječnja.", "Hvala."]),
        ("I must ask my director.\nHeike Braun\nTraining Consensus desk\nPhone 0211 837", ["I must ask my director."]),
        ("Ne peux pas aider, désolée.\n\nClaire DUPONT\nCheffe de service", ["Ne peux pas aider, désolée."]),
        ("Not our field.\nJane", ["Not our field."]),
        ("Thanks for asking!\nForty firms took part", ["Thanks for asking!", "Forty firms took part"]),
        ("Two towns did.\nBanja Luka\nIt cost 3,000 euros.", ["Two towns did.", "Banja Luka", "It cost 3,000 euros."]),
        ("Anna Berg", ["Anna Berg"]),
    ],
)
def test_sentences(text, parts):
    assert sentences(text) == parts if isinstance(parts, list) else len(sentences(text)) == parts
