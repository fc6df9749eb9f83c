"""What keeps models good: judgements of challengers, reports of drift, and up to when a model has learnt."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
LOST = (
    ("judgements", "", "what became of challengers"),
    ("drift_reports", "", "how far the shop had moved from what its models learnt"),
    ("model_runs", "events_until_ms IS NOT NULL", "up to when each model has learnt"),
)

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    counters = sa.table("counters", sa.column("name", sa.String), sa.column("value", KEY))
    op.bulk_insert(counters, [{"name": "judgements", "value": 0}, {"name": "drift_reports", "value": 0}])
    op.add_column("model_runs", sa.Column("events_until_ms", sa.BigInteger))
    op.create_table(
        "judgements",
        sa.Column("number", KEY, primary_key=True, autoincrement=False),
        sa.Column("ability", sa.String(32), nullable=False),
        sa.Column("time_ms", sa.BigInteger, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("served", sa.Boolean, nullable=False),
        sa.Column("report", sa.JSON, nullable=False),
    )
    op.create_index("judgements_version", "judgements", ["version"], unique=True)
    op.create_table(
        "drift_reports",
        sa.Column("number", KEY, primary_key=True, autoincrement=False),
        sa.Column("time_ms", sa.BigInteger, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("report", sa.JSON, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("drift_reports")
    op.drop_table("judgements")
    op.drop_column("model_runs", "events_until_ms")
    counters = sa.table("counters", sa.column("name", sa.String))
    op.execute(counters.delete().where(counters.c.name.in_(("judgements", "drift_reports"))))
