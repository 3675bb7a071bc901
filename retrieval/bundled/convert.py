"""The converting child: `python -m retrieval.bundled.convert FOLDER KIND` writes the model's files into an existing empty folder.

A process of its own, so that `onnx` and the unpacked weights (270 MB at their peak) never live in the service.
Prints one line per step for the parent's progress callback.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import cast

from retrieval.bundled.manifest import Kind, write_manifest
from retrieval.bundled.weights import Weights, find_weights, verify_weights
from retrieval.tokeniser import PieceTable


def convert(folder: Path, kind: Kind) -> None:
    """Writes graph, vocabulary and a manifest with the checksum of each file."""
    import onnx

    from retrieval.bundled.graph import build_model

    path = find_weights()
    _say("checking the weights")
    verify_weights(path)
    weights = Weights(path)
    _say("writing the graph")
    onnx.save(build_model(weights, kind), folder / "model.onnx")
    _say("writing the vocabulary")
    pieces = PieceTable.of(weights.pieces, weights.exceptions)
    pieces.save(folder)
    write_manifest(folder, weights, pieces, kind)


def _say(step: str) -> None:
    print(step, flush=True)


if __name__ == "__main__":
    convert(Path(sys.argv[1]), cast(Kind, sys.argv[2]))
