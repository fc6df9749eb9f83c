"""The first tables: products, events, identities, model runs, keys, and the counters that number them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    counters = op.create_table(
        "counters",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("value", KEY, nullable=False),
    )
    op.bulk_insert(
        counters, [{"name": name, "value": 0} for name in ("events", "positions", "revisions", "model_runs")]
    )
    op.create_table(
        "products",
        sa.Column("position", KEY, primary_key=True, autoincrement=False),
        sa.Column("revision", KEY, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("group_id", sa.Text),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("brand", sa.Text),
        sa.Column("category", sa.JSON, nullable=False),
        sa.Column("category_path", sa.Text, nullable=False),
        sa.Column("price_minor", sa.BigInteger),
        sa.Column("currency", sa.String(3)),
        sa.Column("availability", sa.String(16), nullable=False),
        sa.Column("hidden", sa.Boolean, nullable=False),
        sa.Column("images", sa.JSON, nullable=False),
        sa.Column("attributes", sa.JSON, nullable=False),
        sa.Column("url", sa.Text),
        sa.Column("updated_at_ms", sa.BigInteger),
        sa.Column("source_row", sa.Text),
        sa.Column("words", sa.Text, nullable=False),
    )
    op.create_index("products_id", "products", ["id"], unique=True)
    op.create_index("products_group_id", "products", ["group_id"])
    op.create_index("products_revision", "products", ["revision"])
    op.create_table(
        "events",
        sa.Column("seq", KEY, primary_key=True, autoincrement=False),
        sa.Column("event_id", sa.Text, nullable=False),
        sa.Column("shopper", sa.Text, nullable=False),
        sa.Column("shopper_id", sa.Text),
        sa.Column("anonymous_id", sa.Text),
        sa.Column("session_id", sa.Text),
        sa.Column("kind", sa.SmallInteger, nullable=False),
        sa.Column("product_id", sa.Text),
        sa.Column("time_ms", sa.BigInteger, nullable=False),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.Column("value", sa.Float(53)),
        sa.Column("query", sa.Text),
        sa.Column("rating", sa.Float(53)),
        sa.Column("recommendation_id", sa.Text),
        sa.Column("source", sa.Text),
    )
    op.create_index("events_event_id", "events", ["event_id"], unique=True)
    op.create_index("events_shopper_time", "events", ["shopper", "time_ms"])
    op.create_table(
        "identities",
        sa.Column("space", sa.String(16), primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("shopper_id", sa.Text, nullable=False),
        sa.Column("time_ms", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "model_runs",
        sa.Column("number", KEY, primary_key=True, autoincrement=False),
        sa.Column("room", sa.String(32), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("trained_at_ms", sa.BigInteger, nullable=False),
        sa.Column("seconds", sa.Float(53), nullable=False),
        sa.Column("peak_mb", sa.Float(53), nullable=False),
        sa.Column("products", sa.BigInteger, nullable=False),
        sa.Column("events_seen", sa.BigInteger, nullable=False),
        sa.Column("shoppers", sa.BigInteger, nullable=False),
        sa.Column("measures", sa.JSON, nullable=False),
        sa.Column("folder", sa.Text, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
    )
    op.create_index("model_runs_room", "model_runs", ["room", "version"])
    op.create_table(
        "api_keys",
        sa.Column("label", sa.Text, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger, nullable=False),
    )
