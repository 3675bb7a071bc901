"""What the console reads besides questions and the directory: held mail, the outbox, fiches, the record, signs of life."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload, undefer

from routing.care import EVERYTHING, Care, covers_message, within
from routing.facts import fact
from routing.models import (
    Attachment,
    Authority,
    Button,
    ConsoleUser,
    Event,
    Expert,
    Fiche,
    FicheText,
    Heartbeat,
    InboxMessage,
    OutboxMessage,
    Person,
    Question,
)
from routing.numbers import FichesPolicy
from routing.queueing import distinct

PAGE = 50
MOST_HELD = 2_000


def held_count(session: Session, care: Care = EVERYTHING) -> int:
    if not care.is_whole:
        return len(_held_in(session, care))
    return session.scalar(select(func.count()).select_from(InboxMessage).where(InboxMessage.state == "held")) or 0


def held(session: Session, page: int = 1, care: Care = EVERYTHING) -> Sequence[InboxMessage]:
    """Held messages, oldest first: whoever waits longest stands on top."""
    first = PAGE * (max(page, 1) - 1)
    if not care.is_whole:
        return _held_in(session, care)[first : first + PAGE]
    found = select(InboxMessage).where(InboxMessage.state == "held").order_by(InboxMessage.id)
    return session.scalars(found.limit(PAGE).offset(first)).all()


def _held_in(session: Session, care: Care) -> Sequence[InboxMessage]:
    """Where a held message belongs stands in its guesses, which no index knows; few are held at a time."""
    found = select(InboxMessage).where(InboxMessage.state == "held").order_by(InboxMessage.id).limit(MOST_HELD)
    return [one for one in session.scalars(found) if covers_message(session, care, one)]


def message(session: Session, inbox_id: int, *, raw: bool = False) -> InboxMessage | None:
    found = select(InboxMessage).where(InboxMessage.id == inbox_id)
    return session.scalars(found.options(undefer(InboxMessage.raw)) if raw else found).one_or_none()


def messages(session: Session, ids: Sequence[int]) -> Sequence[InboxMessage]:
    return session.scalars(select(InboxMessage).where(InboxMessage.id.in_(ids)).order_by(InboxMessage.id)).all() if ids else ()


def files_of(session: Session, ids: Sequence[int]) -> dict[int, list[Attachment]]:
    """The attachments of some messages, by message."""
    found: dict[int, list[Attachment]] = {}
    for file in session.scalars(select(Attachment).where(Attachment.inbox_id.in_(ids)).order_by(Attachment.id)):
        found.setdefault(file.inbox_id, []).append(file)
    return found


def file(session: Session, file_id: int) -> Attachment | None:
    found = select(Attachment).where(Attachment.id == file_id).options(undefer(Attachment.content))
    return session.scalars(found).one_or_none()


def lines_of(session: Session, question_ids: set[int]) -> dict[int, Question]:
    return {one.id: one for one in session.scalars(select(Question).where(Question.id.in_(question_ids)))}


def outbox_counts(session: Session, care: Care = EVERYTHING) -> dict[str, int]:
    theirs = select(OutboxMessage.state, func.count()).where(*within(care, OutboxMessage.question_id))
    rows = session.execute(theirs.group_by(OutboxMessage.state))
    return {state: count for state, count in rows}


def undelivered(session: Session, care: Care = EVERYTHING) -> int:
    """Letters that did not arrive, or perhaps not."""
    stuck = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.state.in_(("failed", "ambiguous")))
    return session.scalar(stuck.where(*within(care, OutboxMessage.question_id))) or 0


def outbox(session: Session, states: Sequence[str], page: int = 1, care: Care = EVERYTHING) -> Sequence[OutboxMessage]:
    """Letters in these states, latest first, with their attempts and address."""
    theirs = within(care, OutboxMessage.question_id)
    ids = select(OutboxMessage.id).where(OutboxMessage.state.in_(states), *theirs).order_by(OutboxMessage.id.desc())
    here = session.scalars(ids.limit(PAGE).offset(PAGE * (max(page, 1) - 1))).all()
    found = select(OutboxMessage).where(OutboxMessage.id.in_(here)).order_by(OutboxMessage.id.desc())
    return session.scalars(found.options(joinedload(OutboxMessage.address), selectinload(OutboxMessage.tries))).all()


def people(session: Session, ids: set[int]) -> dict[int, Person]:
    """Persons with their addresses."""
    found = select(Person).where(Person.id.in_(ids)).options(selectinload(Person.addresses))
    return {person.id: person for person in session.scalars(found)}


def fiche_counts(
    session: Session, care: Care = EVERYTHING, words: str = "", only: Sequence[ColumnElement[bool]] = ()
) -> dict[str, int]:
    """How many `fiches` there are of each status."""
    theirs = select(Fiche.status, func.count()).where(*_listed(words, care), *only)
    return {status: count for status, count in session.execute(theirs.group_by(Fiche.status))}


def is_due(policy: FichesPolicy, now: datetime) -> ColumnElement[bool]:
    """Published fiches that somebody should look at again: their own day has come, or the policy's time is over."""
    day, long_ago = fact("review_due"), Fiche.confirmed_at < now - timedelta(days=policy.look_again_after_days)
    has_come = day <= now.astimezone(UTC).date().isoformat()
    return and_(Fiche.status == "published", or_(has_come, and_(day.is_(None), long_ago)))


