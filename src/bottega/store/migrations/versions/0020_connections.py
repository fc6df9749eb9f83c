"""Platforms that the shop is connected to, and where each goes on."""

from __future__ import annotations

from alembic import op
from sqlalchemy import JSON, BigInteger, Column, String, Text

revision = "0020"
down_revision = "0019"
LOST = (("connections", "", "platforms that the shop is connected to, and how far they were read"),)


def upgrade() -> None:
    op.create_table(
        "connections",
        Column("platform", String(32), primary_key=True),
        Column("address", Text, nullable=False),
        Column("cursors", JSON, nullable=False),
        Column("time_ms", BigInteger, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("connections")
