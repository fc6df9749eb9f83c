"""Talks with the shop: their lines, who has the word, where else they are seen, and who answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
LOST = (
    ("talks", "", "talks with shoppers"),
    ("talk_lines", "", "their lines"),
    ("mirrored_talks", "", "where else talks are seen"),
    ("agents", "", "who answers shoppers"),
    ("api_keys", "kind = 'agent'", "keys of those who answer shoppers"),
)


def upgrade() -> None:
    op.create_table(
        "talks",
        sa.Column("talk_id", sa.String(64), primary_key=True),
        sa.Column("shopper", sa.Text),
        sa.Column("told_as", sa.Text),
        sa.Column("owner", sa.String(16), nullable=False),
        sa.Column("fence", sa.BigInteger, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("state", sa.JSON, nullable=False),
        sa.Column("turns", sa.Integer, nullable=False),
        sa.Column("lines", sa.Integer, nullable=False),
        sa.Column("agent", sa.Text),
        sa.Column("why", sa.String(32)),
        sa.Column("opened_ms", sa.BigInteger, nullable=False),
        sa.Column("changed_ms", sa.BigInteger, nullable=False),
        sa.Column("waiting_ms", sa.BigInteger),
        sa.Column("told_fence", sa.BigInteger, nullable=False),
        sa.Column("shortened", sa.Boolean, nullable=False),
    )
    op.create_index("talks_shopper", "talks", ["shopper", "opened_ms"])
    op.create_index("talks_told_as", "talks", ["told_as"])
    op.create_index("talks_owner", "talks", ["owner", "waiting_ms"])
    op.create_index("talks_changed_ms", "talks", ["changed_ms"])
    op.create_table(
        "talk_lines",
        sa.Column("talk_id", sa.String(64), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("shopper", sa.Text),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("said_by", sa.String(16), nullable=False),
        sa.Column("name", sa.Text),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("commands", sa.JSON, nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.Column("time_ms", sa.BigInteger, nullable=False),
        sa.Column("shortened", sa.Boolean, nullable=False),
    )
    op.create_index("talk_lines_shopper", "talk_lines", ["shopper"])
    op.create_index("talk_lines_time_ms", "talk_lines", ["shortened", "time_ms"])
    op.create_table(
        "mirrored_talks",
        sa.Column("platform", sa.String(32), primary_key=True),
        sa.Column("talk_id", sa.String(64), primary_key=True),
        sa.Column("shopper", sa.Text),
        sa.Column("foreign_id", sa.Text, nullable=False),
        sa.Column("sent", sa.Integer, nullable=False),
        sa.Column("fence", sa.BigInteger, nullable=False),
        sa.Column("claimed_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("mirrored_talks_foreign_id", "mirrored_talks", ["platform", "foreign_id"])
    op.create_index("mirrored_talks_shopper", "mirrored_talks", ["shopper"])
    op.create_table(
        "agents",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("seen_ms", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("agents")
    op.drop_table("mirrored_talks")
    op.drop_table("talk_lines")
    op.drop_table("talks")
    op.execute("DELETE FROM api_keys WHERE kind = 'agent'")
