"""Plots as plain SVG: no script, no outside resource, readable in print and without colour. Pure.

In: labels and whole numbers. Out: markup whose colours come from the style sheet. Beside every plot its page shows the table.
Series differ in lightness and, where they meet, stand apart by a gap (https://www.w3.org/WAI/WCAG22/Understanding/use-of-color).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup, escape

# Narrow, so that words stay readable where the plot is as wide as a phone.
WIDE, HIGH, LEFT, FOOT, DOT = 440, 170, 50, 22, 3
LABELS, ROW, BAR, MOST_LABELS, WIDEST = 124, 28, 20, 6, 56
SERIES, STEPS = 4, 7


def columns(title: str, names: Sequence[str], rows: Sequence[tuple[str, Sequence[int]]]) -> Markup:
    """Stacked columns, one per row; `names` are the series from the bottom up."""
    most = _round_up(max((sum(numbers) for _, numbers in rows), default=0))
    step = (WIDE - LEFT) / max(len(rows), 1)
    parts = [_grid(most)]
    every, wide = -(-len(rows) // MOST_LABELS) or 1, min(step * 0.7, WIDEST)
    for place, (label, numbers) in enumerate(rows):
        parts.append(_column(label, names, numbers, LEFT + step * (place + 0.5) - wide / 2, wide, most))
        if place % every == 0:
            x = LEFT + step * (place + 0.5)
            parts.append(Markup('<text class="axis" x="{:.1f}" y="{}" text-anchor="middle">{}</text>').format(x, HIGH - 6, label))
    return _svg(title, HIGH, parts)


def shares(
    title: str,
    names: Sequence[str],
    rows: Sequence[tuple[str, Sequence[int]]],
    *,
    ordered: bool = False,
    percent: Callable[[float], str] = "{:.0%}".format,
) -> Markup:
    """Each row as one bar from 0 to 100 %, divided among the series; `ordered` ones go from dark to light."""
    parts: list[Markup] = []
    space = WIDE - LABELS
    for place, (label, numbers) in enumerate(rows):
        top, total, x = place * ROW, sum(numbers) or 1, 0.0
        parts.append(Markup('<rect class="empty" x="{}" y="{}" width="{}" height="{}" rx="3"/>').format(LABELS, top, space, BAR))
        parts.append(Markup('<text class="axis" x="{}" y="{}" text-anchor="end">{}</text>').format(LABELS - 8, top + 14, label))
        for number, (name, value) in enumerate(zip(names, numbers, strict=True)):
            wide = space * value / total
            if value:
                told = f"{label}: {name} {value} ({percent(value / total)})"
                parts.append(_rect(_series(number, ordered), LABELS + x, top, max(wide - 1, 0.5), BAR, told))
                if wide > 40:
                    parts.append(_on(_series(number, ordered), LABELS + x + wide / 2, top + 14, percent(value / total)))
            x += wide
    return _svg(title, max(len(rows) * ROW - 8, BAR), parts)


def curves(
    title: str,
    lines: Sequence[tuple[str, Sequence[tuple[float, float]]]],
    across: Sequence[str],
    *,
    percent: Callable[[float], str] = "{:.0%}".format,
) -> Markup:
    """Lines through points (x, y), both from 0 to 1; y is told in percent. `across` are words under the field, evenly spread."""
    parts = [_percent_grid(percent)]
    for number, (name, points) in enumerate(lines):
        places = [(LEFT + (WIDE - LEFT - DOT) * x, (HIGH - FOOT) - (HIGH - FOOT - 10) * y) for x, y in points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(Markup('<polyline class="line l{}" points="{}"/>').format(number % SERIES, path))
        for (x, y), (_, value) in zip(places, points, strict=True):
            dot = '<circle class="s{}" cx="{:.1f}" cy="{:.1f}" r="{}"><title>{}</title></circle>'
            parts.append(Markup(dot).format(number % SERIES, x, y, DOT, f"{name}: {percent(value)}"))
    for place, told in enumerate(across):
        x = LEFT + (WIDE - LEFT - DOT) * place / max(len(across) - 1, 1)
        anchor = "start" if place == 0 else "end" if place == len(across) - 1 else "middle"
        parts.append(Markup('<text class="axis" x="{:.1f}" y="{}" text-anchor="{}">{}</text>').format(x, HIGH - 6, anchor, told))
    return _svg(title, HIGH, parts)


def legend(names: Sequence[str], *, ordered: bool = False) -> Markup:
    """What the series are called."""
    items = Markup("").join(
        Markup(
            '<li><svg viewBox="0 0 12 12" aria-hidden="true"><rect class="{}" width="12" height="12" rx="2"/></svg>{}</li>'
        ).format(_series(number, ordered), name)
        for number, name in enumerate(names)
    )
    return Markup('<ul class="legend">{}</ul>').format(items)


def _series(number: int, ordered: bool) -> str:
    return f"q{number % STEPS}" if ordered else f"s{number % SERIES}"


def _svg(title: str, high: float, parts: Sequence[Markup]) -> Markup:
    return Markup('<svg class="plot" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        WIDE, high, title, Markup("").join(parts)
    )


def _column(label: str, names: Sequence[str], numbers: Sequence[int], x: float, wide: float, most: int) -> Markup:
    floor, parts = float(HIGH - FOOT), []
    for number, (name, value) in enumerate(zip(names, numbers, strict=True)):
        high = (HIGH - FOOT - 10) * value / most
        if value:
            parts.append(_rect(_series(number, False), x, floor - high, wide, max(high - 1, 0.5), f"{label}: {name} {value}"))
        floor -= high
    return Markup("").join(parts)


def _rect(series: str, x: float, y: float, wide: float, high: float, told: str) -> Markup:
    return Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"><title>{}</title></rect>').format(
        series, x, y, wide, high, escape(told)
    )


def _on(series: str, x: float, y: float, told: str) -> Markup:
    return Markup('<text class="on on-{}" x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>').format(series, x, y, told)


def _grid(most: int) -> Markup:
    lines = Markup("")
    for part in range(5):
        y = HIGH - FOOT - (HIGH - FOOT - 10) * part / 4
        lines += Markup('<line class="grid" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>').format(LEFT, WIDE, y, y)
        lines += Markup('<text class="axis" x="{}" y="{:.1f}" text-anchor="end">{}</text>').format(
            LEFT - 6, y + 4, most * part // 4
        )
    return lines


def _percent_grid(percent: Callable[[float], str]) -> Markup:
    lines = Markup("")
    for part in range(5):
        y = HIGH - FOOT - (HIGH - FOOT - 10) * part / 4
        lines += Markup('<line class="grid" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>').format(LEFT, WIDE, y, y)
        told = percent(part / 4)
        lines += Markup('<text class="axis" x="{}" y="{:.1f}" text-anchor="end">{}</text>').format(LEFT - 4, y + 4, told)
    return lines


def _round_up(most: int) -> int:
    """A top for the scale that four lines divide into round numbers: 1, 2 or 5, and their tenfolds."""
    tens: int = 10 ** max(len(str(most)) - 2, 0)
    return next(4 * step for step in (tens, 2 * tens, 5 * tens, 10 * tens, 20 * tens, 50 * tens) if 4 * step >= most)
