"""What people said about the fiches they were offered: labelled questions for the confidence, and what each fiche has answered.

Questions of people who were forgotten teach nothing more, and sensitive ones never become part of the index.
"""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from retrieval import LabelledQuestion
from routing.erasing import ERASED
from routing.models import Label, Question

# So many questions are remembered of a fiche: enough to know how people ask, few enough to search as fast as before.
MOST_ANSWERED = 40


def labelled_questions(session: Session) -> list[LabelledQuestion]:
    """Every judged question with the fiches that helped; none of them, where all verdicts were "this does not help"."""
    helped: defaultdict[int, list[str]] = defaultdict(list)
    judged: dict[int, Question] = {}
    verdicts = _verdicts().order_by(Question.id, Label.id)
    for label, question in session.execute(verdicts):
        judged[question.id] = question
        if label.helps:
            helped[question.id].append(label.fiche_slug)
    return [LabelledQuestion(one.number, one.language, one.text, tuple(helped[one.id])) for one in judged.values()]


def answered_questions(session: Session) -> dict[str, list[tuple[str, str]]]:
    """For each fiche the last questions, with their languages, of which somebody said that it helps."""
    helped = _verdicts().where(Label.helps, ~Question.sensitive).order_by(Question.id.desc())
    answered: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for label, question in session.execute(helped):
        asked = (question.language, question.text)
        if asked not in answered[label.fiche_slug] and len(answered[label.fiche_slug]) < MOST_ANSWERED:
            answered[label.fiche_slug].append(asked)
    return dict(answered)


def _verdicts() -> Select[Label, Question]:
    return select(Label, Question).join(Question, Question.id == Label.question_id).where(Question.text != ERASED)
