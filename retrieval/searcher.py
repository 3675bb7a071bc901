"""The search itself. In: fiches to remember, questions to answer. Out: findings with a calibrated confidence.

The index is a cache of the published fiches: `reconcile` brings it up to date and heals it; a search on a broken or missing index
says so in `Findings.degraded` and finds nothing, so that a person takes the question.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from retrieval.building import Progress, compare, draft
from retrieval.calibration import Calibration, Label
from retrieval.embedder import Embedder, Floats
from retrieval.errors import IndexDamaged
from retrieval.filters import Filters, allows, check_filters
from retrieval.index import Index, Rows
from retrieval.journal import Journal
from retrieval.passages import Piece
from retrieval.question import Question, read_question
from retrieval.ranking import Ranked, lexical_evidence, rank
from retrieval.storage import FolderStorage, Storage
from retrieval.values import FicheRecord, Findings, IndexStatus, LabelledQuestion, Match, Passage, ReconcileReport
from retrieval.work import affordable

log = logging.getLogger(__name__)
_SHOWN_FIRST, PROMISED = 3, 0.95
_OVERTAKEN = 5
_OUTDATED = "the words of the index were counted by other rules than this program's"
# Cosine from which on a question is the one that was asked before.
_THE_SAME = 0.9995


@dataclass(frozen=True, slots=True)
class _State:
    """What searches read, replaced as a whole: either an index, or the reason why there is none."""

    generation: str | None = None
    index: Index | None = None
    degraded: str | None = "the index has not been opened"


class Searcher:
    """Thread-safe: searches from many threads, one reconcile at a time. What other processes write shows at the next search."""

    def __init__(self, folder: Path, storage: Storage, embedder: Embedder, calibration: Calibration, precision: float = PROMISED):
        self._folder, self._storage, self._embedder, self._precision = folder, storage, embedder, precision
        self._use(calibration)
        self._loading, self._writing = threading.Lock(), threading.Lock()
        self._state = _State()

    @classmethod
    def open(
        cls,
        folder: Path | str,
        embedder: Embedder,
        calibration: Calibration | None = None,
        *,
        storage: Storage | None = None,
        precision: float = PROMISED,
    ) -> Searcher:
        """Opens the index in `folder`, or an empty one; a damaged index is no error here: `status` and `search` tell.

        With a `storage` the index is kept there, and `folder` holds only what this machine knows by itself.
        The confidence is the collection's own if `calibrate` was ever called here with this model, else the shipped one;
        findings are assured where first matches answer with `precision`.
        """
        folder = Path(folder)
        calibration = calibration or _stored_calibration(folder, embedder)
        searcher = cls(folder, storage or FolderStorage(folder), embedder, calibration, precision)
        searcher._refreshed()
        return searcher

    def search(self, text: str, *, language: str | None = None, limit: int = 3, filters: Filters | None = None) -> Findings:
        """The best `limit` fiches for a question. Never raises on what `text` holds; ValueError for an unknown facet."""
        check_filters(filters or {})
        try:
            return self._search_patiently(text, language, limit, filters or {})
        except Exception as error:  # whatever it is, the question must reach a person
            log.exception("a search failed")
            return Findings(model=self._embedder.name, degraded=f"the search failed: {type(error).__name__}")

    def reconcile(self, fiches: Iterable[FicheRecord], progress: Progress | None = None) -> ReconcileReport:
        """Makes the index hold exactly these fiches; only new and changed ones are embedded. `progress`: (done, total)."""
        wanted = {fiche.slug: fiche for fiche in fiches}
        with self._writing, self._storage.locked():
            state = self._examined(self._refreshed())
            report = compare(state.index, wanted, state.degraded)
            if report.changed:
                self._rebuild(state.index, wanted, {*report.added, *report.updated}, progress)
        return report

    def calibrate(self, questions: Iterable[LabelledQuestion]) -> Calibration:
        """Refits the confidence to the collection's own labelled questions, keeps it beside the index and uses it from now on."""
        labels = [self._label(question) for question in questions]
        self._use(Calibration.shipped().fit([label for label in labels if label.signals]))
        self._folder.mkdir(parents=True, exist_ok=True)
        self._calibration.save(_calibration_file(self._folder, self._embedder))
        return self._calibration

    def threshold(self, precision: float) -> float | None:
        """The confidence from which on first matches answer with this precision; None while the collection may only suggest."""
        return self._calibration.threshold(precision)

    def status(self) -> IndexStatus:
        state = self._refreshed()
        index = state.index
        counts = Counter(piece.passage.language for piece in index.pieces) if index else {}
        sizes = (len(index.entries), len(index.pieces)) if index else (0, 0)
        return IndexStatus(self._embedder.name, *sizes, state.generation, state.degraded, self._calibration.suggest_only, counts)

    def close(self) -> None:
        """Lets go of the index; a later search opens it again."""
        with self._loading:
            self._state = _State()

    def _search_patiently(self, text: str, language: str | None, limit: int, filters: Filters) -> Findings:
        """Again if the index broke off or was replaced while it was read, several times if a writer overtakes it so often."""
        for _ in range(_OVERTAKEN):
            try:
                return self._search(text, language, limit, filters)
            except IndexDamaged as damage:
                log.warning("the index is opened anew: %s", damage)
                self.close()
        return self._search(text, language, limit, filters)

    def _search(self, text: str, language: str | None, limit: int, filters: Filters) -> Findings:
        question = read_question(text, language)
        state, findings = self._refreshed(), self._nothing_found(question)
        index = state.index
        if index is None or state.degraded:
            return replace(findings, degraded=state.degraded)
        allowed = _allowed_rows(index, filters)
        if not question.queries or not len(index.vectors) or (allowed is not None and not len(allowed)):
            return findings
        lexical = lexical_evidence(index, question, allowed)
        vectors = self._embedder.encode_questions(affordable(question.queries, self._embedder))
        ranked = rank(index, question, vectors, allowed, lexical)
        matches = tuple(_match(index, ranked, place, question) for place in range(min(limit, len(ranked.fiches))))
        first, any_of_three = self._calibration.confidence(ranked.signals)
        assured = self._least is not None and first >= self._least
        return replace(
            findings, matches=matches, signals=ranked.signals, confidence=first, confidence_any=any_of_three, assured=assured
        )

    def _use(self, calibration: Calibration) -> None:
        self._calibration, self._least = calibration, calibration.threshold(self._precision)

    def _nothing_found(self, question: Question) -> Findings:
        return Findings(
            language=question.language,
            vague=question.vague,
            model=self._embedder.name,
            suggest_only=self._calibration.suggest_only,
        )

    def _refreshed(self) -> _State:
        """The state, loaded anew if another generation counts than the one in memory."""
        current = self._storage.current()
        if current is None or current != self._state.generation:
            with self._loading:
                if current is None or current != self._state.generation:
                    self._state = self._loaded()
        return self._state

    def _examined(self, state: _State) -> _State:
        """The state with what is wrong on the other side of a loaded index, whose vectors may still be good."""
        if state.index is None or state.generation is None or (damage := self._storage.damage(state.generation)) is None:
            return state
        return _State(state.generation, self._storage.salvaged(state.index), damage)

    def _rebuild(
        self, old: Index | None, wanted: Mapping[str, FicheRecord], changed: set[str], progress: Progress | None
    ) -> None:
        with Journal(self._folder / "journal", self._embedder.name) as journal:
            drafted = draft(old, wanted, changed, self._embedder, journal, progress)
            with self._loading:
                self._state = _State(*self._storage.write(drafted, old, self._embedder), None)
            journal.clear()

    def _loaded(self) -> _State:
        try:
            generation, index = self._storage.load(self._embedder)
        except IndexDamaged as damage:
            return _State(degraded=str(damage))
        return _State(generation, index, _OUTDATED if index.lacks_words else None)

    def _label(self, question: LabelledQuestion) -> Label:
        """What a search would have found had this very question never been asked before."""
        asked, state = read_question(question.text, question.language), self._refreshed()
        index = state.index
        if index is None or state.degraded or not asked.queries or not len(index.vectors):
            return Label({}, False, False)
        vectors = self._embedder.encode_questions(asked.queries)
        ranked = rank(index, asked, vectors, _all_but(index, vectors))
        right = [index.entries[fiche].slug in question.answers for fiche in ranked.fiches[:_SHOWN_FIRST]]
        return Label(ranked.signals, bool(right and right[0]), any(right))


