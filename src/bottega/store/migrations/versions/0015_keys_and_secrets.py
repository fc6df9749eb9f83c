"""Keys of two kinds, and secrets that the shop shares with others, encrypted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
LOST = (
    ("api_keys", "kind <> 'secret'", "keys that open a part of the shop: older versions would let them open all of it"),
    ("secrets", "", "secrets that the shop shares with others"),
)

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    kind = sa.Column("kind", sa.String(16), nullable=False, server_default="secret", comment="names.KeyKind")
    op.add_column("api_keys", kind)
    op.create_table(
        "secrets",
        sa.Column("number", KEY, primary_key=True, autoincrement=False, comment="Order of keeping."),
        sa.Column("purpose", sa.String(128), nullable=False, comment="What it is for, as in shopify-webhook."),
        sa.Column("sealed", sa.Text, nullable=False, comment="Encrypted; shop/secrets.py has the key."),
        sa.Column("created_at_ms", sa.BigInteger, nullable=False, comment="UTC"),
    )
    op.create_index("secrets_purpose", "secrets", ["purpose"])
    counters = sa.table("counters", sa.column("name", sa.String), sa.column("value", KEY))
    op.bulk_insert(counters, [{"name": "secrets", "value": 0}])


def downgrade() -> None:
    op.drop_table("secrets")
    op.execute("DELETE FROM api_keys WHERE kind <> 'secret'")
    op.drop_column("api_keys", "kind")
    counters = sa.table("counters", sa.column("name", sa.String))
    op.execute(counters.delete().where(counters.c.name == "secrets"))
