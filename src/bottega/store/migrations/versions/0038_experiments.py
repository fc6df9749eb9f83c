"""Experiments, and who was given which variant."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
LOST = (
    ("experiments", "", "experiments, and what was adopted of them"),
    ("exposures", "", "who was given which variant of an experiment"),
)

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "experiments",
        sa.Column("number", KEY, primary_key=True, autoincrement=False, comment="Order of being drawn up."),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False, comment="draft, running, stopped or adopted"),
        sa.Column("placements", sa.JSON, nullable=False, comment="Where it is tried; empty: everywhere."),
        sa.Column("variants", sa.JSON, nullable=False, comment="Name, share, strategy, dials; the control first."),
        sa.Column("measure", sa.String(16), nullable=False, comment="experiments.verdict.Gauge"),
        sa.Column("guardrails", sa.JSON, nullable=False, comment="The same of what must not become worse."),
        sa.Column("effect", sa.Float(53), nullable=False, comment="The smallest difference asked about; 0.05: 5%."),
        sa.Column("horizon_days", sa.Integer, nullable=False, comment="Days of a shopper that count."),
        sa.Column("salt", sa.String(64), nullable=False, comment="What divides its shoppers."),
        sa.Column("planned", sa.BigInteger, nullable=False, comment="Shoppers in which the effect shows; 0: no plan."),
        sa.Column("made_ms", sa.BigInteger, nullable=False, comment="UTC"),
        sa.Column("started_ms", sa.BigInteger, comment="UTC"),
        sa.Column("ended_ms", sa.BigInteger, comment="UTC"),
        sa.Column("adopted", sa.Text, comment="The variant that everybody gets."),
    )
    op.create_index("experiments_name", "experiments", ["name"], unique=True)
    op.create_table(
        "exposures",
        sa.Column("experiment", KEY, primary_key=True, autoincrement=False, comment="experiments.number"),
        sa.Column("shopper", sa.Text, primary_key=True, comment="The profile that was given a list of it."),
        sa.Column("variant", sa.SmallInteger, nullable=False, comment="Its place among the variants."),
        sa.Column("time_ms", sa.BigInteger, nullable=False, comment="UTC; of the first such list."),
    )
    op.create_index("exposures_shopper", "exposures", ["shopper"])
    counters = sa.table("counters", sa.column("name", sa.String), sa.column("value", KEY))
    op.bulk_insert(counters, [{"name": "experiments", "value": 0}])


def downgrade() -> None:
    op.drop_table("exposures")
    op.drop_table("experiments")
    counters = sa.table("counters", sa.column("name", sa.String))
    op.execute(counters.delete().where(counters.c.name == "experiments"))
