"""The vector index in files: exact when small, a graph when large; it grows, forgets, is mapped, and notices a file cut short."""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.errors import IndexDamaged
from retrieval.vectors_faiss import COARSE_FROM, DEAD_SHARE, VectorIndex

LIMITS = {"exact": 10_000, "graph": 500}


def vectors(count, seed=0):
    made = np.random.default_rng(seed).standard_normal((count, 16)).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


@pytest.fixture(params=LIMITS.values(), ids=LIMITS)
def limit(request):
    return request.param


def check(index, right):
    """Holds exactly these vectors, in this order, and finds the nearest of them, also among a few."""
    some = np.arange(0, len(right), 7)
    np.testing.assert_array_equal(index.rows(some), right[some])
    allowed = np.flatnonzero(np.random.default_rng(5).random(len(right)) < 0.2)
    for question in vectors(20, seed=9):
        products = right @ question
        np.testing.assert_allclose(index.scores(question, some), products[some], atol=1e-5)
        rows, scores = index.nearest(question, 10)
        np.testing.assert_allclose(scores, products[rows], atol=1e-5)
        assert len(set(rows) & set(np.argsort(-products)[:10])) >= 9
        among, _ = index.nearest(question, 10, allowed)
        assert set(among) == set(allowed[np.argsort(-products[allowed])[:10]])


def test_it_grows_forgets_and_is_mapped(tmp_path, limit):
    right = vectors(1200)
    index = VectorIndex.of(right, limit)
    for round in range(1, 5):
        kept = np.delete(np.arange(len(right)), [3 * round, 100, 500])
        new = np.sort(np.random.default_rng(round).choice(len(kept), 20, replace=False))
        kept = np.insert(kept, new, -1)
        fresh = vectors(20, seed=round)
        expected = np.empty((len(kept), 16), np.float32)
        expected[kept >= 0], expected[kept < 0] = right[kept[kept >= 0]], fresh
        grown = index.replaced(kept, fresh)
        check(index, right)  # whoever still reads the old one is not disturbed
        grown.save(tmp_path / f"{round}.faiss")
        index, right = VectorIndex.load(tmp_path / f"{round}.faiss", limit), expected
        check(index, right)


def test_a_graph_with_too_many_dead_is_built_anew():
    right = vectors(1200)
    index = VectorIndex.of(right, 500)
    one_less = index.replaced(np.arange(1, 1200), right[:0])
    assert one_less._index.ntotal == 1200 and len(one_less) == 1199
    fewer = index.replaced(np.arange(1200 // DEAD_SHARE + 1, 1200), right[:0])
    assert fewer._index.ntotal == len(fewer) == 1199 - 1200 // DEAD_SHARE
    few = index.replaced(np.arange(400), right[:0])
    assert not few._is_graph
    check(few, right[:400])


def test_a_file_cut_short_while_in_use_is_an_error_and_no_crash(tmp_path, limit):
    file = tmp_path / "vectors.faiss"
    VectorIndex.of(vectors(1200), limit).save(file)
    index = VectorIndex.load(file, limit)
    with file.open("r+b") as opened:
        opened.truncate(4096)
    for use in (lambda: index.nearest(vectors(1)[0], 3), lambda: index.rows(np.arange(9)), lambda: index.save(tmp_path / "x")):
        with pytest.raises(IndexDamaged, match="cut short"):
            use()


@pytest.mark.parametrize("left", [0, 3, 40, 4096])
def test_a_file_cut_short_before_is_refused(tmp_path, limit, left):
    file = tmp_path / "vectors.faiss"
    VectorIndex.of(vectors(1200), limit).save(file)
    file.write_bytes(file.read_bytes()[:left])
    with pytest.raises(IndexDamaged, match="cannot be read"):
        VectorIndex.load(file, limit)


def test_an_index_of_nothing(tmp_path):
    empty = VectorIndex.of(vectors(0))
    assert len(empty) == 0 and len(empty.nearest(vectors(1)[0], 5)[0]) == 0
    assert empty.rows(np.zeros(0, np.int64)).shape == (0, 16)
    assert len(empty.replaced(np.full(3, -1), vectors(3))) == 3


def alike(count, dims=128):
    """As many vectors as like each other as texts are: what they differ in has 16 dimensions, not 128."""
    spread = np.random.default_rng(3).standard_normal((16, dims)).astype(np.float32)
    made = vectors(count) @ spread + 0.5
    return made / np.linalg.norm(made, axis=1, keepdims=True)


@pytest.mark.parametrize("dims", [128, 101])
@pytest.mark.parametrize("count", [10, 50, 400])
def test_a_first_look_in_half_bytes_changes_nothing(count, dims):
    both = alike(COARSE_FROM + 27, dims)
    right, questions = both[:-20], both[-20:]
    index = VectorIndex.of(right)
    for question in questions:
        rows, scores = index.nearest(question, count)
        assert index._coarse is not None and index._coarse.nearest(question, count, index.scores) is not None
        best = np.argsort(-(right @ question))[:count]
        assert set(rows) == set(best)
        np.testing.assert_allclose(scores, (right @ question)[best], atol=1e-5)


@pytest.mark.parametrize("count", [10, 5_000])
def test_where_half_bytes_cannot_tell_all_vectors_are_compared(count):
    right = np.repeat(vectors(COARSE_FROM // 50), 100, axis=0)
    index, question = VectorIndex.of(right), vectors(1, seed=9)[0]
    assert index._coarse.nearest(question, count, index.scores) is None
    rows, scores = index.nearest(question, count)
    assert len(set(rows)) == count
    np.testing.assert_allclose(scores, np.sort(right @ question)[::-1][:count], atol=1e-5)


def test_a_dimension_in_which_all_are_equal_is_no_obstacle():
    right = alike(COARSE_FROM + 1)
    right[:, 5], right[:, 6] = 0, 0.1
    index = VectorIndex.of(right)
    rows, _ = index.nearest(right[7], 3)
    assert rows[0] == 7 and index._coarse.nearest(right[7], 3, index.scores) is not None


@pytest.mark.parametrize("exact_limit", [1000, 50], ids=["flat", "graph"])
def test_made_block_by_block_it_is_the_one_made_at_once(exact_limit, monkeypatch):
    monkeypatch.setattr("retrieval.vectors_faiss._ADDED", 70)
    vectors = np.random.default_rng(5).standard_normal((200, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    blocks = (vectors[start : start + 9] for start in range(0, 200, 9))
    made = VectorIndex.of_blocks(blocks, *vectors.shape, exact_limit)
    np.testing.assert_array_equal(made.rows(np.arange(200)), vectors)
    for question in vectors[::40]:
        rows, scores = made.nearest(question, 5)
        np.testing.assert_array_equal(rows, VectorIndex.of(vectors, 1000).nearest(question, 5)[0])
        np.testing.assert_allclose(scores, vectors[rows] @ question, atol=1e-5)


def test_blocks_that_are_fewer_than_announced_are_refused():
    with pytest.raises(ValueError, match="20 vectors were announced, 7 came"):
        VectorIndex.of_blocks([np.ones((7, 4), np.float32)], 20, 4)
