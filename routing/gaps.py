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
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from routing.finding import folded
from routing.models import Fiche, Question
from routing.reports import BY_FICHE, Span

MOST_THEMES = 8
SAMPLE = 30
MOST_WORDS = 6
_WORD = re.compile(r"\w+")
SHORTEST = 5  # letters of a word that says something
Said = dict[int, dict[str, str]]


class Asked(NamedTuple):
    """What is read of a question."""

    id: int
    number: str
    language: str
    theme: str | None
    subject: str
    text: str
    closed_because: str | None


@dataclass(frozen=True, slots=True)
class Gap:
    """A theme with `unanswered` questions that no fiche answered, out of `asked`; `fiches` are published about it."""

    theme: str
    asked: int
    unanswered: int
    fiches: int
    words: tuple[str, ...]
    examples: tuple[Asked, ...]


def gaps(session: Session, span: Span, counted: Sequence[tuple[str, int, int]] | None = None) -> list[Gap]:
    """The themes with most questions that no fiche answered, most first; `counted` are those of `unanswered`, where known."""
    themes = (unanswered(session, span) if counted is None else counted)[:MOST_THEMES]
    samples = {theme: _latest(session, span, theme) for theme, _, _ in themes}
    said = {one.id: _words(one) for rows in samples.values() for one in rows}  # folded -> as it is written
    known, told = _fiches_by_theme(session), _telling(samples, said)
    return [
        Gap(theme, asked, missing, known[theme], _as_written(rows, said, told[theme]), _nearest(rows, said, told[theme]))
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
    missing = func.sum(case((_without_fiche(), 1), else_=0))
    asked = select(Question.theme, func.count(), missing).where(Question.theme.is_not(None))
    asked = asked.where(Question.created_at >= span.first, Question.created_at < span.last).group_by(Question.theme)
    return [(str(theme), int(count), int(without)) for theme, count, without in session.execute(asked)]


def _without_fiche() -> ColumnElement[bool]:
    return or_(Question.closed_because.is_(None), Question.closed_because != BY_FICHE)


def _latest(session: Session, span: Span, theme: str) -> Sequence[Asked]:
    # The bare condition: of "CASE … = 1" PostgreSQL thinks that it hardly ever holds, and sorts all there is of a theme.
    missed = select(Question.id).where(Question.theme == theme, _without_fiche(), Question.created_at < span.last)
    ids = missed.order_by(Question.id.desc()).limit(SAMPLE)
    read = (getattr(Question, name) for name in Asked._fields)
    found = select(*read).where(Question.id.in_(ids), Question.created_at >= span.first).order_by(Question.id.desc())
    return [Asked(*row) for row in session.execute(found)]


def _fiches_by_theme(session: Session) -> Counter[str]:
    return Counter(
        str(theme)
        for facts in session.scalars(select(Fiche.facts).where(Fiche.status == "published"))
        for theme in facts.get("themes", ())
    )


def _telling(samples: dict[str, Sequence[Asked]], said: Said) -> dict[str, tuple[str, ...]]:
    """For each theme the words that several of its questions say and other themes do not (tf·idf over themes)."""
    counted = {theme: Counter(word for one in rows for word in said[one.id]) for theme, rows in samples.items()}
    spread = Counter(word for words in counted.values() for word in words)

    def weight(words: Counter[str], word: str) -> float:
        return words[word] * math.log((1 + len(samples)) / spread[word])

    def best(words: Counter[str]) -> tuple[str, ...]:
        several = (word for word in words if words[word] > 1)
        return tuple(sorted(several, key=lambda word: (-weight(words, word), word))[:MOST_WORDS])

    return {theme: best(words) for theme, words in counted.items()}


def _as_written(rows: Sequence[Asked], said: Said, told: tuple[str, ...]) -> tuple[str, ...]:
    """The words in their own script and with their accents."""
    return tuple(max(said[one.id][word] for one in rows if word in said[one.id]) for word in told)


def _nearest(rows: Sequence[Asked], said: Said, told: tuple[str, ...]) -> tuple[Asked, ...]:
    """The three questions that say most of the telling words, each in another language where that can be."""
    ranked = sorted(rows, key=lambda one: (-len(said[one.id].keys() & set(told)), -one.id))
    first: dict[str, Asked] = {}
    for one in ranked:
        first.setdefault(one.language, one)
    chosen = [*first.values(), *(one for one in ranked if first[one.language] is not one)]
    return tuple(chosen[:3])


def _words(question: Asked) -> dict[str, str]:
    text = f"{question.subject} {question.text}"
    plain, written = folded(text), [word.lower() for word in _WORD.findall(text)]
    both = zip(plain, written if len(written) == len(plain) else plain, strict=True)  # folding may part a word, or join two
    return {word: spelt for word, spelt in both if len(word) >= SHORTEST and not word.isdigit()}
