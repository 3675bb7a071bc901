"""The tables. Rules that must hold whatever the code does stand here as UNIQUE and CHECK constraints.

People are kept apart from what they write, moments are UTC, and every due moment is a column with an index.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import REAL as Real
from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, MetaData, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from routing.columns import Flag, Json, Moment

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        datetime: Moment,
        bool: Flag,
        float: Real,
        dict[str, Any]: Json,
        list[Any]: Json,
    }


def one_of(column: str, *values: str) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(v) for v in values)})", name=f"{column}_known")


def table_args(*constraints: Any) -> tuple[Any, ...]:
    return (*constraints, {"sqlite_strict": True})


# --------------------------------------------------------------------------------------------- people


class Person(Base):
    """Anybody we write to: asker, expert or coordinator. What they may do hangs on other tables."""

    __tablename__ = "person"
    __table_args__ = table_args()

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="en")
    language_chosen: Mapped[bool] = mapped_column(default=False)
    zone: Mapped[str] = mapped_column(default="Europe/Brussels")
    country: Mapped[str | None]
    authority_id: Mapped[int | None] = mapped_column(ForeignKey("authority.id"))
    welcomed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    forgotten_at: Mapped[datetime | None]

    addresses: Mapped[list[Address]] = relationship(back_populates="person", lazy="raise", order_by="Address.rank, Address.id")


class Address(Base):
    """One way to reach a person, in the order of `rank`; `dead_at` is set by a bounce or a blocked bot."""

    __tablename__ = "address"
    __table_args__ = table_args(
        UniqueConstraint("channel", "address"),
        one_of("channel", "telegram", "email"),
        CheckConstraint("length(address) > 0", name="address_given"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    channel: Mapped[str]
    address: Mapped[str]
    rank: Mapped[int] = mapped_column(default=0)
    proven_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
    dead_reason: Mapped[str | None]
    soft_bounces: Mapped[int] = mapped_column(default=0)

    person: Mapped[Person] = relationship(back_populates="addresses", lazy="raise")


class Authority(Base):
    """A local entity in the directory, with its themes, languages and working calendar."""

    __tablename__ = "authority"
    __table_args__ = table_args(UniqueConstraint("slug"))

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    country: Mapped[str]
    subdivision: Mapped[str | None]
    place: Mapped[str] = mapped_column(default="")
    zone: Mapped[str]
    hours: Mapped[dict[str, Any]] = mapped_column(default=dict)
    exceptions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    themes: Mapped[list[Any]] = mapped_column(default=list)
    languages: Mapped[list[Any]] = mapped_column(default=list)
    profile: Mapped[str] = mapped_column(default="")
    capacity_per_month: Mapped[int] = mapped_column(default=4)
    active: Mapped[bool] = mapped_column(default=True)
    last_confirmed_at: Mapped[datetime | None]

    experts: Mapped[list[Expert]] = relationship(back_populates="authority", lazy="raise", order_by="Expert.rank, Expert.id")


class Expert(Base):
    """A role at an authority that answers questions; `rank` is its place on the authority's ladder."""

    __tablename__ = "expert"
    __table_args__ = table_args(UniqueConstraint("person_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"), index=True)
    role: Mapped[str]
    themes: Mapped[list[Any]] = mapped_column(default=list)
    languages: Mapped[list[Any]] = mapped_column(default=list)
    rank: Mapped[int] = mapped_column(default=0)
    monthly_limit: Mapped[int] = mapped_column(default=4)
    active: Mapped[bool] = mapped_column(default=True)
    may_be_named: Mapped[bool] = mapped_column(default=False)

    person: Mapped[Person] = relationship(lazy="raise")
    authority: Mapped[Authority] = relationship(back_populates="experts", lazy="raise")


