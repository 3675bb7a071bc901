"""how far a fiche has come, and what each remark settled

Revision ID: 0020
Revises: 0019
"""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

STEPS = {
    "fiche": ("changes_requested", "validated_local", "validated_expert"),
    "fiche_remark": ("changes_requested", "validated_local", "validated_expert", "retired"),
}


def upgrade() -> None:
    """In the databases' own words: Alembic would make SQLite's table anew, only for a column with a check."""
    for table, steps in STEPS.items():
        known = ", ".join(f"'{step}'" for step in steps)
        op.execute(f"ALTER TABLE {table} ADD COLUMN step TEXT CONSTRAINT ck_{table}_step_known CHECK (step IN ({known}))")


def downgrade() -> None:
    for table in STEPS:
        op.drop_column(table, "step")
