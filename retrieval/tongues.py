"""How probable each of 140 languages is for a text, by the model that py3langid (BSD) carries, read as data.

In: a text. Out: a probability for each language, the same as the package itself gives. It holds 74 MB of tables in memory, and
takes 2.5 s to unpack them in every process; here they are rewritten once for this user, into the cache. Of the automaton's moves
only those are kept that differ from the first state's, one in twenty; the weights stay in their file, which is mapped, and of
which a question reads some hundred rows. Where the cache cannot be written, the package itself is asked.

A finite automaton over the text's bytes counts features (n-grams that tell languages apart); naive Bayes weighs their logarithms.
Lui & Baldwin 2012, https://aclanthology.org/P12-3005/.
"""

from __future__ import annotations

import json
import lzma
import math
import sys
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from retrieval.bundled.cache import cache_folder, made_once, run_child
from retrieval.errors import ModelError
from retrieval.files import digest, sync

FORMAT = 1
_NO_FEATURE = -1
_MANIFEST, _WEIGHTS = "manifest.json", "weights.bin"


class Identifier(Protocol):
    def probabilities(self, text: str) -> Mapping[str, float]:
        """By ISO 639-1 code; they add up to 1. Never raises, whatever `text` holds."""
        ...


@cache
def identifier() -> Identifier:
    """Unpacks the tables on first use."""
    try:
        return StoredIdentifier(*_unpacked())
    except ModelError:
        return _InMemory()


class StoredIdentifier:
    def __init__(self, folder: Path, classes: list[str]):
        """From a folder that `unpack` wrote."""
        arrays = {file.stem: np.load(file, allow_pickle=False) for file in folder.glob("*.npy")}
        self._bias = arrays["bias"]
        # Some languages have two columns, for two scripts.
        self._names = list(dict.fromkeys(classes))
        self._places = np.array([self._names.index(name) for name in classes])
        self._weights = np.memmap(folder / _WEIGHTS, np.float16, "r").reshape(-1, len(classes))
        self._odd = arrays["odd"].tobytes()
        rows, starts = arrays["rows"], arrays["starts"]
        tables = (starts[rows], starts[rows.astype(np.int64) + 1], arrays["targets"], arrays["first"], arrays["features"])
        self._table = [memoryview(table) for table in tables]

    def probabilities(self, text: str) -> Mapping[str, float]:
        told = unicodedata.normalize("NFC", text.lower() if text.isupper() else text).encode("utf-8", "surrogatepass")
        scores = self._scores(told) / math.sqrt(len(told) or 1)
        likely = np.exp(scores - scores.max())
        return dict(zip(self._names, np.bincount(self._places, likely / likely.sum()).tolist(), strict=True))

    def _scores(self, told: bytes) -> Any:
        seen = self._seen(told)
        if not seen:
            return np.zeros_like(self._bias)
        features, counts = np.fromiter(seen, np.int64, len(seen)), np.fromiter(seen.values(), np.float32, len(seen))
        return np.log1p(counts) @ self._weights[features].astype(np.float32) + self._bias

    def _seen(self, told: bytes) -> Counter[int]:
        """How often each feature occurs. A state's moves are looked for among those that differ from the first state's."""
        begins, ends, targets, first, features = self._table
        find, state, seen = self._odd.find, 0, []
        for byte in told:
            at = find(byte, begins[state], ends[state])
            state = first[byte] if at < 0 else targets[at]
            seen.append(features[state])
        counts = Counter(seen)
        del counts[_NO_FEATURE]
        return counts


class _InMemory:
    def __init__(self) -> None:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier

        self._identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)

    def probabilities(self, text: str) -> Mapping[str, float]:
        return dict(self._identifier.rank(text))


def unpack(folder: Path) -> None:
    """Writes the package's tables into an existing empty folder, and a manifest with the size of each file."""
    with lzma.open(_packed()) as packed, np.load(packed, allow_pickle=False) as data:
        moves, rows = data["nextmove"].reshape(-1, 256), data["nextmove_row"]
        first = moves[rows[0]]
        differs = moves != first
        starts = np.r_[0, np.cumsum(differs.sum(1))].astype(np.uint32)
        odd = np.nonzero(differs)[1].astype(np.uint8)
        tables = {"rows": rows, "starts": starts, "odd": odd, "targets": moves[differs], "first": first}
        tables |= {"features": data["out_feat"], "bias": data["pc"]}
        (folder / _WEIGHTS).write_bytes(np.ascontiguousarray(data["ptc"], np.float16).tobytes())
        classes = data["classes"].tolist()
    for name, table in tables.items():
        np.save(folder / f"{name}.npy", table)
    files = {file.name: file.stat().st_size for file in sorted(folder.iterdir())}
    for name in files:
        sync(folder / name)
    (folder / _MANIFEST).write_text(json.dumps({"classes": classes, "files": files}), "utf-8")


def _unpacked() -> tuple[Path, list[str]]:
    """The folder of the tables and the languages of their columns, made on the first call. Raises `ModelError`."""
    folder = cache_folder() / f"languages-{digest(_packed())[:12]}-v{FORMAT}"
    return folder, made_once(folder, _classes, lambda fresh: run_child("retrieval.tongues", str(fresh)))


def _packed() -> Path:
    found = find_spec("py3langid")
    folders = list(found.submodule_search_locations or ()) if found else []
    path = Path(folders[0]) / "data" / "model.npz.xz" if folders else None
    if path is None or not path.is_file():
        raise ModelError('the languages cannot be told apart: install the package "py3langid>=0.4,<0.5"')
    return path


def _classes(folder: Path) -> list[str] | None:
    """The languages in a folder that is whole; None for anything less."""
    try:
        manifest = json.loads((folder / _MANIFEST).read_text("utf-8"))
        whole = all((folder / name).stat().st_size == size for name, size in manifest["files"].items())
        return [str(one) for one in manifest["classes"]] if whole else None
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return None


if __name__ == "__main__":
    unpack(Path(sys.argv[1]))
