"""An answer that was given once becomes the draft of a fiche, without what would tell who asked, and without greetings.

In: a question and its answer. Out: a draft, and a letter to the coordinators.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from retrieval import is_greeting
from routing import sharing
from routing.fiches import LONGEST_TITLE
from routing.handing import write_to_coordinators
from routing.history import note
from routing.models import Answer, Assignment, Authority, Expert, Fiche, FicheText, Question
from routing.office import Office
from routing.unsigned import without_signer


def draft_from(session: Session, office: Office, question: Question, answer: Answer, now: datetime) -> Fiche:
    """Keep an answer as the draft of a fiche: the question is the challenge, the names of the asker, of their authority and its
    place are left out.

    Its name holds no word of the asker's, because names stay when an asker is forgotten.
    """
    names = sharing.names_of_asker(session, question)
    asked = sharing.without_names(_without_greeting(question.text), names)
    told = sharing.without_names(_without_greeting(without_signer(answer.text)), names)
    title = _title(sharing.without_names(question.subject or question.text, names), question.number)
    fiche = Fiche(
        slug=f"{_slug(question.theme or 'practice')}-{question.number}-{secrets.token_hex(3)}",
        status="draft",
        source_language=answer.language,
        facts={"themes": [question.theme] if question.theme else [], "sources": []} | _author(session, answer, names),
        question_id=question.id,
        created_at=now,
        updated_at=now,
        texts=[
            FicheText(
                language=answer.language,
                title=title,
                summary=_first_sentences(told),
                sections={"challenge": asked, "activities": told},
            )
        ],
    )
    session.add(fiche)
    session.flush()
    note(session, question, "fiche-drafted", actor="system", now=now, fiche=fiche.slug)
    facts = {"title": title, "url": office.page(f"fiches/{fiche.slug}")}
    write_to_coordinators(session, office, "co_draft", facts, now, question=question, edition=fiche.slug)
    return fiche


def _author(session: Session, answer: Answer, names: Sequence[str]) -> dict[str, Any]:
    """The role and body that answered, where the directory says that they may be named and it would not tell who asked."""
    role = _role(session, answer)
    return {"author": role} if role and sharing.without_names(role, names) == role else {}


def _role(session: Session, answer: Answer) -> str:
    """ "" for the network's own answers, and for an expert who may not be named."""
    if answer.assignment_id is None:
        return ""
    expert = session.get_one(Expert, session.get_one(Assignment, answer.assignment_id).expert_id)
    return f"{expert.role}, {session.get_one(Authority, expert.authority_id).name}" if expert.may_be_named else ""


def _without_greeting(text: str) -> str:
    first, _, rest = text.strip().partition("\n")
    return rest.strip() if rest.strip() and is_greeting(first) else text


def _title(asked: str, number: str) -> str:
    line = " ".join(asked.split()) or number
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"


def _first_sentences(text: str, limit: int = 300) -> str:
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    cut = line[:limit]
    end = max(cut.rfind(mark) for mark in (". ", "; ", "! ", "? "))
    return cut[: end + 1] if end > limit // 3 else cut.rsplit(" ", 1)[0] + "…"


def _slug(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:60].strip("-") or "fiche"
