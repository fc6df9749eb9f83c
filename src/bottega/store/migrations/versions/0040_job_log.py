"""What each job went through, step by step."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
LOST = (("jobs", "log IS NOT NULL", "what jobs went through; how each stands is still there"),)


def upgrade() -> None:
    op.add_column("jobs", sa.Column("log", sa.JSON))


def downgrade() -> None:
    op.drop_column("jobs", "log")
