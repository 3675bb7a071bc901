"""What the shipped policy.toml says of its keys: the one place where each number is explained, for files and pages alike.

In: the text of the file. Out: a dotted key to its explanation in English. The console's catalogues take these very sentences as
their texts, so that nothing is said twice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_TABLE = re.compile(r"\[([\w.]+)\]")
_TEXT = r'"[^"]*"'
_KEY = re.compile(rf'(\w+) = (?:{_TEXT}|\[(?:{_TEXT}|[^]"])*\]|[^#"\[]*)\s*(?:# (.*))?')


def explanations(text: str) -> Mapping[str, str]:
    """The comment right above each key, else the one behind it; tables of one family (tiers.urgent, tiers.standard) share it."""
    said: dict[str, str] = {}
    shared: dict[str, str] = {}
    table, above = "", list[str]()
    for line in map(str.strip, text.splitlines()):
        if line.startswith("#"):
            above.append(line.lstrip("# "))
            continue
        if found := _TABLE.fullmatch(line):
            table = found[1]
        elif found := _KEY.fullmatch(line):
            said[f"{table}.{found[1]}"] = shared.setdefault(f"{_family(table)}.{found[1]}", " ".join(above) or found[2] or "")
        above = []
    return said


def _family(table: str) -> str:
    parent, dot, _ = table.rpartition(".")
    return parent + dot if dot else table
