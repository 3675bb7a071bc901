"""What happens to a question, told as a table of named situations."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import Findings
from routing.policy import load_policy
from routing.reasons import Reason, describe
from routing.roster import Choice
from routing.triage import (
    RULES,
    AskBack,
    Assign,
    HandToCoordinator,
    Join,
    OfferAnswer,
    Propose,
    QuestionFacts,
    Refuse,
    Same,
    decide,
)

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
POLICY = load_policy()
FACTS = QuestionFacts("it")
ROSTER = (Choice(1, 10, 0.9, (Reason("theme", {"theme": "mobility"}),)), Choice(2, 20, 0.8, ()))
FOUR = ("a", "b", "c", "d")


def found(confidence, **more):
    return Findings(matches=FOUR, confidence_any=confidence, **({"suggest_only": False} | more))


SURE, MAYBE, UNSURE = found(0.9), found(0.4), found(0.1)
VAGUE = found(0.4, vague=True)
UNMEASURED = found(0.4, suggest_only=True)
BROKEN = Findings(degraded="the index is being rebuilt", vague=True)

OPEN, ANSWERED = Same(7, None, 0.9), Same(7, 3, 0.9)

SITUATIONS = [
    ("a fiche answers", FACTS, SURE, ROSTER, Propose, "confident"),
    ("a fiche just answers", FACTS, found(0.6), ROSTER, Propose, "confident"),
    ("a fiche nearly answers", FACTS, found(0.599), ROSTER, Assign, "unanswered"),
    ("a fiche answers and no expert is free", FACTS, SURE, (), Propose, "confident"),
    ("nothing answers", FACTS, UNSURE, ROSTER, Assign, "unanswered"),
    ("nothing is found at all", FACTS, Findings(suggest_only=False), ROSTER, Assign, "unanswered"),
    ("nothing answers and no expert is free", FACTS, UNSURE, (), HandToCoordinator, "unanswered"),
    ("confidence is not measured", FACTS, UNMEASURED, ROSTER, Propose, "plausible"),
    ("likely, but less than the policy promises", FACTS, found(0.9, assured=False), ROSTER, Propose, "plausible"),
    ("neither promised nor likely", FACTS, found(0.4, assured=False), ROSTER, Assign, "unanswered"),
    ("confidence is not measured, though high", FACTS, found(0.9, suggest_only=True), ROSTER, Propose, "plausible"),
    ("confidence is not measured and low", FACTS, found(0.2, suggest_only=True), ROSTER, Assign, "unanswered"),
    ("a number with no match behind it", FACTS, replace(SURE, matches=()), ROSTER, Assign, "unanswered"),
    ("too vague", FACTS, VAGUE, ROSTER, AskBack, "vague"),
    ("too vague, nobody free", FACTS, VAGUE, (), AskBack, "vague"),
    ("still too vague", replace(FACTS, clarified=1), VAGUE, ROSTER, Assign, "unanswered"),
    ("vague at first, then clear", replace(FACTS, clarified=1), SURE, ROSTER, Propose, "confident"),
    ("wishes an expert", replace(FACTS, wants_expert=True), SURE, ROSTER, Assign, "wish"),
    ("wishes an expert, in few words", replace(FACTS, wants_expert=True), VAGUE, ROSTER, Assign, "wish"),
    ("wishes an expert, nobody free", replace(FACTS, wants_expert=True), SURE, (), HandToCoordinator, "wish"),
    ("search is down", FACTS, BROKEN, ROSTER, Assign, "degraded"),
    ("search is down, nobody free", FACTS, BROKEN, (), HandToCoordinator, "degraded"),
    ("search is down but boasts", FACTS, replace(SURE, degraded="broken"), ROSTER, Assign, "degraded"),
    ("nothing was searched", FACTS, None, ROSTER, Assign, "degraded"),
    ("wish, nothing searched", replace(FACTS, wants_expert=True), None, ROSTER, Assign, "wish"),
    ("sensitive", replace(FACTS, sensitive=True), SURE, ROSTER, HandToCoordinator, "sensitive"),
    ("sensitive and vague", replace(FACTS, sensitive=True), VAGUE, ROSTER, HandToCoordinator, "sensitive"),
    ("sensitive, wishes an expert", replace(FACTS, sensitive=True, wants_expert=True), SURE, (), HandToCoordinator, "sensitive"),
    ("sensitive, nothing searched", replace(FACTS, sensitive=True), None, (), HandToCoordinator, "sensitive"),
    ("not of this network", replace(FACTS, admitted=False, sensitive=True), SURE, ROSTER, Refuse, "not_admitted"),
    ("twenty open questions", replace(FACTS, open_of_asker=20), SURE, ROSTER, Refuse, "too_many_open"),
    ("asked before, still open", replace(FACTS, same=OPEN), UNSURE, ROSTER, Join, "same_open"),
    ("asked before, but a fiche answers", replace(FACTS, same=OPEN), SURE, ROSTER, Propose, "confident"),
    ("asked before, confidence is not measured", replace(FACTS, same=OPEN), UNMEASURED, ROSTER, Join, "same_open"),
    ("wishes the expert who has it", replace(FACTS, same=OPEN, wants_expert=True), SURE, ROSTER, Join, "same_open_wish"),
    ("search is down, asked before", replace(FACTS, same=OPEN), BROKEN, ROSTER, Join, "same_open_wish"),
    ("sensitive, asked before", replace(FACTS, same=OPEN, sensitive=True), UNSURE, ROSTER, HandToCoordinator, "sensitive"),
    ("answered before", replace(FACTS, same=ANSWERED), UNSURE, ROSTER, OfferAnswer, "same_answered"),
    ("answered before, but wishes an expert", replace(FACTS, same=ANSWERED, wants_expert=True), UNSURE, ROSTER, Assign, "wish"),
    ("its words lie outside", replace(FACTS, signpost="Europass"), UNSURE, ROSTER, Refuse, "outside"),
    ("its words lie outside, nobody free", replace(FACTS, signpost="Europass"), UNSURE, (), Refuse, "outside"),
    ("its words lie outside, but a fiche comes near", replace(FACTS, signpost="Europass"), MAYBE, ROSTER, Assign, "unanswered"),
    ("its words lie outside, but it was answered", replace(FACTS, signpost="Europass", same=ANSWERED), UNSURE, (), OfferAnswer, "same_answered"),
    ("its words lie outside, but a person is wished", replace(FACTS, signpost="Europass", wants_expert=True), UNSURE, ROSTER, Assign, "wish"),
    ("its words lie outside, but nothing was searched", replace(FACTS, signpost="Europass"), None, ROSTER, Assign, "degraded"),
    ("nineteen open questions", replace(FACTS, open_of_asker=19), SURE, ROSTER, Propose, "confident"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "findings", "roster", "kind", "rule"), [each[1:] for each in SITUATIONS], ids=[each[0] for each in SITUATIONS]
)
def test_situations(facts, findings, roster, kind, rule):
    decision = decide(facts, findings, roster, POLICY, NOW)
    assert (type(decision), decision.rule) == (kind, rule)


def test_a_proposal_shows_three_fiches_and_always_offers_the_expert():
    decision = decide(FACTS, SURE, ROSTER, POLICY, NOW)
    assert decision == Propose(
        "confident", (Reason("confident", {"confidence": 0.9}),), ("a", "b", "c"), 0.9, tentative=False
    )
    assert decide(FACTS, UNMEASURED, (), POLICY, NOW).tentative


def test_the_first_of_the_roster_is_asked_with_the_reasons_and_the_others_are_kept():
    decision = decide(FACTS, MAYBE, ROSTER, POLICY, NOW)
    assert decision.choice == ROSTER[0]
    assert decision.others == ROSTER[1:]
    assert [describe(reason) for reason in decision.reasons] == [
        "no fiche answers with enough confidence (40%)",
        "works on mobility",
    ]


@pytest.mark.parametrize(
    ("findings", "related"), [(MAYBE, ("a", "b", "c")), (UNSURE, ()), (None, ()), (replace(MAYBE, degraded="broken"), ())]
)
def test_related_fiches_go_along_only_when_they_are_worth_it(findings, related):
    assert decide(FACTS, findings, ROSTER, POLICY, NOW).related == related
    assert decide(FACTS, findings, (), POLICY, NOW).related == related


def test_whoever_never_asks_back_hands_vague_questions_on(tmp_path):
    (tmp_path / "policy.toml").write_text("[patience]\nclarifications_at_most = 0\n")
    assert type(decide(FACTS, VAGUE, ROSTER, load_policy(tmp_path / "policy.toml"), NOW)) is Assign


def test_a_decision_says_why_nobody_was_asked():
    told = [describe(reason) for reason in decide(FACTS, BROKEN, (), POLICY, NOW).reasons]
    assert told == ["the search was not available (the index is being rebuilt)", "no expert is competent and free"]


def test_the_rules_have_names_of_their_own_and_each_is_told_in_a_situation():
    names = [name for name, _, _ in RULES]
    assert len(set(names)) == len(names)
    assert set(names) == {rule for *_, rule in SITUATIONS}


@dataclass(frozen=True)
class Anything:
    """What decides of any search, however odd; not the package's own dataclass."""

    matches: tuple
    confidence_any: float
    vague: bool
    suggest_only: bool
    assured: bool
    degraded: str | None


