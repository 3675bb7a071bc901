"""Draws how far confidence can be trusted, as plain SVG: no script, no outside resource, legible without colour. Pure.

In: rows of an evaluation (see `trust.points`), or weeks with their outcomes. Out: SVG documents as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from retrieval.trust import POINT, STEPS, Row

SIZE, LEFT, FOOT, TOP = 320, 44, 36, 28
Point = tuple[float, float]
_DASHES = ("", "6 4", "2 3", "8 3 2 3", "1 4", "10 4")


def reliability(rows: Iterable[Row], protocol: str) -> str:
    """What was promised against what came true, a line for each system that states probabilities; the diagonal is perfect."""
    found = _points(rows, protocol)
    lines = {
        system: sorted((told["promised"], told["came true"]) for told in _by_number(points).values() if len(told) == 2)
        for system, points in found.items()
    }
    return _plot("Reliability", "promised", "came true", lines, diagonal=True)


def risk_coverage(rows: Iterable[Row], protocol: str) -> str:
    """The share of wrong first matches when only the surest questions are answered; lower is better."""
    lines = {}
    for system, points in _points(rows, protocol).items():
        steps = (f"{step / STEPS:.2f}" for step in range(1, STEPS + 1))
        lines[system] = [(float(step), points[f"{step} risk"]) for step in steps if f"{step} risk" in points]
    return _plot("Risk and coverage", "questions answered", "wrong", lines)


def weeks(told: Sequence[tuple[str, int, int]], promised: float) -> str:
    """Realised precision: for each week its name, the first matches offered as answers, and how many of them helped."""
    count = max(1, len(told) - 1)
    line = [(place / count, helped / offered) for place, (_, offered, helped) in enumerate(told) if offered]
    names = f"{told[0][0]} to {told[-1][0]}" if told else "no week yet"
    return _plot("Realised precision", names, "helped", {"helped": line, "promised": [(0.0, promised), (1.0, promised)]})


def _points(rows: Iterable[Row], protocol: str) -> dict[str, dict[str, float]]:
    """For each system its points, by what follows the mark."""
    found: dict[str, dict[str, float]] = {}
    for row in rows:
        if row.protocol == protocol and row.measure.startswith(POINT):
            found.setdefault(row.system, {})[row.measure.removeprefix(POINT)] = row.value
    return found


def _by_number(points: Mapping[str, float]) -> dict[str, dict[str, float]]:
    told: dict[str, dict[str, float]] = {}
    for name, value in points.items():
        number, _, what = name.partition(" ")
        if what in ("promised", "came true"):
            told.setdefault(number, {})[what] = value
    return told


def _plot(title: str, across: str, up: str, lines: Mapping[str, Sequence[Point]], *, diagonal: bool = False) -> str:
    wide, high = SIZE + LEFT + 130, SIZE + TOP + FOOT
    parts = [_axes(across, up)]
    if diagonal:
        parts.append(f'<path d="{_path([(0.0, 0.0), (1.0, 1.0)])}" stroke="#999" fill="none"/>')
    for place, (name, points) in enumerate(lines.items()):
        parts.append(_line(name, points, _DASHES[place % len(_DASHES)], TOP + 14 + 18 * place))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" role="img" font-family="sans-serif" font-size="12">'
        f'<title>{escape(title)}</title><text x="{LEFT}" y="16" font-weight="bold">{escape(title)}</text>{"".join(parts)}</svg>\n'
    )


def _axes(across: str, up: str) -> str:
    parts = [f'<rect x="{LEFT}" y="{TOP}" width="{SIZE}" height="{SIZE}" fill="none" stroke="#666"/>']
    for tenth in range(0, 11, 2):
        x, y = _place((tenth / 10, tenth / 10))
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.0f}" text-anchor="end">{tenth * 10}%</text>')
        parts.append(f'<text x="{x:.0f}" y="{TOP + SIZE + 14}" text-anchor="middle">{tenth * 10}%</text>')
    parts.append(f'<text x="{LEFT + SIZE / 2:.0f}" y="{TOP + SIZE + 30}" text-anchor="middle">{escape(across)}</text>')
    parts.append(f'<text x="{LEFT + 6}" y="{TOP + 14}">{escape(up)}</text>')
    return "".join(parts)


def _line(name: str, points: Sequence[Point], dashes: str, legend: int) -> str:
    style = f'stroke="currentColor" stroke-width="2" fill="none" stroke-dasharray="{dashes}"'
    dots = "".join(f'<circle cx="{_place(point)[0]:.1f}" cy="{_place(point)[1]:.1f}" r="3"/>' for point in points)
    at = LEFT + SIZE + 10
    words = f'<text x="{at + 34}" y="{legend + 4}">{escape(name)}</text>'
    return f'<path d="{_path(points)}" {style}/>{dots}<path d="M{at} {legend}h28" {style}/>{words}'


def _path(points: Sequence[Point]) -> str:
    return " ".join(f"{'L' if place else 'M'}{_place(one)[0]:.1f} {_place(one)[1]:.1f}" for place, one in enumerate(points))


def _place(point: Point) -> Point:
    return LEFT + SIZE * min(1.0, max(0.0, point[0])), TOP + SIZE * (1 - min(1.0, max(0.0, point[1])))
