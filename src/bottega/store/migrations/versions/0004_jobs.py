"""Jobs: work that is done apart from the request that asked for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
LOST = (("jobs", "", "jobs, those that wait among them"),)

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    counters = sa.table("counters", sa.column("name", sa.String), sa.column("value", KEY))
    op.bulk_insert(counters, [{"name": "jobs", "value": 0}])
    op.create_table(
        "jobs",
        sa.Column("number", KEY, primary_key=True, autoincrement=False),
        sa.Column("verb", sa.String(64), nullable=False),
        sa.Column("request", sa.JSON, nullable=False),
        sa.Column("lane", sa.String(64)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("cancel", sa.Boolean, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("done", sa.BigInteger, nullable=False),
        sa.Column("total", sa.BigInteger),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("answer", sa.JSON),
        sa.Column("error", sa.JSON),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("worker", sa.Text),
        sa.Column("lease_ms", sa.BigInteger),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("started_ms", sa.BigInteger),
        sa.Column("ended_ms", sa.BigInteger),
    )
    op.create_index("jobs_state", "jobs", ["state", "number"])


def downgrade() -> None:
    op.drop_table("jobs")
    counters = sa.table("counters", sa.column("name", sa.String))
    op.execute(counters.delete().where(counters.c.name == "jobs"))
