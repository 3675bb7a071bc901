"""What a coordinator has decided about one sender's held mail on one question, done again with their next mail on it.

Only for mail whose sender is authenticated, before and now: a decision must not open the door to whoever borrows a name.
Only for doubts a person can settle for good (a colleague answers, an address got lost), never for forged or expired ones.
Each decision is listed on the console, counts its uses and can be taken back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, aliased

from routing import held
from routing.care import EVERYTHING, Care, within
from routing.errors import NotFound
from routing.history import note
from routing.models import InboxMessage, Question, Remembered
from routing.office import Office
from routing.pairing import Held
from routing.people import normal
from routing.values import Incoming
from routing.words import understand

SETTLED_FOR_GOOD = frozenset(
    {"other-sender", "address-gone", "quotes-another", "already-answered", "no-longer-theirs", "expert-without-address"}
)


def keep(
    session: Session, row: InboxMessage, act: str, target_id: int | None, *, by: str, now: datetime, reason: str = ""
) -> bool:
    """Remember what was decided about a held message; False where it says nothing about the next one."""
    about = _about(row)
    if about is None or not row.sender or not can_be_kept(row):
        return False
    sender = normal("email", row.sender)
    _forget(session, sender, about, by, now)
    decision = Remembered(
        sender=sender, question_id=about, act=act, target_id=target_id, reason=reason, decided_by=by, decided_at=now
    )
    session.add(decision)
    return True


def can_be_kept(row: InboxMessage) -> bool:
    """Whether what is decided about this message says anything about the next one of its sender."""
    if _about(row) is None or row.channel.startswith("telegram") or not row.sender or not row.facts.get("proven"):
        return False
    return (row.facts.get("why") or {}).get("code") in SETTLED_FOR_GOOD


def repeat(session: Session, office: Office, row: InboxMessage, item: Incoming, doubt: Held, now: datetime) -> str | None:
    """Do with a message that has just been held what was decided before; None where a person must decide."""
    decision = _fitting(session, item, doubt)
    if decision is None:
        return None
    decision.used += 1
    by = decision.decided_by
    if decision.act == "discard":
        return held.discard(session, row.id, decision.reason, by=by, now=now, decision=decision.id)
    assert decision.target_id is not None  # a CHECK of the table
    return held.release_to(session, office, row.id, decision.target_id, by=by, now=now, decision=decision.id)


def standing(session: Session, care: Care = EVERYTHING) -> Sequence[tuple[Remembered, str, str | None]]:
    """The decisions in force, latest first, with the numbers of the question they are about and of the one they file to."""
    about, target = aliased(Question), aliased(Question)
    found = select(Remembered, about.number, target.number).join(about, about.id == Remembered.question_id)
    found = found.outerjoin(target, target.id == Remembered.target_id).where(*within(care, Remembered.question_id))
    rows = session.execute(found.where(Remembered.revoked_at.is_(None)).order_by(Remembered.id.desc()))
    return [(one, number, filed) for one, number, filed in rows]


def revoke(session: Session, decision_id: int, *, by: str, now: datetime) -> None:
    """Take a decision back: the next such mail is held again. Raises NotFound where it is not in force."""
    decision = session.get(Remembered, decision_id, with_for_update=True)
    if decision is None or decision.revoked_at is not None:
        raise NotFound("This decision no longer applies.")
    decision.revoked_at, decision.revoked_by = now, by
    question = session.get_one(Question, decision.question_id)
    note(session, question, "decision-revoked", actor=by, now=now, decision=decision.id, act=decision.act)


def _about(row: InboxMessage) -> int | None:
    """The question a held message seemed to be about."""
    guesses = row.facts.get("guesses") or ()
    return int(guesses[0]["question_id"]) if guesses else None


def _fitting(session: Session, item: Incoming, doubt: Held) -> Remembered | None:
    if not item.proven or doubt.code not in SETTLED_FOR_GOOD or not doubt.guesses:
        return None
    if item.review or not item.text.strip() or understand(item.text) is not None:
        return None  # what is passed on must be plain words, surely cut
    wanted = select(Remembered).where(
        Remembered.sender == normal("email", item.sender),
        Remembered.question_id == doubt.guesses[0].question_id,
        Remembered.revoked_at.is_(None),
    )
    decision = session.scalars(wanted.order_by(Remembered.id.desc()).with_for_update()).first()
    if decision is None or decision.target_id is None:
        return decision
    return decision if session.get_one(Question, decision.target_id).state != "closed" else None


def _forget(session: Session, sender: str, question_id: int, by: str, now: datetime) -> None:
    """The latest word on a sender and question counts."""
    earlier = update(Remembered).where(
        Remembered.sender == sender, Remembered.question_id == question_id, Remembered.revoked_at.is_(None)
    )
    session.execute(earlier.values(revoked_at=now, revoked_by=by))


def erase(session: Session, senders: Sequence[str], questions: Sequence[int]) -> None:
    """Decisions about erased people or questions go as a whole."""
    gone = or_(Remembered.sender.in_(senders), Remembered.question_id.in_(questions), Remembered.target_id.in_(questions))
    for decision in session.scalars(select(Remembered).where(gone)):
        session.delete(decision)
