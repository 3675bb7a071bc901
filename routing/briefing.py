"""What is known of a question when it is looked at: everything a decision needs, read in one snapshot.

In: a question that waits to be searched. Out: a frozen `Brief`. What the embedder says of it is added outside any transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from routing import experience, sameness
from routing.competence import Answered, Near, Profile
from routing.countries import named_countries
from routing.decisions import QuestionFacts
from routing.models import Person, Proposal, Question
from routing.parts import are_unlike, parts_of
from routing.policy import SamePolicy
from routing.practices import Practice, practices
from routing.roster import Candidate, Need


@dataclass(frozen=True, slots=True)
class Brief:
    """What is known of one question when it is looked at. `revision` tells later whether it has moved on since."""

    question_id: int
    revision: int
    text: str
    language: str
    facts: QuestionFacts
    need: Need
    candidates: tuple[Candidate, ...]
    profiles: Mapping[int, Profile]
    answered: tuple[Answered, ...]
    refused: frozenset[str]
    practices: Mapping[int, tuple[Practice, ...]]
    near: Near = field(default_factory=Near)
    others: tuple[sameness.Other, ...] = ()
    perhaps: tuple[int, ...] = ()
    several: bool = False


def brief(session: Session, question_id: int, now: datetime) -> Brief | None:
    """Everything needed to decide, or None when the question waits for something else by now."""
    question = session.get(Question, question_id)
    if question is None or question.state == "closed" or question.next_action != "search":
        return None
    asker = session.get_one(Person, question.asker_id)
    open_of_asker = select(func.count()).select_from(Question).where(Question.asker_id == asker.id, Question.state != "closed")
    return Brief(
        question_id=question.id,
        revision=question.revision,
        text=question.full_text,
        language=question.language,
        facts=QuestionFacts(
            language=question.language,
            tier=question.tier,
            sensitive=question.sensitive,
            wants_expert=question.thread.get("wish") == "expert",
            clarified=question.thread.get("clarified", 0),
            open_of_asker=(session.scalar(open_of_asker) or 1) - 1,
        ),
        need=Need(
            languages=(question.language,),
            countries=_countries(question),
            tier=question.tier,
            asker_authority=asker.authority_id,
        ),
        candidates=experience.candidates(session, now),
        profiles=experience.profiles(session),
        answered=experience.answered(session, now),
        refused=_refused(session, question),
        practices=practices(session),
        others=sameness.others(session, question),
    )


def with_nearness(known: Brief, near: Near) -> Brief:
    """The brief with what the embedder says about each authority and about the question's themes."""
    nearer = tuple(
        replace(one, similarity=near.authorities.get(one.authority, 0.0), named=near.named.get(one.authority, 0.0))
        for one in known.candidates
    )
    return replace(known, candidates=nearer, near=near)


def with_likeness(known: Brief, likeness: Sequence[float], policy: SamePolicy, now: datetime) -> Brief:
    """The brief with what the embedder says about `known.others`: whether this is the same question as one of them."""
    facts = replace(known.facts, same=sameness.choose(known.others, likeness, policy, now))
    return replace(known, facts=facts, perhaps=sameness.perhaps(known.text, known.others, likeness, policy))


def with_parts(known: Brief, to: Callable[[str, Sequence[str]], Sequence[float]], policy: SamePolicy) -> Brief:
    """The brief with whether its words are several questions; `to` gives cosines of a text with others."""
    parts = parts_of(known.text)
    likeness = [cosine for place, part in enumerate(parts[:-1]) for cosine in to(part, parts[place + 1 :])]
    return replace(known, several=are_unlike(likeness, policy.split_below))


def _countries(question: Question) -> frozenset[str]:
    if question.country:
        return frozenset({question.country})
    return named_countries(question.full_text, question.language)


def _refused(session: Session, question: Question) -> frozenset[str]:
    proposals = session.scalars(select(Proposal).where(Proposal.question_id == question.id, Proposal.state == "refused"))
    return frozenset(match["slug"] for proposal in proposals for match in proposal.matches)
