"""Errors of the package: one root, and a message that says what to do."""

from __future__ import annotations

from pathlib import Path


class RetrievalError(Exception):
    """Something that the search needs is missing or wrong."""


class CollectionError(RetrievalError):
    """A file of a collection cannot be used; the message names the file and the key."""

    def __init__(self, file: Path | str, key: str, problem: str):
        super().__init__(f"{file}: {key}: {problem}" if key else f"{file}: {problem}")
        self.file, self.key = Path(file), key


class ModelError(RetrievalError):
    """The embedding model cannot be used; the message says which and why."""


class IndexDamaged(RetrievalError):
    """The stored index is missing, broken or was made by another model; the next reconcile writes a new one."""


class WordsOutdated(IndexDamaged):
    """Words were counted by other rules, or concepts by another list, than this program's; everything else may be sound."""
