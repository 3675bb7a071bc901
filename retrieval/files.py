"""Two small things that files need. In: a path. Out: its checksum, or the certainty that it is on the disk."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def digest(file: Path) -> str:
    """The SHA-256 of a file's content, in hex."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Returns when a file's content, or a folder's list of names, has reached the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
