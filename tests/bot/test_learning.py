"""Verdicts move the confidence, and only enough of them do."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.learning import ENOUGH_NEWS, Learning
from retrieval import LabelledQuestion, Searcher
from retrieval.hashing import HashEmbedder
from routing import migrate
from routing.models import Label, Question
from routing.people import address_of
from routing.store import Store
from tests.retrieval.conftest import DUAL, SCHOLARSHIPS

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
OWN = [
    LabelledQuestion(f"own-{place}", "en", f"Who runs a dual school in town {place}?", ("dual-school",)) for place in range(20)
]


def judge(store, count: int, helps: bool) -> None:
    with store.transaction() as session:
        address = address_of(session, "email", "ann@town.example", now=NOW, language="en")
        for place in range(count):
            question = Question(
                number=f"{helps}-{place}",
                asker_id=address.person_id,
                address_id=address.id,
                language="en",
                text=f"Who runs a dual school, number {place}?",
                next_action_at=NOW,
                created_at=NOW,
            )
            session.add(question)
            session.flush()
            session.add(Label(question_id=question.id, fiche_slug="dual-school", helps=helps, source="asker", created_at=NOW))


@pytest.fixture
def store(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'learning.db'}")
    migrate.upgrade(store)
    yield store
    store.close()


@pytest.fixture
def searcher(tmp_path):
    searcher = Searcher.open(tmp_path / "index", HashEmbedder())
    searcher.reconcile([DUAL, SCHOLARSHIPS])
    return searcher


def test_praise_raises_the_confidence_and_refusals_lower_it_again(store, searcher):
    learning = Learning(store, searcher, lambda: OWN)
    before = searcher.search("Who runs a dual school?").confidence
    assert not learning.learn(), "nobody has said anything yet"
    judge(store, 60, helps=True)
    assert learning.learn()
    praised = searcher.search("Who runs a dual school?").confidence
    assert praised > before
    judge(store, 120, helps=False)
    assert learning.learn()
    assert searcher.search("Who runs a dual school?").confidence < praised
    assert not learning.learn(), "nothing new was said"


def test_a_few_verdicts_wait_for_more(store, searcher):
    learning = Learning(store, searcher, list)
    judge(store, ENOUGH_NEWS - 1, helps=True)
    assert not learning.learn()
    judge(store, 1, helps=False)
    assert learning.learn()


def test_without_an_index_nothing_is_learnt(store, tmp_path):
    judge(store, ENOUGH_NEWS, helps=True)
    assert not Learning(store, Searcher.open(tmp_path / "none", HashEmbedder()), list).learn()
