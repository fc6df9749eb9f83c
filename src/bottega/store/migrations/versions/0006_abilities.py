"""Runs say what their model can do, so that a room may hold several; outfits are no room of their own any more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
OTHERS = "ability NOT IN ('recommend', 'eye', 'outfits')"
LOST = (("model_runs", OTHERS, "trainings of what older versions have no model for; their files stay in models/"),)

runs = sa.table("model_runs", sa.column("room", sa.String), sa.column("ability", sa.String))


def upgrade() -> None:
    op.add_column("model_runs", sa.Column("ability", sa.String(32), nullable=False, server_default="recommend"))
    op.execute(runs.update().where(runs.c.room == "vision").values(ability="eye"))
    op.execute(runs.update().where(runs.c.room == "outfits").values(room="vision", ability="outfits"))
    with op.batch_alter_table("model_runs") as table:
        table.alter_column("ability", server_default=None)
        table.drop_index("model_runs_room")
        table.create_index("model_runs_ability", ["ability", "version"])


def downgrade() -> None:
    op.execute(f"DELETE FROM model_runs WHERE {OTHERS}")
    op.execute(runs.update().where(runs.c.ability == "outfits").values(room="outfits"))
    op.drop_index("model_runs_ability", "model_runs")
    op.drop_column("model_runs", "ability")
    op.create_index("model_runs_room", "model_runs", ["room", "version"])
