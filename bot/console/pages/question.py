"""One question: everything that happened to it, what comes next, and what a coordinator can do about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.console import clocks
from bot.console.access import ACT, WATCH, Guarded
from bot.console.errors import Failed
from bot.console.happenings import happening
from bot.console.timeline import Told, last_event, timeline
from bot.console.visits import BadForm, Visit
from routing import clarifying, coordinating, entries, history, joining, links, overviews, queries, refusing, reviewing
from routing.cases import OPEN_ASSIGNMENT
from routing.errors import NotFound, RoutingError, StaleAction
from routing.locking import locked
from routing.models import Expert, Question
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
        facts: dict[str, Any] = {
            "case": case,
            "question": case.question,
            "clock": clocks.clock_of(case.question, visit.now, visit.office.zone, visit.words.say),
            "entries": timeline(case, visit.words),
            "seen": last_event(case),
            "actors": overviews.actors(session),
            "suggestions": _suggestions(session, visit, case),
            "current": next((one for one in case.assignments if one.state in OPEN_ASSIGNMENT), None),
            "waiting": next((one for one in case.answers if one.state == "waiting"), None),
            "titles": queries.titles(session, slugs),
            "closing": {reason: visit.words.closed_because(reason) for reason in coordinating.CLOSING},
            "signposts": visit.office.policy.scope.signposts,
            "tiers": TIERS,
            "criteria": reviewing.CRITERIA,
            "marks": reviewing.MARKS,
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
    return visit.show(template, found=lines, asked=asked, question=known, **_as_seen(visit, known))


def fiches(visit: Visit) -> Response:
    """Published fiches that say these words."""
    with visit.store.snapshot() as session:
        asked = visit.asked("words")
        found = overviews.fiches(session, ("published",), asked)[:8] if asked.strip() else ()
        titles = queries.titles(session, {one.slug for one in found})
        known = queries.by_number(session, visit.path("number"))
    if known is None:
        raise NotFound("There is no such question.")
    template = "fiches_found.html" if visit.is_fragment else "fiche_choices.html"
    return visit.show(template, found=found, titles=titles, asked=asked, question=known, **_as_seen(visit, known))


def _as_seen(visit: Visit, found: Question) -> dict[str, Any]:
    """The revision the page around the search field was made from: what is chosen here must not outrun it."""
    return {"seen": visit.asked("seen"), "revision": visit.asked("revision") or str(found.revision)}


Act = Callable[[Session, Visit, Question], Any]


def doing(act: Act, told: str, typed: str = "") -> Callable[[Visit], Response]:
    """A page that acts on the question as its sender saw it, and says so; `typed` names the field not to be lost."""

    def page(visit: Visit) -> Response:
        number = visit.path("number")
        try:
            with visit.store.transaction() as session:
                taken = coordinating.taken_up(session, number, visit.number("revision"), visit.care)
                act(session, visit, taken)
        except RoutingError as error:
            raise _told(visit, number, error, visit.field(typed) if typed else "") from error
        return visit.go(f"/questions/{number}", told)

    page.__name__ = told.replace("-", "_")
    return page


def note(visit: Visit) -> Response:
    """A note collides with nothing, so it is taken whatever happened meanwhile."""
    number = visit.path("number")
    try:
        with visit.store.transaction() as session:
            found = queries.by_number(session, number)
            if found is None:
                raise NotFound(f"There is no question {number}.")
            coordinating.add_note(session, found, visit.field("text"), by=visit.me.actor, now=visit.now)
    except RoutingError as error:
        raise _told(visit, number, error, visit.field("text")) from error
    return visit.go(f"/questions/{number}", "noted")


def _told(visit: Visit, number: str, error: RoutingError, typed: str) -> Failed:
    """Why not; for a stale page also what has happened since, in words."""
    happened: tuple[Any, ...] = ()
    if isinstance(error, StaleAction):
        with visit.store.snapshot() as session:
            found = queries.by_number(session, number)
            seen = visit.field("seen")
            if found is not None and seen.isdecimal() and len(seen) < 12:
                actors = overviews.actors(session)
                newer = queries.events_after(session, found.id, int(seen))
                happened = tuple((visit.words.actor(one.actor, actors), Told(one, happening(one, visit.words))) for one in newer)
    return Failed(error, typed, f"/questions/{number}", happened)


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


def _assign(session: Session, visit: Visit, found: Question) -> None:
    coordinating.assign_to(session, visit.office, found, visit.number("expert"), by=visit.me.actor, now=visit.now)


def _join(session: Session, visit: Visit, found: Question) -> None:
    leader = queries.by_number(session, visit.field("number"))
    if leader is None or not visit.may_see(session, leader.id):
        raise BadForm("There is no question with this number.")
    locked(session, leader.id)
    joining.join(session, visit.office, found, leader, visit.now, by=visit.me.actor)


def _part(session: Session, visit: Visit, found: Question) -> None:
    joining.part(session, found, visit.now, by=visit.me.actor)


def _ask_also(session: Session, visit: Visit, found: Question) -> None:
    coordinating.ask_also(session, visit.office, found, visit.number("expert"), by=visit.me.actor, now=visit.now)


def _revoke(session: Session, visit: Visit, found: Question) -> None:
    links.revoke(session, found, visit.now)
    history.note(session, found, "links-revoked", actor=visit.me.actor, now=visit.now)


def _extend(session: Session, visit: Visit, found: Question) -> None:
    if not visit.field("reason").strip():
        raise BadForm("Say why the deadline moves.")
    days, reason = visit.number("days"), visit.field("reason")
    coordinating.extend(session, visit.office, found, days, reason, by=visit.me.actor, now=visit.now)


def _answer(session: Session, visit: Visit, found: Question) -> None:
    coordinating.answer(session, visit.office, found, visit.field("text"), by=visit.me.actor, now=visit.now)


def _release(session: Session, visit: Visit, found: Question) -> None:
    answer_id, text = visit.number_in_path("answer"), visit.field("text")
    written = coordinating.release_answer(session, visit.office, found, answer_id, text, by=visit.me.actor, now=visit.now)
    marks = {name: visit.field(f"mark-{name}") for name in reviewing.CRITERIA}
    reviewing.keep_checklist(session, written, marks, visit.me.actor, visit.now)


def _discard(session: Session, visit: Visit, found: Question) -> None:
    answer_id, reason = visit.number_in_path("answer"), visit.field("reason")
    coordinating.discard_answer(session, visit.office, found, answer_id, reason, by=visit.me.actor, now=visit.now)


def _propose(session: Session, visit: Visit, found: Question) -> None:
    coordinating.propose_fiche(session, visit.office, found, visit.field("fiche"), by=visit.me.actor, now=visit.now)


def _sensitive(sensitive: bool) -> Act:
    return lambda session, visit, found: coordinating.mark_sensitive(
        session, visit.office, found, sensitive, by=visit.me.actor, now=visit.now
    )


def _tier(session: Session, visit: Visit, found: Question) -> None:
    coordinating.set_tier(session, visit.office, found, visit.field("tier"), by=visit.me.actor, now=visit.now)


def _search(session: Session, visit: Visit, found: Question) -> None:
    coordinating.search_again(session, visit.office, found, by=visit.me.actor, now=visit.now)


def _close(session: Session, visit: Visit, found: Question) -> None:
    reason, comment = visit.field("reason"), visit.field("comment")
    coordinating.close(session, visit.office, found, reason, comment, by=visit.me.actor, now=visit.now)


def _ask(session: Session, visit: Visit, found: Question) -> None:
    clarifying.ask(session, visit.office, found, visit.field("text"), by=visit.me.actor, now=visit.now)


def _refuse(session: Session, visit: Visit, found: Question) -> None:
    signpost, other = visit.field("signpost"), visit.field("other")
    refusing.refuse(session, visit.office, found, signpost, other, by=visit.me.actor, now=visit.now)


def _reopen(session: Session, visit: Visit, found: Question) -> None:
    coordinating.take_back(session, visit.office, found, by=visit.me.actor, now=visit.now)


ROUTES = (
    Guarded("/questions/{number}", question, WATCH),
    Guarded("/questions/{number}/experts", experts, ACT),
    Guarded("/questions/{number}/fiches", fiches, ACT),
    Guarded("/questions/{number}/assignments", doing(_assign, "assigned"), ACT, "POST"),
    Guarded("/questions/{number}/joining", doing(_join, "joined", "number"), ACT, "POST"),
    Guarded("/questions/{number}/parting", doing(_part, "parted"), ACT, "POST"),
    Guarded("/questions/{number}/panel", doing(_ask_also, "asked-also"), ACT, "POST"),
    Guarded("/questions/{number}/link-revocation", doing(_revoke, "links-revoked"), ACT, "POST"),
    Guarded("/questions/{number}/extensions", doing(_extend, "extended", "reason"), ACT, "POST"),
    Guarded("/questions/{number}/answers", doing(_answer, "answered", "text"), ACT, "POST"),
    Guarded("/questions/{number}/answers/{answer:int}/release", doing(_release, "released", "text"), ACT, "POST"),
    Guarded("/questions/{number}/answers/{answer:int}/discard", doing(_discard, "not-sent", "reason"), ACT, "POST"),
    Guarded("/questions/{number}/proposals", doing(_propose, "proposed"), ACT, "POST"),
    Guarded("/questions/{number}/sensitive", doing(_sensitive(True), "sensitive"), ACT, "POST"),
    Guarded("/questions/{number}/not-sensitive", doing(_sensitive(False), "not-sensitive"), ACT, "POST"),
    Guarded("/questions/{number}/tier", doing(_tier, "tier"), ACT, "POST"),
    Guarded("/questions/{number}/search", doing(_search, "searching"), ACT, "POST"),
    Guarded("/questions/{number}/closure", doing(_close, "closed", "comment"), ACT, "POST"),
    Guarded("/questions/{number}/asking-back", doing(_ask, "asked-the-asker", "text"), ACT, "POST"),
    Guarded("/questions/{number}/refusal", doing(_refuse, "refused", "other"), ACT, "POST"),
    Guarded("/questions/{number}/reopening", doing(_reopen, "reopened"), ACT, "POST"),
    Guarded("/questions/{number}/notes", note, ACT, "POST"),
)
