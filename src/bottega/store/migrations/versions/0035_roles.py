"""What each key opens, until when, how often, and its last use. Keys of before open everything, as they did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
LESS = "role <> 'admin' OR expires_at_ms IS NOT NULL"
LOST = (
    ("api_keys", LESS, "keys that open a part or that end: older versions would let them open everything for ever"),
    ("api_keys", "per_minute IS NOT NULL", "how often keys may ask in a minute: older versions set them no limit"),
    ("api_keys", "used_at_ms IS NOT NULL", "when keys were last used"),
)


def upgrade() -> None:
    for column in (
        sa.Column("role", sa.String(16), comment="names.Role of a secret key; null for the other kinds."),
        sa.Column("expires_at_ms", sa.BigInteger, comment="UTC; null: never"),
        sa.Column("used_at_ms", sa.BigInteger, comment="UTC; last use, written once a minute at most; null: never"),
        sa.Column("per_minute", sa.Integer, comment="Requests that it may make in a minute; null: as many as it likes"),
        sa.Column("tokens", sa.Float(53), comment="What is left of them; null: nothing was taken yet"),
        sa.Column("tokens_at_ms", sa.BigInteger, comment="UTC; when that was counted"),
    ):
        op.add_column("api_keys", column)
    op.execute("UPDATE api_keys SET role = 'admin' WHERE kind = 'secret'")


def downgrade() -> None:
    op.execute(f"DELETE FROM api_keys WHERE {LESS}")
    for name in ("tokens_at_ms", "tokens", "per_minute", "used_at_ms", "expires_at_ms", "role"):
        op.drop_column("api_keys", name)
