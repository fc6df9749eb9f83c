"""Halves of characters that were taken in before they were refused are left out: nothing could answer or learn them."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from bottega.texts import broken_place, whole_value

revision = "0013"
down_revision = "0012"

PLACES = {"products": ("position", ("attributes",)), "jobs": ("number", ("request", "answer", "error"))}
"""Table -> its key, and its columns of JSON that hold what somebody sent."""


def upgrade() -> None:
    connection = op.get_bind()
    for name, (key, columns) in PLACES.items():
        table = sa.table(name, sa.column(key, sa.BigInteger), *(sa.column(column, sa.JSON) for column in columns))
        for column in columns:
            text = sa.cast(table.c[column], sa.Text)
            statement = sa.select(table.c[key], text).where(text.contains("\\ud", autoescape=True))
            for place, written in connection.execute(statement).all():
                value = json.loads(written)
                if broken_place(value) is not None:
                    changed = {column: whole_value(value)}
                    connection.execute(sa.update(table).where(table.c[key] == place).values(changed))


def downgrade() -> None:
    """Nothing: what was left out was half a character."""
