"""A mail's text as lines that know how deeply they are quoted; the common ground of plain and HTML mail."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

# `> > text`, `>>text`, `| text` (old Gmail mobile), full-width `＞`; up to 50 levels are told apart.
PREFIX = re.compile(r"[ \t]?(?:[>＞][ \t]?){1,200}")
BAR = re.compile(r"\| |\|$")
INVISIBLE = re.compile(r"[\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Mark(Enum):
    """What the HTML says for certain about a line."""

    NONE = 0
    HEADER = 1  # "On … wrote:" in the client's own container
    SPLIT = 2  # from here on everything is the quoted letter
    SIGNATURE = 3


@dataclass(frozen=True, slots=True)
class Line:
    """`text` is what stands after the quote marks, `raw` the line as it was. `tinted`: somebody gave it a colour of its own."""

    raw: str
    text: str
    depth: int = 0
    mark: Mark = Mark.NONE
    tinted: bool = False

    @property
    def blank(self) -> bool:
        return not self.text.strip()


def plain_lines(text: str) -> list[Line]:
    """Lines of a plain text body; white space and line ends are normalised, nothing else changes."""
    text = (
        text.replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\x0c", "\n")
        .replace("\x85", "\n")
        .replace("\u2028", "\n")
        .replace("\u2029", "\n")
    )
    return [to_line(raw if raw == "-- " else raw.rstrip()) for raw in text.split("\n")]


def to_line(raw: str) -> Line:
    found = PREFIX.match(raw)
    if found:
        marks = found.group()
        return Line(raw, raw[found.end() :], marks.count(">") + marks.count("＞"))
    bar = BAR.match(raw) if not raw.endswith("|") or raw == "|" else None  # tables have a bar at both ends
    return Line(raw, raw[bar.end() :], 1) if bar else Line(raw, raw)


def visible(text: str) -> str:
    """For looking only: no invisible characters, no-break spaces as spaces, no emphasis marks around the line."""
    if not text.isascii():
        text = INVISIBLE.sub("", text).replace("\xa0", " ").replace("\u202f", " ")
    return text.strip().strip("*_").strip()
