"""Pictures that a shopper asked to keep, and links by which friends may see one for a while."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
LOST = (
    ("closet_pictures", "", "pictures that shoppers kept; the files stay in the folder closet_pictures/"),
    ("shares", "", "links to shared pictures; the files stay in the folder shares/"),
    ("events", "kind = 10", "events of trying on"),
)


def upgrade() -> None:
    for name, more in (
        ("closet_pictures", ()),
        (
            "shares",
            (
                sa.Column("token_hash", sa.String(64), nullable=False),
                sa.Column("expires_ms", sa.BigInteger, nullable=False),
            ),
        ),
    ):
        op.create_table(
            name,
            sa.Column("picture_id", sa.String(64), primary_key=True),
            sa.Column("shopper", sa.Text, nullable=False),
            sa.Column("told_as", sa.Text, nullable=False),
            sa.Column("file", sa.String(64), nullable=False),
            sa.Column("made_by", sa.String(32), nullable=False),
            sa.Column("product_ids", sa.JSON, nullable=False),
            sa.Column("time_ms", sa.BigInteger, nullable=False),
            *more,
        )
        op.create_index(f"{name}_shopper", name, ["shopper", "time_ms"])
        op.create_index(f"{name}_told_as", name, ["told_as"])
        op.create_index(f"{name}_time_ms", name, ["time_ms"])
    op.create_index("shares_token_hash", "shares", ["token_hash"], unique=True)
    op.create_index("shares_expires_ms", "shares", ["expires_ms"])


def downgrade() -> None:
    op.execute("DELETE FROM events WHERE kind = 10")
    op.drop_table("shares")
    op.drop_table("closet_pictures")
