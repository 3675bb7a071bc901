"""The policy of a network, read from policy.toml and checked once at start.

In comes the shipped file and, on top of it, a site's own file with only the keys it changes; out comes one frozen
`Policy`. Each key is explained in config/policy.toml; `routing.numbers` holds their types and limits.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from routing.checked import PolicyError, checked
from routing.closed import is_known
from routing.languages import LANGUAGES
from routing.numbers import (
    TIERS,
    CapsPolicy,
    LadderPolicy,
    OutboxPolicy,
    Policy,
    RosterPolicy,
    SamePolicy,
    Term,
    TierPolicy,
    parse_term,
)

__all__ = [
    "TIERS",
    "CapsPolicy",
    "LadderPolicy",
    "OutboxPolicy",
    "Policy",
    "PolicyError",
    "RosterPolicy",
    "SamePolicy",
    "Term",
    "TierPolicy",
    "load_policy",
    "parse_term",
    "policy_from",
    "policy_tables",
    "shipped_file",
]


def load_policy(*files: Path) -> Policy:
    """The shipped policy with the keys of `files` laid over it in turn; raises `PolicyError`."""
    return policy_from(policy_tables(*files))


def policy_tables(*files: Path) -> dict[str, Any]:
    """The complete tables of the shipped file and `files`, not yet checked."""
    tables: dict[str, Any] = {}
    for file in (shipped_file(), *files):
        tables = _laid_over(tables, _read(file))
    return tables


def policy_from(tables: Mapping[str, Any]) -> Policy:
    """Check complete tables, as `tomllib` gives them; raises `PolicyError` naming the key that is wrong."""
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
        ("languages.spoken", not set(languages.spoken) <= set(LANGUAGES), f"must be among: {', '.join(LANGUAGES)}"),
        ("languages.fallback", languages.fallback not in languages.spoken, "must be one of languages.spoken"),
        ("hours.holidays", not is_known(policy.hours.holidays), 'must be "zone", "none", or ISO codes such as "IT" or "IT-BZ"'),
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
