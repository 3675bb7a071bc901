"""when a fiche was looked at

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import routing.columns

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("fiche") as fiche:
        fiche.add_column(sa.Column("confirmed_at", routing.columns.Moment(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("fiche") as fiche:
        fiche.drop_column("confirmed_at")