def readable(care: Care) -> tuple[ColumnElement[bool], ...]:
    """What has been published is everybody's; a draft from an answer says what its asker asked."""
    if care.is_whole:
        return ()
    return (or_(Fiche.status.in_(("published", "retired")), Fiche.question_id.is_(None), *within(care, Fiche.question_id)),)


def fiches(
    session: Session,
    statuses: Sequence[str],
    words: str = "",
    page: int = 1,
    care: Care = EVERYTHING,
    only: Sequence[ColumnElement[bool]] = (),
    *,
    longest_unseen: bool = False,
) -> Sequence[Fiche]:
    """Fiches by status, latest changed first, or those first that nobody has looked at for longest."""
    found = select(Fiche).where(Fiche.status.in_(statuses), *_listed(words, care), *only).options(selectinload(Fiche.texts))
    found = found.order_by(Fiche.confirmed_at if longest_unseen else Fiche.updated_at.desc(), Fiche.slug)
    return session.scalars(found.limit(PAGE).offset(PAGE * (max(page, 1) - 1))).all()


def published(session: Session, slugs: Sequence[str]) -> Sequence[Fiche]:
    """Those of these fiches that are published, in no order."""
    found = select(Fiche).where(Fiche.slug.in_(slugs), Fiche.status == "published")
    return session.scalars(found.options(selectinload(Fiche.texts))).all()


def count_fiches(
    session: Session, statuses: Sequence[str], words: str, care: Care = EVERYTHING, only: Sequence[ColumnElement[bool]] = ()
) -> int:
    """How many `fiches` there are on all pages together."""
    found = select(func.count()).select_from(Fiche).where(Fiche.status.in_(statuses), *_listed(words, care), *only)
    return session.scalar(found) or 0


def _listed(words: str, care: Care) -> Sequence[ColumnElement[bool]]:
    says = [
        or_(FicheText.title.icontains(word, autoescape=True), FicheText.summary.icontains(word, autoescape=True))
        for word in words.split()[:8]
    ]
    return [*readable(care), *(Fiche.texts.any(one) for one in says)]


def fiche(session: Session, slug: str) -> Fiche | None:
    return session.scalars(select(Fiche).where(Fiche.slug == slug).options(selectinload(Fiche.texts))).one_or_none()


def events(
    session: Session, kinds: Sequence[str] = (), before: int | None = None, care: Care = EVERYTHING
) -> Sequence[tuple[Event, str | None]]:
    """The record, latest first, each with its question's number."""
    found = select(Event, Question.number).outerjoin(Question, Question.id == Event.question_id)
    found = found.where(*within(care, Event.question_id))
    if kinds:
        found = found.where(Event.kind.in_(kinds))
    if before is not None:
        found = found.where(Event.id < before)
    return [(event, number) for event, number in session.execute(found.order_by(Event.id.desc()).limit(2 * PAGE))]


def event_kinds(session: Session) -> Sequence[str]:
    return distinct(session, Event.kind)


def actors(session: Session) -> dict[str, str]:
    """The names behind "user:3", "expert:7" and "person:9" in the history."""
    users = session.execute(select(ConsoleUser.id, ConsoleUser.person_id, ConsoleUser.email, Person.name).join(Person))
    named: dict[str, str] = {}
    for user_id, person_id, email, name in users:
        named[f"user:{user_id}"] = named[f"person:{person_id}"] = name or email.partition("@")[0]
    roles = session.execute(select(Expert.id, Expert.role, Authority.name).join(Expert.authority))
    return named | {f"expert:{expert_id}": f"{role}, {authority}" for expert_id, role, authority in roles}


def heartbeats(session: Session) -> Sequence[Heartbeat]:
    return session.scalars(select(Heartbeat).order_by(Heartbeat.name)).all()


def backlog(session: Session, now: datetime) -> dict[str, int]:
    """What waits right now: messages to handle, letters that should be on their way, questions whose moment has passed."""
    new = select(func.count()).select_from(InboxMessage).where(InboxMessage.state == "new")
    due = select(func.count()).select_from(OutboxMessage)
    due = due.where(OutboxMessage.state.in_(("queued", "claimed")), OutboxMessage.next_attempt_at <= now)
    late = select(func.count()).select_from(Question).where(Question.next_action_at < now)
    return {"new": session.scalar(new) or 0, "due": session.scalar(due) or 0, "late": session.scalar(late) or 0}


def label_of(session: Session, button: Button) -> str:
    """What a one-click link said in the letter it came with."""
    letters = select(OutboxMessage.buttons).where(OutboxMessage.person_id == button.person_id)
    if button.question_id is not None:
        letters = letters.where(OutboxMessage.question_id == button.question_id)
    for buttons in session.scalars(letters.order_by(OutboxMessage.id.desc())):
        for one in buttons:
            if one.get("id") == button.id:
                return str(one.get("label", ""))
    return ""
