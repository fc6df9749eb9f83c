"""What shoppers asked of products and no listing says, and what the merchant answers once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
LOST = (("asked_questions", "", "what shoppers asked and no listing says, and the answers given once"),)


def upgrade() -> None:
    op.create_table(
        "asked_questions",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
        sa.Column("product_id", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("wordings", sa.JSON, nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("first_ms", sa.BigInteger, nullable=False),
        sa.Column("last_ms", sa.BigInteger, nullable=False),
        sa.Column("answer", sa.Text),
        sa.Column("answered_ms", sa.BigInteger),
    )
    op.create_index("asked_questions_about", "asked_questions", ["product_id", "about"], unique=True)
    op.create_index("asked_questions_times", "asked_questions", ["times", "number"])
    counters = sa.table("counters", sa.column("name", sa.String), sa.column("value", sa.BigInteger))
    op.bulk_insert(counters, [{"name": "asked_questions", "value": 0}])


def downgrade() -> None:
    op.drop_table("asked_questions")
    counters = sa.table("counters", sa.column("name", sa.String))
    op.execute(counters.delete().where(counters.c.name == "asked_questions"))
