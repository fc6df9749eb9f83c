"""What shoppers wrote about products."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
LOST = (("reviews", "", "reviews"),)


def upgrade() -> None:
    op.create_table(
        "reviews",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
        sa.Column("review_id", sa.Text, nullable=False),
        sa.Column("product_id", sa.Text, nullable=False),
        sa.Column("shopper", sa.Text, nullable=True),
        sa.Column("stars", sa.Float, nullable=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("language", sa.String(3), nullable=False),
        sa.Column("time_ms", sa.BigInteger, nullable=True),
        sa.Column("verified", sa.Boolean, nullable=True),
        sa.Column("published", sa.Boolean, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("read_by", sa.Text, nullable=True),
        sa.Column("claims", sa.JSON, nullable=False),
    )
    op.create_index("reviews_review_id", "reviews", ["review_id"], unique=True)
    op.create_index("reviews_product_id", "reviews", ["product_id"])
    op.create_index("reviews_shopper", "reviews", ["shopper"])
    counters = sa.table("counters", sa.column("name", sa.String), sa.column("value", sa.BigInteger))
    op.bulk_insert(counters, [{"name": "reviews", "value": 0}])


def downgrade() -> None:
    op.drop_table("reviews")
    counters = sa.table("counters", sa.column("name", sa.String))
    op.execute(counters.delete().where(counters.c.name == "reviews"))
