"""Opens the search where the settings keep its index. In: settings and an embedder. Out: a searcher; and a floor of nearness."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.settings import Settings
    from retrieval import Embedder, Searcher


def open_searcher(settings: Settings, embedder: Embedder) -> Searcher:
    """Makes the index folder if need be: calibration and what a killed build has done are there in any case."""
    from retrieval import Searcher, shared_storage
    from routing.policy import load_policy

    settings.index_folder.mkdir(parents=True, exist_ok=True)
    storage = shared_storage(settings.store_address) if settings.search.index == "postgresql" else None
    precision = load_policy(*settings.policy_files).confidence.precision
    return Searcher.open(settings.index_folder, embedder, storage=storage, precision=precision)


def floor_of(settings: Settings) -> float | None:
    """From which nearness on the search by meaning shows a question; None for a model with which that was never measured."""
    from routing.nearness import NEAR_AT

    if settings.search.near_at:
        return settings.search.near_at / 100
    return NEAR_AT if settings.search.embedder in ("bundled", "hash") else None
