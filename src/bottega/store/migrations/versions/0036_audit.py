"""Who changed what and when, and who logs in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
LOST = (
    ("audit", "", "who changed what"),
    ("users", "", "who logs in with a password"),
    ("sessions", "", "who is logged in"),
)

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("number", KEY, primary_key=True, autoincrement=False, comment="Order of writing."),
        sa.Column("at_ms", sa.BigInteger, nullable=False, comment="UTC"),
        sa.Column("by", sa.String(16), nullable=False, comment="How they came: key, agent, user, command, nobody."),
        sa.Column("who", sa.Text, nullable=False, comment="Label of the key, name of the user."),
        sa.Column("verb", sa.String(64), nullable=False),
        sa.Column(
            "what", sa.Text, nullable=False, comment="Ids and names of what was asked for; no secret, no person."
        ),
        sa.Column("request_id", sa.String(64), nullable=False, comment="As in the log and in X-Request-ID."),
    )
    op.create_index("audit_at", "audit", ["at_ms"])
    op.create_table(
        "users",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("password", sa.Text, nullable=False, comment="As argon2id has it, salt and costs included."),
        sa.Column("role", sa.String(16), nullable=False, comment="names.Role"),
        sa.Column("created_at_ms", sa.BigInteger, nullable=False, comment="UTC"),
    )
    op.create_table(
        "sessions",
        sa.Column("digest", sa.String(64), primary_key=True, comment="SHA-256 of the token; it is never kept."),
        sa.Column("user_name", sa.Text, nullable=False),
        sa.Column("made_at_ms", sa.BigInteger, nullable=False, comment="UTC"),
        sa.Column("seen_at_ms", sa.BigInteger, nullable=False, comment="UTC; written once a minute at most"),
    )
    op.create_index("sessions_user", "sessions", ["user_name"])
    counters = sa.table("counters", sa.column("name", sa.String), sa.column("value", KEY))
    op.bulk_insert(counters, [{"name": "audit", "value": 0}])


def downgrade() -> None:
    op.drop_table("sessions")
    op.drop_table("users")
    op.drop_table("audit")
    counters = sa.table("counters", sa.column("name", sa.String))
    op.execute(counters.delete().where(counters.c.name == "audit"))
