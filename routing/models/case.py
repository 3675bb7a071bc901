"""The case: a question with its proposals, assignments, answers, labels and history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from routing.models.base import Base, one_of, table_args
from routing.models.people import Address, Expert, Person

LETTERS_IN = "letters_in"  # in a question's thread


class Question(Base):
    """The case. While it is open it has an owner (`waiting_for`) and a next moment (`next_action_at`).

    `promised_at` is the date that holds by now, `first_promised_at` the one that reports measure by (`routing.promising`).
    `merged_into_id` names the same question of somebody else, with which this one waits for one answer; `may_be_shared` is
    the asker's consent that the answer is offered to others.
    """

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
        # The console's lists and reports read these from the index alone, without the texts.
        Index("ix_question_shelf", "state", "closed_at", "created_at", "language", "theme", "tier", "country", "address_id"),
        Index(
            "ix_question_report",
            *("created_at", "tier", "state", "first_promised_at", "first_word_at", "answered_at", "closed_because"),
            *("language", "country", "theme"),
        ),
        Index("ix_question_language", "language"),
        Index("ix_question_theme", "theme"),
        Index("ix_question_country", "country"),
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
    first_promised_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=0)
    verdict: Mapped[str | None]
    used: Mapped[str | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"), index=True)
    may_be_shared: Mapped[bool] = mapped_column(default=False, server_default=false())
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

    @validates("promised_at")
    def _keep_first(self, _name: str, promised: datetime | None) -> datetime | None:
        if self.first_promised_at is None:
            self.first_promised_at = promised
        return promised

    @property
    def full_text(self) -> str:
        """The question as the expert reads it: the subject says something only when the text does not repeat it."""
        subject, text = self.subject.strip(), self.text.strip()
        return text if not subject or subject.lower() in text.lower() else f"{subject}\n\n{text}".strip()

    @property
    def letters_in(self) -> str:
        """The language of letters to the asker: that of the question, until they go on in another (`routing.asking`)."""
        return str(self.thread.get(LETTERS_IN, self.language))


class QuestionWord(Base):
    """One word of a question, folded: what the console's search reads. A cache of the texts (see `routing.finding`)."""

    __tablename__ = "question_word"
    __table_args__ = (
        Index("ix_question_word_question_id", "question_id"),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )

    # Compared byte by byte, so that the beginning of a word is a range of the index on every database.
    word: Mapped[str] = mapped_column(Text().with_variant(Text(collation="C"), "postgresql"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), primary_key=True)


class Proposal(Base):
    """Fiches offered to the asker in one letter, best first, with what the searcher thought of each.

    `chosen_by` is "search", "coordinator" or "sameness" (an answer that somebody else got); `promised` the precision that was
    promised of the first, None where fiches were only suggested.
    """

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
        Index("ix_proposal_report", "created_at", "state", "accepted_fiche"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    state: Mapped[str] = mapped_column(default="offered")
    confidence: Mapped[float]
    chosen_by: Mapped[str] = mapped_column(default="search", server_default="search")
    promised: Mapped[float | None]
    matches: Mapped[list[Any]]
    accepted_fiche: Mapped[str | None]
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    question: Mapped[Question] = relationship(back_populates="proposals", lazy="raise")


class Assignment(Base):
    """One question given to one expert, with the moments at which something is due and why then.

    `panel`: others were asked at the same time, and what this one writes after the first answer is an addition.
    """

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
        Index("ix_assignment_report", "created_at", "expert_id", "state", "deadline_at", "settled_at", "question_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    expert_id: Mapped[int] = mapped_column(ForeignKey("expert.id"))
    state: Mapped[str] = mapped_column(default="offered")
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    panel: Mapped[bool] = mapped_column(default=False, server_default=false())
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
    __table_args__ = table_args(
        UniqueConstraint("inbox_id"),
        one_of("state", "waiting", "released", "discarded"),
        Index("ix_answer_released", "released_at"),
    )

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


class Review(Base):
    """An answer judged by nine criteria: before it goes out (``release``), or later in the monthly sample (``sample``)."""

    __tablename__ = "review"
    __table_args__ = table_args(
        UniqueConstraint("answer_id", "sort"),
        one_of("sort", "release", "sample"),
        Index("ix_review_month", "month"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id"))
    sort: Mapped[str]
    month: Mapped[str] = mapped_column(default="")
    scores: Mapped[dict[str, Any]] = mapped_column(default=dict)
    remark: Mapped[str] = mapped_column(default="")
    by: Mapped[str | None]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]

    answer: Mapped[Answer] = relationship(lazy="raise")


class Event(Base):
    """One line of a question's history: who did what, when and why. Rows are added, never changed."""

    __tablename__ = "event"
    __table_args__ = table_args(Index("ix_event_kind_at", "kind", "at"), Index("ix_event_kind", "kind", "id"))

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
