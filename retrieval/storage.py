"""Keeps the index. In: a draft and the embedder that made it. Out: that index again, or the reason why not.

`Storage` is the interface; here is the one that keeps files, `retrieval/postgres/storage.py` is for several workers.
Each write makes a new generation folder with a manifest of checksums; the file CURRENT names the one that counts and is replaced
by one rename: a reader sees the old index or the new, never a mixture, and a crash leaves the old. One process writes at a time.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from retrieval.building import Draft, cutting
from retrieval.embedder import Embedder
from retrieval.errors import IndexDamaged
from retrieval.files import digest, sync
from retrieval.index import Index
from retrieval.vectors_faiss import VectorIndex

if TYPE_CHECKING:
    from retrieval.postgres.storage import PostgresStorage

FORMAT = 3
_CURRENT, _MANIFEST, _VECTORS = "CURRENT", "manifest.json", "vectors.faiss"


class Storage(Protocol):
    def current(self) -> str | None:
        """The name of the generation that counts, None if there is none; cheap enough to ask before each search."""
        ...

    def load(self, embedder: Embedder) -> tuple[str, Index]:
        """The current generation's name and index. Raises `IndexDamaged` with a reason fit for a status page."""
        ...

    def damage(self, name: str) -> str | None:
        """What is wrong with a generation at a glance, though it may have been loaded long ago; None if nothing is."""
        ...

    def salvaged(self, index: Index) -> Index | None:
        """The index in memory, if a new one may still take its vectors though what is stored of it is damaged."""
        ...

    def write(self, draft: Draft, old: Index | None, embedder: Embedder) -> tuple[str, Index]:
        """Makes the draft, whose kept rows are rows of `old`, the current generation. Call it while `locked`."""
        ...

    def locked(self) -> AbstractContextManager[None]:
        """Keeps others, on whatever machine they share this index from, from writing meanwhile."""
        ...


def shared_storage(address: str) -> PostgresStorage:
    """The index in a PostgreSQL database, for all workers that use it; `address` as libpq takes it."""
    from retrieval.postgres.storage import PostgresStorage

    return PostgresStorage(address)


def maker(embedder: Embedder) -> dict[str, Any]:
    """What an index must have been made by and with, to be searched with this embedder."""
    return {"format": FORMAT, "cut": cutting(), "model": embedder.name, "dims": embedder.dims}


def check_maker(found: Mapping[str, Any], embedder: Embedder) -> None:
    """Raises `IndexDamaged` when an index with these marks is of no use to this embedder."""
    wanted = maker(embedder)
    if found.get("format") != FORMAT:
        raise IndexDamaged(f"the index has format {found.get('format')}, this program writes {FORMAT}")
    if found.get("model") != embedder.name:
        raise IndexDamaged(f'the index was made by the model "{found.get("model")}", not by "{embedder.name}"')
    if found.get("dims") != embedder.dims:
        raise IndexDamaged(f"the index has {found.get('dims')} dimensions, the model {embedder.dims}")
    if found.get("cut") != wanted["cut"]:
        raise IndexDamaged("this program cuts fiches into other passages than the one that made the index")


class FolderStorage:
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

    def damage(self, name: str) -> str | None:
        """Looks at names and sizes; `load` compares checksums."""
        try:
            sizes = self._manifest(self.folder / name)["sizes"]
            damaged = [file for file, size in sizes.items() if (self.folder / name / file).stat().st_size != size]
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            return f"the index is incomplete: {error}"
        return f"damaged: {', '.join(damaged)}" if damaged else None

    def salvaged(self, index: Index) -> Index | None:
        """A file that is gone is still mapped; one that was cut short can be read no more."""
        try:
            index.vectors.rows(np.arange(min(1, len(index.pieces))))
        except IndexDamaged:
            return None
        return index

    def write(self, draft: Draft, old: Index | None, embedder: Embedder) -> tuple[str, Index]:
        """Makes the draft the current generation; older ones go, and what killed writers left."""
        fresh = Path(tempfile.mkdtemp(prefix="generation-", dir=self.folder))
        try:
            vectors = _vectors(draft, old)
            vectors.save(fresh / _VECTORS)
            index = Index(draft.entries, draft.pieces, vectors, draft.words)
            index.save(fresh)
            self._write_manifest(fresh, embedder)
            self._point_to(fresh.name)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        self._tidy(fresh.name)
        return fresh.name, replace(index, vectors=VectorIndex.load(fresh / _VECTORS))

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
        return Index.load(folder, VectorIndex.load(folder / _VECTORS))

    def _check(self, folder: Path, embedder: Embedder) -> None:
        try:
            manifest = self._manifest(folder)
            check_maker(manifest, embedder)
            damaged = [name for name, checksum in manifest["files"].items() if digest(folder / name) != checksum]
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise IndexDamaged(f"the index is incomplete: {error}") from error
        if damaged:
            raise IndexDamaged(f"damaged: {', '.join(damaged)}")

    def _manifest(self, folder: Path) -> dict[str, Any]:
        manifest: dict[str, Any] = json.loads((folder / _MANIFEST).read_text("utf-8"))
        return manifest

    def _write_manifest(self, folder: Path, embedder: Embedder) -> None:
        files = sorted(folder.iterdir())
        for file in files:
            sync(file)
        manifest = {
            **maker(embedder),
            "files": {file.name: digest(file) for file in files},
            "sizes": {file.name: file.stat().st_size for file in files},
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

    def _tidy(self, kept: str) -> None:
        for left in [*self.folder.glob("generation-*"), *self.folder.glob(".generation-*")]:
            if left.name != kept:
                shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)


def _vectors(draft: Draft, old: Index | None) -> VectorIndex:
    if old is None or not isinstance(old.vectors, VectorIndex):
        return VectorIndex.of_blocks(draft.fresh.blocks(), draft.fresh.count, draft.fresh.dims)
    return old.vectors.replaced(draft.kept, draft.fresh.all())
