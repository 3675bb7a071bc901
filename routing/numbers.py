"""The numbers that decisions obey: what each is, and within which limits it may lie.

In: the tables of policy.toml, whose keys are explained there. Out: one frozen `Policy`; `routing.policy` reads and checks it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Annotated, Literal

from routing.checked import Between, PolicyError, ReadBy
from routing.hours import Hours, parse_hours
from routing.scope import Signpost, parse_signpost

TERM = re.compile(r"([0-9]{1,4}) (working day|working hour|hour)s?")
TIERS = ("urgent", "standard", "extended")

Part = Annotated[float, Between(0, 1)]
Count = Annotated[int, Between(1, 1000)]
CountOrNone = Annotated[int, Between(0, 1000)]
Weight = Annotated[float, Between(0, 100)]
WeeklyHours = Annotated[Hours, ReadBy(parse_hours, "hours")]


@dataclass(frozen=True, slots=True)
class Term:
    """A stretch of time as the policy promises it; "hours" run on nights and closed days too."""

    amount: int
    unit: Literal["working_days", "working_hours", "hours"]


def parse_term(text: str) -> Term:
    """Read "10 working days", "4 working hours" or "48 hours"; raises `PolicyError`."""
    found = TERM.fullmatch(text)
    if not found:
        raise PolicyError(f'"{text}" is not a length of time; write it like "10 working days", "4 working hours" or "48 hours"')
    units: dict[str, Literal["working_days", "working_hours", "hours"]]
    units = {"working day": "working_days", "working hour": "working_hours", "hour": "hours"}
    return Term(int(found[1]), units[found[2]])


def parse_promise(text: str) -> Term:
    """A term that is longer than nothing; raises `PolicyError`."""
    term = parse_term(text)
    if not term.amount:
        raise PolicyError(f'"{text}" is no time at all; write a length of at least 1, like "10 working days"')
    return term


Promise = Annotated[Term, ReadBy(parse_promise, "term")]
Delay = Annotated[Term, ReadBy(parse_term, "term")]  # may be none


@dataclass(frozen=True, slots=True)
class ConfidencePolicy:
    precision: Part
    propose_at: Part
    show_at: Part
    matches: Annotated[int, Between(1, 10)]


@dataclass(frozen=True, slots=True)
class TierPolicy:
    accept_within: Promise
    answer_within: Promise
    remind_at: tuple[Part, ...]
    remind_days_before: tuple[CountOrNone, ...]
    grace: Delay
    review: Literal["straight", "review"]
    review_within: Promise
    panel: Annotated[int, Between(1, 3)]


@dataclass(frozen=True, slots=True)
class AskerPolicy:
    tiers: tuple[Literal["urgent", "standard", "extended"], ...]


@dataclass(frozen=True, slots=True)
class SamePolicy:
    join_at: Annotated[float, Between(-1, 2)]
    suggest_at: Annotated[float, Between(-1, 3)]
    concepts: Annotated[float, Between(0, 1)]
    offer_at: Annotated[float, Between(-1, 2)]
    offer_for_days: Annotated[int, Between(1, 10000)]
    split_below: Annotated[float, Between(-1, 1)]


@dataclass(frozen=True, slots=True)
class ScopePolicy:
    signposts: tuple[Annotated[Signpost, ReadBy(parse_signpost, "signpost")], ...]


@dataclass(frozen=True, slots=True)
class SamplePolicy:
    share: Part
    seed: str


@dataclass(frozen=True, slots=True)
class DirectoryPolicy:
    confirm_after_days: Count
    tell_after_days: Count


@dataclass(frozen=True, slots=True)
class LadderPolicy:
    steps: tuple[Literal["reminder", "deputy", "next_authority", "coordinator"], ...]
    deputies_at_most: CountOrNone
    authorities_at_most: Count


@dataclass(frozen=True, slots=True)
class PatiencePolicy:
    proposal_remind_after: Promise
    proposal_close_after: Promise
    clarifications_at_most: CountOrNone
    clarification_close_after: Promise
    follow_up_after: Promise
    follow_up_window_days: Count
    coordinator_nag_after: Promise
    asker_told_once_within_hours: CountOrNone


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    base_seconds: Annotated[float, Between(1, 3600)]
    factor: Annotated[float, Between(1, 10)]
    cap_seconds: Annotated[float, Between(1, 86400)]
    jitter: Part
    give_up_after_hours: Annotated[float, Between(0.1, 720)]


@dataclass(frozen=True, slots=True)
class OutboxPolicy:
    email: RetryPolicy
    telegram: RetryPolicy

    def backoff_seconds(self, attempts: int, channel: str = "email") -> float:
        """The pause after the `attempts`-th try, without jitter."""
        retry = self._of(channel)
        # The exponent is bounded: a letter tried a thousand times must not overflow a float.
        return min(retry.base_seconds * retry.factor ** min(max(attempts, 1) - 1, 60), retry.cap_seconds)

    def pause_seconds(self, attempts: int, channel: str, luck: Random) -> float:
        """The same, scattered, so that a server that recovers is not stormed by everything at once."""
        jitter = self._of(channel).jitter
        return self.backoff_seconds(attempts, channel) * luck.uniform(1 - jitter, 1 + jitter)

    def give_up_after(self, channel: str) -> timedelta:
        return timedelta(hours=self._of(channel).give_up_after_hours)

    def _of(self, channel: str) -> RetryPolicy:
        return self.telegram if channel == "telegram" else self.email


@dataclass(frozen=True, slots=True)
class CapsPolicy:
    per_address_per_hour: Count
    per_address_per_day: Count
    per_thread_per_hour: Count
    per_thread_per_day: Count
    mails_at_once: Count
    at_once_seconds: Count
    per_domain_per_hour: Count
    per_domain_per_day: Count
    unproven_questions_per_day: Count
    unproven_letters_per_day: Count
    open_questions_per_asker: Count
    coordinator_letters_per_hour: Count


@dataclass(frozen=True, slots=True)
class IdentityPolicy:
    unauthenticated_replies: Literal["hold", "accept"]
    reply_address_days: Count


@dataclass(frozen=True, slots=True)
class RosterWeights:
    theme: Weight
    similarity: Weight
    words: Weight
    practice: Weight
    answered_like_this: Weight
    language: Weight
    country: Weight
    speed: Weight
    reliability: Weight
    load: Weight


@dataclass(frozen=True, slots=True)
class RosterPolicy:
    weights: RosterWeights
    competent_similarity: Annotated[float, Between(-1, 1)]
    equal_within: Annotated[float, Between(0.001, 1)]
    open_at_most: Count
    urgent_speed_factor: Weight
    bridge_languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LanguagesPolicy:
    spoken: tuple[str, ...]
    fallback: str

    def for_letters(self, language: str | None) -> str:
        """In which language somebody is written to who writes, or whose program speaks, in `language`."""
        return language if language in self.spoken else self.fallback


@dataclass(frozen=True, slots=True)
class HoursPolicy:
    """`holidays`: a country or region by ISO 3166, "zone" for the country of the network's zone, "none"."""

    office: WeeklyHours
    holidays: str
    waking: WeeklyHours


@dataclass(frozen=True, slots=True)
class FichesPolicy:
    look_again_after_days: Annotated[int, Between(1, 10000)]
    validations: Annotated[int, Between(0, 2)]


@dataclass(frozen=True, slots=True)
class PublicPolicy:
    report: bool
    fewest: Annotated[int, Between(3, 1000)]


@dataclass(frozen=True, slots=True)
class Policy:
    """All of it. `policy.tiers` has exactly the keys urgent, standard and extended."""

    confidence: ConfidencePolicy
    tiers: Mapping[str, TierPolicy]
    asker: AskerPolicy
    scope: ScopePolicy
    same: SamePolicy
    sample: SamplePolicy
    directory: DirectoryPolicy
    ladder: LadderPolicy
    patience: PatiencePolicy
    outbox: OutboxPolicy
    caps: CapsPolicy
    identity: IdentityPolicy
    roster: RosterPolicy
    languages: LanguagesPolicy
    hours: HoursPolicy
    fiches: FichesPolicy
    public: PublicPolicy
