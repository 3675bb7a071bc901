"""From findings to what is written down: every kind of decision, and none when the question has moved on meanwhile."""

import pytest

from retrieval import FicheRecord, FicheText, Findings, Match, Passage
from routing import briefing, deciding, fiches
from routing.competence import Near
from routing.models import Question
from tests.world import ASKER_MAIL, COORDINATOR, DEPUTY, DESK, OTHER_QUESTION, SECOND, THIRD, leaves

SLUGS = {"dual-firms": ["apprenticeship-dual"], "loans-for-vans": ["infrastructure", "guidance"]}


def record(slug, themes):
    text = FicheText("en", slug.title(), "What was done.", {"activities": "This."})
    facts = {"country": "IT", "place": "Trento", "themes": themes, "year_start": 2015, "sources": ["https://example.org/x"]}
    return FicheRecord(slug, "en", facts, (text,))


def match(slug, rank=0):
    return Match(slug, rank, 0.6 - rank / 10, Passage(slug, "en", "whole", "What was done."), slug.title(), "en")


def found(*slugs, confidence=0.9, **facts):
    matches = tuple(match(slug, rank) for rank, slug in enumerate(slugs))
    return Findings(matches=matches, confidence=confidence, confidence_any=confidence, suggest_only=False, **facts)


@pytest.fixture
def world(small):
    with small.store.transaction() as session:
        fiches.import_records(session, [record(*one) for one in SLUGS.items()], small.now)
    return small


def ask(world, **facts):
    world.mail(ASKER_MAIL, OTHER_QUESTION)
    with world.store.transaction() as session:
        question = session.get(Question, world.question().id)
        for name, value in facts.items():
            setattr(question, name, value)


def brief(world):
    with world.store.snapshot() as session:
        return briefing.brief(session, world.question().id, world.now)


def decide(world, findings, known=None):
    known = known or brief(world)
    with world.store.transaction() as session:
        return deciding.apply(session, world.office, known, findings, world.now)


def test_fiches_are_offered(world):
    ask(world)
    decide(world, found(*SLUGS))
    letter = world.letter("proposal", ASKER_MAIL)
    assert "Dual-Firms" in letter.text and "What was done." in letter.text
    assert (world.question().state, world.question().theme) == ("proposed", "apprenticeship-dual")


@pytest.mark.parametrize("confidence", [0.9, 0.4])
def test_what_is_shown_follows_the_confidence(world, confidence):
    ask(world)
    decision = decide(world, found(*SLUGS, confidence=confidence))
    assert type(decision).__name__ == ("Propose" if confidence > 0.6 else "Assign")


def test_a_fiche_that_is_no_longer_published_is_not_offered(world):
    ask(world)
    with world.store.transaction() as session:
        fiches.retire(session, "dual-firms", by="person:1", now=world.now)
    decide(world, found(*SLUGS))
    assert "Dual-Firms" not in world.letter("proposal").text
    assert [one.slug for one in published(world)] == ["loans-for-vans"]


def published(world):
    with world.store.snapshot() as session:
        return fiches.published(session)


def test_without_any_fiche_left_an_expert_is_asked(world):
    ask(world, theme="guidance")
    decide(world, found("unknown-to-us"))
    assert world.assignments() and world.letters("proposal") == []


def test_refused_fiches_are_not_offered_again(world):
    ask(world)
    decide(world, found(*SLUGS))
    world.mail(ASKER_MAIL, "No", to=world.letter("proposal", ASKER_MAIL))
    assert brief(world).refused == set(SLUGS)
    decide(world, found(*SLUGS))
    assert world.assignments() and len(world.letters("proposal")) == 1


@pytest.mark.parametrize(
    ("findings", "choices"),
    [(found(*SLUGS, vague=True), 3), (found(vague=True), 0)],
)
def test_a_vague_question_is_asked_back_once(world, findings, choices):
    ask(world)
    decide(world, findings)
    assert world.letters("clarify", ASKER_MAIL) and len(world.question().thread["choices"]) == choices
    world.mail(ASKER_MAIL, "I mean money for vans.", to=world.letter("clarify", ASKER_MAIL))
    decide(world, findings)
    assert len(world.letters("clarify")) == 1 and world.question().state != "received"


def test_too_many_open_questions_are_refused_with_a_word(world):
    for _ in range(world.office.policy.caps.open_questions_per_asker + 1):
        ask(world)
    decide(world, found(*SLUGS))
    assert world.question().closed_because.startswith("refused") and "at most 20" in world.letter("refused_too_many").text


@pytest.mark.parametrize(
    ("facts", "findings", "reason"),
    [({"sensitive": True}, found(*SLUGS), "sensitive")],
)
def test_some_questions_go_to_a_coordinator(world, facts, findings, reason):
    ask(world, **facts)
    decide(world, findings)
    assert world.question().waiting_for == "coordinator"
    assert world.events("handed-to-coordinator")[0].detail["reason"] == reason
    assert world.letters("co_question", COORDINATOR) and world.letters("coordinator_has_it", ASKER_MAIL)


@pytest.mark.parametrize(
    ("thread", "findings", "reason"),
    [
        ({}, None, "no_roster"),
        ({}, Findings(degraded="the index is being rebuilt"), "no_roster"),
        ({"wish": "expert"}, found(*SLUGS), "no_roster"),
        ({}, found(), "no_roster"),
    ],
)
def test_without_experts_a_coordinator_has_it(world, thread, findings, reason):
    ask(world, thread=thread)
    with world.store.transaction() as session:
        for address in (DESK, DEPUTY, SECOND, THIRD):
            leaves(session, address)
    decide(world, findings)
    assert world.events("handed-to-coordinator")[0].detail["reason"] == reason


def test_a_search_that_fails_leads_to_a_person(world):
    ask(world, theme="guidance")
    decide(world, None)
    assert world.assignments()


def test_a_question_that_moved_on_is_left_alone(world):
    ask(world)
    known = brief(world)
    with world.store.transaction() as session:
        session.get(Question, known.question_id).revision += 1
    assert decide(world, found(*SLUGS), known) is None and world.letters() == []


def test_a_question_that_waits_for_something_else_has_no_brief(world):
    ask(world)
    decide(world, found(*SLUGS))
    assert brief(world) is None
    with world.store.snapshot() as session:
        assert briefing.brief(session, 999, world.now) is None


def test_nearness_of_authorities_is_taken_over(world):
    ask(world)
    known = brief(world)
    nearer = briefing.with_nearness(known, Near({known.candidates[0].authority: 0.9}))
    assert nearer.candidates[0].similarity == 0.9 and nearer.candidates[-1].similarity == 0.0


def test_practice_with_a_theme_counts(world):
    ask(world, theme="guidance")
    decide(world, None)
    [(first, _)] = world.assignments()
    world.mail(first, "We leased a lorry.", to=world.letter("assignment", first))
    ask(world, theme="guidance")
    assert [one.theme for one in brief(world).answered] == ["guidance"]
    decide(world, None)
    assert any("answered_before" in str(row["reasons"]) for row in world.question().roster)
