"""Decisions on suggestions that can be taken back: which one it was, and what the product said before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    counters = sa.table("counters", sa.column("name", sa.String), sa.column("value", KEY))
    op.bulk_insert(counters, [{"name": "batches", "value": 0}])
    op.add_column("suggestions", sa.Column("batch", KEY))
    op.add_column("suggestions", sa.Column("before", sa.JSON))
    op.add_column("suggestions", sa.Column("confirmed", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_index("suggestions_batch", "suggestions", ["batch"])
