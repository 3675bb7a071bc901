"""Keeps converted models in the user's cache. In: nothing but the environment. Out: a folder whose files are whole.

`RRM_CACHE` names the folder, else `$XDG_CACHE_HOME/rrm`, else `~/.cache/rrm`. Several processes may start at once: one converts
under a file lock while the others wait; the finished folder appears by one rename, so nobody ever sees half a model.
"""

from __future__ import annotations

import fcntl
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from retrieval.bundled.manifest import FORMAT, Kind, read_manifest
from retrieval.bundled.weights import WEIGHTS_SHA256
from retrieval.errors import ModelError

Progress = Callable[[str], None]
Made = TypeVar("Made")


def converted_model(progress: Progress | None = None, kind: Kind | None = None) -> tuple[Path, dict[str, Any]]:
    """The folder of the converted model and its manifest, made on the first call (about 4 s). Raises `ModelError`."""
    kind = kind or fitting_kind()
    folder = cache_folder() / f"e5-small-{WEIGHTS_SHA256[:12]}-{kind}-v{FORMAT}"

    def convert(fresh: Path) -> None:
        if progress:
            progress("converting the bundled model, once for this user")
        run_child("retrieval.bundled.convert", str(fresh), kind, progress=progress)

    return folder, made_once(folder, read_manifest, convert)


def made_once(folder: Path, read: Callable[[Path], Made | None], make: Callable[[Path], None]) -> Made:
    """What `read` finds in a folder of the cache; `make` fills it first if there is nothing whole. Raises `ModelError`."""
    found = read(folder)
    if found is None:
        with _locked(folder):
            found = read(folder)
            if found is None:
                _fill(folder, make)
                found = read(folder)
    if found is None:
        raise ModelError(f"what was written into {folder} cannot be read again")
    return found


def cache_folder() -> Path:
    if own := os.environ.get("RRM_CACHE"):
        return Path(own).expanduser()
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "rrm"


def fitting_kind() -> Kind:
    """What this processor computes exactly, and fastest."""
    if platform.machine().lower() not in ("x86_64", "amd64"):
        return "s8"
    try:
        flags = Path("/proc/cpuinfo").read_text()
    except OSError:
        return "u8"
    return "s8" if "avx512_vnni" in flags or "avx_vnni" in flags else "u8"


def run_child(module: str, *arguments: str, progress: Progress | None = None) -> None:
    """Runs a module in a process of its own and passes on each line it says. Raises `ModelError` when it fails."""
    # The child must find this very package, wherever the parent was started from.
    package_root = str(Path(__file__).resolve().parents[2])
    search = os.pathsep.join(filter(None, [package_root, os.environ.get("PYTHONPATH")]))
    child = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONPATH": search},
    )
    said: list[str] = []
    with child:
        for line in child.stdout or ():
            said.append(line.rstrip())
            if progress:
                progress(line.rstrip())
    if child.returncode != 0:
        raise ModelError(f"{module} failed: " + "\n".join(said[-5:]))


def _fill(folder: Path, make: Callable[[Path], None]) -> None:
    fresh = Path(tempfile.mkdtemp(prefix=".converting-", dir=folder.parent))
    try:
        make(fresh)
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock = (folder.parent / f"{folder.name}.lock").open("w")
    except OSError as error:
        raise ModelError(f"cannot write the model cache {folder.parent}: {error}; set RRM_CACHE to a folder that can") from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
