"""Secrets: values that may be used but never shown.

In: the environment, a file, or systemd's credentials folder. Out: a `Secret`, whose text only `reveal()` gives away.
A settings file never holds one, so that it can be shown to a colleague or kept in a repository.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

MASK = "•••"
_MOUNTED_BY_THE_SYSTEM = Path("/run/secrets")  # containers put secrets here, readable to all who are inside
_LONG_ENOUGH_TO_HIDE = 6  # masking every "test" in a log would hide nothing and spoil everything
_known: set[str] = set()


class SecretError(Exception):
    """A secret could not be read safely; the message says what to change."""


class Secret:
    """A text that shows itself as a mask wherever it is printed, formatted, compared in a failing test or logged."""

    __slots__ = ("_text",)

    def __init__(self, text: str = ""):
        self._text = text
        if len(text) >= _LONG_ENOUGH_TO_HIDE:
            _known.add(text)

    def reveal(self) -> str:
        """The text itself, for the one place that hands it to a server."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return f"Secret({MASK if self._text else ''!r})"

    def __str__(self) -> str:
        return MASK if self._text else ""

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("a secret is not copied into files or other processes")


def known_texts() -> tuple[str, ...]:
    """Every secret of this process, longest first, so that the log can leave them out."""
    return tuple(sorted(_known, key=len, reverse=True))


def read_secret(name: str, environment: Mapping[str, str]) -> Secret:
    """The secret `name` (section.key) from RRM_SECTION__KEY, RRM_SECTION__KEY_FILE or $CREDENTIALS_DIRECTORY/section.key.

    Empty when none of them is there. Raises `SecretError` for a file that is missing or open to others.
    """
    variable = f"RRM_{name.replace('.', '__')}".upper()
    if environment.get(variable):
        return Secret(environment[variable])
    if environment.get(f"{variable}_FILE"):
        return Secret(_read_closed_file(Path(environment[f"{variable}_FILE"]), f"{variable}_FILE"))
    # https://systemd.io/CREDENTIALS/: the service manager mounts these for this unit alone
    credential = Path(environment.get("CREDENTIALS_DIRECTORY", "")) / name
    if environment.get("CREDENTIALS_DIRECTORY") and credential.is_file():
        return Secret(credential.read_text("utf-8").strip())
    return Secret()


def open_to_others(path: Path) -> bool:
    """True when people other than its owner and group may read or change the file."""
    return bool(path.stat().st_mode & (stat.S_IRWXO | stat.S_IWGRP)) and not path.is_relative_to(_MOUNTED_BY_THE_SYSTEM)


def _read_closed_file(path: Path, named_by: str) -> str:
    if not path.is_file():
        raise SecretError(f"{named_by} names {path}, but there is no such file.")
    if not os.access(path, os.R_OK):
        raise SecretError(f"{named_by} names {path}, which this user may not read: chown it to the user that runs rrm.")
    if open_to_others(path):
        raise SecretError(f"{named_by} names {path}, which others on this machine can read: chmod 600 {path}")
    return path.read_text("utf-8").strip()
