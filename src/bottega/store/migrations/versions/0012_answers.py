"""The log of answers: which products each list held, for so many days."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
LOST = (("answers", "", "the log of answers"),)

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "answers",
        sa.Column("number", KEY, primary_key=True, autoincrement=True, comment="Order of writing."),
        sa.Column("recommendation_id", sa.Text, nullable=False),
        sa.Column("shopper", sa.Text, comment="The profile that asked; null: nobody in particular."),
        sa.Column("time_ms", sa.BigInteger, nullable=False, comment="UTC"),
        sa.Column("placement", sa.String(16), nullable=False),
        sa.Column("strategy", sa.Text, comment="As the request named it."),
        sa.Column("fallback", sa.String(32)),
        sa.Column("model", sa.String(64), nullable=False, comment="Version of the trained model; empty without one."),
        sa.Column("products", sa.JSON, nullable=False, comment="Product ids, the first one first."),
        sa.Column("scores", sa.JSON, nullable=False, comment="In the same order."),
    )
    op.create_index("answers_recommendation_id", "answers", ["recommendation_id"])
    op.create_index("answers_shopper", "answers", ["shopper"])


def downgrade() -> None:
    op.drop_table("answers")
