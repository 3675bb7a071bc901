"""mail by who wrote it

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_inbox_message_heard", "inbox_message", ["person_id", "kind", "received_at"])


def downgrade() -> None:
    op.drop_index("ix_inbox_message_heard", "inbox_message")
