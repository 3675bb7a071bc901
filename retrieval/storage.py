"""Keeps the index on disk. In: an index and the name of the model that made it. Out: that index again, or the reason why not.

Each write makes a new generation folder with a manifest of checksums; the file CURRENT names the one that counts and is replaced
by one rename: a reader sees the old index or the new, never a mixture, and a crash leaves the old. One process writes at a time.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from retrieval.embedder import Embedder
from retrieval.errors import IndexDamaged
from retrieval.files import digest, sync
from retrieval.index import Index

FORMAT = 2
_CURRENT, _MANIFEST = "CURRENT", "manifest.json"


class Storage:
    def __init__(self, folder: Path):
        self.folder = folder

    def current(self) -> str | None:
        """The name of the generation that counts; cheap enough to ask before each search."""
        try:
            return (self.folder / _CURRENT).read_text("utf-8").strip() or None
        except (OSError, UnicodeDecodeError):
            return None

    def load(self, embedder: Embedder) -> tuple[str, Index]:
        """The current generation's name and index. Raises `IndexDamaged` with a reason fit for a status page."""
        name = self.current()
        if name is None:
            raise IndexDamaged("there is no index yet")
        try:
            return name, self._load(name, embedder)
        except IndexDamaged:
            if self.current() in (name, None):
                raise
            return self.load(embedder)  # another process wrote a newer one meanwhile

    def write(self, index: Index, embedder: Embedder) -> str:
        """Makes `index` the current generation and returns its name; older generations go."""
        fresh = Path(tempfile.mkdtemp(prefix="generation-", dir=self.folder))
        try:
            index.save(fresh)
            self._write_manifest(fresh, embedder)
            self._point_to(fresh.name)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        for old in self.folder.glob("generation-*"):
            if old.name != fresh.name:
                shutil.rmtree(old, ignore_errors=True)
        return fresh.name

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps other processes from writing meanwhile."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "LOCK").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _load(self, name: str, embedder: Embedder) -> Index:
        if Path(name).name != name:
            raise IndexDamaged("the pointer to the index is damaged")
        folder = self.folder / name
        self._check(folder, embedder)
        index = Index.load(folder)
        if index.vectors.dims != embedder.dims:
            raise IndexDamaged(f"the index has {index.vectors.dims} dimensions, the model {embedder.dims}")
        return index

    def _check(self, folder: Path, embedder: Embedder) -> None:
        try:
            manifest = json.loads((folder / _MANIFEST).read_text("utf-8"))
            files, model, version = dict(manifest["files"]), manifest["model"], manifest["format"]
            damaged = [name for name, checksum in files.items() if digest(folder / name) != checksum]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexDamaged(f"the index is incomplete: {error}") from error
        if version != FORMAT:
            raise IndexDamaged(f"the index has format {version}, this program writes {FORMAT}")
        if model != embedder.name:
            raise IndexDamaged(f'the index was made by the model "{model}", not by "{embedder.name}"')
        if damaged:
            raise IndexDamaged(f"damaged: {', '.join(damaged)}")

    def _write_manifest(self, folder: Path, embedder: Embedder) -> None:
        files = sorted(folder.iterdir())
        for file in files:
            sync(file)
        manifest = {
            "format": FORMAT,
            "model": embedder.name,
            "dims": embedder.dims,
            "files": {file.name: digest(file) for file in files},
        }
        (folder / _MANIFEST).write_text(json.dumps(manifest), "utf-8")
        sync(folder / _MANIFEST)
        sync(folder)

    def _point_to(self, name: str) -> None:
        pointer = self.folder / f".{name}.pointer"
        pointer.write_text(name, "utf-8")
        sync(pointer)
        os.replace(pointer, self.folder / _CURRENT)
        sync(self.folder)
