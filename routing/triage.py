"""What happens to a new question: fiches are proposed, an expert is asked, we ask back, or a coordinator takes it.

In come the facts of the question, what the search found, the ranked roster and the policy; out comes one frozen decision
with the rule that made it and the reasons. The rules stand in one table and are tried in order; the first that hits
decides. Search fails open: whatever is wrong with it, a person gets the question.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from routing.decisions import (
    AskBack,
    Assign,
    Decision,
    HandToCoordinator,
    Join,
    OfferAnswer,
    Propose,
    QuestionFacts,
    Refuse,
    Same,
)
from routing.policy import Policy
from routing.reasons import Reason
from routing.roster import Choice

# The rule, and the reason, for what is not for this network.
OUTSIDE = "outside"


class FoundMatches(Protocol):
    """The part of `retrieval.Findings` that decides."""

    @property
    def matches(self) -> Sequence[Any]: ...
    @property
    def confidence_any(self) -> float: ...
    @property
    def vague(self) -> bool: ...
    @property
    def suggest_only(self) -> bool: ...
    @property
    def assured(self) -> bool: ...
    @property
    def degraded(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Case:
    """All that a rule may look at."""

    facts: QuestionFacts
    findings: FoundMatches | None
    roster: tuple[Choice, ...]
    policy: Policy
    now: datetime

    @property
    def confidence(self) -> float:
        return self.findings.confidence_any if self.findings else 0.0

    @property
    def plausible(self) -> tuple[Any, ...]:
        """The matches that are worth showing; () below the policy's `show_at`."""
        if self.findings is None or self.findings.degraded or self.confidence < self.policy.confidence.show_at:
            return ()
        return tuple(self.findings.matches[: self.policy.confidence.matches])


def decide(
    facts: QuestionFacts, findings: FoundMatches | None, roster: Sequence[Choice], policy: Policy, now: datetime
) -> Decision:
    """The decision of the first rule that hits; `findings` is None where nothing was searched."""
    case = Case(facts, findings, tuple(roster), policy, now)
    for name, hits, act in RULES:
        if reason := hits(case):
            return act(name, reason, case)
    raise AssertionError("unreachable: the last rule always hits")


def is_not_admitted(case: Case) -> Reason | None:
    return None if case.facts.admitted else Reason("not_admitted")


def has_too_many_open(case: Case) -> Reason | None:
    most = case.policy.caps.open_questions_per_asker
    return Reason("too_many_open", {"open": case.facts.open_of_asker, "of": most}) if case.facts.open_of_asker >= most else None


def is_sensitive(case: Case) -> Reason | None:
    return Reason("sensitive") if case.facts.sensitive else None


def wishes_expert(case: Case) -> Reason | None:
    return Reason("wish") if case.facts.wants_expert else None


def is_same_as_open(case: Case) -> Reason | None:
    same = case.facts.same
    return Reason("same_open", {"likeness": same.likeness}) if same and same.answer is None else None


def is_same_as_answered(case: Case) -> Reason | None:
    same = case.facts.same
    return Reason("same_answered", {"likeness": same.likeness}) if same and same.answer is not None else None


def wishes_expert_who_is_asked(case: Case) -> Reason | None:
    """Whoever wishes an expert, where one is at work on the same question, gets that expert's answer."""
    return is_same_as_open(case) if case.facts.wants_expert or was_not_searched(case) else None


def was_not_searched(case: Case) -> Reason | None:
    if case.findings is None:
        return Reason("degraded", {"why": "nothing was searched"})
    return Reason("degraded", {"why": case.findings.degraded}) if case.findings.degraded else None


def is_vague(case: Case) -> Reason | None:
    asked_enough = case.facts.clarified >= case.policy.patience.clarifications_at_most
    return Reason("vague") if case.findings and case.findings.vague and not asked_enough else None


def is_confident(case: Case) -> Reason | None:
    """The chance that one of those shown answers is high enough, and the first answers as surely as the policy promises."""
    found = case.findings
    if found is None or found.suggest_only or not found.assured or case.confidence < case.policy.confidence.propose_at:
        return None
    return Reason("confident", {"confidence": case.confidence}) if case.plausible else None


def is_outside(case: Case) -> Reason | None:
    """Its words say so, and no fiche comes near: a machine that refuses must have two reasons."""
    return Reason(OUTSIDE, {"signpost": case.facts.signpost}) if case.facts.signpost and not case.plausible else None


def is_plausible(case: Case) -> Reason | None:
    """Where confidence is not measured, or promises less than the policy, fiches are suggestions and the asker decides."""
    found, least = case.findings, case.policy.confidence.propose_at
    likely = found is not None and (found.suggest_only or (not found.assured and case.confidence >= least))
    suggested = likely and case.plausible
    return Reason("plausible", {"confidence": case.confidence}) if suggested else None


def is_unanswered(case: Case) -> Reason:
    return Reason("unsure", {"confidence": case.confidence})


def refuse(rule: str, why: Reason, case: Case) -> Decision:
    return Refuse(rule, (why,))


def ask_back(rule: str, why: Reason, case: Case) -> Decision:
    return AskBack(rule, (why,))


def hand_over(rule: str, why: Reason, case: Case) -> Decision:
    return HandToCoordinator(rule, (why,), case.plausible)


def join(rule: str, why: Reason, case: Case) -> Decision:
    return Join(rule, (why,), _same(case))


def offer_answer(rule: str, why: Reason, case: Case) -> Decision:
    return OfferAnswer(rule, (why,), _same(case))


def _same(case: Case) -> Same:
    if case.facts.same is None:
        raise AssertionError("only a question that is the same as another one gets here")
    return case.facts.same


def propose(rule: str, why: Reason, case: Case) -> Decision:
    return Propose(rule, (why,), case.plausible, case.confidence, tentative=rule == "plausible")


def ask_person(rule: str, why: Reason, case: Case) -> Decision:
    """The first expert of the roster; a coordinator where there is none."""
    if not case.roster:
        return HandToCoordinator(rule, (why, Reason("no_roster")), case.plausible)
    first, *others = case.roster
    return Assign(rule, (why, *first.reasons), first, tuple(others), case.plausible)


# Sensitive questions are seen by a coordinator before anybody else; a spoken wish for a person outweighs what the search
# thinks of the question; only then is the search believed. A fiche that surely answers is there at once, so it comes before an
# answer that somebody else got or still waits for. What lies outside is refused only where nothing was found.
RULES: tuple[tuple[str, Callable[[Case], Reason | None], Callable[[str, Reason, Case], Decision]], ...] = (
    ("not_admitted", is_not_admitted, refuse),
    ("too_many_open", has_too_many_open, refuse),
    ("sensitive", is_sensitive, hand_over),
    ("same_open_wish", wishes_expert_who_is_asked, join),
    ("wish", wishes_expert, ask_person),
    ("degraded", was_not_searched, ask_person),
    ("vague", is_vague, ask_back),
    ("confident", is_confident, propose),
    ("same_answered", is_same_as_answered, offer_answer),
    ("same_open", is_same_as_open, join),
    ("plausible", is_plausible, propose),
    (OUTSIDE, is_outside, refuse),
    ("unanswered", is_unanswered, ask_person),
)
