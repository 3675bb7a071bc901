"""whose turn it is: what one sender wrote is handled in the order it came in

Revision ID: 0021
Revises: 0020
"""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_inbox_message_turn", "inbox_message"


def upgrade() -> None:
    op.create_index(NAME, TABLE, ["state", "channel", "sender", "id"])


def downgrade() -> None:
    op.drop_index(NAME, TABLE)
