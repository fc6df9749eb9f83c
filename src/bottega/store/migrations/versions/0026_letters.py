"""Letters that were sent, and how products were when letters last looked at them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
LOST = (
    ("letters", "", "letters that were sent, which may be sent again"),
    ("product_looks", "", "how products were when letters last looked at them"),
)


def upgrade() -> None:
    op.create_table(
        "letters",
        sa.Column("letter_id", sa.String(64), primary_key=True),
        sa.Column("shopper", sa.Text, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("causes", sa.JSON, nullable=False),
        sa.Column("products", sa.JSON, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("way", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("time_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("letters_shopper", "letters", ["shopper", "time_ms"])
    op.create_table(
        "product_looks",
        sa.Column("product_id", sa.Text, primary_key=True),
        sa.Column("available", sa.Boolean, nullable=False),
        sa.Column("price_minor", sa.BigInteger),
        sa.Column("currency", sa.String(3)),
        sa.Column("back_ms", sa.BigInteger),
        sa.Column("dropped_ms", sa.BigInteger),
        sa.Column("before_minor", sa.BigInteger),
    )


def downgrade() -> None:
    op.drop_table("product_looks")
    op.drop_table("letters")
