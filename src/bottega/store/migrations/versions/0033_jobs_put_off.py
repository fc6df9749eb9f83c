"""Jobs that met what may pass: how often, and when they are tried again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
LOST = (("jobs", "put_off > 0 OR next_ms IS NOT NULL", "how often jobs were put off; they are tried again at once"),)


def upgrade() -> None:
    op.add_column("jobs", sa.Column("put_off", sa.Integer, nullable=False, server_default="0"))
    op.add_column("jobs", sa.Column("next_ms", sa.BigInteger))


def downgrade() -> None:
    op.drop_column("jobs", "next_ms")
    op.drop_column("jobs", "put_off")