class Absence(Base):
    """Days on which an expert does not answer, both ends included (ISO dates in the authority's zone)."""

    __tablename__ = "absence"
    __table_args__ = table_args(
        UniqueConstraint("expert_id", "first_day", "last_day"), CheckConstraint("first_day <= last_day", name="days_in_order")
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    expert_id: Mapped[int] = mapped_column(ForeignKey("expert.id"), index=True)
    first_day: Mapped[str]
    last_day: Mapped[str]
    source: Mapped[str] = mapped_column(default="")


class ConsoleUser(Base):
    """Somebody who may sign in to the console."""

    __tablename__ = "console_user"
    __table_args__ = table_args(UniqueConstraint("email"), one_of("role", "admin", "coordinator", "observer"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    email: Mapped[str]
    role: Mapped[str] = mapped_column(default="coordinator")
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class SignInLink(Base):
    """A one-time link mailed to a console user. Only its hash is kept."""

    __tablename__ = "sign_in_link"
    __table_args__ = table_args(UniqueConstraint("secret_hash"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("console_user.id"), index=True)
    secret_hash: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ConsoleSession(Base):
    """A signed-in browser. Only the hash of its cookie is kept."""

    __tablename__ = "console_session"
    __table_args__ = table_args(UniqueConstraint("secret_hash"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("console_user.id"), index=True)
    secret_hash: Mapped[str]
    csrf: Mapped[str]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


# --------------------------------------------------------------------------------------------- what comes in


class InboxMessage(Base):
    """Everything that came in, with its raw bytes unchanged; committed before anybody is told that we have it."""

    __tablename__ = "inbox_message"
    __table_args__ = table_args(
        UniqueConstraint("channel", "external_id"),
        UniqueConstraint("fingerprint"),
        one_of("state", "new", "handled", "held", "ignored"),
        CheckConstraint("state <> 'held' OR reason IS NOT NULL", name="held_with_reason"),
        Index("ix_inbox_message_due", "state", "next_attempt_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    external_id: Mapped[str]
    raw: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    envelope: Mapped[dict[str, Any]] = mapped_column(default=dict)
    received_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="new")
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    kind: Mapped[str | None]
    rule: Mapped[str | None]
    reason: Mapped[str | None]
    outcome: Mapped[str | None]
    fingerprint: Mapped[str | None]
    sender: Mapped[str | None]
    sender_name: Mapped[str] = mapped_column(default="")
    subject: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")
    cut: Mapped[str] = mapped_column(default="")
    review: Mapped[str | None]
    message_id: Mapped[str | None] = mapped_column(index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"), index=True)
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
    handled_at: Mapped[datetime | None]
    handled_by: Mapped[str | None]


class Attachment(Base):
    """A file that came with a message, stored by id; its name is only ever shown, never used as a path."""

    __tablename__ = "attachment"
    __table_args__ = table_args()

    id: Mapped[int] = mapped_column(primary_key=True)
    inbox_id: Mapped[int] = mapped_column(ForeignKey("inbox_message.id"), index=True)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"), index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class Cursor(Base):
    """How far a channel has read: the Telegram offset, a mailbox's UIDVALIDITY and UID."""

    __tablename__ = "cursor"
    __table_args__ = table_args()

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]


class Heartbeat(Base):
    """The last sign of life of one loop of one process (a loop can die while its process lives)."""

    __tablename__ = "heartbeat"
    __table_args__ = table_args()

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


# --------------------------------------------------------------------------------------------- the case


class Question(Base):
    """The case. While it is open it has an owner (`waiting_for`) and a next moment (`next_action_at`)."""

    __tablename__ = "question"
    __table_args__ = table_args(
        UniqueConstraint("number"),
        UniqueConstraint("inbox_id"),
        one_of("state", "received", "proposed", "assigned", "answered", "closed"),
        one_of("waiting_for", "us", "asker", "expert", "coordinator", "nobody"),
        one_of("tier", "urgent", "standard", "extended"),
        CheckConstraint("(state = 'closed') = (next_action_at IS NULL)", name="open_has_next_action"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_has_moment"),
        CheckConstraint("(state = 'closed') = (waiting_for = 'nobody')", name="open_has_owner"),
        Index("ix_question_due", "next_action_at"),
        Index("ix_question_state", "state", "next_action_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str]
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inbox_message.id", use_alter=True))
    asker_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    address_id: Mapped[int] = mapped_column(ForeignKey("address.id"))
    thread: Mapped[dict[str, Any]] = mapped_column(default=dict)
    roster: Mapped[list[Any]] = mapped_column(default=list)
    language: Mapped[str]
    subject: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    theme: Mapped[str | None]
    country: Mapped[str | None]
    tier: Mapped[str] = mapped_column(default="standard")
    sensitive: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(default="received")
    waiting_for: Mapped[str] = mapped_column(default="us")
    next_action: Mapped[str] = mapped_column(default="search")
    next_action_at: Mapped[datetime | None]
    promised_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=0)
    verdict: Mapped[str | None]
    used: Mapped[str | None]
    created_at: Mapped[datetime]
    first_word_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_because: Mapped[str | None]

    asker: Mapped[Person] = relationship(lazy="raise")
    address: Mapped[Address] = relationship(lazy="raise")
    events: Mapped[list[Event]] = relationship(back_populates="question", lazy="raise", order_by="Event.id")
    assignments: Mapped[list[Assignment]] = relationship(back_populates="question", lazy="raise", order_by="Assignment.id")
    proposals: Mapped[list[Proposal]] = relationship(back_populates="question", lazy="raise", order_by="Proposal.id")
    answers: Mapped[list[Answer]] = relationship(back_populates="question", lazy="raise", order_by="Answer.id")


class Proposal(Base):
    """Fiches offered to the asker in one letter, best first, with what the searcher thought of each."""

    __tablename__ = "proposal"
    __table_args__ = table_args(
        one_of("state", "offered", "accepted", "refused", "lapsed"),
        Index(
            "uq_proposal_one_open",
            "question_id",
            unique=True,
            sqlite_where=text("state = 'offered'"),
            postgresql_where=text("state = 'offered'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    state: Mapped[str] = mapped_column(default="offered")
    confidence: Mapped[float]
    matches: Mapped[list[Any]]
    accepted_fiche: Mapped[str | None]
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    question: Mapped[Question] = relationship(back_populates="proposals", lazy="raise")


class Assignment(Base):
    """One question given to one expert, with the moments at which something is due and why then."""

    __tablename__ = "assignment"
    __table_args__ = table_args(
        one_of("state", "offered", "accepted", "answered", "declined", "lapsed", "withdrawn", "bounced"),
        Index(
            "uq_assignment_one_open",
            "question_id",
            "expert_id",
            unique=True,
            sqlite_where=text("state IN ('offered', 'accepted')"),
            postgresql_where=text("state IN ('offered', 'accepted')"),
        ),
        Index("ix_assignment_expert_state", "expert_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    expert_id: Mapped[int] = mapped_column(ForeignKey("expert.id"))
    state: Mapped[str] = mapped_column(default="offered")
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    stage: Mapped[int] = mapped_column(default=0)
    accept_by_at: Mapped[datetime | None]
    remind_at: Mapped[datetime | None]
    reminders: Mapped[list[Any]] = mapped_column(default=list)
    escalate_at: Mapped[datetime | None]
    deadline_at: Mapped[datetime]
    explanation: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_because: Mapped[str | None]

    question: Mapped[Question] = relationship(back_populates="assignments", lazy="raise")
    expert: Mapped[Expert] = relationship(lazy="raise")


class Answer(Base):
    """An expert's or coordinator's text for a question; the source of a fiche draft."""

    __tablename__ = "answer"
    __table_args__ = table_args(UniqueConstraint("inbox_id"), one_of("state", "waiting", "released", "discarded"))

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inbox_message.id"))
    author: Mapped[str]
    language: Mapped[str]
    text: Mapped[str]
    state: Mapped[str] = mapped_column(default="released")
    created_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    released_by: Mapped[str | None]

    question: Mapped[Question] = relationship(back_populates="answers", lazy="raise")


class Event(Base):
    """One line of a question's history: who did what, when and why. Rows are added, never changed."""

    __tablename__ = "event"
    __table_args__ = table_args(Index("ix_event_kind_at", "kind", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"), index=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    kind: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)

    question: Mapped[Question | None] = relationship(back_populates="events", lazy="raise")


class Label(Base):
    """A person's verdict on whether a fiche answers a question; confidence is calibrated on these."""

    __tablename__ = "label"
    __table_args__ = table_args(UniqueConstraint("question_id", "fiche_slug", "source"))

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"), index=True)
    fiche_slug: Mapped[str]
    helps: Mapped[bool]
    source: Mapped[str]
    signals: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]


# --------------------------------------------------------------------------------------------- what goes out


class OutboxMessage(Base):
    """One letter to one address, written in the transaction of the change that caused it.

    `effect_key` makes a letter unique; `fence` grows with every claim, so that a worker whose lease lapsed cannot
    settle; `brink_at` is committed right before the step that cannot be taken back.
    """

    __tablename__ = "outbox_message"
    __table_args__ = table_args(
        UniqueConstraint("effect_key"),
        UniqueConstraint("message_id"),
        one_of("state", "queued", "claimed", "sent", "failed", "ambiguous", "cancelled"),
        one_of("channel", "telegram", "email"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_moment"),
        Index("ix_outbox_message_due", "state", "next_attempt_at"),
        Index("ix_outbox_message_created", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    effect_key: Mapped[str]
    kind: Mapped[str]
    channel: Mapped[str]
    address_id: Mapped[int] = mapped_column(ForeignKey("address.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"), index=True)
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
    language: Mapped[str]
    subject: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    buttons: Mapped[list[Any]] = mapped_column(default=list)
    files: Mapped[list[Any]] = mapped_column(default=list)
    automatic: Mapped[bool] = mapped_column(default=True)
    message_id: Mapped[str]
    reply_to: Mapped[str | None]
    in_reply_to: Mapped[str | None]
    references: Mapped[list[Any]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    leased_by: Mapped[str | None]
    fence: Mapped[int] = mapped_column(default=0)
    brink_at: Mapped[datetime | None]
    ambiguities: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]
    external_id: Mapped[str | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]

    address: Mapped[Address] = relationship(lazy="raise")
    tries: Mapped[list[Attempt]] = relationship(lazy="raise", order_by="Attempt.id")


class Attempt(Base):
    """One try to send a letter, with what the far side said."""

    __tablename__ = "attempt"
    __table_args__ = table_args(UniqueConstraint("outbox_id", "fence"))

    id: Mapped[int] = mapped_column(primary_key=True)
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox_message.id"))
    fence: Mapped[int]
    at: Mapped[datetime]
    outcome: Mapped[str]
    code: Mapped[str] = mapped_column(default="")
    detail: Mapped[str] = mapped_column(default="")


class ReplyToken(Base):
    """What a reply to one of our letters is about. The secret stands in the letter's Reply-To; its hash stands here."""

    __tablename__ = "reply_token"
    __table_args__ = table_args(UniqueConstraint("secret_hash"), one_of("purpose", "assignment", "asker", "coordinator"))

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_hash: Mapped[str]
    purpose: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"), index=True)
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"), index=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Button(Base):
    """One thing one person may do once, by a Telegram button or a mailed link. `id` is opaque and unguessable."""

    __tablename__ = "button"
    __table_args__ = table_args()

    id: Mapped[str] = mapped_column(primary_key=True)
    action: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    chat: Mapped[str | None]
    question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"), index=True)
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
    state: Mapped[str | None]
    value: Mapped[str | None]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


# --------------------------------------------------------------------------------------------- knowledge


class Fiche(Base):
    """A reviewed sheet on one practice. Facts that need no translation stand here, texts in `FicheText`."""

    __tablename__ = "fiche"
    __table_args__ = table_args(UniqueConstraint("slug"), one_of("status", "draft", "review", "published", "retired"))

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    status: Mapped[str] = mapped_column(default="draft")
    source_language: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    content_hash: Mapped[str] = mapped_column(default="")
    question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"))
    revision: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    published_by: Mapped[str | None]

    texts: Mapped[list[FicheText]] = relationship(back_populates="fiche", lazy="raise", order_by="FicheText.language")


class FicheText(Base):
    """One language of a fiche: title, summary and the longer sections."""

    __tablename__ = "fiche_text"
    __table_args__ = table_args(
        UniqueConstraint("fiche_id", "language"), CheckConstraint("length(title) BETWEEN 1 AND 100", name="title_length")
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fiche_id: Mapped[int] = mapped_column(ForeignKey("fiche.id"), index=True)
    language: Mapped[str]
    title: Mapped[str]
    summary: Mapped[str]
    sections: Mapped[dict[str, Any]] = mapped_column(default=dict)
    translator: Mapped[str | None]

    fiche: Mapped[Fiche] = relationship(back_populates="texts", lazy="raise")
