"""What callers of other systems say, word for word."""

from __future__ import annotations

from alembic import op
from sqlalchemy import JSON, BigInteger, Column, String, Text

revision = "0017"
down_revision = "0016"
LOST = (
    ("foreign_shoppers", "", "what callers of other systems said of shoppers"),
    ("foreign_products", "", "what callers of other systems said of products"),
    ("api_keys", "kind = 'signing'", "keys that sign requests"),
)


def upgrade() -> None:
    op.create_table(
        "foreign_shoppers",
        Column("system", String(16), primary_key=True),
        Column("shopper", Text, primary_key=True),
        Column("record", JSON, nullable=False),
        Column("time_ms", BigInteger, nullable=False),
    )
    op.create_table(
        "foreign_products",
        Column("system", String(16), primary_key=True),
        Column("product_id", Text, primary_key=True),
        Column("record", JSON, nullable=False),
        Column("said", JSON, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("foreign_products")
    op.drop_table("foreign_shoppers")
    op.execute("DELETE FROM api_keys WHERE kind = 'signing'")
