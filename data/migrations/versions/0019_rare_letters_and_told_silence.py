"""letters that every tick looks for, and when somebody was told of an authority's silence

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import routing.columns

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

RARE = (("ix_outbox_message_last", "state", "kind = 'forgotten'"), ("ix_outbox_message_held", "created_at", "kind = 'co_held'"))


def upgrade() -> None:
    op.add_column("authority", sa.Column("silence_told_at", routing.columns.Moment(timezone=True), nullable=True))
    for name, column, where in RARE:
        op.create_index(name, "outbox_message", [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    for name, _, _ in RARE:
        op.drop_index(name, "outbox_message")
    op.drop_column("authority", "silence_told_at")  # not in a batch, which would make the table anew without its triggers
