"""Named places where a test can kill, pause or break the process; nothing happens unless RRM_FAILPOINTS names them.

The variable holds `name=action` pairs separated by commas. Actions: `kill` (SIGKILL to ourselves), `raise`,
`pause:SECONDS`; with `@N` the action waits for the Nth visit: ``RRM_FAILPOINTS=outbox.claimed=kill@3``.
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from dataclasses import dataclass


class FailpointHit(RuntimeError):
    """Raised on purpose by a test at a failpoint."""


@dataclass(frozen=True, slots=True)
class _Plan:
    action: str
    visit: int


def _parse(text: str) -> dict[str, _Plan]:
    plans = {}
    for pair in filter(None, text.split(",")):
        name, _, action = pair.partition("=")
        action, _, visit = action.partition("@")
        plans[name.strip()] = _Plan(action or "raise", int(visit or 1))
    return plans


_plans = _parse(os.environ.get("RRM_FAILPOINTS", ""))
_visits: Counter[str] = Counter()


def failpoint(name: str) -> None:
    """Do what RRM_FAILPOINTS asks for at `name`; normally nothing."""
    plan = _plans.get(name)
    if plan is None:
        return
    _visits[name] += 1
    if _visits[name] == plan.visit:
        _act(name, plan.action)


def _act(name: str, action: str) -> None:
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif action.startswith("pause:"):
        time.sleep(float(action.removeprefix("pause:")))
    else:
        raise FailpointHit(name)
