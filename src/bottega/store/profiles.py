"""Whom a name means: the profile of a shopper id, an anonymous id or a session id, asked for many names at once."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, Table, select

from bottega.store.database import IN_CHUNK
from bottega.store.tables import identities, metadata

__all__ = ["PERSONAL", "profiles"]

PERSONAL: tuple[Table, ...] = tuple(table for table in metadata.sorted_tables if "shopper" in table.c)
"""Every table that holds what belongs to a profile."""


def profiles(connection: Connection, names: Iterable[str]) -> dict[str, str]:
    """The profile of each name that is known: its own, else the one its log-in joined (anonymous ids first)."""
    found: dict[str, str] = {}
    wanted = sorted(set(names))
    for start in range(0, len(wanted), IN_CHUNK):
        left = wanted[start : start + IN_CHUNK]
        for table in PERSONAL:
            own = connection.execute(select(table.c.shopper).distinct().where(table.c.shopper.in_(left))).scalars()
            found.update((name, name) for name in own)
            left = [name for name in left if name not in found]
        statement = select(identities.c.id, identities.c.shopper_id).where(identities.c.id.in_(left))
        for name, shopper in connection.execute(statement.order_by(identities.c.space)):  # anonymous before session
            found.setdefault(name, shopper)
        left = [name for name in left if name not in found]
        statement = select(identities.c.shopper_id).distinct().where(identities.c.shopper_id.in_(left))
        found.update((name, name) for name in connection.execute(statement).scalars())
    return found
