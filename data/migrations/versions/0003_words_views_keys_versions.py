"""words of questions, saved views, keys for programs, versions of fiches

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import routing.columns
from routing.finding import words_of

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("scopes", routing.columns.Json(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", routing.columns.Moment(timezone=True), nullable=False),
        sa.Column("expires_at", routing.columns.Moment(timezone=True), nullable=False),
        sa.Column("revoked_at", routing.columns.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["console_user.id"], name=op.f("fk_api_token_user_id_console_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_api_token_secret_hash")),
        sqlite_strict=True,
    )
    op.create_index("ix_api_token_user_id", "api_token", ["user_id"])

    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("created_at", routing.columns.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["console_user.id"], name=op.f("fk_saved_view_user_id_console_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_saved_view_user_id_name")),
        sqlite_strict=True,
    )
    op.create_index("ix_saved_view_user_id", "saved_view", ["user_id"])

    op.create_table(
        "question_word",
        sa.Column("word", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_question_word_question_id_question")),
        sa.PrimaryKeyConstraint("word", "question_id", name=op.f("pk_question_word")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_question_word_question_id", "question_word", ["question_id"])

    op.create_table(
        "fiche_remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fiche_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", routing.columns.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["fiche_id"], ["fiche.id"], name=op.f("fk_fiche_remark_fiche_id_fiche")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fiche_remark")),
        sqlite_strict=True,
    )
    op.create_index("ix_fiche_remark_fiche_id", "fiche_remark", ["fiche_id"])

    op.create_table(
        "fiche_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fiche_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content", routing.columns.Json(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", routing.columns.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["fiche_id"], ["fiche.id"], name=op.f("fk_fiche_version_fiche_id_fiche")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fiche_version")),
        sa.UniqueConstraint("fiche_id", "revision", name=op.f("uq_fiche_version_fiche_id_revision")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_assignment_report", "assignment", ["created_at", "expert_id", "state", "deadline_at", "settled_at", "question_id"]
    )

    op.create_index("ix_event_kind", "event", ["kind", "id"])

    op.create_index("ix_proposal_report", "proposal", ["created_at", "state", "accepted_fiche"])

    op.create_index("ix_question_country", "question", ["country"])
    op.create_index("ix_question_language", "question", ["language"])
    op.create_index(
        "ix_question_report",
        "question",
        [
            "created_at",
            "tier",
            "state",
            "promised_at",
            "first_word_at",
            "answered_at",
            "closed_because",
            "language",
            "country",
            "theme",
        ],
    )
    op.create_index(
        "ix_question_shelf",
        "question",
        ["state", "closed_at", "created_at", "language", "theme", "tier", "country", "address_id"],
    )
    op.create_index("ix_question_theme", "question", ["theme"])

    _index_words()


def _index_words() -> None:
    """Questions that are there already."""
    connection = op.get_bind()
    words = sa.table("question_word", sa.column("word"), sa.column("question_id"))
    questions = connection.execute(sa.text("SELECT id, number, subject, text FROM question"))
    for part in iter(lambda: questions.fetchmany(500), []):
        rows = [{"word": word, "question_id": row.id} for row in part for word in words_of(row.number, row.subject, row.text)]
        connection.execute(sa.insert(words), rows)


def downgrade() -> None:
    op.drop_index("ix_question_theme", "question")
    op.drop_index("ix_question_shelf", "question")
    op.drop_index("ix_question_report", "question")
    op.drop_index("ix_question_language", "question")
    op.drop_index("ix_question_country", "question")

    op.drop_index("ix_proposal_report", "proposal")

    op.drop_index("ix_event_kind", "event")

    op.drop_index("ix_assignment_report", "assignment")

    op.drop_table("fiche_version")
    op.drop_index("ix_fiche_remark_fiche_id", "fiche_remark")

    op.drop_table("fiche_remark")
    op.drop_index("ix_question_word_question_id", "question_word")

    op.drop_table("question_word")
    op.drop_index("ix_saved_view_user_id", "saved_view")

    op.drop_table("saved_view")
    op.drop_index("ix_api_token_user_id", "api_token")

    op.drop_table("api_token")
