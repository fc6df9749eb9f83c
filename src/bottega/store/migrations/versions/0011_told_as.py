"""Under which name everything was told: it moves on with that name. What is there was told as its present owner."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
LOST = (
    ("tellings", "shopper <> told_as", "under which name things were told; they are their present owner's"),
    ("closet_items", "shopper <> told_as", "under which name pieces were hung up"),
)

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
CHUNK = 1000


def upgrade() -> None:
    counters = sa.table("counters", sa.column("name", sa.String), sa.column("value", KEY))
    op.bulk_insert(counters, [{"name": "tellings", "value": 0}])
    op.create_table(
        "tellings",
        sa.Column("shopper", sa.Text, primary_key=True),
        sa.Column("told_as", sa.Text, primary_key=True),
        sa.Column("words", sa.JSON, nullable=False),
    )
    op.create_index("tellings_told_as", "tellings", ["told_as"])
    op.add_column("closet_items", sa.Column("told_as", sa.Text, nullable=False, server_default=""))
    op.execute(sa.text("UPDATE closet_items SET told_as = shopper"))
    with op.batch_alter_table("closet_items") as table:
        table.alter_column("told_as", server_default=None)
        table.create_index("closet_items_told_as", ["told_as"])
    both = sa.text("session_id IS NOT NULL AND anonymous_id IS NOT NULL")
    op.create_index("events_session_id", "events", ["session_id"], sqlite_where=both, postgresql_where=both)
    _tell_what_is_there()


def downgrade() -> None:
    op.drop_index("events_session_id", "events")
    op.drop_index("closet_items_told_as", "closet_items")
    op.drop_column("closet_items", "told_as")
    op.drop_table("tellings")
    counters = sa.table("counters", sa.column("name", sa.String))
    op.execute(counters.delete().where(counters.c.name == "tellings"))


def _tell_what_is_there() -> None:
    """A row for each profile of which anything was said."""
    connection = op.get_bind()
    told: dict[str, dict[str, Any]] = {}

    def note(shopper: str, matter: str, value: Any, time_ms: int, source: str | None = None) -> None:
        word = {"value": value, "time_ms": time_ms, "now": False, "source": source, "told_to": shopper, "place": 0}
        told.setdefault(shopper, {})[matter] = word

    fields = ("name", "language", "country", "birth_year", "age_band", "email", "email_opt_in")
    shoppers = sa.table("shoppers", *(sa.column(name) for name in ("shopper", "time_ms", *fields[:-1])))
    shoppers.append_column(sa.column("email_opt_in", sa.Boolean))
    for row in connection.execute(sa.select(shoppers)).mappings():
        for name in fields:
            if row[name] is not None:
                note(row["shopper"], name, row[name], row["time_ms"])
    words = sa.table(
        "consents",
        *(sa.column(name) for name in ("shopper", "purpose", "time_ms", "source")),
        sa.column("given", sa.Boolean),
    )
    for row in connection.execute(sa.select(words)).mappings():
        note(row["shopper"], f"consent.{row['purpose']}", row["given"], row["time_ms"], row["source"])
    tastes = sa.table(
        "tastes", *(sa.column(name) for name in ("shopper", "attribute", "time_ms")), sa.column("liked", sa.JSON)
    )
    for row in connection.execute(sa.select(tastes)).mappings():
        note(row["shopper"], f"taste.{row['attribute']}", list(row["liked"]), row["time_ms"])
    tellings = sa.table("tellings", sa.column("shopper"), sa.column("told_as"), sa.column("words", sa.JSON))
    rows = [{"shopper": shopper, "told_as": shopper, "words": words} for shopper, words in told.items()]
    for start in range(0, len(rows), CHUNK):
        op.bulk_insert(tellings, rows[start : start + CHUNK])
