"""The one place that chooses among the embedders. In: a setting such as "bundled". Out: an embedder, corrected if it can be."""

from __future__ import annotations

from collections.abc import Callable

from retrieval.embedder import Embedder
from retrieval.errors import ModelError


def embedder_from(setting: str, progress: Callable[[str], None] | None = None) -> Embedder:
    """ "bundled", "hash" (deterministic, for tests), or "st:NAME" with a sentence-transformers model's name or folder.

    Models come with their language-neutral projection where one is shipped or was fitted (see `retrieval.neutral`).
    Raises `ModelError` for an unknown setting or a model that cannot be loaded.
    """
    from retrieval.neutral import neutralised

    kind, _, name = setting.partition(":")
    if kind == "bundled" and not name:
        from retrieval.bundled.embedder import BundledEmbedder

        return neutralised(BundledEmbedder(progress))
    if kind == "hash" and not name:
        from retrieval.hashing import HashEmbedder

        return HashEmbedder()
    if kind == "st" and name:
        from retrieval.sentence import SentenceEmbedder

        return neutralised(SentenceEmbedder(name))
    raise ModelError(f'"{setting}" names no embedder; use "bundled", "hash" or "st:NAME_OR_FOLDER"')
