"""Pieces of text become lines: white space is collapsed as a browser would, each line knows its quoting, its mark and its tint.

In: text and line ends in the order of the markup. Out: `Writer.lines`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.mail.lines import Line, Mark

SPACE = re.compile(r"[ \t\r\n\f]+")


@dataclass(slots=True)
class Writer:
    """Collects text into lines. `depth` is the quoting depth, `marks` the containers we are in."""

    lines: list[Line] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    depth: int = 0
    marks: list[Mark] = field(default_factory=list)
    lists: list[int] = field(default_factory=list)
    preformatted: int = 0
    split: bool = False
    bullet: str = ""
    tints: list[bool] = field(default_factory=list)
    links: int = 0
    tinted: int = 0

    def add(self, text: str) -> None:
        if self.preformatted:
            *full, rest = text.split("\n")
            for piece in full:
                self.pieces.append(piece)
                self.line_end(force=True)
            self.pieces.append(rest)
            return
        text = SPACE.sub(" ", text)
        if self.tints and self.tints[-1] and not self.links:
            self.tinted += len(text.strip())
        if text == " " and (not self.pieces or self.pieces[-1].endswith((" ", "\t"))):
            return
        self.pieces.append(text)

    def line_end(self, *, force: bool = False) -> None:
        whole = "".join(self.pieces)
        text = whole.rstrip() if self.preformatted else whole.strip(" \t\xa0")
        self.pieces = []
        if text or force:
            self.put(text)
        elif "\xa0" in whole and not self.bullet:
            # Outlook's empty line is a paragraph with a no-break space in it
            self.gap()

    def gap(self) -> None:
        self.line_end()
        if self.lines and not self.bullet and not (self.lines[-1].blank and self.lines[-1].depth == self.depth):
            self.put("")

    def put(self, text: str) -> None:
        if text and self.bullet:
            text, self.bullet = self.bullet + text, ""
        mark = self.marks[-1] if self.marks else Mark.NONE
        if self.split:
            mark, self.split = Mark.SPLIT, False
        raw = f"{'>' * self.depth} {text}".rstrip() if self.depth else text
        self.lines.append(Line(raw, text, self.depth, mark, len(text) > 0 and self.tinted * 2 > len(text)))
        self.tinted = 0
