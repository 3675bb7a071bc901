"""How probable each of 140 languages is for a text, by the model that py3langid (BSD) carries, read as data.

In: a text. Out: a probability for each language, the same as the package itself gives. That holds 74 MB of tables in memory, and
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
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from struct import Struct
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.bundled.cache import cache_folder, made_once, run_child
from retrieval.errors import ModelError
from retrieval.files import digest, sync

FORMAT = 1
_NO_FEATURE = -1
# Where a state's own moves begin and end, and the feature that reaching it counts.
_STATE = Struct("3i")
_MANIFEST, _WEIGHTS = "manifest.json", "weights.bin"


class Identifier(Protocol):
    """`names` are ISO 639-1 codes."""

    names: tuple[str, ...]

    def shares(self, text: str) -> list[float]:
        """The probability of each of `names`; they add up to 1. Never raises, whatever `text` holds."""
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
        self.names = tuple(dict.fromkeys(classes))
        self._places = np.array([self.names.index(name) for name in classes])
        self._weights = np.asarray(np.memmap(folder / _WEIGHTS, np.uint16, "r")).reshape(-1, len(classes))
        self._odd, self._targets, self._first = arrays["odd"].tobytes(), memoryview(arrays["targets"]), arrays["first"].tolist()
        rows, starts = arrays["rows"].astype(np.int64), arrays["starts"]
        # All that is known of a state lies together: each part by itself would be another wait for the memory.
        self._states = np.stack([starts[rows], starts[rows + 1], arrays["features"]], 1).astype(np.int32).tobytes()

    def shares(self, text: str) -> list[float]:
        told = unicodedata.normalize("NFC", text.lower() if text.isupper() else text).encode("utf-8", "surrogatepass")
        scores = self._scores(told) / math.sqrt(len(told) or 1)
        likely = np.exp(scores - scores.max())
        shares: list[float] = np.bincount(self._places, likely / likely.sum()).tolist()
        return shares

    def _scores(self, told: bytes) -> Any:
        seen = self._seen(told)
        if not seen:
            return np.zeros_like(self._bias)
        features, counts = np.fromiter(seen, np.int64, len(seen)), np.fromiter(seen.values(), np.float32, len(seen))
        return np.log1p(counts) @ as_floats(self._weights.take(features, 0)) + self._bias

    def _seen(self, told: bytes) -> Counter[int]:
        """How often each feature occurs. A state's moves are looked for among those that differ from the first state's."""
        find, first, targets, states, seen = self._odd.find, self._first, self._targets, self._states, []
        begin, end, feature = _STATE.unpack_from(states)
        for byte in told:
            at = find(byte, begin, end)
            begin, end, feature = _STATE.unpack_from(states, _STATE.size * (first[byte] if at < 0 else targets[at]))
            seen.append(feature)
        counts = Counter(seen)
        del counts[_NO_FEATURE]
        return counts


class _InMemory:
    def __init__(self) -> None:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier

        self._identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        self.names = tuple(name for name, _ in self._identifier.rank(""))

    def shares(self, text: str) -> list[float]:
        told = dict(self._identifier.rank(text))
        return [told[name] for name in self.names]


def as_floats(halves: NDArray[np.uint16]) -> NDArray[np.float32]:
    """Weights, the bits of a float16 each, as float32: exact, in a third of the time that numpy takes for any float16.

    A float32 of the same bits has another exponent; all weights are negative, being logarithms, and none is subnormal.
    """
    bits = halves.astype(np.uint32)
    bits <<= 13
    bits &= 0x0FFFFFFF
    return bits.view(np.float32) * np.float32(-(2.0**112))


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
