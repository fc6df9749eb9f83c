"""The order that an event is part of, and how many pieces of a purchase were given back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
LOST = (
    ("events", "kind = 9", "refunds"),
    ("events", "returned > 0", "purchases that were given back, which count again in full"),
    ("events", "order_id IS NOT NULL", "the orders that purchases are part of"),
)

INDEXES = {
    "events_order_id": (["order_id"], "order_id IS NOT NULL"),
    "events_refunds": (["shopper", "product_id"], "kind = 9"),
}


def upgrade() -> None:
    op.add_column("events", sa.Column("order_id", sa.Text))
    op.add_column("events", sa.Column("returned", sa.Integer, nullable=False, server_default="0"))
    for name, (columns, where) in INDEXES.items():
        op.create_index(name, "events", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    op.execute("DELETE FROM events WHERE kind = 9")
    for name in reversed(INDEXES):
        op.drop_index(name, "events")
    op.drop_column("events", "returned")
    op.drop_column("events", "order_id")
