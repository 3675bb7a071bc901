"""One question: everything that happened to it, what comes next, and whom or what a coordinator may choose for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.console import clocks
from bot.console.access import ACT, WATCH, Guarded
from bot.console.pages.queue import next_in
from bot.console.timeline import last_event, timeline
from bot.console.visits import Visit
from routing import askers, closing, coordinating, entries, joining, overviews, queries, reviewing, reworking, splitting, turns
from routing.cases import OPEN_ASSIGNMENT
from routing.errors import NotFound
from routing.models import Answer, Expert, Question
from routing.policy import TIERS

SUGGESTIONS = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An expert who could be asked, with the reasons of the roster and what they have on their desk."""

    expert: Expert
    reasons: Sequence[str]
    open_now: int
    away_until: str | None


def question(visit: Visit) -> Response:
    number = visit.path("number")
    with visit.store.snapshot() as session:
        case = queries.whole_case(session, number)
        if case is None:
            raise NotFound(f"There is no question {number}.")
        slugs = {match["slug"] for one in case.proposals for match in one.matches}
        slugs |= {str(event.detail["fiche"]) for event in case.events if "fiche" in event.detail}
        repeated = closing.repeated(session, case.question, visit.care)
        waiting = next((one for one in case.answers if one.state == "waiting"), None)
        facts: dict[str, Any] = {
            "case": case,
            "question": case.question,
            "clock": clocks.clock_of(case.question, visit.now, visit.office.zone, visit.words.say, turns.since_of(case.events)),
            "entries": timeline(case, visit.words),
            "seen": last_event(case),
            "actors": overviews.actors(session),
            "suggestions": _suggestions(session, visit, case),
            "current": next((one for one in case.assignments if one.state in OPEN_ASSIGNMENT), None),
            "waiting": waiting,
            "sent_back": reworking.sent_back(case.question, waiting, case.answers),
            "longest_word": coordinating.LONGEST_WORD,
            "author_away": _away(session, visit, case, waiting),
            "titles": queries.titles(session, slugs),
            "repeated": repeated,
            "closing": {reason: visit.words.closed_because(reason) for reason in closing.reasons(case.question, repeated)},
            "longest_reason": closing.LONGEST,
            "signposts": visit.office.policy.scope.signposts,
            "tiers": TIERS,
            "criteria": reviewing.CRITERIA,
            "marks": reviewing.MARKS,
            "others": askers.others_of(session, case.question, visit.care),
            "parts": splitting.parts(case.question),
            "following": next_in(visit, session, number) if visit.may_act and visit.asked("told") else "",
            **_equals(session, visit, case.question),
        }
    return visit.show("question.html", **facts)


def experts(visit: Visit) -> Response:
    """Experts whose role, authority or place says these words, for the search field."""
    with visit.store.snapshot() as session:
        asked = visit.asked("words")
        found = entries.experts(session, asked) if asked.strip() else ()
        load, away = entries.loads(session, visit.now, [one.id for one in found])
        lines = [Suggestion(one, (), load.get(one.id, 0), away.get(one.id)) for one in found]
        known = queries.by_number(session, visit.path("number"))
    if known is None:
        raise NotFound("There is no such question.")
    template = "experts_found.html" if visit.is_fragment else "experts.html"
    facts: dict[str, Any] = {"found": lines, "asked": asked, "question": known, "longest_word": coordinating.LONGEST_WORD}
    return visit.show(template, **facts, **as_seen(visit, known))


def _away(session: Session, visit: Visit, case: queries.Case, waiting: Answer | None) -> str | None:
    """Until when the author of a waiting answer is away."""
    theirs = [one.expert_id for one in case.assignments if waiting is not None and one.id == waiting.assignment_id]
    return next(iter(entries.loads(session, visit.now, theirs)[1].values()), None) if theirs else None


def as_seen(visit: Visit, found: Question) -> dict[str, Any]:
    """The revision the page around the search field was made from: what is chosen here must not outrun it."""
    return {"seen": visit.asked("seen"), "revision": visit.asked("revision") or str(found.revision)}


def _equals(session: Session, visit: Visit, found: Question) -> dict[str, Any]:
    """The question this one waits with, those that wait for this one, and those that may be the same."""
    leader = session.get(Question, found.merged_into_id) if found.merged_into_id else None
    waiting = session.scalars(select(Question).where(Question.merged_into_id == found.id, Question.next_action == "follow"))
    followers = [one for one in waiting if visit.may_see(session, one.id)]
    perhaps = [one for one in joining.perhaps_the_same(session, found) if visit.may_see(session, one.id)]
    seen = leader if leader and visit.may_see(session, leader.id) else None
    return {"leader": seen, "followers": followers, "perhaps": perhaps}


def _suggestions(session: Session, visit: Visit, case: queries.Case) -> list[Suggestion]:
    """The best of the stored roster who have not been asked yet."""
    asked = {one.expert_id for one in case.assignments}
    rows = [row for row in case.question.roster if row["expert"] not in asked][: 2 * SUGGESTIONS]
    known = entries.experts_by_id(session, {row["expert"] for row in rows})
    load, away = entries.loads(session, visit.now, list(known))
    there = [(known[row["expert"]], row) for row in rows if row["expert"] in known and known[row["expert"]].active]
    return [
        Suggestion(expert, [visit.words.reason(one) for one in row["reasons"]], load.get(expert.id, 0), away.get(expert.id))
        for expert, row in there
    ][:SUGGESTIONS]


ROUTES = (
    Guarded("/questions/{number}", question, WATCH),
    Guarded("/questions/{number}/experts", experts, ACT),
)
