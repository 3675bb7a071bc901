"""what people want to be told and what they have been told

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import routing.columns

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice_choice",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("bundled", routing.columns.Flag(), nullable=False),
        sa.Column("alerts", routing.columns.Json(), nullable=False),
        sa.Column("every_minutes", sa.Integer(), nullable=False),
        sa.Column("digest", routing.columns.Flag(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("hours", routing.columns.Json(), nullable=False),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("address_id", sa.Integer(), nullable=True),
        sa.Column("chat_id", sa.Integer(), nullable=True),
        sa.Column("code_hash", sa.Text(), nullable=True),
        sa.Column("code_until", routing.columns.Moment(timezone=True), nullable=True),
        sa.Column("digested_on", sa.Text(), nullable=True),
        sa.CheckConstraint("every_minutes BETWEEN 1 AND 1440", name=op.f("ck_notice_choice_every_sensible")),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name=op.f("fk_notice_choice_address_id_address")),
        sa.ForeignKeyConstraint(["chat_id"], ["address.id"], name=op.f("fk_notice_choice_chat_id_address")),
        sa.ForeignKeyConstraint(["user_id"], ["console_user.id"], name=op.f("fk_notice_choice_user_id_console_user")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_notice_choice")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_notice_choice_code_hash")),
        sqlite_strict=True,
    )
    op.create_table(
        "told_matter",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("told_at", routing.columns.Moment(timezone=True), nullable=True),
        sa.CheckConstraint(
            "sort IN ('overdue', 'review', 'needs', 'held', 'undelivered', 'draft')", name=op.f("ck_told_matter_sort_known")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["console_user.id"], name=op.f("fk_told_matter_user_id_console_user")),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_told_matter")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("told_matter")
    op.drop_table("notice_choice")
