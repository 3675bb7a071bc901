"""The loop that reads what questions mean: until nothing is left, and not at all without a model."""

import pytest

from bot.clock import StillClock
from bot.meaning import Meaning
from retrieval.hashing import HashEmbedder
from routing.nearness import Meanings
from tests.fakes.stores import postgres, postgres_template, sqlite_template, store, store_url  # noqa: F401
from tests.world import MONDAY, SmallWorld


@pytest.fixture
def small(store):  # noqa: F811
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


async def test_without_a_model_nothing_is_read(small):
    assert not await Meaning(small.store, None, StillClock(MONDAY)).step()
    assert Meanings(small.store, HashEmbedder()).near("dual training").unread == 3
