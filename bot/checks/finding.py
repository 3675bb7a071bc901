"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`name` says what was looked at, `what` what was seen, `mend` what to do about it (empty when all is well)."""

    name: str
    level: Level
    what: str
    mend: str = ""


def ok(name: str, what: str) -> Finding:
    return Finding(name, "ok", what)


def warn(name: str, what: str, mend: str) -> Finding:
    return Finding(name, "warn", what, mend)


def fail(name: str, what: str, mend: str) -> Finding:
    return Finding(name, "fail", what, mend)
