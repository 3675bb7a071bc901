"""Whether the simulation would notice: faults are planted in the real code, and each must break the promise that forbids it.

Seeds are played until one breaks; on the unharmed code the same seeds keep every promise (test_simulation.py).
"""

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from routing import assigning, escalating, judge, watching
from tests.simulation.people import SMALL
from tests.simulation.play import Play

SEEDS = range(12)
SIZE = replace(SMALL, questions=3)


def after(function, fault):
    """The function, then something that should never follow it."""

    def harmed(session, office, question, *rest, **named):
        done = function(session, office, question, *rest, **named)
        fault(session, question)
        return done

    return harmed


def twice(function):
    def harmed(*given, **named):
        function(*given, **named)
        return function(*given, **named)

    return harmed


def no_next_moment(_session, question):
    question.next_action_at = None


def nobody_at_work(session, question):
    for one in watching.open_assignments(session, question):
        one.state = "withdrawn"


def forgets_what_came_of_it(session, _office, taken, *_rest):
    row = session.get_one(judge.InboxMessage, taken.id)
    row.state, row.outcome = "handled", None


FAULTS = {
    "a question loses its next moment": (
        escalating, "assign", after(assigning.assign, no_next_moment), "ck_question_open_has_next_action",
    ),
    "a question waits for an expert whom nobody asked": (
        assigning, "assign", after(assigning.assign, nobody_at_work), "nobody has them",
    ),
    "a reminder is written twice": (watching, "_write_reminder", twice(watching._write_reminder), "came twice"),
    "a reminder comes at night": (watching, "next_working_moment", lambda now, _calendar: now, "outside working hours"),
    "the asker is not told the new date": (escalating, "assign", None, "the asker was not told"),
    "an escalation is skipped": (watching, "_lapse", lambda *_: "nothing", "the service runs in circles"),
    "a message is handled without an outcome": (judge, "accept", forgets_what_came_of_it, "have no outcome"),
}  # fmt: skip


def silently(*given, **named):
    return assigning.assign(*given, **(named | {"tell_asker": ""}))


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(folder, monkeypatch, name):
    module, function, fault, words = FAULTS[name]
    monkeypatch.setattr(module, function, fault or silently)
    for seed in SEEDS:
        told = broken(seed, folder)
        if told:
            assert any(words in one for one in told), told
            return
    pytest.fail(f"twelve seeds, and nobody noticed: {name}")


def broken(seed, folder):
    """What was found; a service that goes round and round is stopped, and the database refuses what must never be."""
    try:
        return Play(seed, folder, SIZE).run().broken
    except (AssertionError, IntegrityError) as error:
        return [str(error)]
