"""How the demo tells what happens: calm text in a terminal, and the same facts as JSON for whoever checks them.

In: moments, words and facts that were read from the database or the wire. Out: lines of at most 80 columns; colour only where
the output is a terminal that wants it (https://no-color.org).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text

WIDTH = 80
MARGIN = 9  # "  09:41  ", the column in which moments stand


class Teller:
    """Writes the story; `facts` is the journal."""

    def __init__(self, zone: str):
        out = sys.stdout
        if hasattr(out, "reconfigure"):
            out.reconfigure(errors="replace")  # a terminal without Greek letters shall not end the story
        self.screen = Console(highlight=False, file=out)
        self.screen.width = min(self.screen.width, WIDTH) if self.screen.is_terminal else WIDTH
        self.zone = ZoneInfo(zone)
        self.facts: dict[str, Any] = {}

    # ------------------------------------------------------------------------------------------ the frame

    def title(self, told: str, under: str) -> None:
        self.screen.print(f"\n  [bold]{escape(told)}[/]")
        self.says(f"[dim]{escape(under)}[/]")

    def chapter(self, number: int, told: str, at: datetime) -> None:
        day = self.day(at)
        gap = " " * max(2, self.screen.width - 5 - len(told) - len(day) - 2)
        self.screen.print(f"\n[cyan]{'─' * self.screen.width}[/]")
        self.screen.print(f"  [bold cyan]{number}[/]  [bold]{escape(told)}[/]{gap}[dim]{day}[/]")

    def day_breaks(self, at: datetime, why: str) -> None:
        self.screen.print(f"\n  [yellow]⏵[/] [bold]{self.day(at)}, {self.clock(at)}[/]  [dim]{escape(why)}[/]")

    # ------------------------------------------------------------------------------------------ what happens

    def happens(self, at: datetime, who: str, what: str = "", mark: str = "") -> None:
        """One line: when, who, what; `mark` stands at the right."""
        line = Text(f"\n  {self.clock(at)}  ", style="dim")
        line.append(who, style="bold not dim")
        line.append(f"  {what}" if what else "", style="not dim")
        if mark:
            line.append(" " * max(2, self.screen.width - len(line.plain.lstrip("\n")) - len(mark) - 2) + mark, style="dim")
        self.screen.print(line)

    def words(self, text: str, *, most: int = 12, style: str = "") -> None:
        """Somebody's words as they stand, behind a bar; more than `most` lines are left out, and said to be."""
        lines = [line for paragraph in text.strip().split("\n") for line in self._wrapped(paragraph)]
        for line in lines[:most]:
            self.screen.print(" " * MARGIN + f"[cyan]│[/] [{style or 'default'}]{escape(line)}[/]")
        if len(lines) > most:
            self.screen.print(" " * MARGIN + f"[cyan]│[/] [dim]… {len(lines) - most} more lines[/]")

    def gloss(self, text: str) -> None:
        """A help for readers, not part of what happened."""
        for line in self._wrapped(f"({text})"):
            self.screen.print(" " * MARGIN + f"[dim]  {escape(line)}[/]")

    def buttons(self, labels: Sequence[str], pressed: str = "") -> None:
        for label in labels:
            style = "bold green" if label == pressed else "default"
            self.screen.print(" " * MARGIN + f"[cyan]│[/] [{style}]{escape(f'[ {label} ]')}[/]")

    def fact(self, name: str, *told: str) -> None:
        """A named fact, its values wrapped beside the name."""
        lines = [line for one in told for line in self._wrapped(one, room=self.screen.width - MARGIN - 15)]
        for number, line in enumerate(lines):
            left = f"{name:<12}" if number == 0 else " " * 12
            self.screen.print(" " * MARGIN + f"[dim]{escape(left)}[/] {escape(line)}")

    def holds(self, told: str) -> None:
        """Something that was checked and found true."""
        for number, line in enumerate(self._wrapped(told)):
            self.screen.print(" " * MARGIN + ("[green]✓[/] " if number == 0 else "  ") + escape(line))

    def fails(self, told: str, lines: Sequence[str]) -> None:
        self.screen.print(f"\n  [bold red]✗[/] [bold]{escape(told)}[/]")
        for line in lines:
            self.says(f"[dim]  {escape(line)}[/]")

    def says(self, text: str = "") -> None:
        for line in Text.from_markup(text).wrap(self.screen, self.screen.width - 4):
            line.rstrip()
            self.screen.print(Text("  ") + line if line else "")

    def link(self, name: str, address: str) -> None:
        """On one line whatever its length, so that a terminal can open it."""
        self.screen.print(f"  [dim]{name:<10}[/] [bold cyan]{address}[/]", soft_wrap=True)

    @contextmanager
    def waiting(self, what: str) -> Iterator[Callable[[int, int], None]]:
        """A line that counts while something takes long; gone afterwards, and only for a terminal."""
        if not self.screen.is_terminal:
            yield lambda done, total: None
            return
        columns = TextColumn("  [dim]{task.description}[/]"), BarColumn(28), MofNCompleteColumn()
        with Progress(*columns, console=self.screen, transient=True) as shown:
            task = shown.add_task(what, total=None)
            yield lambda done, total: shown.update(task, completed=done, total=total)

    # ------------------------------------------------------------------------------------------ time and truth

    def clock(self, at: datetime) -> str:
        return f"{at.astimezone(self.zone):%H:%M}"

    def day(self, at: datetime) -> str:
        there = at.astimezone(self.zone)
        return f"{there:%A} {there.day} {there:%B %Y}"

    def keep(self, act: str, **facts: Any) -> None:
        """Note facts in the journal, under the act they belong to."""
        self.facts.setdefault(act, {}).update(facts)

    def write(self, file: Path) -> None:
        text = json.dumps(self.facts, ensure_ascii=False, indent=2, default=datetime.isoformat)
        file.write_text(text + "\n", encoding="utf-8")

    def _wrapped(self, text: str, room: int = 0) -> list[str]:
        room = room or self.screen.width - MARGIN - 4
        lines = Text(text).wrap(self.screen, room)
        return [line.plain.rstrip() for line in lines] or [""]
