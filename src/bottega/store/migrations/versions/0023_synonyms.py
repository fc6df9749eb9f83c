"""What the merchant says that words mean."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
LOST = (("synonyms", "", "synonyms"),)


def upgrade() -> None:
    op.create_table(
        "synonyms",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("words", sa.JSON, nullable=False),
        sa.Column("means", sa.JSON, nullable=False),
        sa.Column("time_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("synonyms_about", "synonyms", ["about"], unique=True)
    counters = sa.table("counters", sa.column("name", sa.String), sa.column("value", sa.BigInteger))
    op.bulk_insert(counters, [{"name": "synonyms", "value": 0}])


def downgrade() -> None:
    op.drop_table("synonyms")
    counters = sa.table("counters", sa.column("name", sa.String))
    op.execute(counters.delete().where(counters.c.name == "synonyms"))
