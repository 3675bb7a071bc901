"""The queue's questions to the database, on SQLite and on PostgreSQL."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from routing import coordinating, entries, finding, narrowing, overviews, queries, queueing
from routing.models import OutboxMessage, Question
from tests.fakes.bureau import ONE_FICHE, FurnishedWorld, furnish
from tests.world import ASKER_MAIL, DESK, MONDAY, OTHER_QUESTION, SECOND


@pytest.fixture
def world(store):
    furnish(store, ONE_FICHE)
    return FurnishedWorld(store)


def everything(now=MONDAY, **narrowed):
    return narrowing.Filters(day_ends=now.replace(hour=23), **narrowed)


def ask(world, **facts):
    """A question with these columns set, as if its case had come that far."""
    world.mail(ASKER_MAIL, facts.pop("text", OTHER_QUESTION))
    with world.store.transaction() as session:
        question = session.query(Question).order_by(Question.id.desc()).first()
        for name, value in facts.items():
            setattr(question, name, value)
        return question.number


LATE, SOON, LATER = MONDAY - timedelta(hours=2), MONDAY + timedelta(hours=3), MONDAY + timedelta(days=5)
CASES = {
    "late with an expert": (dict(state="assigned", waiting_for="expert", promised_at=LATE), {"overdue", "expert", "open"}),
    "late with a coordinator": (dict(state="assigned", waiting_for="coordinator", promised_at=LATE), {"overdue", "me", "open"}),
    "due this afternoon": (dict(state="assigned", waiting_for="expert", promised_at=SOON), {"today", "expert", "open"}),
    "due next week": (dict(state="assigned", waiting_for="expert", promised_at=LATER), {"expert", "open"}),
    "the asker is asked back": (dict(state="assigned", waiting_for="asker", promised_at=LATE), {"asker", "open"}),
    "answered in time or not": (dict(state="answered", waiting_for="asker", promised_at=LATE), {"asker", "open"}),
    "just received": (dict(), {"open"}),
    "closed": (dict(state="closed", waiting_for="nobody", next_action_at=None, closed_at=LATE, promised_at=LATE), {"closed"}),
}


@pytest.mark.parametrize("situation", CASES)
def test_in_which_tabs_a_question_stands(world, situation):
    facts, expected = CASES[situation]
    ask(world, **facts)
    with world.store.snapshot() as session:
        counts = queueing.counts(session, MONDAY, everything())
        shown = {tab for tab in counts if queueing.queue(session, tab, MONDAY, everything())}
    assert {tab for tab, count in counts.items() if count} == shown == expected | {"all"}


def test_what_was_promised_soonest_stands_first_and_askers_last(world):
    for facts in (
        dict(state="assigned", waiting_for="asker", promised_at=LATE),
        dict(state="assigned", waiting_for="expert", promised_at=LATER),
        dict(state="assigned", waiting_for="expert", promised_at=LATE),
    ):
        ask(world, **facts)
    with world.store.snapshot() as session:
        order = [line.question.id for line in queueing.queue(session, "open", MONDAY, everything())]
    assert order == [3, 2, 1]


def test_the_owner_is_whoever_has_it_now(world):
    ask(world)
    with world.store.transaction() as session:
        question = session.get_one(Question, 1)
        coordinating.assign_to(session, world.office, question, world.expert(DESK).id, by="user:1", now=MONDAY)
        coordinating.assign_to(session, world.office, question, world.expert(SECOND).id, by="user:1", now=MONDAY)
    with world.store.snapshot() as session:
        (line,) = queueing.queue(session, "expert", MONDAY, everything())
    assert (line.owner, line.accepted) == ("Provincia di Reggio Emilia", False)


@pytest.mark.parametrize(("state", "trouble"), [("failed", 1), ("ambiguous", 1), ("sent", 0), ("cancelled", 0)])
def test_trouble_is_a_letter_that_did_not_arrive(world, state, trouble):
    ask(world)
    with world.store.transaction() as session:
        question = session.get_one(Question, 1)
        coordinating.assign_to(session, world.office, question, world.expert(DESK).id, by="user:1", now=MONDAY)
        letter = session.query(OutboxMessage).filter_by(kind="assignment").one()
        letter.state, letter.sent_at = state, MONDAY if state == "sent" else None
    with world.store.snapshot() as session:
        assert queueing.needs_somebody(session) == trouble
        assert queueing.counts(session, MONDAY, everything())["me"] == trouble
        assert [line.trouble for line in queueing.queue(session, "expert", MONDAY, everything())] == [trouble]


def test_a_letter_that_went_by_another_address_is_no_trouble(world):
    ask(world)
    with world.store.transaction() as session:
        question = session.get_one(Question, 1)
        coordinating.assign_to(session, world.office, question, world.expert(DESK).id, by="user:1", now=MONDAY)
        letter = session.query(OutboxMessage).filter_by(kind="assignment").one()
        letter.state = "failed"
        copy = {
            name: getattr(letter, name)
            for name in ("kind", "channel", "address_id", "person_id", "question_id", "language", "text")
        }
        session.add(
            OutboxMessage(
                effect_key=f"{letter.effect_key}:address 99", message_id="<copy@x>", buttons=[], files=[], references=[],
                next_attempt_at=MONDAY, created_at=MONDAY, **copy,
            )
        )  # fmt: skip
    with world.store.snapshot() as session:
        assert queueing.needs_somebody(session) == 0


@pytest.mark.parametrize("words", ["%", "_", "100%", "' OR 1=1 --", "\\", "a\\%b", "*", '"', "wel%ding"])
def test_words_are_taken_literally(world, words):
    ask(world, text="How did you finance a welding workshop?")
    with world.store.snapshot() as session:
        assert queueing.queue(session, "open", MONDAY, everything(words=words)) == []
        assert len(queueing.queue(session, "open", MONDAY, everything(words="WELDING finance"))) == 1


@pytest.mark.parametrize("scarce", [0, 1, 2, 1000])
def test_scarce_words_first_finds_what_all_words_at_once_find(world, scarce, monkeypatch):
    monkeypatch.setattr(finding, "SCARCE", scarce)
    for text in ("Lorries for villages", "Lorries for towns, lorry by lorry", "Who pays the masters?", "Towns and villages"):
        ask(world, text=text)
    with world.store.snapshot() as session:
        for words in ("lorries", "lorr", "for lorries", "villages towns", "lorries for towns", "masters lorries", "x", "?", "lo vi to"):
            expected = set(session.scalars(finding.holding(words)))
            assert set(finding.few(session, words, 10)) == expected, words
            assert not expected or finding.few(session, words, len(expected) - 1) is None


@pytest.mark.parametrize(("words", "selects"), [("welding", 1), ("welding finance", 2)])
def test_postgresql_finds_the_words_before_it_looks_at_questions(words, selects):
    """With IN it walks through all questions in the order of the page and asks each for its words (EXPLAIN of 100,000)."""
    asked = str(select(Question.id).where(finding.says(words)).compile(dialect=postgresql.dialect()))
    assert "question.id = ANY(ARRAY(SELECT" in asked and asked.count("FROM question_word") == selects
    assert asked.count("INTERSECT") == 2 * (selects - 1) and "question.id IN" not in asked


@pytest.mark.parametrize("words", ["welding", "welding finance"])
def test_sqlite_looks_up_the_questions_that_have_the_words(words):
    """Compared with 1 the condition would be asked of every question."""
    asked = str(select(Question.id).where(finding.says(words)).compile(dialect=sqlite.dialect()))
    assert "question.id IN (SELECT" in asked and "= 1" not in asked


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("2026-0001", True),
        ("#2026-0001", True),
        (" 1 ", True),
        ("0001", True),
        ("2", False),
        ("%", False),
        ("", False),
        ("1" * 40, False),
    ],
)
def test_a_question_is_found_by_number(world, typed, found):
    ask(world)
    with world.store.snapshot() as session:
        assert (queries.by_number(session, typed) is not None) == found


def test_a_whole_case_brings_all_that_belongs_to_it(world):
    ask(world)
    ask(world, text="Another question altogether")
    with world.store.transaction() as session:
        question = session.get_one(Question, 1)
        coordinating.assign_to(session, world.office, question, world.expert(DESK).id, by="user:1", now=MONDAY)
    world.mail(DESK, "Two firms paid.", to=world.letter("assignment", DESK))
    with world.store.snapshot() as session:
        case = queries.whole_case(session, "2026-0001")
        assert queries.whole_case(session, "2026-0009") is None
    assert (len(case.messages), len(case.answers), len(case.assignments)) == (2, 1, 1)
    assert {"assignment", "receipt", "answer"} <= {letter.kind for letter in case.letters}
    assert case.assignments[0].expert.authority.name == "Provincia autonoma di Trento"
    assert all(event.question_id == 1 for event in case.events)


def test_what_happened_since_somebody_looked(world):
    ask(world)
    with world.store.transaction() as session:
        question = session.get_one(Question, 1)
        seen = coordinating.add_note(session, question, "one", by="user:1", now=MONDAY)
        session.flush()
        coordinating.add_note(session, question, "two", by="user:1", now=MONDAY)
        seen_id = seen.id
    with world.store.snapshot() as session:
        assert [event.detail["text"] for event in queries.events_after(session, 1, seen_id)] == ["two"]


def test_overviews_hold_what_they_say(world):
    ask(world)
    world.mail("stranger@elsewhere.example", "?", tokens=("9" * 28,))
    with world.store.snapshot() as session:
        assert overviews.held_count(session) == len(overviews.held(session)) == 1
        assert overviews.fiche_counts(session)["published"] == 1
        assert [expert.role for expert in entries.experts(session, "karlovac")] == ["Ured za kompetencije"]
        assert entries.experts(session, "%") == []
        assert overviews.actors(session)["user:1"] == "Coordination desk"
        assert overviews.backlog(session, MONDAY + timedelta(hours=1))["late"] == 1
