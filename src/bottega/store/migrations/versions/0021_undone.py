"""Decisions on suggestions that can be taken back: which one it was, and what the product said before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
LOST = (
    ("suggestions", "batch IS NOT NULL", "which decision suggestions were part of"),
    ("suggestions", "before IS NOT NULL", "what products said before: decisions can be taken back no more"),
    ("suggestions", "confirmed", "which accepted values the merchant's own data has confirmed"),
)

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    counters = sa.table("counters", sa.column("name", sa.String), sa.column("value", KEY))
    op.bulk_insert(counters, [{"name": "batches", "value": 0}])
    op.add_column("suggestions", sa.Column("batch", KEY))
    op.add_column("suggestions", sa.Column("before", sa.JSON))
    op.add_column("suggestions", sa.Column("confirmed", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_index("suggestions_batch", "suggestions", ["batch"])


def downgrade() -> None:
    op.drop_index("suggestions_batch", "suggestions")
    for name in ("confirmed", "before", "batch"):
        op.drop_column("suggestions", name)
    counters = sa.table("counters", sa.column("name", sa.String))
    op.execute(counters.delete().where(counters.c.name == "batches"))
