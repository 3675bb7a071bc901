"""A password or token that refuses to be printed: in logs, tracebacks and `repr` it is only ever `***`."""

from __future__ import annotations

import base64
import re

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
LONGEST = 300


class Secret:
    """Holds one secret; `reveal()` is the only way to it."""

    __slots__ = ("_value",)

    def __init__(self, value: str):
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Secret('***')"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __bool__(self) -> bool:
        return bool(self._value)

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a secret is not pickled or copied")


def scrub(text: str, *secrets: Secret | None) -> str:
    """A server's words on one printable line, shortened, without our secrets (a server may echo what it refuses)."""
    line = _CONTROLS.sub(" ", text)
    for secret in filter(None, secrets):
        for form in _forms(secret.reveal()):
            line = line.replace(form, "***")
    return line.strip()[:LONGEST]


def _forms(value: str) -> list[str]:
    """How a secret may be written back: as it is, and in base64 (AUTH LOGIN sends it so)."""
    return [value, base64.b64encode(value.encode()).decode()]
