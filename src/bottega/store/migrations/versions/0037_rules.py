"""Saved rules, every version of each, and which of them acted on an answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
LOST = (
    ("rule_versions", "", "saved rules and what they were before; lists no longer heed them"),
    ("answers", "rules IS NOT NULL", "which saved rules acted on a list"),
)


def upgrade() -> None:
    op.create_table(
        "rule_versions",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
        sa.Column("rule_id", sa.Text, nullable=False),
        sa.Column("rule", sa.JSON),
        sa.Column("time_ms", sa.BigInteger, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
    )
    op.create_index("rule_versions_rule_id", "rule_versions", ["rule_id", "number"])
    op.add_column("answers", sa.Column("rules", sa.JSON))
    counters = sa.table("counters", sa.column("name", sa.String), sa.column("value", sa.BigInteger))
    op.bulk_insert(counters, [{"name": "rules", "value": 0}])


def downgrade() -> None:
    op.drop_column("answers", "rules")
    op.drop_table("rule_versions")
    counters = sa.table("counters", sa.column("name", sa.String))
    op.execute(counters.delete().where(counters.c.name == "rules"))
