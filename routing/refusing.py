"""A coordinator refuses a question that lies outside of what the network answers, and says where help may be found.

In: an open question, and a signpost of the policy or words of the coordinator's own. Out: a letter, and the question closed.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from routing import assigning, cases
from routing.coordinating import NotPossible
from routing.models import Question
from routing.office import Office
from routing.post import post
from routing.recipients import to_asker
from routing.scope import signpost_named
from routing.triage import OUTSIDE

LONGEST = 500


def refuse(session: Session, office: Office, question: Question, signpost: str, other: str, *, by: str, now: datetime) -> None:
    """`signpost` is a name from the policy, or "" where `other` says in words where to go. Raises `NotPossible`."""
    where = _where(office, signpost, other.strip())
    if question.state == "closed":
        raise NotPossible("The question is already closed.")
    if question.state == "answered":
        raise NotPossible("The question has been answered. Close it instead.")
    assigning.withdraw(session, office, question, "the question lies outside of what the network answers", now)
    cases.settle_proposal(session, question, "lapsed", now)
    cases.close(session, question, f"refused: {OUTSIDE}", actor=by, now=now)
    asker, edition = to_asker(session, question), str(question.revision)
    post(session, office, asker, "refused_scope", {"signpost": where}, now=now, question=question, edition=edition)


def _where(office: Office, signpost: str, other: str) -> str:
    if len(other) > LONGEST:
        raise NotPossible(f"Say in at most {LONGEST} characters where to ask instead.")
    chosen = signpost_named(signpost, office.policy.scope.signposts)
    if chosen is None and not other:
        raise NotPossible("Choose where to ask instead, or write it yourself: a refusal must say where to go.")
    return "\n".join(filter(None, (str(chosen) if chosen else "", other)))
