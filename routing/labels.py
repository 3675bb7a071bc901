"""What people said about the fiches they were offered, as labelled questions on which confidence is calibrated."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from retrieval import LabelledQuestion
from routing.models import Label, Question


def labelled_questions(session: Session) -> list[LabelledQuestion]:
    """Every judged question with the fiches that helped; none of them, where all verdicts were "this does not help"."""
    helped: defaultdict[int, list[str]] = defaultdict(list)
    judged: dict[int, Question] = {}
    verdicts = select(Label, Question).join(Question, Question.id == Label.question_id).order_by(Question.id, Label.id)
    for label, question in session.execute(verdicts):
        judged[question.id] = question
        if label.helps:
            helped[question.id].append(label.fiche_slug)
    return [LabelledQuestion(one.number, one.language, one.text, tuple(helped[one.id])) for one in judged.values()]
