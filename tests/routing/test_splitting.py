"""Several questions in one message: seen only where it is plain, split only by a coordinator, and everybody hears which is theirs."""

import pytest

from routing import splitting
from routing.checks import breaches
from routing.models import Assignment, Question
from routing.parts import are_unlike, parts_of
from tests.world import ASKER_MAIL, CHAT, DESK, POLICY, World

WORKSHOP = "Which lorry carries the welding machines up to remote mountain villages in winter?"
READING = "Which evening courses exist for adults who cannot read well?"
NUMBERED = f"Good morning,\n\n1. {WORKSHOP}\n2. {READING}\n\nKind regards"


@pytest.fixture
def world(store, tmp_path):
    return World(store, tmp_path / "index")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (NUMBERED, 2),
        (f"1) {WORKSHOP}\n\n2) {READING}\n\n3) Who pays the teachers of prison schools?", 3),
        (f"{WORKSHOP}\n\nWe also have many adults in our town without a diploma.\n\n{READING}", 2),
        ("1. Ποιο φορτηγό μεταφέρει τις μηχανές στα ορεινά χωριά;\n2. Ποια βραδινά μαθήματα υπάρχουν για ενηλίκους;", 2),
        (WORKSHOP, 0),
        (f"{WORKSHOP} {READING}", 0),
        (f"1. {WORKSHOP}\n3. {READING}", 0),
        (f"1. We have a lorry, and it is very old.\n2. {READING}", 0),
        (f"1. Why?\n2. {READING}", 0),
        ("\n".join(f"{number}. Who pays for course {number} in our town?" for number in range(1, 8)), 0),
        ("", 0),
    ],
)
def test_parts_are_seen_where_they_are_plain_and_lose_no_word(text, count):
    parts = parts_of(text)
    assert len(parts) == count
    if parts:
        assert [word for part in parts for word in part.split()] == text.split()


def test_all_parts_must_be_unlike():
    assert are_unlike([0.2, 0.1, 0.3], 0.4) and not are_unlike([0.2, 0.5, 0.3], 0.4) and not are_unlike([], 0.4)


def asked(world, text=NUMBERED, **facts):
    world.mail(ASKER_MAIL, text, **facts)
    world.search()
    return world.question()


def split(world):
    with world.store.transaction() as session:
        question = session.get(Question, world.all(Question)[0].id)
        return [one.number for one in splitting.split(session, world.office, question, world.now, by="user:1")]


def test_unlike_questions_are_shown_to_be_split_and_what_belongs_together_is_not(world):
    assert len(splitting.parts(asked(world))) == 2
    together = asked(world, "1. How much does the van with the machines cost?\n2. Who drives the van with the machines and pays it?")
    assert splitting.parts(together) == ()


def test_each_part_has_a_number_and_the_asker_hears_them_in_one_letter(world):
    first = asked(world)
    [number] = split(world)
    one, other = world.all(Question)
    assert (one.number, other.number) == (first.number, number) and WORKSHOP in one.text and READING not in one.text
    assert READING in other.text and (other.state, other.next_action, other.asker_id) == ("received", "search", one.asker_id)
    [told] = world.letters("split", ASKER_MAIL)
    assert all(words in told.text for words in (one.number, number, "welding machines", "evening courses"))
    assert world.all(Question)[0].thread.get(splitting.SEVERAL) is None and splitting.parts(one) == ()
    world.search()
    with world.store.snapshot() as session:
        assert world.all(Question)[1].next_action != "search" and breaches(session, world.now) == []


def several(small):
    """The same mail in the world without a search, given to the desk."""
    letter = small.assigned(NUMBERED)
    with small.store.transaction() as session:
        question = session.query(Question).one()
        question.thread = question.thread | {splitting.SEVERAL: True}
    return letter


def test_the_expert_at_work_keeps_the_first_part_and_their_deadline(small):
    letter = several(small)
    before = small.all(Assignment)[0].deadline_at
    [number] = split(small)
    told = small.letter("split_off", DESK)
    assert number in told.text and "welding machines" in told.text and "evening courses" not in told.text
    assert small.assignments() == [(DESK, "offered")] and small.all(Assignment)[0].deadline_at == before
    small.mail(DESK, "Abbiamo noleggiato un camion.", to=letter)
    assert [one.state for one in small.all(Question)] == ["answered", "received"]


def test_nothing_is_split_twice_nor_after_the_answer(small):
    letter = several(small)
    split(small)
    with pytest.raises(splitting.CannotSplit):
        split(small)
    small.mail(DESK, "Abbiamo noleggiato un camion.", to=letter)
    with pytest.raises(splitting.CannotSplit):
        split(small)


def test_words_do_not_go_back_to_an_address_that_nobody_vouches_for(small):
    small.mail(ASKER_MAIL, NUMBERED, proven=False)
    with small.store.transaction() as session:
        question = session.query(Question).one()
        question.thread = question.thread | {splitting.SEVERAL: True}
    [number] = split(small)
    told = small.letter("split", ASKER_MAIL).text
    assert number in told and "welding" not in told


def test_both_answers_reach_the_chat(small):
    small.chat(NUMBERED)
    small.search()
    with small.store.transaction() as session:
        question = session.query(Question).one()
        question.thread = question.thread | {splitting.SEVERAL: True}
    split(small)
    small.search()
    for letter in small.letters("assignment", DESK):
        small.mail(DESK, "Abbiamo noleggiato un camion.", to=letter)
    assert len(small.letters("answer", CHAT)) == 2 and 0 < POLICY.same.split_below < POLICY.same.offer_at
