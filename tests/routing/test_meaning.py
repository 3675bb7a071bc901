"""The search by meaning: what is read, kept, followed and forgotten; what is near across languages, and what is not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import numpy as np
import pytest

from retrieval import embedder_from
from retrieval.hashing import HashEmbedder
from routing import commands, meaning, narrowing, queueing
from routing.care import Care
from routing.models import Address, Authority, Person, Question, QuestionVector
from routing.nearness import CONCEPTS, Asked, Meanings, Stock
from tests.world import DESK, MONDAY, bundled_embedder, read_meanings

ASKED = {
    "hr": "Kako male tvrtke u našem gradu mogu primiti naučnike, a da im papirologija ne pojede sav posao?",
    "tr": "Küçük işletmeler çırak almak istiyor ama usta öğreticileri yok; başka şehirler bunu nasıl çözdü?",
    "el": "Πώς πείθετε τις μικρές επιχειρήσεις να πάρουν μαθητευόμενους;",
    "es": "¿Qué vacunas necesitan los perros del refugio municipal antes del verano?",
    "it": "Chi ripara il tetto della piscina comunale dopo la grandine?",
}
WANTED = ("hr", "tr", "el")


@pytest.fixture
def asked(small):
    """One question in each language, from a desk of its own; three of them about one thing."""
    for language, text in ASKED.items():
        small.mail(f"desk@{language}.example", text)
    with small.store.transaction() as session:
        for question, language in zip(session.query(Question).order_by(Question.id), ASKED, strict=True):
            question.language = language
    return small


def read(small, embedder, **so_far):
    read_meanings(small.store, embedder, small.now, **so_far)


def languages(small, nearness):
    known = {one.id: one.language for one in small.all(Question)}
    return [known[one] for one in nearness.ids]


def forget(small, address):
    with small.store.transaction() as session:
        person = session.get(Person, session.query(Address).filter_by(address=address).one().person_id)
        commands.forget_person(session, small.office, person, small.now)


# ---------------------------------------------------------------------------------------------- what is found

MEANT = (
    "apprenticeship in small firms",
    "apprentices small companies",
    "apprendisti nelle piccole imprese",
    "çıraklık küçük işletme",
)
NOTHING_NEAR = ("qwrtzplk vbnmx", "the the the", "football results last night", "asdf", "zebra", "lorem ipsum dolor sit amet")


def test_a_few_words_find_what_means_them_in_other_languages_and_nothing_else(asked):
    read(asked, bundled_embedder())
    meanings = Meanings(asked.store, bundled_embedder())
    found = {words: meanings.near(words) for words in (*MEANT, *NOTHING_NEAR)}
    assert {words: sorted(languages(asked, found[words])) for words in MEANT} == dict.fromkeys(MEANT, sorted(WANTED))
    assert {words: found[words].ids for words in NOTHING_NEAR} == dict.fromkeys(NOTHING_NEAR, ())
    assert {(one.lack, one.unread) for one in found.values()} == {("", 0)}


def test_what_holds_no_word_has_no_meaning(asked):
    for words in ("", "   ", "2026-0001", "#12", "???", "%"):
        assert Meanings(asked.store, HashEmbedder()).near(words) == Meanings(asked.store).near(words)
        assert Meanings(asked.store).near(words).lack == ""


def test_the_same_words_come_first(small):
    texts = [
        "Welding workshops for mountain villages",
        "Who has welding workshops in mountain villages?",
        "Music schools for the old",
    ]
    for number, text in enumerate(texts):
        small.mail(f"desk{number}@cluj.example", text)
    read(small, HashEmbedder())
    assert Meanings(small.store, HashEmbedder()).near(texts[0]).ids[:2] == (1, 2)


# ---------------------------------------------------------------------------------------------- following


def test_a_new_question_is_found_once_it_is_read_and_until_then_it_is_counted(asked):
    meanings = Meanings(asked.store, HashEmbedder())
    assert (meanings.near(ASKED["hr"]).ids, meanings.near(ASKED["hr"]).lack, meanings.near(ASKED["hr"]).unread) == (
        (),
        "reading",
        5,
    )
    read(asked, HashEmbedder())
    assert (meanings.near(ASKED["hr"]).ids[:1], meanings.near(ASKED["hr"]).lack) == ((1,), "")
    asked.mail("late@ro.example", "Ce licee au ateliere de sudură?")
    assert meanings.near("Ce licee au ateliere de sudură?").unread == 1
    read(asked, HashEmbedder())
    assert meanings.near("Ce licee au ateliere de sudură?").ids[:1] == (6,)


def test_a_changed_text_is_found_as_it_is_now(asked):
    read(asked, HashEmbedder())
    meanings = Meanings(asked.store, HashEmbedder())
    assert meanings.near(ASKED["es"]).ids[:1] == (4,)
    with asked.store.transaction() as session:
        session.get(Question, 4).text = "Who pays for school buses in winter?"
    meanings.follow()
    assert 4 not in meanings.near(ASKED["es"]).ids and meanings.near(ASKED["es"]).unread == 1
    read(asked, HashEmbedder())
    assert 4 not in meanings.near(ASKED["es"]).ids
    assert meanings.near("Who pays for school buses in winter?").ids[:1] == (4,)


def test_what_does_not_change_the_text_leaves_the_vector_alone(asked):
    read(asked, HashEmbedder())
    before = [(one.question_id, one.serial, one.vector) for one in vectors(asked)]
    with asked.store.transaction() as session:
        session.get(Question, 4).tier = "urgent"
    assert [(one.question_id, one.serial, one.vector) for one in vectors(asked)] == before


def test_another_embedder_reads_everything_anew_in_batches_that_go_on_where_they_stopped(small):
    for number in range(5):
        small.mail(f"desk{number}@cluj.example", f"Question {number} about dual training?")
    old, new = HashEmbedder(), HashEmbedder(dims=128)
    read(small, old)
    read(small, new, batches=1, of=2)
    with small.store.snapshot() as session:
        assert sorted(meaning.to_read(session, meaning.edition_of(new), 2)) == [2, 3]
        assert meaning.unread(session, meaning.edition_of(new)) == 3
    assert set(Meanings(small.store, new).near("Question 4 about dual training?").ids) <= {5, 4}
    read(small, new)
    assert Meanings(small.store, new).near("Question 4 about dual training?").ids[0] == 5


def test_two_workers_with_different_embedders_leave_each_other_s_work_alone(small):
    for number in range(5):
        small.mail(f"desk{number}@cluj.example", f"Question {number} about dual training?")
    one, other = HashEmbedder(), HashEmbedder(dims=128)
    for embedder in (one, other, one, other):
        read(small, embedder)
    before = [(row.question_id, row.edition, row.serial) for row in vectors(small)]
    assert len(before) == 10
    for embedder in (one, other):
        assert unread_by(small, embedder) == 0
        assert Meanings(small.store, embedder).near("Question 4 about dual training?").ids[0] == 5
        read(small, embedder)
    assert [(row.question_id, row.edition, row.serial) for row in vectors(small)] == before
    with small.store.transaction() as session:
        session.get(Question, 4).text = "Who pays for school buses in winter?"
    assert [unread_by(small, embedder) for embedder in (one, other)] == [1, 1]
    read(small, one)
    assert [unread_by(small, embedder) for embedder in (one, other)] == [0, 1]
    read(small, other)
    assert len(vectors(small)) == 10 and {row.vector is None for row in vectors(small)} == {False}


def unread_by(small, embedder):
    with small.store.snapshot() as session:
        return meaning.unread(session, meaning.edition_of(embedder))


def test_what_no_worker_has_used_for_a_week_is_swept_away(small, monkeypatch):
    monkeypatch.setattr(meaning, "SWEPT", 2)
    for number in range(5):
        small.mail(f"desk{number}@cluj.example", f"Question {number} about dual training?")
    old, new = HashEmbedder(), HashEmbedder(dims=128)
    read(small, old)
    read(small, new, batches=1, of=4)  # the first question is read by the old one alone

    def sweep(embedder, days):
        with small.store.transaction() as session:
            return meaning.sweep(session, meaning.edition_of(embedder), MONDAY + timedelta(days=days))

    assert [sweep(old, 0), sweep(new, 0), sweep(old, 3), sweep(new, 6), sweep(new, 10)] == [0] * 5
    assert [sweep(new, 11), sweep(new, 11), sweep(new, 11)] == [2, 2, 0]
    assert unread_by(small, new) == 1, "the one that only the old one has read is still to be found"
    read(small, new)
    assert [sweep(new, 11), sweep(new, 11)] == [1, 0] and {row.edition for row in vectors(small)} == {meaning.edition_of(new)}
    assert sweep(old, 12) == 0 and unread_by(small, old) == 5


def test_an_embedder_for_which_nearness_was_not_measured_finds_nothing_and_says_so(asked):
    read(asked, HashEmbedder())
    found = Meanings(asked.store, HashEmbedder(), None).near(ASKED["hr"])
    assert (found.ids, found.lack, found.by_meaning) == ((), "unmeasured", False)
    strict = Meanings(asked.store, HashEmbedder(), 1.9).near(ASKED["hr"])
    assert (strict.ids, strict.lack, strict.by_meaning) == ((), "", True)


def test_what_one_worker_reads_another_finds(asked):
    here, there = Meanings(asked.store, HashEmbedder()), Meanings(asked.store, HashEmbedder())
    read(asked, HashEmbedder())
    assert here.near(ASKED["tr"]).ids == there.near(ASKED["tr"]).ids != ()


def test_many_search_while_it_is_read(asked):
    """Whoever sees an older moment must not take away what another has learnt since."""
    meanings = Meanings(asked.store, HashEmbedder())
    with ThreadPoolExecutor(4) as pool:
        searches = [pool.submit(meanings.near, text) for text in ASKED.values() for _ in range(4)]
        read(asked, HashEmbedder(), of=1)
        seen = [one.result() for one in searches]
    assert all(one.lack in ("", "reading") for one in seen)
    assert [meanings.near(text).ids[:1] for text in ASKED.values()] == [(number,) for number in range(1, 6)]


# ---------------------------------------------------------------------------------------------- forgetting


def test_an_erased_person_leaves_no_vector_neither_stored_nor_in_memory(asked):
    read(asked, HashEmbedder())
    meanings = Meanings(asked.store, HashEmbedder())
    assert meanings.near(ASKED["tr"]).ids[:1] == (2,)
    forget(asked, "desk@tr.example")
    assert {one.question_id for one in vectors(asked)} == {1, 3, 4, 5}
    meanings.follow()
    assert 2 not in meanings.near("something else").ids and 2 not in meanings._stock.ids.tolist()
    read(asked, HashEmbedder())
    assert {one.question_id for one in vectors(asked)} == {1, 3, 4, 5} and meanings.near(ASKED["tr"]).unread == 0


def test_a_dry_run_of_an_erasure_takes_no_vector(asked):
    from routing import privacy

    read(asked, HashEmbedder())
    with asked.store.transaction() as session:
        person = session.get(Person, session.query(Address).filter_by(address="desk@tr.example").one().person_id)
        privacy.rehearse(session, person, asked.now)
    assert len(vectors(asked)) == 5 and all(one.vector for one in vectors(asked))


@pytest.mark.parametrize("change", ["erased", "rewritten"])
def test_nothing_is_written_of_a_text_that_has_gone_while_it_was_read(asked, change):
    embedder = HashEmbedder()
    with asked.store.snapshot() as session:
        texts = meaning.to_read(session, meaning.edition_of(embedder))
    if change == "erased":
        forget(asked, "desk@tr.example")
    else:
        with asked.store.transaction() as session:
            session.get(Question, 2).text = "Another text altogether"
    with asked.store.transaction() as session:
        rows = meaning.read(embedder, list(texts.values()))
        assert meaning.write(session, meaning.edition_of(embedder), texts, rows, MONDAY) == 4
    assert [one.question_id for one in vectors(asked) if one.vector] == [1, 3, 4, 5]


# ---------------------------------------------------------------------------------------------- rights and filters


def widened(small, near, **narrowed):
    read(small, HashEmbedder())
    filters = narrowing.Filters(day_ends=small.now.replace(hour=23), **narrowed)
    with small.store.snapshot() as session:
        found = narrowing.widened(session, filters, near)
        return (
            found,
            [one.question.id for one in queueing.queue(session, "all", small.now, found)],
            queueing.counts(session, small.now, found),
        )


def test_words_come_first_then_the_nearest(asked):
    found, shown, counts = widened(asked, (2, 1, 3), words="papirologija")
    assert (found.near, shown) == ((2, 3), [1, 2, 3])
    assert (counts["open"], counts["closed"], counts["all"]) == (3, 0, 3)


def test_filters_hold_for_what_means_the_same(asked):
    assert widened(asked, (2, 1, 3), words="nothing says this", language="tr")[:2][1] == [2]
    assert widened(asked, (2, 1, 3), words="nothing says this", channel="telegram")[1] == []
    assert widened(asked, (2, 1, 3), words="")[0].near == ()


def test_nobody_finds_what_is_not_in_their_care(small):
    small.assigned(ASKED["hr"])
    with small.store.snapshot() as session:
        care = {one.slug: Care(frozenset({one.id})) for one in session.query(Authority)}
    near = (small.question().id,)
    assert widened(small, near, words="x", care=care["trento"])[1] == list(near) and small.letter("assignment", DESK)
    found, shown, counts = widened(small, near, words="x", care=care["karlovac"])
    assert (found.near, shown, set(counts.values())) == ((), [], {0})


def test_an_erased_question_is_not_shown_by_what_it_once_meant(asked):
    """Its id was found a moment before it was erased."""
    forget(asked, "desk@tr.example")
    assert widened(asked, (2, 1), words="nothing says this")[1] == [1]


# ---------------------------------------------------------------------------------------------- when there is no model


class Broken(HashEmbedder):
    def encode_questions(self, texts):
        raise RuntimeError("out of memory")


def test_without_a_model_nothing_is_found_and_it_is_said(asked):
    read(asked, HashEmbedder())
    for meanings in (Meanings(asked.store), Meanings(asked.store, Broken())):
        assert (meanings.near("apprentices").ids, meanings.near("apprentices").lack) == ((), "away")


def test_a_damaged_vector_is_passed_over(asked):
    read(asked, HashEmbedder())
    with asked.store.transaction() as session:
        session.query(QuestionVector).filter_by(question_id=2).one().vector = b"short"
    meanings = Meanings(asked.store, HashEmbedder())
    assert meanings.near(ASKED["hr"]).ids[:1] == (1,) and 2 not in meanings.near(ASKED["tr"]).ids


# ---------------------------------------------------------------------------------------------- numbers


def test_a_byte_a_dimension_keeps_the_cosines():
    dice = np.random.default_rng(7)
    rows = dice.normal(size=(400, 384)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    stock = Stock.of(range(400), meaning.packed(rows, [()] * 400), 384)
    assert np.abs(stock.nearness(Asked(rows[7], frozenset())) - rows @ rows[7]).max() < 0.004
    assert stock.near(Asked(rows[7], frozenset()), 0.99).tolist() == [7]


def test_concepts_that_both_name_bring_texts_nearer():
    rows = np.zeros((4, 8), np.float32)
    stock = Stock.of(range(4), meaning.packed(rows, [{3, 9}, {9}, {4}, ()]), 8)
    told = stock.nearness(Asked(np.eye(8, dtype=np.float32)[0], frozenset({3, 9}))) / CONCEPTS
    assert told.tolist() == pytest.approx([1.0, 0.5**0.5, 0.0, 0.0], abs=1e-5)


def test_what_says_nothing_is_near_to_nothing():
    stock = Stock.of([1], meaning.packed(np.zeros((1, 8), np.float32), [()]), 8)
    assert stock.nearness(Asked(np.eye(8, dtype=np.float32)[0], frozenset())).tolist() == [0.0]


def test_the_editions_of_two_embedders_differ():
    assert len({meaning.edition_of(one) for one in (HashEmbedder(), HashEmbedder(128), embedder_from("hash"))}) == 2


def vectors(small):
    with small.store.snapshot() as session:
        return session.query(QuestionVector).order_by(QuestionVector.question_id, QuestionVector.edition).all()
