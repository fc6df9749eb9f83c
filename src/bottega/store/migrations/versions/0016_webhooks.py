"""What webhooks brought: deliveries taken, errands for connectors, stock as platforms count it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
LOST = (
    ("deliveries", "", "which deliveries of webhooks were taken"),
    ("errands", "", "changes that platforms told of and nobody has fetched yet"),
    ("stock_items", "", "items of platforms' stock"),
    ("stock_levels", "", "how much of them lies where"),
)

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "deliveries",
        sa.Column("platform", sa.String(32), primary_key=True),
        sa.Column("delivery", sa.Text, primary_key=True, comment="As the platform calls it; the same when sent again."),
        sa.Column("time_ms", sa.BigInteger, nullable=False, comment="UTC; when it was taken."),
    )
    op.create_index("deliveries_time_ms", "deliveries", ["time_ms"])
    op.create_table(
        "errands",
        sa.Column("number", KEY, primary_key=True, autoincrement=False, comment="Order of being told."),
        sa.Column("platform", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False, comment="product, order or stock"),
        sa.Column("foreign_id", sa.Text, nullable=False, comment="As the platform calls it."),
        sa.Column("time_ms", sa.BigInteger, nullable=False, comment="UTC; when it was told."),
    )
    op.create_index("errands_what", "errands", ["platform", "kind", "foreign_id"], unique=True)
    op.create_table(
        "stock_items",
        sa.Column("platform", sa.String(32), primary_key=True),
        sa.Column("item", sa.Text, primary_key=True, comment="As the platform calls it, apart from the product."),
        sa.Column("product_id", sa.Text, nullable=False),
        sa.Column("oversell", sa.Boolean, nullable=False, comment="Sold when none is left."),
    )
    op.create_table(
        "stock_levels",
        sa.Column("platform", sa.String(32), primary_key=True),
        sa.Column("item", sa.Text, primary_key=True),
        sa.Column("place", sa.Text, primary_key=True, comment="Where it lies, as the platform calls it."),
        sa.Column("available", sa.BigInteger, nullable=False),
    )
    counters = sa.table("counters", sa.column("name", sa.String), sa.column("value", KEY))
    op.bulk_insert(counters, [{"name": "errands", "value": 0}])


def downgrade() -> None:
    op.drop_table("stock_levels")
    op.drop_table("stock_items")
    op.drop_table("errands")
    op.drop_table("deliveries")
    counters = sa.table("counters", sa.column("name", sa.String))
    op.execute(counters.delete().where(counters.c.name == "errands"))
