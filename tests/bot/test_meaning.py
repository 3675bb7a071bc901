"""The loop that reads what questions mean: until nothing is left, and not at all without a model."""

from datetime import timedelta

import pytest

from bot.meaning import Meaning
from bot.searching import floor_of
from bot.settings import load
from retrieval.hashing import HashEmbedder
from routing.erasing import ERASED
from routing.models import Question, QuestionVector
from routing.nearness import Meanings
from tests.fakes.clocks import StillClock
from tests.world import MONDAY, SmallWorld


@pytest.fixture
def small(store):
    world = SmallWorld(store)
    for number in range(3):
        world.mail(f"desk{number}@cluj.example", f"Question {number} about dual training?")
    return world


async def test_questions_are_read_until_none_is_left(small):
    loop = Meaning(small.store, HashEmbedder(), StillClock(MONDAY), batch=2)
    meanings = Meanings(small.store, HashEmbedder())
    left = [meanings.near("Question 0 about dual training?").unread]
    while await loop.step():
        left.append(meanings.near("Question 0 about dual training?").unread)
    assert left == [3, 1, 0] and meanings.near("Question 0 about dual training?").ids[0] == 1


async def test_the_loop_keeps_what_searches_have_in_memory(small):
    meanings = Meanings(small.store, HashEmbedder())
    loop = Meaning(small.store, HashEmbedder(), StillClock(MONDAY), meanings)
    await loop.step()
    assert sorted(meanings._stock.ids.tolist()) == [1, 2, 3], "before anybody has searched"
    with small.store.transaction() as session:
        session.get(Question, 2).text = ERASED
    await loop.step()
    assert sorted(meanings._stock.ids.tolist()) == [1, 3]


async def test_without_a_model_nothing_is_read(small):
    assert not await Meaning(small.store, None, StillClock(MONDAY)).step()
    assert Meanings(small.store, HashEmbedder()).near("dual training").unread == 3


async def test_workers_with_different_models_both_come_to_an_end(small):
    one, other = (Meaning(small.store, HashEmbedder(dims), StillClock(MONDAY), batch=2) for dims in (256, 128))
    steps = 0
    while [await one.step(), await other.step()] != [False, False]:
        steps += 1
        assert steps < 10, "they undo each other's work"
    for dims in (256, 128):
        assert Meanings(small.store, HashEmbedder(dims)).near("Question 0 about dual training?").ids[0] == 1


async def test_a_model_that_no_worker_has_any_more_is_forgotten(small):
    clock = StillClock(MONDAY)
    while await Meaning(small.store, HashEmbedder(128), clock, batch=2).step():
        pass
    staying = Meaning(small.store, HashEmbedder(256), clock, batch=2)
    for day in (0, 8):
        clock.moment = MONDAY + timedelta(days=day)
        while await staying.step():
            pass
    with small.store.snapshot() as session:
        assert session.query(QuestionVector).count() == 3


@pytest.mark.parametrize(
    ("embedder", "near_at", "floor"),
    [("bundled", 0, 0.5), ("bundled", 62, 0.62), ("st:intfloat/multilingual-e5-base", 0, None), ("st:somewhere", 91, 0.91)],
)
def test_each_model_has_a_floor_of_its_own(embedder, near_at, floor):
    assert floor_of(load(overrides={"search.embedder": embedder, "search.near_at": near_at}, environment={})) == floor
