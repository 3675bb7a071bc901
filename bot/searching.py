"""Opens the search where the settings keep its index. In: settings and an embedder. Out: a searcher."""

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
