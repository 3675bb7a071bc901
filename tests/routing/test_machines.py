"""Machines that give no sign of being one: known by their pace and by saying the same; people are let through."""

from datetime import timedelta

import pytest

from routing import held
from routing.machines import one_box
from routing.models import Address
from tests.world import ASKER_MAIL, OTHER_QUESTION

DESK = "policy@town.example"
TOPICS = (
    "Which towns run a school for bakers?",
    "How do islands keep their pharmacies open?",
    "Who has leased electric buses for pupils?",
    "What became of libraries that lend tools?",
    "Which city trains carers at night?",
    "How many apprentices does a port need?",
)


def ask(small, text, *, sender=DESK, after=timedelta()):
    """A question from a mailbox, some time after the last letter there; it is given to an expert, and the asker told."""
    small.now += after
    row = small.mail(sender, text)
    small.search()
    small.send_all()
    return row.state, (row.facts.get("why") or {}).get("code")


def letters(small, domain="town.example"):
    with small.store.snapshot() as session:
        people = {one.person_id for one in session.query(Address).filter(Address.address.endswith(f"@{domain}"))}
    return [one for one in small.letters() if one.person_id in people and one.automatic]


@pytest.mark.parametrize("pause", [0, 1, 30, 59])
def test_whoever_answers_each_letter_at_once_is_held_at_the_fourth(small, pause):
    said = [ask(small, text, after=timedelta(seconds=pause)) for text in TOPICS[:4]]
    assert said == [("handled", None)] * 3 + [("held", "at-once")]
    assert len(letters(small)) == 3


@pytest.mark.parametrize("pause", [61, 600, 1800])
def test_a_policy_maker_asks_five_questions_in_a_morning(small, pause):
    said = [ask(small, text, after=timedelta(seconds=pause)) for text in TOPICS[:5]]
    assert said == [("handled", None)] * 5 and len(letters(small)) == 5


def test_one_pause_to_think_breaks_the_row(small):
    said = [ask(small, text, after=timedelta(minutes=2 * (number == 2))) for number, text in enumerate(TOPICS[:5])]
    assert [state for state, _ in said] == ["handled"] * 5
    assert ask(small, TOPICS[5])[1] == "at-once", "three in a row by now"
    assert ask(small, TOPICS[0] + " And who pays?", after=timedelta(hours=1, minutes=1))[0] == "handled"


def test_several_mails_at_once_after_one_letter(small):
    """A robot that writes three mails for each letter would grow without end."""
    ask(small, TOPICS[0])
    rows = [small.mail(DESK, text) for text in TOPICS[1:5]]
    assert [row.state for row in rows] == ["handled", "handled", "held", "held"]


def test_questions_sent_off_together_are_taken(small):
    """Before our first letter there is nothing that they could answer."""
    assert [small.mail(DESK, text).state for text in TOPICS] == ["handled"] * len(TOPICS)


def test_many_desks_of_one_town_ask_at_once(small):
    """A class that was told to try it out."""
    said = [ask(small, text, sender=f"desk{number}@town.example") for number, text in enumerate(TOPICS)]
    assert said == [("handled", None)] * 6


def test_tags_are_one_mailbox(small):
    said = [ask(small, text, sender=f"desk+{number}@town.example") for number, text in enumerate(TOPICS)]
    assert [code for _, code in said] == [None] * 3 + ["at-once"] * 3
    assert ask(small, TOPICS[0], sender="desk@elsewhere.example") == ("handled", None)


@pytest.mark.parametrize("pause", [timedelta(minutes=20), timedelta(days=1)])
def test_the_same_words_with_other_numbers_are_taken_three_times(small, pause):
    said = [ask(small, f"Alarm {number}: who runs\nbakery {number * 7}?", after=pause) for number in range(5)]
    assert [code for _, code in said] == [None] * 3 + ["says-the-same"] * 2
    assert len(letters(small)) == 3


def test_a_coordinator_lets_a_person_through(small):
    for text in TOPICS[:4]:
        ask(small, text)
    [row] = [one for one in small.all(held.InboxMessage) if one.state == "held"]
    with small.store.transaction() as session:
        assert "question" in held.take_as_question(session, small.office, row.id, by="person:1", now=small.now)
    assert small.question().text == TOPICS[3]


def test_an_asker_who_writes_without_end_is_held(small):
    """Else two robots, one who asks and one who asks back, would pass words on through us for ever."""
    small.assigned()
    receipt = small.letter("receipt", ASKER_MAIL)
    rows = [small.mail(ASKER_MAIL, f"{OTHER_QUESTION} Number {number}", to=receipt) for number in range(8)]
    most = small.office.policy.caps.per_address_per_hour
    assert [row.state for row in rows] == ["handled"] * most + ["held"] * (8 - most)
    assert len(small.letters("asker_replied")) == most
    with small.store.transaction() as session:
        done = held.release_to(session, small.office, rows[-1].id, small.question().id, by="person:1", now=small.now)
    assert "passed on" in done and len(small.letters("asker_replied")) == most + 1
    small.now += timedelta(hours=1, minutes=1)
    assert small.mail(ASKER_MAIL, "One more village.", to=receipt).state == "handled"


def test_a_mailbox_is_what_stands_before_the_plus(small):
    for address in ("a@x.example", "a+1@x.example", "a+b+c@x.example", "ab@x.example", "a_1@x.example", "a+1@xx.example"):
        small.mail(address, "Who runs it?")
    with small.store.snapshot() as session:
        found = session.query(Address).filter(one_box(Address.address, "A+7@x.example"))
        assert {one.address for one in found} == {"a@x.example", "a+1@x.example", "a+b+c@x.example"}
