"""What the eye makes of photos: vectors, suggestions, and the closets of shoppers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
LOST = (
    ("photo_vectors", "", "what models saw in photos of products; it is looked at anew"),
    ("suggestions", "", "suggestions, and what was decided on them"),
    ("closet_items", "", "pieces in closets of shoppers; their photos stay in the folder closet/"),
)

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    counters = sa.table("counters", sa.column("name", sa.String), sa.column("value", KEY))
    op.bulk_insert(counters, [{"name": name, "value": 0} for name in ("photo_vectors", "suggestions", "closet_items")])
    op.create_table(
        "photo_vectors",
        sa.Column("maker", sa.String(32), primary_key=True),
        sa.Column("version", sa.String(64), primary_key=True),
        sa.Column("product_id", sa.Text, primary_key=True),
        sa.Column("image", sa.Text, primary_key=True),
        sa.Column("number", KEY, nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),
    )
    op.create_index("photo_vectors_number", "photo_vectors", ["number"])
    op.create_table(
        "suggestions",
        sa.Column("number", KEY, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("product_id", sa.Text, nullable=False),
        sa.Column("attribute", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("present", sa.Text),
        sa.Column("confidence", sa.Float(53), nullable=False),
        sa.Column("maker", sa.String(32), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("time_ms", sa.BigInteger, nullable=False),
        sa.Column("decided_ms", sa.BigInteger),
    )
    op.create_index("suggestions_what", "suggestions", ["kind", "product_id", "attribute", "value"], unique=True)
    op.create_index("suggestions_order", "suggestions", ["state", "confidence", "number"])
    op.create_table(
        "closet_items",
        sa.Column("item_id", KEY, primary_key=True, autoincrement=False),
        sa.Column("shopper", sa.Text, nullable=False),
        sa.Column("time_ms", sa.BigInteger, nullable=False),
        sa.Column("photo", sa.Text, nullable=False),
        sa.Column("box", sa.JSON, nullable=False),
        sa.Column("part", sa.String(32), nullable=False),
        sa.Column("tags", sa.JSON, nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),
    )
    op.create_index("closet_items_shopper", "closet_items", ["shopper", "time_ms"])


def downgrade() -> None:
    op.drop_table("closet_items")
    op.drop_table("suggestions")
    op.drop_table("photo_vectors")
    counters = sa.table("counters", sa.column("name", sa.String))
    op.execute(counters.delete().where(counters.c.name.in_(("photo_vectors", "suggestions", "closet_items"))))
