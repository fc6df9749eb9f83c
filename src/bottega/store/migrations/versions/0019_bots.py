"""Shoppers that are taken for bots."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
LOST = (("bots", "", "who is taken for a bot: older versions learn from them"),)


def upgrade() -> None:
    op.create_table(
        "bots",
        sa.Column("shopper", sa.Text, primary_key=True, comment="The profile that does what no person does."),
        sa.Column("rule", sa.String(32), nullable=False, comment="By which it was recognised."),
        sa.Column("seen", sa.Text, nullable=False, comment="What it did, in words."),
        sa.Column("events", sa.BigInteger, nullable=False),
        sa.Column("time_ms", sa.BigInteger, nullable=False, comment="UTC; when it was found."),
        sa.Column("readmitted", sa.Boolean, nullable=False, comment="The merchant says that it is a person."),
    )


def downgrade() -> None:
    op.drop_table("bots")
