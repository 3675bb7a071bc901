"""Which promise a question is measured by: the first one, however often its date has been moved since.

The question itself keeps `first_promised_at` when it is first promised a date. Here is when it begins anew, or waits: what the
asker has chosen or kept waiting breaks no promise, and a promise that was kept is over.
"""

from __future__ import annotations

from datetime import datetime

from routing.models import Question


def begin_anew(question: Question) -> None:
    """The asker asks on after an answer that came in time: what is promised next is a first promise again."""
    first, answered = question.first_promised_at, question.answered_at
    if first is not None and answered is not None and answered <= first:
        question.first_promised_at = None


def as_chosen(question: Question) -> None:
    """The asker has chosen another time themselves."""
    question.first_promised_at = question.promised_at


def wait_as_long(question: Question, before: datetime | None) -> None:
    """The asker was waited for, and the date that was promised `before` is later by so much."""
    first, promised = question.first_promised_at, question.promised_at
    if first is not None and before is not None and promised is not None and promised > before:
        question.first_promised_at = first + (promised - before)
