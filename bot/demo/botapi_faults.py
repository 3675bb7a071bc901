"""Faults on order, addressed by method, and the journal of every call.

In: what a test wants to go wrong. Out: the fault that fits a call, once per `times`; a list of `Call` in the order served.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from bot.demo.botapi_text import ApiError

DESCRIPTIONS = {
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    429: "Too Many Requests: retry after {retry_after}",
    500: "Internal Server Error",
    502: "Bad Gateway",
}


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong.

    `when="before"`: nothing is stored. `when="after"`: the call has its full effect, only the response is lost or wrong.
    With neither `status` nor `cut` the call succeeds, `delay` seconds later.
    """

    method: str
    status: int | None = None
    description: str = ""
    retry_after: int | None = None
    cut: bool = False
    when: Literal["before", "after"] = "before"
    delay: float = 0.0
    chat: int | None = None
    times: int = 1

    def error(self) -> ApiError | None:
        status = self.status or (429 if self.retry_after else None)
        if status is None:
            return None
        text = self.description or DESCRIPTIONS.get(status, "Bad Request").format(retry_after=self.retry_after)
        return ApiError(status, text, **({"retry_after": self.retry_after} if self.retry_after else {}))


@dataclass(frozen=True, slots=True)
class Call:
    """One call as served: `code` is its HTTP status (0: cut before it was read), `accepted` whether it had its effect,
    even if a fault kept the response from the client afterwards.

    `at` is `time.monotonic()` when it was accepted or refused, `came` when its request line arrived.
    """

    method: str
    params: dict[str, Any]
    code: int
    accepted: bool
    at: float
    came: float
    result: Any = None
    description: str = ""
    files: dict[str, tuple[str, str, bytes]] = field(default_factory=dict, repr=False)

    @property
    def chat(self) -> int | None:
        return chat_of(self.params)


class Faults:
    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        self.waiting.append(fault)
        return fault

    def clear(self) -> None:
        self.waiting.clear()

    def take(self, method: str, params: dict[str, Any]) -> Fault | None:
        """The first fault that fits this call; it is used up after `times` calls (a negative number: never)."""
        for fault in self.waiting:
            if fault.method.lower() == method.lower() and fault.chat in (None, chat_of(params)):
                fault.times -= 1
                if fault.times == 0:
                    self.waiting.remove(fault)
                return fault
        return None


def chat_of(params: dict[str, Any]) -> int | None:
    try:
        return int(params["chat_id"])
    except (KeyError, TypeError, ValueError):
        return None
