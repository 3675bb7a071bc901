"""What a question is about: the themes of the fiches found for it, and what its own words are near to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from retrieval import Findings


def votes(findings: Findings | None, themes_of: Mapping[str, Iterable[str]]) -> dict[str, float]:
    """What the best matches are about, nearer matches counting more; `themes_of` by slug, fiches left out of it have no vote."""
    cast: dict[str, float] = {}
    for match in findings.matches if findings else ():
        for theme in themes_of.get(match.fiche, ()):
            cast[theme] = cast.get(theme, 0.0) + 1 / (match.rank + 1)
    return cast


def foremost(cast: Mapping[str, float]) -> str | None:
    """The theme most of the best matches share."""
    return max(cast, key=lambda theme: cast[theme]) if cast else None


def shares(*told: Mapping[str, float]) -> dict[str, float]:
    """How much of the question each theme is (sum 1), every source that says anything counting the same."""
    speaking = [each for each in told if each]
    whole: dict[str, float] = {}
    for each in speaking:
        for theme, height in each.items():
            whole[theme] = whole.get(theme, 0.0) + height / sum(each.values()) / len(speaking)
    return whole
