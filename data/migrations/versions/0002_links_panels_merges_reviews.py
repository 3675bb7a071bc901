"""status links, panels, merged questions, reviews and yearly confirmation

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import routing.columns

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Written as SQL: on SQLite a column may be added with its reference, but a reference alone only by copying the table.
REFERENCES = (
    ("reply_token", "authority_id", "authority"),
    ("button", "authority_id", "authority"),
    ("question", "merged_into_id", "question"),
)


def upgrade() -> None:
    op.create_table(
        "status_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("created_at", routing.columns.Moment(timezone=True), nullable=False),
        sa.Column("revoked_at", routing.columns.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_status_link_question_id_question")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_link")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_status_link_secret_hash")),
        sqlite_strict=True,
    )
    op.create_index("ix_status_link_question_id", "status_link", ["question_id"])

    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("scores", routing.columns.Json(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("created_at", routing.columns.Moment(timezone=True), nullable=False),
        sa.Column("done_at", routing.columns.Moment(timezone=True), nullable=True),
        sa.CheckConstraint("sort IN ('release', 'sample')", name=op.f("ck_review_sort_known")),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_review_answer_id_answer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("answer_id", "sort", name=op.f("uq_review_answer_id_sort")),
        sqlite_strict=True,
    )
    op.create_index("ix_review_month", "review", ["month"])
    for table, name in (("assignment", "panel"), ("expert", "may_be_shared"), ("question", "may_be_shared")):
        op.add_column(table, sa.Column(name, routing.columns.Flag(), server_default=sa.false(), nullable=False))
    op.add_column("authority", sa.Column("review", sa.Text(), nullable=True))
    op.add_column("authority", sa.Column("asked_to_confirm_at", routing.columns.Moment(timezone=True), nullable=True))
    for table, name, other in REFERENCES:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {name} INTEGER CONSTRAINT fk_{table}_{name}_{other} REFERENCES {other} (id)")
    op.create_index("ix_question_merged_into_id", "question", ["merged_into_id"])


def downgrade() -> None:
    op.drop_index("ix_question_merged_into_id", "question")
    for table, name in (
        *((table, name) for table, name, _ in REFERENCES),
        ("authority", "asked_to_confirm_at"),
        ("authority", "review"),
        ("question", "may_be_shared"),
        ("expert", "may_be_shared"),
        ("assignment", "panel"),
    ):
        op.drop_column(table, name)
    op.drop_table("review")
    op.drop_table("status_link")
