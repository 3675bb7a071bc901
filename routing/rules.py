"""The policy in force: the files, and on top of them what administrators have changed since, each change an event and why.

In: a session, the office, a key with its new value as one writes it in policy.toml. Out: a `Policy` that was checked as a file
is, put into the office. Nothing is kept but the history itself: replaying it gives what counts now, on every worker.
"""

from __future__ import annotations

import logging
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from routing.checked import Allowed, allowed
from routing.errors import RoutingError, StaleAction
from routing.explained import explanations
from routing.history import note
from routing.models import ConsoleUser, Event
from routing.office import Office
from routing.policy import Policy, PolicyError, policy_from, policy_tables, shipped_file

log = logging.getLogger(__name__)
KIND = "policy-changed"
LONGEST_VALUE = 2_000
_COMMA = re.compile(r"^(\d+),(\d+)$")  # 0,9 as most of Europe writes it; no number of the policy has thousands
# Table of the policy -> the modules in which its numbers act.
ACTS: Mapping[str, tuple[str, ...]] = {
    "confidence": ("routing/triage.py",),
    "tiers": (
        "routing/assigning.py",
        "routing/answering.py",
        "routing/extending.py",
        "routing/recounting.py",
        "routing/reviewing.py",
        "routing/tiers.py",
        "routing/watching.py",
    ),
    "asker": ("routing/assigning.py", "routing/standing.py"),
    "scope": ("routing/deciding.py", "routing/refusing.py"),
    "same": ("bot/working.py",),
    "sample": ("routing/reviewing.py",),
    "directory": ("routing/confirming.py",),
    "ladder": ("routing/escalating.py", "routing/watching.py"),
    "patience": (
        "routing/proposing.py",
        "routing/handing.py",
        "routing/holding.py",
        "routing/verdicts.py",
        "routing/unaddressed.py",
        "routing/pausing.py",
        "routing/afterwards.py",
        "routing/sweeps.py",
    ),
    "outbox": ("bot/delivery.py",),
    "caps": ("routing/post.py", "routing/judge.py", "routing/pairing.py", "routing/triage.py"),
    "identity": ("routing/pairing.py",),
    "roster": ("routing/roster.py",),
    "languages": ("routing/roster.py",),
    "hours": ("routing/calendars.py", "routing/post.py"),
    "fiches": ("bot/console/pages/fiches.py",),
    "public": ("routing/publishing.py", "bot/console/pages/public.py"),
}


class NotChanged(RoutingError):
    """The number cannot be changed so; the message says why."""


@dataclass(frozen=True, slots=True)
class Number:
    """One key of the policy: its dotted name, its value as one writes it, that of the files, what it does in English, and what
    may be written for it."""

    key: str
    value: str
    shipped: str
    says: str
    allowed: Allowed

    @property
    def is_changed(self) -> bool:
        return self.value != self.shipped


def obey(session: Session, office: Office) -> None:
    """Put the policy in force into the office; asks for one number when nothing has changed."""
    newest = session.scalar(select(func.max(Event.id)).where(Event.kind == KIND)) or 0
    if newest != office.policy_event:
        office.policy, office.policy_event = policy_from(_standing(session, _files(office))), newest


def numbers(session: Session, office: Office) -> Sequence[Number]:
    """Every number of the policy in the order of the file."""
    files, now = _files(office), _standing(session, _files(office))
    return [
        Number(key, written(_at(now, key)), written(value), _says().get(key, ""), allowed(Policy, key))
        for key, value in _leaves(files)
    ]


def history(session: Session, limit: int = 100) -> Sequence[Event]:
    """The changes, latest first."""
    return session.scalars(select(Event).where(Event.kind == KIND).order_by(Event.id.desc()).limit(limit)).all()


def change(session: Session, office: Office, key: str, told: str, was: str, why: str, *, by: str, now: datetime) -> None:
    """Change one number; `was` is what its sender saw. Raises `NotChanged`, `StaleAction`, or `PolicyError` as for a file."""
    if key not in dict(_leaves(_files(office))):
        raise NotChanged("There is no such number.")
    if not why.strip():
        raise NotChanged("Say why the policy changes.")
    session.execute(select(ConsoleUser.id).order_by(ConsoleUser.id).limit(1).with_for_update())  # one change after the other
    standing = _standing(session, _files(office))
    before = _at(standing, key)
    if written(before) != was:
        raise StaleAction("Somebody has changed this number since you opened the page.")
    after = _read(told, before)
    policy_from(_with(standing, key, after))
    if after == before:
        raise NotChanged("It already has this value.")
    note(session, None, KIND, actor=by, now=now, key=key, before=written(before), after=written(after), why=why.strip()[:500])


def written(value: Any) -> str:
    """A value as one writes it in policy.toml, texts without their quotes."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return "[" + ", ".join(f'"{one}"' if isinstance(one, str) else written(one) for one in value) + "]"
    return str(value)


def _files(office: Office) -> Mapping[str, Any]:
    return office.policy_tables if office.policy_tables is not None else _shipped()


@cache
def _shipped() -> Mapping[str, Any]:
    return policy_tables()


def _standing(session: Session, files: Mapping[str, Any]) -> Mapping[str, Any]:
    """The files with each change laid over in turn. One that a newer version of the program refuses is left out and told of."""
    standing = files
    for event in session.scalars(select(Event).where(Event.kind == KIND).order_by(Event.id)):
        key = str(event.detail["key"])
        try:
            changed = _with(standing, key, _read(str(event.detail["after"]), _at(standing, key)))
            policy_from(changed)
        except (PolicyError, NotChanged, KeyError) as error:
            log.warning("policy: the change of %s by event %s is not obeyed: %s", key, event.id, error)
        else:
            standing = changed
    return standing


def _read(told: str, before: Any) -> Any:
    """The value somebody wrote, of the kind it was."""
    text = told.strip()
    if len(text) > LONGEST_VALUE or not text.isprintable():
        raise NotChanged("That is not a value of the policy.")
    if isinstance(before, str):
        return text
    if isinstance(before, float):
        text = _COMMA.sub(r"\1.\2", text)
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise NotChanged("Write it like the value it has now: a number, or a list in square brackets.") from error


def _leaves(tables: Mapping[str, Any], under: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in tables.items():
        key = f"{under}.{name}" if under else name
        if isinstance(value, Mapping):
            yield from _leaves(value, key)
        else:
            yield key, value


def _at(tables: Mapping[str, Any], key: str) -> Any:
    value: Any = tables
    for name in key.split("."):
        value = value[name]
    return value


def _with(tables: Mapping[str, Any], key: str, value: Any) -> dict[str, Any]:
    name, _, rest = key.partition(".")
    return {**tables, name: _with(tables[name], rest, value) if rest else value}


@cache
def _says() -> Mapping[str, str]:
    return explanations(shipped_file().read_text("utf-8"))
