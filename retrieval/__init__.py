"""Remembers: finds the fiches that answer a question, whatever language either is written in, and says how sure it is.

Imports nothing heavy by itself: onnxruntime, faiss and torch are loaded when an embedder or an index is opened.
"""

from __future__ import annotations

from retrieval.bundled.cache import cache_folder
from retrieval.calibration import Calibration
from retrieval.choosing import embedder_from
from retrieval.codes import ONE_OF, SOME_OF
from retrieval.collection import load_collection, load_questions
from retrieval.concepts import concepts as concepts_of
from retrieval.concepts import edition as concepts_edition
from retrieval.concepts import names as concept_names
from retrieval.concepts import says
from retrieval.courtesies import begins_with_greeting, goes_on_below, is_closing, is_greeting, is_postscript, is_thanks
from retrieval.embedder import Embedder
from retrieval.errors import CollectionError, IndexDamaged, ModelError, RetrievalError
from retrieval.languages import LANGUAGES, identify_language, language_code, short_code
from retrieval.searcher import Searcher
from retrieval.storage import shared_storage
from retrieval.text import fold
from retrieval.values import (
    SECTIONS,
    FicheRecord,
    FicheText,
    Findings,
    IndexStatus,
    LabelledQuestion,
    Match,
    Passage,
    ReconcileReport,
)
from retrieval.written import as_toml, left_out

__all__ = [
    "LANGUAGES",
    "ONE_OF",
    "SECTIONS",
    "SOME_OF",
    "Calibration",
    "CollectionError",
    "Embedder",
    "FicheRecord",
    "FicheText",
    "Findings",
    "IndexDamaged",
    "IndexStatus",
    "LabelledQuestion",
    "Match",
    "ModelError",
    "Passage",
    "ReconcileReport",
    "RetrievalError",
    "Searcher",
    "as_toml",
    "begins_with_greeting",
    "cache_folder",
    "concept_names",
    "concepts_edition",
    "concepts_of",
    "embedder_from",
    "fold",
    "goes_on_below",
    "identify_language",
    "is_closing",
    "is_greeting",
    "is_postscript",
    "is_thanks",
    "language_code",
    "left_out",
    "load_collection",
    "load_questions",
    "says",
    "shared_storage",
    "short_code",
]
