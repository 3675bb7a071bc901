"""A line plot with two logarithmic axes as SVG, without any package. In: named lines. Out: the text of an SVG file."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 430, 70, 190, 50, 60
# Told apart also by those who see few colours, and by their dashes in black and white.
STYLES = (("#0b5fa5", ""), ("#b3430f", "8 4"), ("#2f7d3b", "2 4"), ("#7b3fa0", "10 3 2 3"), ("#555555", "4 8"))


@dataclass(frozen=True)
class Line:
    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Plot:
    title: str
    across: str
    up: str
    lines: Sequence[Line]

    def svg(self) -> str:
        return "\n".join(["".join(self._head()), *self._grid(), *self._drawn(), "</svg>", ""])

    def _head(self) -> Iterator[str]:
        shape = f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="sans-serif" font-size="12"'
        yield f'<svg xmlns="http://www.w3.org/2000/svg" {shape}>'
        yield f"<title>{escape(self.title)}</title>"
        yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>'
        yield f'<text x="{LEFT}" y="26" font-size="15" fill="#111111">{escape(self.title)}</text>'
        yield f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 16}" text-anchor="middle">{escape(self.across)}</text>'
        middle = (TOP + HEIGHT - BOTTOM) / 2
        yield f'<text x="18" y="{middle}" text-anchor="middle" transform="rotate(-90 18 {middle})">{escape(self.up)}</text>'

    def _grid(self) -> Iterator[str]:
        for power in range(self._spans[0][0], self._spans[0][1] + 1):
            x = self._x(10**power)
            yield f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#dddddd"/>'
            yield f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{10**power:,}</text>'
        for power in range(self._spans[1][0], self._spans[1][1] + 1):
            y = self._y(10.0**power)
            yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#dddddd"/>'
            yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g}</text>'

    def _drawn(self) -> Iterator[str]:
        for (colour, dashes), line, place in zip(STYLES, self.lines, range(len(self.lines)), strict=False):
            points = " ".join(f"{self._x(x):.1f},{self._y(y):.1f}" for x, y in line.points)
            look = f'fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"'
            yield f'<polyline points="{points}" {look}/>'
            yield from (f'<circle cx="{self._x(x):.1f}" cy="{self._y(y):.1f}" r="3" fill="{colour}"/>' for x, y in line.points)
            y = TOP + 14 + 22 * place
            yield f'<path d="M{WIDTH - RIGHT + 12} {y}h26" {look}/>'
            yield f'<text x="{WIDTH - RIGHT + 44}" y="{y + 4}">{escape(line.name)}</text>'

    @property
    def _spans(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """The powers of ten between which all points lie, across and up."""
        values = ([point[axis] for line in self.lines for point in line.points] for axis in (0, 1))
        first, second = ((math.floor(math.log10(min(of))), math.ceil(math.log10(max(of)))) for of in values)
        return first, second

    def _x(self, value: float) -> float:
        low, high = self._spans[0]
        return LEFT + (math.log10(value) - low) / max(1, high - low) * (WIDTH - LEFT - RIGHT)

    def _y(self, value: float) -> float:
        low, high = self._spans[1]
        return HEIGHT - BOTTOM - (math.log10(value) - low) / max(1, high - low) * (HEIGHT - TOP - BOTTOM)
