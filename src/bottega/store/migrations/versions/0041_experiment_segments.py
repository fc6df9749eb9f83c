"""Whom an experiment is for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
LOST = (("experiments", "CAST(segments AS TEXT) <> '[]'", "whom experiments were for; they would be for everybody"),)


def upgrade() -> None:
    column = sa.Column(
        "segments",
        sa.JSON,
        nullable=False,
        server_default=sa.text("'[]'"),
        comment="Who takes part; empty: everybody.",
    )
    op.add_column("experiments", column)


def downgrade() -> None:
    op.drop_column("experiments", "segments")
