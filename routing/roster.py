"""Who is asked: experts in the order in which a question should reach them, each with the reasons.

In come the need of one question, what is known about every expert, and the policy; out comes a ranking. Nobody is in it
who is away, at their limit, unreachable, not competent, or of the asker's own authority unless that is wished. Of each
authority one expert stands in the first part, best authority first: the first on its ladder who is free, among those who
speak the question's language best. Deputies follow after all of these, in the same order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import NamedTuple

from routing.calendar import zone_named
from routing.policy import LadderPolicy, Policy, RosterPolicy
from routing.reasons import Reason, describe

__all__ = ["Candidate", "Choice", "Need", "Reason", "Seat", "describe", "next_on_ladder", "panel_of", "rank"]

# An expert who usually takes this long gets half the credit for a quick answer.
HALF_SPEED_HOURS = 24.0
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Seat(NamedTuple):
    """An expert at an authority, by id."""

    expert: int
    authority: int


@dataclass(frozen=True, slots=True)
class Need:
    """What a question asks for. `languages`: its own first, then others the asker reads; `themes` may be empty.

    `shares` says how much of the question each theme seems to be (sum 1); without it all `themes` weigh the same.
    `countries` are those that the question names; none means that anybody's view will do.
    """

    languages: tuple[str, ...]
    themes: tuple[str, ...] = ()
    shares: Mapping[str, float] = field(default_factory=dict)
    countries: frozenset[str] = frozenset()
    tier: str = "standard"
    asker_authority: int | None = None
    own_authority_wished: bool = False
    excluded: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known about an expert. `similarity`: how near the question is to the authority's profile and practices (cosine);
    `named`: how much of what the question names the profile names too (0 to 1).

    `capacity` is the monthly limit of the expert, `authority_room` how many more the authority takes this month (None: no
    limit); `own_fiches` are titles of the authority's practices that the search found for this question, best first, and
    `practice` is 1 where the best of them was found first, 1/2 where second, and so on; `away_until` is the last day of a
    present absence, in the authority's `zone`.
    """

    expert: int
    authority: int
    country: str
    themes: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    kind: str = "other"
    rank: int = 0
    similarity: float = 0.0
    named: float = 0.0
    own_fiches: tuple[str, ...] = ()
    practice: float = 0.0
    answered: int = 0
    answered_like_this: int = 0
    declined: int = 0
    silent: int = 0
    median_response_hours: float | None = None
    open_now: int = 0
    capacity: int = 4
    assigned_this_month: int = 0
    authority_room: int | None = None
    away_until: date | None = None
    zone: str = "UTC"
    last_assigned_at: datetime | None = None
    dead_address: bool = False
    active: bool = True
    authority_themes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One expert to ask; `score` lies in 0 to 1. `deputy`: a better placed expert of the same authority is free too."""

    expert: int
    authority: int
    score: float
    reasons: tuple[Reason, ...]
    deputy: bool = False


def rank(need: Need, candidates: Sequence[Candidate], policy: Policy, now: datetime) -> tuple[Choice, ...]:
    """Everybody who can be asked, in order; () when nobody can."""
    free = [each for each in candidates if _is_free(each, need, policy.roster, now) and _is_competent(each, need, policy.roster)]
    ladder = sorted(free, key=lambda each: (-_language_merit(each, need, policy.roster), each.rank, each.expert))
    heads = {each.expert: each for each in _heads(ladder)}
    order = [head.authority for head in sorted(heads.values(), key=lambda each: _place(each, need, policy.roster))]
    seats = sorted(ladder, key=lambda each: (each.expert not in heads, order.index(each.authority)))
    return tuple(_choice(each, need, policy.roster, deputy=each.expert not in heads) for each in seats)


def panel_of(first: Choice, others: Sequence[Choice], wanted: int) -> tuple[Choice, ...]:
    """Up to `wanted` experts to ask beside the first one, each of another authority, in the order of the roster."""
    chosen: list[Choice] = []
    for one in others:
        if len(chosen) < wanted and one.authority not in {first.authority, *(each.authority for each in chosen)}:
            chosen.append(one)
    return tuple(chosen)


def next_on_ladder(current: Seat, choices: Sequence[Choice], tried: Collection[Seat], ladder: LadderPolicy) -> Choice | None:
    """Who comes after `current`; None when a coordinator takes over. `tried` are all seats asked before, current or not."""
    asked = {*tried, current}
    fresh = [choice for choice in choices if choice.expert not in {seat.expert for seat in asked}]
    deputies_asked = sum(seat.authority == current.authority for seat in asked) - 1
    if "deputy" in ladder.steps and deputies_asked < ladder.deputies_at_most:
        for choice in fresh:
            if choice.authority == current.authority:
                return choice
    authorities = {seat.authority for seat in asked}
    if "next_authority" in ladder.steps and len(authorities) < ladder.authorities_at_most:
        for choice in fresh:
            if choice.authority not in authorities:
                return choice
    return None


def _is_free(each: Candidate, need: Need, policy: RosterPolicy, now: datetime) -> bool:
    if not each.active or each.dead_address or each.expert in need.excluded:
        return False
    if each.authority == need.asker_authority and not need.own_authority_wished:
        return False
    if each.away_until and each.away_until >= now.astimezone(zone_named(each.zone)).date():
        return False
    if each.authority_room is not None and each.authority_room <= 0:
        return False
    return each.assigned_this_month < each.capacity and each.open_now < policy.open_at_most


def _is_competent(each: Candidate, need: Need, policy: RosterPolicy) -> bool:
    return bool(_shared_themes(each, need)) or each.answered_like_this > 0 or each.similarity >= policy.competent_similarity


def _heads(ladder: Sequence[Candidate]) -> list[Candidate]:
    """Of each authority the expert who is asked first; the authority is placed where that expert stands."""
    heads: dict[int, Candidate] = {}
    for each in ladder:
        heads.setdefault(each.authority, each)
    return list(heads.values())


def _place(each: Candidate, need: Need, policy: RosterPolicy) -> tuple[int, datetime, int]:
    """Best score first; within a step of `equal_within` whoever was asked longest ago."""
    return -int(_score(each, need, policy) / policy.equal_within), each.last_assigned_at or LONG_AGO, each.expert


def _choice(each: Candidate, need: Need, policy: RosterPolicy, *, deputy: bool) -> Choice:
    return Choice(each.expert, each.authority, round(_score(each, need, policy), 4), tuple(_reasons(each, need, policy)), deputy)


def _score(each: Candidate, need: Need, policy: RosterPolicy) -> float:
    weights = policy.weights
    merits = (
        (weights.theme, _theme_merit(each, need)),
        (weights.similarity, max(each.similarity, 0.0)),
        (weights.words, each.named),
        (weights.practice, each.practice),
        (weights.answered_like_this, each.answered_like_this / (each.answered_like_this + 1)),
        (weights.language, _language_merit(each, need, policy)),
        (weights.country, 1.0 if not need.countries or each.country in need.countries else 0.0),
        (weights.speed * (policy.urgent_speed_factor if need.tier == "urgent" else 1.0), _speed(each)),
        (weights.reliability, (each.answered + 1) / (each.answered + each.declined + each.silent + 1)),
        (weights.load, _room(each, policy)),
    )
    return sum(weight * merit for weight, merit in merits) / (sum(weight for weight, _ in merits) or 1.0)


def _reasons(each: Candidate, need: Need, policy: RosterPolicy) -> Iterator[Reason]:
    for theme in _shared_themes(each, need):
        yield Reason("theme", {"theme": theme})
    for title in each.own_fiches[:1]:
        yield Reason("practice", {"title": title})
    if each.answered_like_this:
        yield Reason("answered_before", {"count": each.answered_like_this})
    if each.similarity >= policy.competent_similarity:
        yield Reason("profile", {"similarity": round(each.similarity, 3)})
    yield _language_reason(each, need, policy)
    if need.countries:
        yield Reason("country" if each.country in need.countries else "other_country", {"country": each.country})
    if each.median_response_hours is not None and each.median_response_hours <= HALF_SPEED_HOURS:
        yield Reason("quick", {"hours": round(each.median_response_hours, 1)})
    yield Reason("capacity", {"open": each.open_now, "of": policy.open_at_most})


def _shared_themes(each: Candidate, need: Need) -> tuple[str, ...]:
    return tuple(theme for theme in need.themes if theme in each.themes)


def _theme_merit(each: Candidate, need: Need) -> float:
    """The part of the question that lies in the expert's themes; half where nobody knows what it is about."""
    if need.shares:
        return sum(share for theme, share in need.shares.items() if theme in (*each.themes, *each.authority_themes))
    return len(_shared_themes(each, need)) / len(need.themes) if need.themes else 0.5


def _language_merit(each: Candidate, need: Need, policy: RosterPolicy) -> float:
    return {"language": 1.0, "bridge_language": 0.5, "no_shared_language": 0.0}[_language_reason(each, need, policy).code]


def _language_reason(each: Candidate, need: Need, policy: RosterPolicy) -> Reason:
    for code, wanted in (("language", need.languages[:1]), ("bridge_language", need.languages[1:] + policy.bridge_languages)):
        for language in wanted:
            if language in each.languages:
                return Reason(code, {"language": language})
    return Reason("no_shared_language")


def _room(each: Candidate, policy: RosterPolicy) -> float:
    """1 for nothing to do, 0 for full: by what is open, and by what came this month, so that an answer given counts too."""
    return 1.0 - (each.open_now / policy.open_at_most + each.assigned_this_month / max(each.capacity, 1)) / 2


def _speed(each: Candidate) -> float:
    if each.median_response_hours is None:
        return 0.5
    return HALF_SPEED_HOURS / (HALF_SPEED_HOURS + each.median_response_hours)
