"""One index in PostgreSQL for several workers: it finds what the one in files finds, heals, and is written by one at a time."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from retrieval import RetrievalError, Searcher, load_collection
from retrieval.postgres.storage import PostgresStorage
from retrieval.postgres.wire import Connections, knows_vectors
from retrieval.vectors_faiss import VectorIndex
from tests.fakes.postgres import drop_database, fresh_database, postgres_server
from tests.retrieval.conftest import DUAL, SCHOLARSHIPS
from tests.retrieval.test_searcher import QUESTION, CountingEmbedder

pytestmark = pytest.mark.pg
COLLECTION = Path(__file__).resolve().parents[2] / "data" / "collections" / "vet-practices"


@pytest.fixture(scope="module")
def server():
    with postgres_server() as server:
        yield server


@pytest.fixture
def address(server):
    url = fresh_database(server)
    yield url.replace("+psycopg", "")
    drop_database(server, url)


@pytest.fixture
def embedder():
    return CountingEmbedder()


@pytest.fixture
def worker(address, tmp_path, embedder):
    """Makes workers that share the database, each with a folder of its own."""
    made = []

    def make(embedder=embedder, exact_limit=100_000):
        storage = PostgresStorage(address, exact_limit)
        made.append(storage)
        return Searcher.open(tmp_path / str(len(made)), embedder, storage=storage)

    yield make
    for storage in made:
        storage.close()


def told(findings):
    return [(match.fiche, match.passage, match.quote, pytest.approx(match.score, abs=1e-5)) for match in findings.matches]


def slugs(searcher):
    return [match.fiche for match in searcher.search(QUESTION, limit=9).matches]


# ---------------------------------------------------------------- the same answers


def test_it_finds_what_the_index_in_files_finds(worker, tmp_path, neutral):
    fiches = load_collection(COLLECTION)[8:11]
    in_files, shared = Searcher.open(tmp_path / "files", neutral), worker(neutral)
    for told_so_far in (fiches[:2], [replace(fiches[1], facts={}), fiches[2]]):
        in_files.reconcile(told_so_far)
        shared.reconcile(told_so_far)
        other = worker(neutral)
        for text, filters in ASKED:
            expected = in_files.search(text, limit=5, filters=filters)
            assert expected.matches or filters
            for searcher in (shared, other):
                found = searcher.search(text, limit=5, filters=filters)
                assert told(found) == told(expected)
                assert found.confidence == pytest.approx(expected.confidence, abs=1e-3)


ASKED = [
    ("How do companies and schools train apprentices together?", {}),
    ("Bir belediye gençlere meslek nasıl öğretir?", {}),
    ("Ποιος πληρώνει την κατάρτιση των μαθητευόμενων;", {}),
    ("A second chance for young people who left school", {"country": ["FR", "RO", "ES"]}),
    ("strukovno obrazovanje", {"language": "en"}),
]


@pytest.mark.parametrize("exact_limit", [10_000, 500], ids=["comparing all", "by a graph"])
def test_nearest_scores_and_rows_agree_with_faiss(server, address, worker, exact_limit):
    """Two thousand vectors in one fiche of nothing else: only the numbers count."""
    random = np.random.default_rng(3)
    vectors = random.standard_normal((2000, 24)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    ours, theirs = VectorIndex.of(vectors), stored(address, vectors, exact_limit)
    assert (len(theirs), theirs.dims) == (2000, 24)
    allowed = np.flatnonzero(random.random(2000) < 0.3)
    some = random.permutation(2000)[:300]
    np.testing.assert_array_equal(theirs.rows(some), vectors[some])
    for question in vectors[:20] + 0.3 * vectors[50:70]:
        np.testing.assert_allclose(theirs.scores(question, some), ours.scores(question, some), atol=1e-5)
        for among in (None, allowed):
            rows, scores = ours.nearest(question, 10, among)
            found, found_scores = theirs.nearest(question, 10, among)
            assert len(set(rows) & set(found)) >= (10 if exact_limit > 2000 else 9)
            assert list(found_scores) == sorted(found_scores, reverse=True)
            if exact_limit > 2000:
                np.testing.assert_array_equal(rows, found)
                np.testing.assert_allclose(scores, found_scores, atol=1e-5)


def test_when_words_are_counted_otherwise_vectors_stay(worker, embedder, monkeypatch):
    one = worker()
    one.reconcile([DUAL, SCHOLARSHIPS])
    before = told(one.search(QUESTION))
    monkeypatch.setattr("retrieval.words.edition", lambda: "another list of concepts")
    other, embedder.encoded = worker(), 0
    assert "other rules" in (other.search(QUESTION).degraded or "")
    assert other.reconcile([DUAL, SCHOLARSHIPS]).healed and embedder.encoded == 0
    assert told(other.search(QUESTION)) == before


def stored(address, vectors, exact_limit):
    from retrieval.building import Draft, Fresh
    from retrieval.hashing import HashEmbedder
    from retrieval.index import NEW, Entry
    from retrieval.passages import SENTENCE, Piece
    from retrieval.values import WHOLE, Passage
    from retrieval.words import WordIndex

    pieces = tuple(Piece(Passage("one", "en", "results", str(i)), "", (SENTENCE,), i, len(vectors)) for i in range(len(vectors)))
    fresh = Fresh(*vectors.shape, lambda: iter([vectors[:7], vectors[7:]]))
    pieces = (replace(pieces[0], views=(WHOLE,)), *pieces[1:])
    draft = Draft((Entry("one", "", "en", {}, {}),), pieces, np.full(len(vectors), NEW), fresh, WordIndex.of(["words"]))
    storage = PostgresStorage(address, exact_limit)
    embedder = HashEmbedder(vectors.shape[1])
    with storage.locked():
        storage.write(draft, None, embedder)
    return storage.load(embedder)[1].vectors


# ---------------------------------------------------------------- several workers


def test_what_one_writes_all_others_find(worker, embedder, fiches):
    one, two = worker(), worker()
    assert one.search(QUESTION).degraded == "there is no index yet, nor the extension pgvector"
    assert one.reconcile(fiches).healed
    assert slugs(two) == slugs(one) and slugs(two)[0] == "dual-school"
    embedder.encoded = 0
    report = two.reconcile([DUAL, replace(SCHOLARSHIPS, facts={"country": "SI"})])
    assert (report.updated, set(report.removed)) == (("craft-scholarships",), {"skills-recognition", "street-tutors"})
    assert 0 < embedder.encoded < 10, "an update embeds one fiche only"
    assert set(slugs(one)) == {"dual-school", "craft-scholarships"}
    assert not one.reconcile([DUAL, replace(SCHOLARSHIPS, facts={"country": "SI"})]).changed
    assert one.status().generation == two.status().generation


def test_of_many_that_reconcile_at_once_one_does_the_work(worker, embedder, fiches):
    workers = [worker() for _ in range(4)]
    reports = []
    threads = [threading.Thread(target=lambda one=one: reports.append(one.reconcile(fiches))) for one in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(report.changed for report in reports) == [False, False, False, True]
    assert embedder.encoded == sum(worker().status().languages.values()) - len(fiches) - 1  # summaries are embedded as questions


def test_searches_go_on_while_another_writes(worker, fiches):
    reader, writer = worker(), worker()
    writer.reconcile(fiches)
    seen, done = set(), threading.Event()

    def search():
        while not done.is_set():
            findings = reader.search(QUESTION, limit=9)
            seen.add((findings.degraded, len(findings.matches)))

    thread = threading.Thread(target=search)
    thread.start()
    for round in range(8):
        writer.reconcile(fiches if round % 2 else fiches[:2])
    done.set()
    thread.join(60)
    assert seen <= {(None, 2), (None, 4)}


# ---------------------------------------------------------------- what breaks


DAMAGES = {
    "passages lost": "DELETE FROM rrm_search.passages WHERE id % 3 = 0",
    "a fiche lost": "DELETE FROM rrm_search.fiches WHERE slug = 'dual-school'",
    "words bent": "UPDATE rrm_search.state SET words = '\\x00'",
    "piece bent": "UPDATE rrm_search.passages SET piece = '[1]' WHERE id = 2",
    "state lost": "DELETE FROM rrm_search.state",
    "table lost": "DROP TABLE rrm_search.passages",
    "all lost": "DROP SCHEMA rrm_search CASCADE",
    "extension lost": "DROP EXTENSION vector CASCADE",
    "older format": "UPDATE rrm_search.state SET maker = '{\"format\": 1}'",
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_index_finds_nothing_says_why_and_heals(server, address, worker, fiches, damage):
    worker().reconcile(fiches)
    server.execute(damage, address.rpartition("/")[2])
    other = worker()
    findings = other.search(QUESTION)
    assert findings.matches == () and findings.degraded
    assert other.reconcile(fiches).healed
    assert slugs(other)[0] == "dual-school" and other.status().degraded is None


def test_a_worker_that_was_there_before_the_damage_heals_it_too(server, address, worker, fiches):
    one = worker()
    one.reconcile(fiches)
    server.execute(DAMAGES["passages lost"], address.rpartition("/")[2])
    assert "passages are left of" in (one.reconcile(fiches).healed or "")
    assert slugs(one)[0] == slugs(worker())[0] == "dual-school"


def test_another_models_index_is_refused_and_made_anew(worker, fiches):
    one, other = worker(), worker(CountingEmbedder("another"))
    one.reconcile(fiches)
    assert 'made by the model "counting", not by "another"' in (other.search(QUESTION).degraded or "")
    other.reconcile(fiches)
    assert slugs(other)[0] == "dual-school"
    assert 'made by the model "another"' in (one.search(QUESTION).degraded or "")


def test_a_write_that_breaks_off_leaves_the_old_index(worker, fiches, monkeypatch):
    from retrieval.postgres import tables

    one = worker()
    one.reconcile(fiches)
    monkeypatch.setattr(tables, "mind_graph", lambda *_: (_ for _ in ()).throw(OSError("the line is cut")))
    with pytest.raises(OSError, match="cut"):
        one.reconcile(fiches[:1])
    monkeypatch.undo()
    assert len(slugs(one)) == len(slugs(worker())) == 4
    one.reconcile(fiches[:1])
    assert slugs(one) == ["dual-school"]


def test_a_server_that_dies_and_comes_back(tmp_path, embedder, fiches):
    with postgres_server(fsync=True) as server:
        storage = PostgresStorage(fresh_database(server).replace("+psycopg", ""))
        one = Searcher.open(tmp_path, embedder, storage=storage)
        one.reconcile(fiches)
        server.kill()
        findings = one.search(QUESTION)
        assert findings.matches == () and "database" in (findings.degraded or "")
        assert one.status().degraded
        server.start()
        assert slugs(one)[0] == "dual-school" and one.status().degraded is None
        storage.close()


def test_without_the_extension_it_says_what_an_administrator_has_to_do(server, address, worker, fiches):
    server.execute("DROP ROLE IF EXISTS plain; CREATE ROLE plain LOGIN")
    storage = PostgresStorage(address.replace("postgres@", "plain@"))
    one = worker()
    one._storage = storage
    with pytest.raises(RetrievalError, match="CREATE EXTENSION vector"):
        one.reconcile(fiches)
    assert one.search(QUESTION).degraded == "there is no index yet, nor the extension pgvector"
    assert "this user may not" in storage.lack()
    server.execute("CREATE EXTENSION vector", address.rpartition("/")[2])
    assert storage.lack() == "this user may not create a schema in this database"
    server.execute(f'GRANT CREATE ON DATABASE "{address.rpartition("/")[2]}" TO plain', address.rpartition("/")[2])
    assert storage.lack() is None
    one.reconcile(fiches)
    assert slugs(one)[0] == "dual-school"
    storage.close()
    server.execute("REASSIGN OWNED BY plain TO postgres; DROP OWNED BY plain", address.rpartition("/")[2])


def test_it_says_that_a_server_lacks_the_extension_or_does_not_answer(server, address):
    assert PostgresStorage(address).lack() is None
    assert "does not answer" in PostgresStorage(f"postgresql://postgres@127.0.0.1:1/{server.port}").lack()


def test_connections_carry_vectors_exactly(server, address):
    server.execute("CREATE EXTENSION vector", address.rpartition("/")[2])
    connections = Connections(address)
    numbers = np.array([0.1, -1e-30, 3.4e38, 0.0], np.float32)
    with connections.one() as connection:
        assert knows_vectors(connection)
        cursor = connection.cursor(binary=True)
        np.testing.assert_array_equal(cursor.execute("SELECT %s::vector", [numbers]).fetchone()[0], numbers)
    connections.close()
