"""What Alembic runs: the migrations, on the connection and in the transaction that `migrate()` has opened."""

from __future__ import annotations

from alembic import context

from bottega.store.tables import metadata

given = context.config.attributes
context.configure(
    connection=given["connection"], target_metadata=metadata, on_version_apply=given.get("after_each", ())
)
context.run_migrations()
