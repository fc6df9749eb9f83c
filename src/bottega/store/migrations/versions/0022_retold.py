"""Purchases that another source tells of as well, and the order that a browser says an event is part of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

CLAIMED = "claimed_order_id IS NOT NULL"


def upgrade() -> None:
    op.add_column("events", sa.Column("claimed_order_id", sa.Text))
    op.add_column("events", sa.Column("retold", sa.Boolean, nullable=False, server_default=sa.false()))
    where = sa.text(CLAIMED)
    name = "events_claimed_order_id"
    op.create_index(name, "events", ["claimed_order_id"], sqlite_where=where, postgresql_where=where)
