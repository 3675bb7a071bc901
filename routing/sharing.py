"""An answer given once, offered to others who ask the same: only with consent, and without the first asker's place.

Both must have agreed: the expert's entry in the directory, and the asker when they said that the answer helped. Nothing of
the first asker is shown; where the answer itself names their authority or place, that is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from routing.calendars import in_office_time
from routing.cases import move, settle_proposal
from routing.history import note
from routing.models import Answer, Assignment, Authority, Expert, Person, Proposal, Question
from routing.office import Office
from routing.people import zone_of_asker
from routing.post import post
from routing.recipients import to_asker
from routing.unsigned import without_signer

LEFT_OUT = "…"
_SHORTEST_NAME = 3


def without_names(text: str, names: Sequence[str]) -> str:
    """The text with every name replaced by "…", whole words only, longest first; case does not matter."""
    told = sorted({name.strip() for name in names if len(name.strip()) >= _SHORTEST_NAME}, key=len, reverse=True)
    for name in told:
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", LEFT_OUT, text, flags=re.IGNORECASE)
    return text


def for_others(session: Session, written: Answer) -> str:
    """The answer as anybody but its first asker may read it: its author signed it for that one."""
    question = session.get_one(Question, written.question_id)
    return without_names(without_signer(written.text), names_of_asker(session, question))


def names_of_asker(session: Session, question: Question) -> list[str]:
    person = session.get_one(Person, question.asker_id)
    authority = session.get(Authority, person.authority_id) if person.authority_id else None
    return [person.name, *((authority.name, authority.place) if authority else ())]


def consents(session: Session, written: Answer) -> bool:
    """True when its author agrees that the answer is offered to others; the network's own answers are the network's."""
    if written.assignment_id is None:
        return True
    assignment = session.get_one(Assignment, written.assignment_id)
    return session.get_one(Expert, assignment.expert_id).may_be_shared


def agree(session: Session, question: Question, agreed: bool, now: datetime) -> str:
    """The asker says whether others may be offered the answer."""
    question.may_be_shared = agreed
    note(session, question, "shared" if agreed else "not-shared", actor="asker", now=now)
    return "may be shared" if agreed else "stays between us"


def offer(session: Session, office: Office, question: Question, written: Answer, likeness: float, now: datetime) -> Proposal:
    """Offer an earlier answer as one would offer a fiche: the asker takes it, or asks an expert."""
    settle_proposal(session, question, "lapsed", now)
    text = for_others(session, written)
    matches = [_as_match(written, text)]
    proposal = Proposal(question_id=question.id, confidence=likeness, chosen_by="sameness", matches=matches, created_at=now)
    session.add(proposal)
    session.flush()
    at = in_office_time(office, now, office.policy.patience.proposal_remind_after)
    move(question, state="proposed", waiting_for="asker", next_action="remind of proposal", at=at)
    question.first_word_at = question.first_word_at or now
    note(session, question, "answer-offered", actor="system", now=now, answer=written.id, likeness=round(likeness, 3))
    facts: dict[str, object] = {"text": text, "language": written.language, "question": question.text}
    facts |= _whose(session, written) | {"matches": proposal.matches, "zone": zone_of_asker(session, question)}
    edition, value = str(proposal.id), str(proposal.id)
    asker = to_asker(session, question)
    post(session, office, asker, "earlier_answer", facts, now=now, question=question, edition=edition, value=value)
    return proposal


def slug_of(written: Answer) -> str:
    """Under which an offered answer stands among a proposal's matches."""
    return f"answer-{written.id}"


def _as_match(written: Answer, text: str) -> dict[str, object]:
    """In the shape of an offered fiche; `answer` tells that it is none."""
    line = " ".join(text.split())
    return {
        "answer": written.id,
        "slug": slug_of(written),
        "title": line if len(line) <= 90 else line[:89] + "…",
        "title_language": written.language,
        "place": "",
        "country": "",
        "year": None,
        "quote": line[:300],
        "quote_language": written.language,
        "source": None,
        "score": 1.0,
        "signals": {},
    }


def _whose(session: Session, written: Answer) -> dict[str, object]:
    assignment = session.get(Assignment, written.assignment_id) if written.assignment_id else None
    if assignment is None:
        return {}
    authority = session.get_one(Authority, session.get_one(Expert, assignment.expert_id).authority_id)
    return {"author_kind": authority.kind, "author_country": authority.country}
