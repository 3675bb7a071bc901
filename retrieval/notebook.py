"""Remembers what an evaluation has measured, so that one that broke off goes on. In: rows by step. Out: the same, later.

One JSON object a line; the first tells what was asked (sample, draws, model). A run that asks otherwise begins a new notebook. A
last line cut off in the middle is forgotten.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from retrieval.trust import Row


class Notebook:
    def __init__(self, file: Path, asked: Mapping[str, Any]):
        """Opens or begins the notebook of a run; `asked` must be plain JSON."""
        self._file = file
        self._steps: dict[tuple[str, str], list[Row]] = {}
        lines = _lines(file)
        if lines and lines[0] == {"asked": dict(asked)}:
            self._steps = {(step["system"], step["protocol"]): [Row(**row) for row in step["rows"]] for step in lines[1:]}
        self._rewrite(dict(asked))

    def rows(self, system: str, protocol: str) -> list[Row] | None:
        """What was measured in this step; None if it was not."""
        return self._steps.get((system, protocol))

    def add(self, system: str, protocol: str, rows: Sequence[Row]) -> None:
        self._steps[system, protocol] = list(rows)
        with self._file.open("a", encoding="utf-8") as opened:
            opened.write(_step(system, protocol, rows))

    def _rewrite(self, asked: Mapping[str, Any]) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        steps = "".join(_step(*step, rows) for step, rows in self._steps.items())
        temporary = self._file.with_suffix(".new")
        temporary.write_text(json.dumps({"asked": asked}) + "\n" + steps, "utf-8")
        temporary.replace(self._file)


def _step(system: str, protocol: str, rows: Sequence[Row]) -> str:
    return json.dumps({"system": system, "protocol": protocol, "rows": [asdict(row) for row in rows]}) + "\n"


def _lines(file: Path) -> list[Any]:
    """The lines that are whole."""
    found: list[Any] = []
    if file.is_file():
        for line in file.read_text("utf-8", errors="replace").splitlines():
            try:
                found.append(json.loads(line))
            except json.JSONDecodeError:
                break
    return found
