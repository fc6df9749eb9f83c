"""What shoppers say they like."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
LOST = (("tastes", "", "what shoppers declared to like"),)


def upgrade() -> None:
    op.create_table(
        "tastes",
        sa.Column("shopper", sa.Text, primary_key=True),
        sa.Column("attribute", sa.Text, primary_key=True),
        sa.Column("liked", sa.JSON, nullable=False),
        sa.Column("time_ms", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("tastes")
