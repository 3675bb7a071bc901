"""Which counts may be published: small ones are withheld, and with them what they could be computed from. Pure.

In: the counts of one table whose sum everybody knows, and the fewest questions a published count may stand for. Out: the same
table with None in place of what is withheld, or None for the whole table.

The rules are those of cell suppression in official statistics: a positive count below the threshold is confidential (primary),
and what would give it away through the total is withheld with it (secondary). Hundepool et al., Handbook on Statistical
Disclosure Control, https://sdctools.github.io/HandbookSDC/ , chapters 4 and 5; Eurostat's own practice:
https://wikis.ec.europa.eu/spaces/IFS/pages/152797579/9.1.2+Confidentiality+of+tabular+data

We ask for more than the handbook does: nothing may follow from knowing this very code either. That holds because the choice of
what is withheld does not depend on which category has which count: two withheld counts that differ could be the other way
round, and the publication would be the same to the letter. Only if all withheld counts were equal could there be nothing else;
then one more or less in each of two is as possible, save at the edge (all just below the threshold), where more is withheld.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeVar

Key = TypeVar("Key")
FEWEST_SHOWN = 2  # a table with fewer counts than this to show is withheld whole
STEPS = (0.05, 0.1, 0.2, 0.25, 0.5)


def protected(counts: Mapping[Key, int], fewest: int) -> dict[Key, int | None] | None:
    """The table as it may be published; `counts` has every category there could be, zeros included.

    Zeros are shown only where nothing is withheld: else they would narrow down where the withheld ones are.
    """
    hidden = _hidden(counts, fewest)
    if len(counts) - len(hidden) < FEWEST_SHOWN and hidden:
        return None
    return {key: None if key in hidden else count for key, count in counts.items()}


def _hidden(counts: Mapping[Key, int], fewest: int) -> Collection[Key]:
    small = {key: count for key, count in counts.items() if count < fewest}
    if not any(small.values()):
        return ()
    if _is_safe(list(small.values()), fewest):
        return small.keys()
    next_larger = min((count for count in counts.values() if count >= fewest), default=0)
    return {key for key, count in counts.items() if count <= next_larger} if next_larger else counts.keys()


def _is_safe(hidden: list[int], fewest: int) -> bool:
    """Together no few themselves, so several; and not all at the edge, where only one set of counts would fit their sum."""
    return sum(hidden) >= fewest and any(count < fewest - 1 for count in hidden)


def share(part: int, of: int, fewest: int) -> tuple[float, float] | None:
    """(share, its step): rounded so coarsely that at least `fewest` different counts could be behind it; None for too few."""
    step = next((step for step in STEPS if of * step >= fewest), None)
    return (round(round(part / of / step) * step, 2), step) if step is not None and of >= 4 * fewest else None


def has_enough_beyond(of: int, share_within: float, fewest: int) -> bool:
    """Whether a percentile stands for a crowd: at least `fewest` on either side of it."""
    return of * min(share_within, 1 - share_within) >= fewest - 1e-9
