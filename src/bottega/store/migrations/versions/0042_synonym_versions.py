"""What the merchant said that words mean, every version of each entry."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
LOST = (
    (
        "synonym_versions",
        "number NOT IN (SELECT number FROM synonyms)",
        "what synonyms were before, and those that were taken back; those that hold stay",
    ),
)


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    made = op.create_table(
        "synonym_versions",
        sa.Column("number", number, primary_key=True, autoincrement=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("entry", sa.JSON),
        sa.Column("time_ms", sa.BigInteger, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
    )
    op.create_index("synonym_versions_about", "synonym_versions", ["about", "number"])
    names = ("number", "about", "time_ms")
    kept = sa.table("synonyms", *map(sa.column, names), sa.column("words", sa.JSON), sa.column("means", sa.JSON))
    rows = op.get_bind().execute(sa.select(kept)).mappings().all()
    op.bulk_insert(
        made,
        [
            {name: row[name] for name in names} | {"entry": {"words": row["words"], "means": row["means"]}, "who": ""}
            for row in rows
        ],
    )


def downgrade() -> None:
    op.drop_table("synonym_versions")
