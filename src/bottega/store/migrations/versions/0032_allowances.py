"""How much of what pages ask for was let through within an hour, where nothing else is kept of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
LOST = (("allowances", "", "how much was let through for pages within the hour"),)


def upgrade() -> None:
    op.create_table(
        "allowances",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("hour", sa.BigInteger, nullable=False),
        sa.Column("taken", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("allowances")
