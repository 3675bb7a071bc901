"""The numbers that decisions obey, read from policy.toml and checked once at start.

In comes the shipped file and, on top of it, a site's own file with only the keys it changes; out comes one frozen
`Policy`. Each key is explained in config/policy.toml; here stand their types and limits.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from routing.checked import Between, PolicyError, ReadBy, checked
from routing.hours import Hours, parse_hours
from routing.scope import Signpost, parse_signpost

__all__ = ["OutboxPolicy", "Policy", "PolicyError", "Term", "TierPolicy", "load_policy", "policy_from", "shipped_policy"]

TERM = re.compile(r"([0-9]{1,4}) (working day|working hour|hour)s?")
TIERS = ("urgent", "standard", "extended")

Part = Annotated[float, Between(0, 1)]
Count = Annotated[int, Between(1, 1000)]
CountOrNone = Annotated[int, Between(0, 1000)]
Weight = Annotated[float, Between(0, 100)]
WeeklyHours = Annotated[Hours, ReadBy(parse_hours)]


@dataclass(frozen=True, slots=True)
class Term:
    """A stretch of time as the policy promises it; "hours" run on nights and closed days too."""

    amount: int
    unit: Literal["working_days", "working_hours", "hours"]


def parse_term(text: str) -> Term:
    """Read "10 working days", "4 working hours" or "48 hours"; raises `PolicyError`."""
    found = TERM.fullmatch(text)
    if not found:
        raise PolicyError(f'"{text}" is no term; write it like "10 working days", "4 working hours" or "48 hours"')
    units: dict[str, Literal["working_days", "working_hours", "hours"]]
    units = {"working day": "working_days", "working hour": "working_hours", "hour": "hours"}
    return Term(int(found[1]), units[found[2]])


Promise = Annotated[Term, ReadBy(parse_term)]


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
    grace: Promise
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


@dataclass(frozen=True, slots=True)
class ScopePolicy:
    signposts: tuple[Annotated[Signpost, ReadBy(parse_signpost)], ...]


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


@dataclass(frozen=True, slots=True)
class HoursPolicy:
    office: WeeklyHours
    waking: WeeklyHours


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
    public: PublicPolicy


def load_policy(*files: Path) -> Policy:
    """The shipped policy with the keys of `files` laid over it in turn; raises `PolicyError`."""
    return policy_from(policy_tables(*files))


def policy_tables(*files: Path) -> dict[str, Any]:
    """The complete tables of the shipped file and `files`, not yet checked."""
    tables: dict[str, Any] = {}
    for file in (shipped_file(), *files):
        tables = _laid_over(tables, _read(file))
    return tables


@cache
def shipped_policy() -> Policy:
    return load_policy()


def policy_from(tables: Mapping[str, Any]) -> Policy:
    """Check complete tables, as `tomllib` gives them."""
    policy = checked(Policy, tables)
    for name, wrong, advice in _contradictions(policy):
        if wrong:
            raise PolicyError(f"{name} {advice}")
    return policy


def shipped_file() -> Path:
    """Beside the packages in a checkout, under bot/share in an installed copy."""
    root = Path(__file__).resolve().parent.parent
    beside = root / "config" / "policy.toml"
    return beside if beside.exists() else root / "bot" / "share" / "config" / "policy.toml"


def _contradictions(policy: Policy) -> tuple[tuple[str, bool, str], ...]:
    confidence, languages = policy.confidence, policy.languages
    return (
        ("tiers", set(policy.tiers) != set(TIERS), f"must be exactly: {', '.join(TIERS)}"),
        ("confidence.show_at", confidence.show_at > confidence.propose_at, "must not be above confidence.propose_at"),
        ("languages.fallback", languages.fallback not in languages.spoken, "must be one of languages.spoken"),
        ("ladder.steps", policy.ladder.steps[-1:] != ("coordinator",), 'must end with "coordinator": no question is left alone'),
        ("ladder.steps", len(set(policy.ladder.steps)) < len(policy.ladder.steps), "must not name a step twice"),
    )


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"{file} cannot be read ({error}); check that it is there, readable and UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"{file} is not TOML: {error}") from error


def _laid_over(below: dict[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    laid = dict(below)
    for key, value in above.items():
        under = laid.get(key)
        laid[key] = _laid_over(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return laid
