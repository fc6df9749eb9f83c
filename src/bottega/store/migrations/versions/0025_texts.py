"""Suggested texts: the facts that each claims."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
LOST = (
    ("suggestions", "kind = 'text'", "suggested texts, and which texts of products were generated; accepted ones stay"),
)


def upgrade() -> None:
    op.add_column("suggestions", sa.Column("facts", sa.JSON))


def downgrade() -> None:
    op.execute("DELETE FROM suggestions WHERE kind = 'text'")
    op.drop_column("suggestions", "facts")
