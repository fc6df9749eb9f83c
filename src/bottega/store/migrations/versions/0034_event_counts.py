"""Events that are kept no longer, as counts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.create_table(
        "event_counts",
        sa.Column("month_ms", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("product_id", sa.Text, primary_key=True),
        sa.Column("kind", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("shoppers", sa.BigInteger, nullable=False),
        sa.Column("pieces", sa.BigInteger, nullable=False),
    )
