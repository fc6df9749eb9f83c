"""Designs: what shoppers had printed, and the events that name them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
LOST = (
    ("designs", "", "designs of shoppers; their pictures stay in the folder designs/"),
    ("events", "design_id IS NOT NULL", "which designs events name"),
    ("suggestions", "kind = 'picture'", "suggested pictures, and which pictures were generated; accepted ones stay"),
)


def upgrade() -> None:
    op.create_table(
        "designs",
        sa.Column("design_id", sa.String(64), primary_key=True),
        sa.Column("shopper", sa.Text, nullable=False),
        sa.Column("told_as", sa.Text, nullable=False),
        sa.Column("product_id", sa.Text, nullable=False),
        sa.Column("template", sa.String(32), nullable=False),
        sa.Column("made_from", sa.String(16), nullable=False),
        sa.Column("file", sa.String(64), nullable=False),
        sa.Column("placement", sa.JSON, nullable=False),
        sa.Column("time_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("designs_shopper", "designs", ["shopper", "time_ms"])
    op.create_index("designs_told_as", "designs", ["told_as"])
    op.create_index("designs_time_ms", "designs", ["time_ms"])
    op.add_column("events", sa.Column("design_id", sa.Text))
    op.create_index(
        "events_design_id",
        "events",
        ["design_id"],
        sqlite_where=sa.text("design_id IS NOT NULL"),
        postgresql_where=sa.text("design_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.execute("DELETE FROM suggestions WHERE kind = 'picture'")
    op.drop_index("events_design_id", "events")
    op.drop_column("events", "design_id")
    op.drop_table("designs")
