"""Where the pieces of each fiche are told from each side, in one order for all. In: what each piece is. Out: fiches' scores.

A fiche's score is a mean over its views of means over their languages, so for a handful of fiches out of thousands a ranking
needs many small sums. Laid out once, each fiche's pieces side by side by view and language, with what each is worth in those
means, they take a few steps over all of them, whatever the question.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Spans:
    """The `places` of some `fiches`, one fiche after the other; where each begins among them, and how many it has."""

    fiches: Ints
    places: Ints
    begins: Ints
    counts: Ints


@dataclass(frozen=True)
class Layout:
    """A place is one view of one piece, or a piece of no view (`asked`); places are sorted by fiche, view, language and row.

    Those of one fiche, view and language are a cell, those of one fiche and view a side; `cells` and `sides` are true where one
    begins, and hold there what its best piece is worth in the score of the fiche: half for the best language of each side, half
    for the mean of its languages.
    """

    rows: Ints
    languages: Ints
    views: NDArray[np.int8]
    cells: Bools
    sides: Bools
    cell_worth: Floats
    side_worth: Floats
    starts: Ints
    counts: Ints

    @classmethod
    def of(cls, views: Bools, owners: Ints, languages: Ints, fiches: int, allowed: Ints | None = None) -> Layout:
        """From bool [views, rows], and for each row the numbers of its fiche and language; of `allowed` rows only, if given."""
        view, rows = np.nonzero(np.vstack([views, ~views.any(0)]))
        if allowed is not None:
            there = np.isin(rows, allowed)
            view, rows = view[there], rows[there]
        order = np.lexsort((rows, languages[rows], view, owners[rows]))
        view, rows = view[order], rows[order]
        owner, language, seen = owners[rows], languages[rows], view < len(views)
        sides = _changes(owner, view)
        cells = sides | _changes(language)
        of_side, of_fiche = np.cumsum(sides) - 1, owner
        per_side = np.bincount(of_side, cells)
        per_fiche = np.bincount(of_fiche, sides & seen, fiches)
        with np.errstate(divide="ignore"):  # a fiche that was only asked for has no score of its own
            share = 0.5 / per_fiche[of_fiche]
        share = np.where(seen, share, np.where(per_fiche[of_fiche] > 0, 0, np.nan))
        counts = np.bincount(owner, minlength=fiches)
        return cls(
            rows,
            language,
            view.astype(np.int8),
            cells,
            sides,
            (share / per_side[of_side]).astype(np.float32),
            share.astype(np.float32),
            np.cumsum(counts) - counts,
            counts,
        )

    def spans(self, fiches: Ints) -> Spans:
        """The places of these fiches, each of which must have some."""
        counts = self.counts[fiches]
        ends = counts.cumsum()
        begins = ends - counts
        return Spans(fiches, np.arange(ends[-1]) + (self.starts[fiches] - begins).repeat(counts), begins, counts)

    def means(self, spans: Spans, pieces: Floats) -> Floats:
        """The score of each fiche from those of its pieces, which are in the order of `spans`, float32 [fiches]."""
        cells, sides = self.cells[spans.places].nonzero()[0], self.sides[spans.places].nonzero()[0]
        worth = np.zeros_like(pieces)
        worth[cells] = np.maximum.reduceat(pieces, cells) * self.cell_worth[spans.places[cells]]
        worth[sides] += np.maximum.reduceat(pieces, sides) * self.side_worth[spans.places[sides]]
        means: Floats = np.add.reduceat(worth, spans.begins)
        return means


def _changes(*numbers: Ints) -> Bools:
    """Where any of these differs from the one before; true at the first."""
    changes = np.ones(len(numbers[0]), bool)
    changes[1:] = np.logical_or.reduce([of[1:] != of[:-1] for of in numbers])
    return changes
