"""Suggested texts: the facts that each claims."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.add_column("suggestions", sa.Column("facts", sa.JSON))
