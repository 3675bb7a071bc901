"""who asked: questions are found by their asker's name and address

Revision ID: 0023
Revises: 0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from routing.askers import LONGEST_WORD, words_of_name

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "person_word",
        sa.Column("word", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_word_person_id_person")),
        sa.PrimaryKeyConstraint("word", "person_id", name=op.f("pk_person_word")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_person_word_person_id", "person_word", ["person_id"])
    _index_people()


def _index_people() -> None:
    """People who are there already."""
    connection = op.get_bind()
    words = sa.table("person_word", sa.column("word"), sa.column("person_id"))
    names = connection.execute(sa.text("SELECT id, name FROM person WHERE name <> ''"))
    for part in iter(lambda: names.fetchmany(500), []):
        rows = [{"word": word, "person_id": row.id} for row in part for word in words_of_name(row.name)]
        if rows:
            connection.execute(sa.insert(words), rows)
    known = sa.text("SELECT person_id, address FROM address WHERE channel = 'email' AND address LIKE '%_@_%'")
    addresses = connection.execute(known)
    for part in iter(lambda: addresses.fetchmany(500), []):
        connection.execute(
            sa.insert(words), [{"word": row.address.lower()[:LONGEST_WORD], "person_id": row.person_id} for row in part]
        )


def downgrade() -> None:
    op.drop_index("ix_person_word_person_id", "person_word")

    op.drop_table("person_word")
