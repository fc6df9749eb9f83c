"""Events that are kept no longer, as counts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
LOST = (("event_counts", "", "counts of events that are kept no longer"),)


def upgrade() -> None:
    op.create_table(
        "event_counts",
        sa.Column("month_ms", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("product_id", sa.Text, primary_key=True),
        sa.Column("kind", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("shoppers", sa.BigInteger, nullable=False),
        sa.Column("pieces", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("event_counts")
    counters = sa.table("counters", sa.column("name", sa.String))
    op.execute(counters.delete().where(counters.c.name == "folded_until"))
