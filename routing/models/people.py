"""Whom we write to, who answers for which authority, and who may sign in to the console."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from routing.models.base import Base, one_of, table_args


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


class PersonWord(Base):
    """One word of a person's name, folded, or one of their mail addresses: a cache of both (see `routing.askers`)."""

    __tablename__ = "person_word"
    __table_args__ = (
        Index("ix_person_word_person_id", "person_id"),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )

    # Compared byte by byte, so that the beginning of a word is a range of the index on every database.
    word: Mapped[str] = mapped_column(Text().with_variant(Text(collation="C"), "postgresql"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)


class Authority(Base):
    """A local entity in the directory, with its themes, languages and working calendar.

    `review` ("straight", "review" or None) overrules the tier's policy for answers of its experts.
    """

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
    review: Mapped[str | None]
    last_confirmed_at: Mapped[datetime | None]
    asked_to_confirm_at: Mapped[datetime | None]
    silence_told_at: Mapped[datetime | None]

    experts: Mapped[list[Expert]] = relationship(back_populates="authority", lazy="raise", order_by="Expert.rank, Expert.id")


class Expert(Base):
    """A role at an authority that answers questions; `rank` is its place on the authority's ladder.

    Consent: `may_be_named` to the asker, `may_be_shared`: an answer may be offered to others who ask the same.
    """

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
    may_be_shared: Mapped[bool] = mapped_column(default=False, server_default=false())

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
    subject: Mapped[str | None]  # how the identity provider calls them, once they have come in through it
    told_month: Mapped[str | None]  # the last month whose report letter is settled, such as 2026-10


class Charge(Base):
    """An authority that a console user looks after. Whoever has none of these rows looks after the whole network."""

    __tablename__ = "charge"
    __table_args__ = table_args()

    user_id: Mapped[int] = mapped_column(ForeignKey("console_user.id"), primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"), primary_key=True)


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


class SavedView(Base):
    """A narrowed queue that a console user wants to come back to; `query` is the end of its address."""

    __tablename__ = "saved_view"
    __table_args__ = table_args(UniqueConstraint("user_id", "name"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("console_user.id"), index=True)
    name: Mapped[str]
    query: Mapped[str]
    created_at: Mapped[datetime]


class ApiToken(Base):
    """A key for programs, with what it may do (`scopes`). Only its hash is kept."""

    __tablename__ = "api_token"
    __table_args__ = table_args(UniqueConstraint("secret_hash"))

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    secret_hash: Mapped[str]
    scopes: Mapped[list[Any]]
    user_id: Mapped[int] = mapped_column(ForeignKey("console_user.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
