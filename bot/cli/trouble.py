"""Turns what went wrong into one sentence for people and an exit status for machines.

The statuses follow sysexits.h: 2 wrong use, 69 something is not there, 70 a mistake of ours, 78 a wrong setting.
"""

from __future__ import annotations

from bot.cli.shared import CommandError
from bot.secrets import SecretError
from bot.sources import SettingsError

WRONG_USE, UNAVAILABLE, OURS, WRONG_SETTING = 2, 69, 70, 78


def explain(trouble: Exception) -> tuple[str, int]:
    """A sentence without secrets or line breaks, and the exit status."""
    from bot.logs import masked

    sentence, status = _explain(trouble)
    return masked(" ".join(sentence.split())), status


def _explain(trouble: Exception) -> tuple[str, int]:
    match trouble:
        case SettingsError() | SecretError():
            return str(trouble), WRONG_SETTING
        case CommandError():
            return str(trouble), WRONG_USE
        case ModuleNotFoundError():
            return _missing_module(trouble), UNAVAILABLE
        case OSError():
            return _system(trouble), UNAVAILABLE
        case _:
            return _foreign(trouble)


def _foreign(trouble: Exception) -> tuple[str, int]:
    """Errors of packages that are only there when a command imported them."""
    package = type(trouble).__module__.partition(".")[0]
    if package == "sqlalchemy":
        return _database(trouble), UNAVAILABLE
    if package in ("routing", "retrieval", "bot") and str(trouble):
        return str(trouble), WRONG_USE
    return f"{type(trouble).__name__}: {trouble}. That is a mistake of the program; rrm --debug shows where.", OURS


def _database(trouble: Exception) -> str:
    said = str(getattr(trouble, "orig", None) or trouble).strip().splitlines()[0]
    if "no such table" in said or "does not exist" in said or "no such column" in said:
        return f"The database lacks a table or a column ({said}): run rrm migrate."
    if "locked" in said:
        return f"The database is busy ({said}): is another rrm working on it? Try again in a moment."
    return f"The database cannot be used ({said}): rrm doctor says why."


def _missing_module(trouble: ModuleNotFoundError) -> str:
    name = (trouble.name or "").partition(".")[0]
    extra = {"sentence_transformers": "semantic", "torch": "semantic", "pgvector": "pgvector"}.get(name)
    if extra:
        return f'{name} is not installed; it comes with the extra "{extra}": pip install "rapid-response-mechanism[{extra}]".'
    return f"A part of the program is missing ({trouble}): the installation is damaged, install again."


def _system(trouble: OSError) -> str:
    where = f"{trouble.filename}: " if trouble.filename else ""
    hint = {
        FileNotFoundError: "check the path.",
        FileExistsError: "a file stands where a folder is wanted; check the path.",
        NotADirectoryError: "a file stands where a folder is wanted; check the path.",
        IsADirectoryError: "a folder stands where a file is wanted; check the path.",
        PermissionError: "this user may not; check owner and mode.",
        ConnectionRefusedError: "nobody listens there; rrm doctor says which server that is.",
    }.get(type(trouble), "rrm doctor may say why.")
    return f"{where}{trouble.strerror or trouble}: {hint}"
