"""An expert's prose that is no answer: "I will look into it", "I am off sick", "ask the chamber", "see the file" without one.

In: the reply, and what it seems to be (`routing.sense`). Out: what came of it in a few words. It is taken as the word that says
the same; the letter about it tells its writer so, with a button for who meant it as the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from routing.calendars import calendar_of_expert
from routing.dates import day_in
from routing.deadlines import working_days_until
from routing.given import Given, write_to_expert, zone_of_expert
from routing.history import note
from routing.intake import hold
from routing.models import InboxMessage
from routing.office import Office
from routing.sense import EXPERT
from routing.values import Incoming, Sense
from routing.verbs import VERBS
from routing.why import because
from routing.words import Word, bare

ENCLOSED, ABOUT_US = "enclosed", "us"
# What prose says, and the word that says the same. What merely fills a line is none of these: it is passed on as it always was.
MEANT: Mapping[str, str] = {
    "later": "accept",
    "away": "away_until",
    "declines": "decline",
    "elsewhere": "suggest",
    "asks": "ask_back",
}
HEEDED = frozenset({*MEANT, ENCLOSED, ABOUT_US})
# Of 256 answers by two who had not seen how this decides, none is held back; of 384 others 301 are seen (benchmarks/replies.py).
ANSWER_FROM = 0.3
_LONGEST = 500  # letters of a reason or a proposal


def no_answer_in(item: Incoming) -> Sense | None:
    """What the reply seems to be where it surely tells nothing; None for whatever may be the answer, brings a file, or more than
    its words: what was cut from it in doubt may be what they speak of."""
    sense = item.senses.get(EXPERT)
    if sense is None or item.review or item.attachments or item.facts.get("files_refused"):
        return None
    return sense if sense.matters < ANSWER_FROM and sense.kind in HEEDED else None


def heed(
    session: Session, office: Office, theirs: Given, row: InboxMessage, sense: Sense, said: Word | None, text: str, now: datetime
) -> str:
    """Do what the expert seems to say; `said` is a word among it that says it more plainly. Who asks us waits for a person."""
    if said is None and sense.kind == ABOUT_US:
        return hold(row, because(row, "only-a-word", text=text.strip()), now)
    theirs = replace(theirs, prose=row.id)
    note(session, theirs.question, "prose-read", actor="system", now=now, inbox=row.id, sense=sense.kind)
    if said is None and sense.kind == ENCLOSED:
        return _miss_the_file(session, office, theirs, now)
    own = bare(text)
    word = said or Word(MEANT[sense.kind], text=own if sense.kind == "asks" else own[:_LONGEST])
    if sense.kind == "later" and word.meaning == "accept" and (days := _days_more(session, theirs, text, now)):
        word = Word("more_days", number=days)
    return VERBS[word.meaning](session, office, theirs, word, now)


def _days_more(session: Session, theirs: Given, text: str, now: datetime) -> int:
    """By how many working days the day on which they promise to answer is later than their deadline; 0 where they name none."""
    day = day_in(text, now.date())
    due = max(theirs.assignment.deadline_at, now)
    return working_days_until(due, day, calendar_of_expert(session, theirs.expert)) if day is not None else 0


def _miss_the_file(session: Session, office: Office, theirs: Given, now: datetime) -> str:
    """The expert is at work on it, so nothing else changes."""
    facts = {"deadline_at": theirs.assignment.deadline_at, "zone": zone_of_expert(session, theirs.expert)}
    write_to_expert(session, office, theirs, "file_missing", facts, now)
    return "asked for a file that did not come"
