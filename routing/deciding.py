"""From a received question to a decision written down: what is known, what was found, what follows.

`brief` reads everything a decision needs in one snapshot; searching and embedding happen outside any transaction;
`apply` writes the decision, unless the question has moved on meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from retrieval import Findings, Match
from routing import assigning, experience
from routing.cases import close
from routing.history import note
from routing.letters import label
from routing.models import Expert, Fiche, Person, Proposal, Question
from routing.office import Office
from routing.post import post, to_asker
from routing.roster import Candidate, Choice, Need, rank
from routing.triage import AskBack, Assign, Decision, HandToCoordinator, Propose, QuestionFacts, Refuse, decide

MOST_CHOICES = 4


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
    profiles: Mapping[int, str]
    answered: Mapping[tuple[int, str], int]
    refused: frozenset[str]


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
        text=assigning.full_text(question),
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
            languages=(question.language,), country=question.country, tier=question.tier, asker_authority=asker.authority_id
        ),
        candidates=experience.candidates(session, now),
        profiles=experience.profiles(session),
        answered=experience.answered_by_theme(session),
        refused=_refused(session, question),
    )


def with_similarities(known: Brief, similarities: Mapping[int, float]) -> Brief:
    """The brief with what the embedder says about each authority (cosine by authority id)."""
    nearer = tuple(replace(one, similarity=similarities.get(one.authority, 0.0)) for one in known.candidates)
    return replace(known, candidates=nearer)


def apply(session: Session, office: Office, known: Brief, findings: Findings | None, now: datetime) -> Decision | None:
    """Decide and write it down; None when the question has moved on since `known` was read."""
    question = session.get(Question, known.question_id, with_for_update=True)
    if question is None or question.revision != known.revision or question.next_action != "search":
        return None
    fiches = _fiches(session, findings)
    question.theme = question.theme or _theme(findings, fiches)
    findings = _still_to_offer(findings, fiches, known.refused)
    need = replace(known.need, themes=(question.theme,) if question.theme else ())
    roster = rank(need, _with_practice(known, question.theme), office.policy, now)
    question.roster = [_as_row(choice) for choice in roster]
    decision = decide(known.facts, findings, roster, office.policy, now)
    note(
        session,
        question,
        "decided",
        actor="system",
        now=now,
        decision=type(decision).__name__,
        rule=decision.rule,
        reasons=[reason.as_json() for reason in decision.reasons],
        confidence=round(findings.confidence_any, 3) if findings else None,
    )
    _write(session, office, question, decision, findings, fiches, now)
    return decision


def _write(
    session: Session,
    office: Office,
    question: Question,
    decision: Decision,
    findings: Findings | None,
    fiches: Mapping[str, Fiche],
    now: datetime,
) -> None:
    match decision:
        case Propose():
            matches = [_shown(match, fiches[match.fiche], findings) for match in decision.matches]
            assigning.propose(session, office, question, matches, decision.confidence, not decision.tentative, now)
        case Assign():
            expert = session.get_one(Expert, decision.choice.expert)
            reasons = [reason.as_json() for reason in decision.choice.reasons]
            assigning.assign(session, office, question, expert, reasons, now)
        case AskBack():
            assigning.ask_which(session, office, question, _choices(question, findings, fiches), now)
        case HandToCoordinator():
            assigning.hand_to_coordinator(session, office, question, _coordinator_reason(decision), now)
        case Refuse():
            signpost = {"signpost": office.page("")}
            post(session, office, to_asker(session, question), "refused_scope", signpost, now=now, question=question)
            close(session, question, f"refused: {decision.rule}", actor="system", now=now)


def _still_to_offer(findings: Findings | None, fiches: Mapping[str, Fiche], refused: frozenset[str]) -> Findings | None:
    """Without fiches that the index still knows but that are no longer published, and without those the asker has refused."""
    if findings is None:
        return None
    return replace(findings, matches=tuple(one for one in findings.matches if one.fiche in fiches and one.fiche not in refused))


def _with_practice(known: Brief, theme: str | None) -> tuple[Candidate, ...]:
    """The candidates with how many questions on this theme they have answered."""
    return tuple(replace(one, answered_like_this=known.answered.get((one.expert, theme or ""), 0)) for one in known.candidates)


def _coordinator_reason(decision: HandToCoordinator) -> str:
    codes = {reason.code for reason in decision.reasons}
    for code, word in (
        ("sensitive", "sensitive"),
        ("no_roster", "no_roster"),
        ("degraded", "search_down"),
        ("wish", "asker_wish"),
    ):
        if code in codes:
            return word
    return "no_answer_yet"


def _refused(session: Session, question: Question) -> frozenset[str]:
    proposals = session.scalars(select(Proposal).where(Proposal.question_id == question.id, Proposal.state == "refused"))
    return frozenset(match["slug"] for proposal in proposals for match in proposal.matches)


def _fiches(session: Session, findings: Findings | None) -> dict[str, Fiche]:
    slugs = [match.fiche for match in findings.matches] if findings else []
    published = select(Fiche).where(Fiche.slug.in_(slugs), Fiche.status == "published").options(selectinload(Fiche.texts))
    return {fiche.slug: fiche for fiche in session.scalars(published)}


def _theme(findings: Findings | None, fiches: Mapping[str, Fiche]) -> str | None:
    """The theme most of the best matches share, nearer matches counting more."""
    votes: dict[str, float] = {}
    for match in findings.matches if findings else ():
        for theme in fiches[match.fiche].facts.get("themes", ()) if match.fiche in fiches else ():
            votes[theme] = votes.get(theme, 0.0) + 1 / (match.rank + 1)
    return max(votes, key=lambda theme: votes[theme]) if votes else None


def _shown(match: Match, fiche: Fiche, findings: Findings | None) -> dict[str, Any]:
    """One match as the letter tells it and the history keeps it."""
    passage = match.quote or match.passage
    facts = fiche.facts
    return {
        "slug": match.fiche,
        "title": match.title,
        "title_language": match.title_language,
        "place": facts.get("place", ""),
        "country": facts.get("country", ""),
        "year": facts.get("year_start"),
        "quote": passage.text,
        "quote_language": passage.language,
        "source": next(iter(facts.get("sources", ())), None),
        "score": round(match.score, 4),
        "signals": dict(findings.signals) if findings else {},
    }


def _choices(question: Question, findings: Findings | None, fiches: Mapping[str, Fiche]) -> Sequence[str]:
    """Themes of the best matches: the facets that tell the candidates apart."""
    themes: dict[str, None] = {}
    for match in findings.matches if findings else ():
        themes |= dict.fromkeys(fiches[match.fiche].facts.get("themes", ()) if match.fiche in fiches else ())
    return [label(theme, question.language) for theme in list(themes)[:MOST_CHOICES]]


def _as_row(choice: Choice) -> dict[str, Any]:
    reasons = [reason.as_json() for reason in choice.reasons]
    return {
        "expert": choice.expert,
        "authority": choice.authority,
        "score": round(choice.score, 4),
        "reasons": reasons,
        "deputy": choice.deputy,
    }
