"""What people said of fiches and questions: labelled questions for the confidence, and what each fiche has answered.

An asker judges what was offered; a coordinator says as much by proposing a fiche, or by publishing what became of an answer. The
asker's word counts for more. Questions of people who were forgotten teach nothing more, and sensitive ones never become part of
the index.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Literal

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from retrieval import LabelledQuestion
from routing.erasing import ERASED
from routing.models import Label, Question

# So many questions are remembered of a fiche: enough to know how people ask, few enough to search as fast as before.
MOST_ANSWERED = 40
Source = Literal["asker", "coordinator"]


def teach(
    session: Session, question: Question, slug: str, *, helps: bool, source: Source, now: datetime, signals: object = None
) -> None:
    """Keeps a verdict; the first of each source on a fiche stands."""
    known = select(Label.id).where(Label.question_id == question.id, Label.fiche_slug == slug, Label.source == source)
    if session.scalars(known).first() is None:
        kept = signals if isinstance(signals, dict) else {}
        session.add(Label(question_id=question.id, fiche_slug=slug, helps=helps, source=source, signals=kept, created_at=now))


def labelled_questions(session: Session) -> list[LabelledQuestion]:
    """Every judged question with the fiches that helped; none of them, where all verdicts were "this does not help"."""
    helped: defaultdict[int, list[str]] = defaultdict(list)
    judged: dict[int, Question] = {}
    for label, question in _standing(session, _verdicts().order_by(Question.id, Label.id)):
        judged[question.id] = question
        if label.helps:
            helped[question.id].append(label.fiche_slug)
    return [LabelledQuestion(one.number, one.language, one.text, tuple(helped[one.id])) for one in judged.values()]


def answered_questions(session: Session) -> dict[str, list[tuple[str, str]]]:
    """For each fiche the last questions, with their languages, of which somebody said that it helps."""
    told = _verdicts().where(~Question.sensitive).order_by(Question.id.desc(), Label.id)
    answered: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for label, question in _standing(session, told):
        asked = (question.language, question.text)
        if label.helps and asked not in answered[label.fiche_slug] and len(answered[label.fiche_slug]) < MOST_ANSWERED:
            answered[label.fiche_slug].append(asked)
    return dict(answered)


def _standing(session: Session, verdicts: Select[Label, Question]) -> list[tuple[Label, Question]]:
    """Of several verdicts on one fiche and question the asker's, in their order."""
    told = [(label, question) for label, question in session.execute(verdicts)]
    judged = {(label.question_id, label.fiche_slug) for label, _ in told if label.source == "asker"}
    return [
        (label, question)
        for label, question in told
        if label.source == "asker" or (label.question_id, label.fiche_slug) not in judged
    ]


def _verdicts() -> Select[Label, Question]:
    return select(Label, Question).join(Question, Question.id == Label.question_id).where(Question.text != ERASED)
