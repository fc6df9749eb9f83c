"""Log-ins are numbered in the order of their writing: a process notices those of others that came without an event."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    counters = sa.table("counters", sa.column("name", sa.String), sa.column("value", KEY))
    op.bulk_insert(counters, [{"name": "identities", "value": 0}])
    op.add_column("identities", sa.Column("revision", KEY, nullable=False, server_default="0"))
    with op.batch_alter_table("identities") as table:
        table.alter_column("revision", server_default=None)
        table.create_index("identities_revision", ["revision"])


def downgrade() -> None:
    op.drop_index("identities_revision", "identities")
    op.drop_column("identities", "revision")
    counters = sa.table("counters", sa.column("name", sa.String))
    op.execute(counters.delete().where(counters.c.name == "identities"))
