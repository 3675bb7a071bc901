"""From what is known and found of a question to a decision written down.

`apply` writes it, unless the question has moved on since its brief was read (`routing.briefing`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from retrieval import Findings, Match
from routing import assigning, handing, joining, proposing, sharing, themes
from routing.briefing import Brief
from routing.cases import close, search_again
from routing.decisions import AskBack, Assign, Decision, HandToCoordinator, Join, OfferAnswer, Propose, Refuse
from routing.history import note
from routing.letters import label
from routing.locking import lock_all
from routing.models import Answer, Expert, Fiche, Question
from routing.office import Office
from routing.post import post
from routing.practices import Practice
from routing.recipients import to_asker
from routing.roster import Candidate, Choice, panel_of, rank
from routing.scope import signpost_for, signpost_named
from routing.splitting import SEVERAL
from routing.triage import OUTSIDE, decide

MOST_CHOICES = 4


def apply(session: Session, office: Office, known: Brief, findings: Findings | None, now: datetime) -> Decision | None:
    """Decide and write it down; None when the question has moved on since `known` was read."""
    question = _taken_up(session, known)
    if question is None or question.revision != known.revision or question.next_action != "search":
        return None
    fiches = _fiches(session, findings)
    votes = themes.votes(findings, {slug: fiche.facts.get("themes", ()) for slug, fiche in fiches.items()})
    question.theme = question.theme or themes.foremost(votes)
    named = (question.theme,) if question.theme else ()
    need = replace(known.need, themes=named, shares=themes.shares(known.near.themes, votes))
    found = [match.fiche for match in findings.matches if match.fiche in fiches] if findings else []
    roster = rank(need, _with_practice(known, question.theme, found), office.policy, now)
    findings = _still_to_offer(findings, fiches, known.refused)
    question.roster = [_as_row(choice) for choice in roster]
    outside = signpost_for(known.text, office.policy.scope.signposts)
    facts = replace(known.facts, signpost=outside.name if outside else None)
    decision = decide(facts, findings, roster, office.policy, now)
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
    _remember(question, known)
    _write(session, office, question, decision, findings, fiches, now)
    return decision


def _taken_up(session: Session, known: Brief) -> Question | None:
    """The question, locked; with it the one that it may be about to wait for, since that one is locked first."""
    same = known.facts.same
    leader = (same.question,) if same is not None and same.answer is None else ()
    return lock_all(session, (known.question_id, *leader)).get(known.question_id)


def _remember(question: Question, known: Brief) -> None:
    """What a coordinator's page proposes, to put together or to split; what an earlier search saw is forgotten."""
    seen = {"perhaps": list(known.perhaps), SEVERAL: known.several}
    question.thread = {key: fact for key, fact in {**question.thread, **seen}.items() if key not in seen or fact}


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
            proposing.propose(session, office, question, matches, decision.confidence, not decision.tentative, now)
        case Assign():
            expert = session.get_one(Expert, decision.choice.expert)
            reasons = [reason.as_json() for reason in decision.choice.reasons]
            others = _panel(session, office, question, decision)
            # Whoever has been told a date before (with a question like theirs, say) hears that it is a new one.
            knows_one = question.first_word_at is not None and question.promised_at is not None
            told, why = ("holding", "working_on_it") if knows_one else ("receipt", None)
            assigning.assign(session, office, question, expert, reasons, now, tell_asker=told, why=why, others=others)
        case Join():
            _join(session, office, question, decision, now)
        case OfferAnswer():
            written = session.get_one(Answer, decision.same.answer)
            sharing.offer(session, office, question, written, decision.same.likeness, now)
        case AskBack():
            proposing.ask_which(session, office, question, _choices(question, findings, fiches), now)
        case HandToCoordinator():
            handing.hand_to_coordinator(session, office, question, _coordinator_reason(decision), now)
        case Refuse():
            kind, facts = _refusal(decision, office)
            post(session, office, to_asker(session, question), kind, facts, now=now, question=question)
            close(session, question, f"refused: {decision.rule}", actor="system", now=now)


def _panel(session: Session, office: Office, question: Question, decision: Assign) -> list[tuple[Expert, list[dict[str, Any]]]]:
    """Who else is asked at once, where the tier's policy wishes a panel: the next authorities of the roster."""
    wanted = office.policy.tiers[question.tier].panel - 1
    chosen = panel_of(decision.choice, decision.others, wanted)
    return [(session.get_one(Expert, one.expert), [reason.as_json() for reason in one.reasons]) for one in chosen]


def _join(session: Session, office: Office, question: Question, decision: Join, now: datetime) -> None:
    """Unless the other one has been answered or closed in this very moment: then search again, without it."""
    leader = session.get(Question, decision.same.question)  # locked with the question
    try:
        if leader is None:
            raise joining.CannotJoin("It is gone.")
        joining.join(session, office, question, leader, now, by="system", likeness=decision.same.likeness)
    except joining.CannotJoin:
        search_again(question, now)


def _refusal(decision: Refuse, office: Office) -> tuple[str, dict[str, object]]:
    """The letter that says which of the reasons to refuse it was."""
    reason = decision.reasons[0]
    if reason.code == "too_many_open":
        return "refused_too_many", dict(reason.facts)
    if reason.code == OUTSIDE:
        return "refused_scope", {"signpost": str(signpost_named(reason.facts["signpost"], office.policy.scope.signposts))}
    return "refused_admission", {"contact": office.mail_address}


def _still_to_offer(findings: Findings | None, fiches: Mapping[str, Fiche], refused: frozenset[str]) -> Findings | None:
    """Without fiches that the index still knows but that are no longer published, and without those the asker has refused."""
    if findings is None:
        return None
    return replace(findings, matches=tuple(one for one in findings.matches if one.fiche in fiches and one.fiche not in refused))


def _with_practice(known: Brief, theme: str | None, found: Sequence[str]) -> tuple[Candidate, ...]:
    """The candidates with how many questions like this they have answered, and their practices that were found, best first."""
    alike = known.near.alike if known.near.authorities else Counter(one.expert for one in known.answered if one.theme == theme)
    return tuple(
        replace(
            one,
            answered_like_this=alike.get(one.expert, 0),
            own_fiches=tuple(practice.title for _, practice in run),
            practice=1 / (1 + run[0][0]) if run else 0.0,
        )
        for one in known.candidates
        for run in (_found_of(known.practices.get(one.authority, ()), found),)
    )


def _found_of(run: Sequence[Practice], found: Sequence[str]) -> list[tuple[int, Practice]]:
    """Practices that were found, with the place (0: first) at which they were."""
    return sorted(((found.index(one.slug), one) for one in run if one.slug in found), key=lambda told: told[0])


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


def _fiches(session: Session, findings: Findings | None) -> dict[str, Fiche]:
    slugs = [match.fiche for match in findings.matches] if findings else []
    published = select(Fiche).where(Fiche.slug.in_(slugs), Fiche.status == "published").options(selectinload(Fiche.texts))
    return {fiche.slug: fiche for fiche in session.scalars(published)}


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
    facets: dict[str, None] = {}
    for match in findings.matches if findings else ():
        facets |= dict.fromkeys(fiches[match.fiche].facts.get("themes", ()) if match.fiche in fiches else ())
    return [label(theme, question.letters_in) for theme in list(facets)[:MOST_CHOICES]]


def _as_row(choice: Choice) -> dict[str, Any]:
    reasons = [reason.as_json() for reason in choice.reasons]
    return {
        "expert": choice.expert,
        "authority": choice.authority,
        "score": round(choice.score, 4),
        "reasons": reasons,
        "deputy": choice.deputy,
    }
