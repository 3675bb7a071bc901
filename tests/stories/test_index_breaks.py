"""The index is missing, damaged, half built or another model's: a person takes the question, and the service mends it by itself."""

import fcntl
import json
import shutil
from contextlib import contextmanager

import pytest
from sqlalchemy import select

from retrieval.hashing import HashEmbedder
from routing.models import Event, Question
from tests.town import each_for_itself
from tests.town import town as a_town
from tests.world import FICHES

QUESTIONS = [
    f"How do {who} learn a trade in a small town?" for who in ("adults", "apprentices", "migrants", "parents", "welders")
]


def generation(index):
    return index / (index / "CURRENT").read_text()


def cut_short(index):
    vectors = generation(index) / "vectors.faiss"
    vectors.write_bytes(vectors.read_bytes()[: vectors.stat().st_size // 2])


def half_built(index):
    """As a kill leaves it: a folder without a manifest, a journal without an end, and no index that counts."""
    left = index / "generation-killed"
    left.mkdir()
    shutil.copy(generation(index) / "pieces.jsonl", left)
    (index / "journal").write_bytes(b"a record that was cut sh")
    (index / "CURRENT").unlink()


def missing(index):
    shutil.rmtree(index)


@contextmanager
def nobody_writes(index):
    """Holds the writers' lock, so that what happens before the index is mended can be watched."""
    index.mkdir(exist_ok=True)
    with (index / "LOCK").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_a_person_looks_and_the_index_is_mended(store_url, tmp_path):
    async with a_town(store_url, tmp_path, search__embedder="hash", **each_for_itself(tmp_path)) as town:
        assert town.service.searcher.status().model == HashEmbedder().name, "the index it came with was another model's"
        for damage, text in zip((missing, cut_short, half_built), QUESTIONS, strict=False):
            index = tmp_path / "index"
            await town.shut()
            damage(index)
            with nobody_writes(index):
                await town.open()
                assert town.service.searcher.status().degraded
                await a_person_takes(town, text)
            await town.until(lambda: town.service.searcher.status().degraded is None)
            assert town.service.searcher.status().fiches == len(FICHES)
            assert town.service.searcher.search(text).matches
            assert [left.name for left in index.glob("*generation-*")] == [generation(index).name]
            assert not (index / "journal").exists()


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_it_breaks_while_the_service_runs(store_url, tmp_path):
    async with a_town(store_url, tmp_path, search__embedder="hash", **each_for_itself(tmp_path)) as town:
        index = tmp_path / "index"
        assert town.service.searcher.search(QUESTIONS[0]).matches
        with nobody_writes(index):
            cut_short(index)
            await a_person_takes(town, QUESTIONS[-1])
        town.service.wake()
        await town.until(lambda: town.service.searcher.status().degraded is None)
        assert town.service.searcher.search(QUESTIONS[0]).matches


async def a_person_takes(town, text):
    """Asked while nothing can be searched, a question is given to a person, for that reason, and the asker is told."""
    phone = town.phone(501 + len(town.state()), name="Policy desk")
    phone.say(text)
    await town.until(lambda: degraded(town, text))
    await town.until(lambda: phone.screen()[-1].from_bot)


def degraded(town, text):
    with town.store.snapshot() as session:
        events = session.scalars(select(Event).join(Event.question).where(Question.text == text))
        return next((one for one in events if '"degraded"' in json.dumps(one.detail)), None)
