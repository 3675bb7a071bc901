"""Does the search work, and does its index hold what is published?"""

from __future__ import annotations

from bot.checks.finding import Finding, fail, ok, warn
from bot.searching import open_searcher
from bot.settings import Settings
from retrieval import RetrievalError, Searcher, embedder_from, shared_storage

NAME = "search"
PROBE = "How do we help young people into an apprenticeship?"


def check_search(settings: Settings) -> list[Finding]:
    """Loads the model, opens the index, asks one question. Blocking, and slow the first time."""
    try:
        embedder = embedder_from(settings.search.embedder)
    except (RetrievalError, ImportError, OSError) as problem:
        return [
            fail(
                NAME,
                f"the model cannot be loaded: {problem}",
                "Check search.embedder; a model of your own needs the extra semantic.",
            )
        ]
    if not settings.index_folder.is_dir():
        return [warn(NAME, "there is no index yet", "It is built at the first start, or now: rrm reindex.")]
    searcher = open_searcher(settings, embedder)
    try:
        return [*_place(settings), *_try(searcher)]
    finally:
        searcher.close()


def _place(settings: Settings) -> list[Finding]:
    """Whether the database can keep the index: what it lacks says more than that there is no index."""
    if settings.search.index != "postgresql":
        return []
    storage = shared_storage(settings.store_address)
    lack = storage.lack()
    storage.close()
    if lack:
        return [fail("shared index", lack, "Install pgvector 0.8 or newer there, then CREATE EXTENSION vector in this database.")]
    return [ok("shared index", "is in PostgreSQL, for all workers")]


def _try(searcher: Searcher) -> list[Finding]:
    status = searcher.status()
    if status.degraded:
        return [
            warn(NAME, f"the index cannot be used: {status.degraded}", "Every question goes to a person until then: rrm reindex.")
        ]
    findings = searcher.search(PROBE)
    if findings.degraded:
        return [fail(NAME, findings.degraded, "Every question goes to a person until then: rrm reindex; see the log.")]
    found = [ok(NAME, f"answers from {status.fiches} fiches with {status.model}")]
    if status.suggest_only:
        found.append(
            warn(
                "confidence",
                "is not calibrated, so a coordinator decides every question",
                "rrm calibrate, once there are labelled questions.",
            )
        )
    return found
