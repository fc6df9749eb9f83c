"""What words mean by what shoppers open after them: their votes, and what was made of these."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
LOST = (
    ("word_votes", "", "what shoppers went on to after words that no listing has"),
    ("meanings", "", "what such words mean, and what of it was taken back"),
)


def upgrade() -> None:
    op.create_table(
        "word_votes",
        sa.Column("phrase", sa.Text, primary_key=True),
        sa.Column("shopper", sa.Text, primary_key=True),
        sa.Column("day", sa.Integer, primary_key=True),
        sa.Column("product_id", sa.Text, nullable=False),
        sa.Column("beside", sa.Text, nullable=False),
        sa.Column("kind", sa.Integer, nullable=False),
        sa.Column("time_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("word_votes_shopper", "word_votes", ["shopper"])
    op.create_table(
        "meanings",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
        sa.Column("phrase", sa.Text, nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("chosen", sa.Integer, nullable=False),
        sa.Column("shown", sa.Integer, nullable=False),
        sa.Column("shoppers", sa.Integer, nullable=False),
        sa.Column("usual", sa.Float, nullable=False),
        sa.Column("lower", sa.Float, nullable=False),
        sa.Column("used", sa.Boolean, nullable=False),
        sa.Column("forgotten", sa.Boolean, nullable=False),
        sa.Column("time_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("meanings_phrase", "meanings", ["phrase", "field", "value"], unique=True)
    counters = sa.table("counters", sa.column("name", sa.String), sa.column("value", sa.BigInteger))
    op.bulk_insert(counters, [{"name": "meanings", "value": 0}, {"name": "word_votes", "value": 0}])


def downgrade() -> None:
    op.drop_table("meanings")
    op.drop_table("word_votes")
    counters = sa.table("counters", sa.column("name", sa.String))
    op.execute(counters.delete().where(counters.c.name.in_(("meanings", "word_votes"))))
