"""What to write next: themes whose questions no fiche answered, with the words they share and some of them to read.

In: a session and a span of time. Out: the themes with most such questions. Their latest questions are gathered by the words
that they share and others lack; words are folded, so that accents and scripts do not part them.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session, load_only

from routing.finding import folded
from routing.models import Fiche, Question
from routing.reports import BY_FICHE, Span

MOST_THEMES = 8
SAMPLE = 30
_READ = (Question.number, Question.language, Question.theme, Question.subject, Question.text, Question.closed_because)
MOST_WORDS = 6
_WORD = re.compile(r"\w+")
SHORTEST = 5  # letters of a word that says something


@dataclass(frozen=True, slots=True)
class Gap:
    """A theme with `unanswered` questions that no fiche answered, out of `asked`; `fiches` are published about it."""

    theme: str
    asked: int
    unanswered: int
    fiches: int
    words: tuple[str, ...]
    examples: tuple[Question, ...]


def gaps(session: Session, span: Span, counted: Sequence[tuple[str, int, int]] | None = None) -> list[Gap]:
    """The themes with most questions that no fiche answered, most first; `counted` are those of `unanswered`, where known."""
    themes = (unanswered(session, span) if counted is None else counted)[:MOST_THEMES]
    samples = {theme: _latest(session, span, theme) for theme, _, _ in themes}
    said = {one.id: _words(one) for rows in samples.values() for one in rows}
    known, told = _fiches_by_theme(session), _telling(samples, said)
    return [
        Gap(theme, asked, missing, known[theme], _as_written(rows, told[theme]), _nearest(rows, said, told[theme]))
        for theme, asked, missing in themes
        for rows in (samples[theme],)
    ]


def unanswered(session: Session, span: Span) -> list[tuple[str, int, int]]:
    """(theme, asked, without a fiche) of every theme with such questions, most first."""
    return most_first(by_theme(session, span))


def most_first(themes: Iterable[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    return sorted((row for row in themes if row[2]), key=lambda row: (-row[2], row[0]))


def by_theme(session: Session, span: Span) -> list[tuple[str, int, int]]:
    """(theme, asked, without a fiche) of every theme that was asked about."""
    asked = select(Question.theme, func.count(), func.sum(_missed())).where(Question.theme.is_not(None))
    asked = asked.where(Question.created_at >= span.first, Question.created_at < span.last).group_by(Question.theme)
    return [(str(theme), int(count), int(missing)) for theme, count, missing in session.execute(asked)]


def _missed() -> ColumnElement[int]:
    return case((or_(Question.closed_because.is_(None), Question.closed_because != BY_FICHE), 1), else_=0)


def _latest(session: Session, span: Span, theme: str) -> Sequence[Question]:
    missed = select(Question.id).where(Question.theme == theme, _missed() == 1, Question.created_at < span.last)
    ids = missed.order_by(Question.id.desc()).limit(SAMPLE)
    found = select(Question).where(Question.id.in_(ids), Question.created_at >= span.first).order_by(Question.id.desc())
    return session.scalars(found.options(load_only(*_READ))).all()


def _fiches_by_theme(session: Session) -> Counter[str]:
    return Counter(
        str(theme)
        for facts in session.scalars(select(Fiche.facts).where(Fiche.status == "published"))
        for theme in facts.get("themes", ())
    )


def _telling(samples: dict[str, Sequence[Question]], said: dict[int, set[str]]) -> dict[str, tuple[str, ...]]:
    """For each theme the words that several of its questions say and other themes do not (tf·idf over themes)."""
    counted = {theme: Counter(word for one in rows for word in said[one.id]) for theme, rows in samples.items()}
    spread = Counter(word for words in counted.values() for word in words)

    def weight(words: Counter[str], word: str) -> float:
        return words[word] * math.log((1 + len(samples)) / spread[word])

    def best(words: Counter[str]) -> tuple[str, ...]:
        several = (word for word in words if words[word] > 1)
        return tuple(sorted(several, key=lambda word: (-weight(words, word), word))[:MOST_WORDS])

    return {theme: best(words) for theme, words in counted.items()}


def _as_written(rows: Sequence[Question], told: tuple[str, ...]) -> tuple[str, ...]:
    """The words in their own script and with their accents."""
    spoken = {word.lower() for one in rows for word in _WORD.findall(f"{one.subject} {one.text}") if len(word) >= SHORTEST}
    found = {"".join(folded(word)): word for word in sorted(spoken)}
    return tuple(found.get(word, word) for word in told)


def _nearest(rows: Sequence[Question], said: dict[int, set[str]], told: tuple[str, ...]) -> tuple[Question, ...]:
    """The three questions that say most of the telling words, each in another language where that can be."""
    ranked = sorted(rows, key=lambda one: (-len(said[one.id] & set(told)), -one.id))
    first: dict[str, Question] = {}
    for one in ranked:
        first.setdefault(one.language, one)
    chosen = [*first.values(), *(one for one in ranked if first[one.language] is not one)]
    return tuple(chosen[:3])


def _words(question: Question) -> set[str]:
    return {word for word in folded(f"{question.subject} {question.text}") if len(word) >= SHORTEST and not word.isdigit()}