anything = st.builds(
    Anything,
    st.sampled_from([(), ("a",), FOUR]),
    st.floats(0, 1),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.none() | st.just("broken"),
)
any_facts = st.builds(
    QuestionFacts,
    st.just("it"),
    st.just("standard"),
    st.booleans(),
    st.booleans(),
    st.integers(0, 2),
    st.integers(0, 25),
    st.booleans(),
)


@given(any_facts, st.none() | anything, st.sampled_from([(), ROSTER]))
def test_no_question_is_left_without_a_decision_and_no_person_without_a_reason(facts, findings, roster):
    decision = decide(facts, findings, roster, POLICY, NOW)
    assert decision.reasons
    assert all(describe(reason) for reason in decision.reasons)
    assert json.dumps([reason.as_json() for reason in decision.reasons])
    if isinstance(decision, Propose):
        assert decision.matches and not findings.degraded and not facts.sensitive
    if isinstance(decision, Assign):
        assert roster and not facts.sensitive
    if facts.sensitive and facts.admitted and facts.open_of_asker < 20:
        assert isinstance(decision, HandToCoordinator)


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_confidence_never_turns_a_proposal_into_an_assignment(one, other):
    low, high = sorted((one, other))
    if isinstance(decide(FACTS, found(low), ROSTER, POLICY, NOW), Propose):
        assert isinstance(decide(FACTS, found(high), ROSTER, POLICY, NOW), Propose)
