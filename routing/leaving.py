"""Taking an expert off the directory, and putting them back.

In: an expert, why, and who says so. Out: nobody gives them questions from then on; what they have open goes to the next on the
ladder at the coming tick, with a line in each history and a letter to both sides (`routing.sweeps`). Nothing is taken away:
assignments, answers and letters stay as they are, and whoever is put back can be asked again at once.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from routing.errors import NotFound, RoutingError
from routing.history import note
from routing.models import Authority, Event, Expert

REMOVED = "expert-removed"
LONGEST = 500


class NotPossible(RoutingError):
    """Nothing was changed; the message says why, in words for a coordinator."""


def take_off(session: Session, expert_id: int, reason: str, *, by: str, now: datetime) -> Expert:
    """Raises `NotFound`, or `NotPossible` without a reason and for who is off already."""
    if not reason.strip():
        raise NotPossible("Say why they are removed from the directory.")
    expert = _locked(session, expert_id)
    if not expert.active:
        raise NotPossible("This expert has already been removed from the directory.")
    return _set(session, expert, False, REMOVED, reason, by, now)


def put_back(session: Session, expert_id: int, reason: str, *, by: str, now: datetime) -> Expert:
    """Raises `NotFound`, or `NotPossible` for who is on the directory; a reason may be given."""
    expert = _locked(session, expert_id)
    if expert.active:
        raise NotPossible("This expert is already in the directory.")
    return _set(session, expert, True, "expert-returned", reason, by, now)


def departures(session: Session, experts: Collection[int]) -> dict[int, Event]:
    """How each of these experts was taken off at last, by expert; a file that was imported says nothing of it."""
    told = session.scalars(select(Event).where(Event.kind == REMOVED).order_by(Event.id)) if experts else ()
    return {event.detail["id"]: event for event in told if event.detail.get("id") in experts}


def _locked(session: Session, expert_id: int) -> Expert:
    expert = session.get(Expert, expert_id, with_for_update={"key_share": True})
    if expert is None:
        raise NotFound("There is no such expert.")
    return expert


def _set(session: Session, expert: Expert, is_there: bool, kind: str, reason: str, by: str, now: datetime) -> Expert:
    before, expert.active = expert.active, is_there
    authority = session.get_one(Authority, expert.authority_id)
    told = {"id": expert.id, "expert": expert.role, "authority": authority.name, "reason": reason.strip()[:LONGEST]}
    note(session, None, kind, actor=by, now=now, **told, before=before, after=is_there)
    return expert
