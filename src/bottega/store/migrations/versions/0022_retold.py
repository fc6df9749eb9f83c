"""Purchases that another source tells of as well, and the order that a browser says an event is part of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
LOST = (
    ("events", "retold", "purchases that two sources told of, which count twice"),
    ("events", "claimed_order_id IS NOT NULL", "the orders that browsers said events are part of"),
)

CLAIMED = "claimed_order_id IS NOT NULL"


def upgrade() -> None:
    op.add_column("events", sa.Column("claimed_order_id", sa.Text))
    op.add_column("events", sa.Column("retold", sa.Boolean, nullable=False, server_default=sa.false()))
    where = sa.text(CLAIMED)
    name = "events_claimed_order_id"
    op.create_index(name, "events", ["claimed_order_id"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("events_claimed_order_id", "events")
    op.drop_column("events", "retold")
    op.drop_column("events", "claimed_order_id")
