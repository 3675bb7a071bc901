"""What a converted model says about itself. In: its folder. Out: the manifest, if every file is as it was written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from retrieval.bundled.weights import WEIGHTS_SHA256, Weights
from retrieval.files import digest
from retrieval.tokeniser import PieceTable

FORMAT = 2
# How the bytes of the weights are stored. Products with signed ones are the fastest where a processor has VNNI; on other x86
# processors they saturate at 16 bits, while those with unsigned ones stay exact and take a fifth longer.
Kind = Literal["s8", "u8"]
_NAME = "manifest.json"


def write_manifest(folder: Path, weights: Weights, pieces: PieceTable, kind: Kind) -> None:
    """Call it last: it records the checksum of every file that is there."""
    manifest = {
        "format": FORMAT,
        "weights": WEIGHTS_SHA256,
        "kind": kind,
        "table_offset": weights.offset("emb.word"),
        "vocabulary": weights.sizes.vocabulary,
        "hidden": weights.sizes.hidden,
        "longest": pieces.longest,
        "worst": pieces.worst,
        "exceptions": dict(pieces.exceptions),
        "files": {file.name: digest(file) for file in sorted(folder.iterdir())},
    }
    (folder / _NAME).write_text(json.dumps(manifest), "utf-8")


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a converted model whose every file has its recorded checksum; None for anything less."""
    try:
        manifest: dict[str, Any] = json.loads((folder / _NAME).read_text("utf-8"))
        whole = all(digest(folder / name) == checksum for name, checksum in manifest["files"].items())
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return None
    fits = manifest.get("format") == FORMAT and manifest.get("weights") == WEIGHTS_SHA256
    return manifest if whole and fits else None
