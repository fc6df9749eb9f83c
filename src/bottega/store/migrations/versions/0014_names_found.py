"""Indexes by which a name is found among the log-ins, however many there are."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_index("identities_id", "identities", ["id", "space"])
    op.create_index("identities_shopper_id", "identities", ["shopper_id"])


def downgrade() -> None:
    op.drop_index("identities_shopper_id", "identities")
    op.drop_index("identities_id", "identities")
