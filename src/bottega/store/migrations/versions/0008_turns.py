"""What must be done once when its moment comes, and when somebody last took it up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
LOST = (("turns", "", "when things were last done that are done once; they are done again"),)


def upgrade() -> None:
    op.create_table(
        "turns",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("time_ms", sa.BigInteger, nullable=False, comment="UTC; when it was last taken up."),
    )


def downgrade() -> None:
    op.drop_table("turns")
