"""Which places of a list were given by chance, and how great each chance was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
LOST = (("answers", "explored IS NOT NULL", "which places of lists were given by chance, and the chances"),)


def upgrade() -> None:
    op.add_column("answers", sa.Column("explored", sa.JSON, comment="Places given by chance; null: none."))


def downgrade() -> None:
    op.drop_column("answers", "explored")