def _allowed_rows(index: Index, filters: Filters) -> Rows | None:
    if not filters:
        return None
    allowed = np.array([allows(filters, entry) for entry in index.entries], bool)
    return np.flatnonzero(allowed[index.owners])


def _all_but(index: Index, vectors: Floats) -> Rows | None:
    """All rows but the questions, answered by a fiche, that are the one of these vectors."""
    asked = np.flatnonzero(index.asked).tolist()
    same = [row for row in asked if max(index.vectors.scores(one, np.array([row]))[0] for one in vectors) > _THE_SAME]
    return np.setdiff1d(np.arange(len(index.pieces)), same) if same else None


def _match(index: Index, ranked: Ranked, place: int, question: Question) -> Match:
    entry, piece = index.entries[ranked.fiches[place]], index.pieces[ranked.rows[place]]
    title, title_language = entry.title_for(question.language)
    quote = _quote(index, piece, question.language)
    return Match(entry.slug, place + 1, float(ranked.scores[place]), piece.passage, title, title_language, quote)


def _quote(index: Index, piece: Piece, language: str | None) -> Passage | None:
    """The same part in the asker's language; of several pieces the one that lies as far into the part."""
    if language == piece.passage.language:
        return piece.passage
    rows = index.rows_of(piece.passage.fiche)
    same = [index.pieces[row].passage for row in rows if index.pieces[row].passage.part == piece.passage.part]
    there = [passage for passage in same if passage.language == language]
    return there[min(len(there) - 1, piece.ordinal * len(there) // piece.siblings)] if there else None


def _stored_calibration(folder: Path, embedder: Embedder) -> Calibration:
    try:
        return Calibration.load(_calibration_file(folder, embedder))
    except FileNotFoundError:
        return Calibration.shipped()
    except (OSError, ValueError) as error:
        log.warning("the collection's own calibration cannot be used, the shipped one is: %s", error)
        return Calibration.shipped()


def _calibration_file(folder: Path, embedder: Embedder) -> Path:
    return folder / f"calibration-{hashlib.sha256(embedder.name.encode()).hexdigest()[:12]}.json"
