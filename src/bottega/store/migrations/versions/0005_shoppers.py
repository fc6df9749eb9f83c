"""What is said of shoppers, and what they agreed to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
LOST = (
    ("shoppers", "", "what is said of shoppers: names, languages, addresses"),
    ("consents", "", "what shoppers agreed to or refused: older versions learn from everybody"),
)

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    counters = sa.table("counters", sa.column("name", sa.String), sa.column("value", KEY))
    op.bulk_insert(counters, [{"name": "consents", "value": 0}])
    op.create_table(
        "shoppers",
        sa.Column("shopper", sa.Text, primary_key=True),
        sa.Column("name", sa.Text),
        sa.Column("language", sa.Text),
        sa.Column("country", sa.String(2)),
        sa.Column("birth_year", sa.Integer),
        sa.Column("age_band", sa.String(16)),
        sa.Column("email", sa.Text),
        sa.Column("email_opt_in", sa.Boolean),
        sa.Column("time_ms", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "consents",
        sa.Column("shopper", sa.Text, primary_key=True),
        sa.Column("purpose", sa.String(16), primary_key=True),
        sa.Column("given", sa.Boolean),
        sa.Column("time_ms", sa.BigInteger, nullable=False),
        sa.Column("source", sa.Text),
        sa.Column("revision", KEY, nullable=False),
    )
    op.create_index("consents_revision", "consents", ["revision"])


def downgrade() -> None:
    op.drop_table("consents")
    op.drop_table("shoppers")
    counters = sa.table("counters", sa.column("name", sa.String))
    op.execute(counters.delete().where(counters.c.name == "consents"))
