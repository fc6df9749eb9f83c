"""What the keys of many shops are known by, read without opening any of them: no tables are made, none upgraded.

A key is known by its hash, as the store keeps it; a pair for signed requests by the hash of its key id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence

from sqlalchemy import Connection, delete, func, inspect, select

from bottega.names import KeyKind
from bottega.store.database import Database
from bottega.store.tables import api_keys, secrets

__all__ = ["drop_known", "mark_of", "marks_of_keys"]

_PAIR = "aws"
"""How the purpose of a secret begins that is half of a pair for signed requests: `aws:KEY_ID:LABEL`."""


def mark_of(key: str) -> str:
    """What a key, or a key id, is known by."""
    return hashlib.sha256(key.encode()).hexdigest()


def marks_of_keys(url: str, schemas: Sequence[str] = ("",)) -> dict[str, frozenset[str]]:
    """Schema -> what its keys are known by; where there are no tables yet, nothing is.

    One connection for all of them; "" is the schema that the database's user has, and all there is in SQLite.
    Raises `StoreUnavailable`.
    """
    database = Database.connect(url)
    try:
        with database.read() as connection:
            there, found = inspect(connection), dict[str, frozenset[str]]()
            for schema in schemas:
                named = schema or None
                made = all(there.has_table(one.name, named) for one in (api_keys, secrets))
                here = connection.execution_options(schema_translate_map={None: named})
                found[schema] = frozenset((*_keys(here), *_pairs(here))) if made else frozenset()
            return found
    finally:
        database.close()


def drop_known(database: Database, marks: Collection[str]) -> int:
    """Delete the keys and pairs of a shop that are known by one of these; how many."""
    with database.write() as connection:
        keys = [mark for mark in _keys(connection) if mark in marks]
        lines = api_keys.c.kind == KeyKind.SIGNING.value, api_keys.c.digest.in_(keys)
        of_pairs = connection.execute(select(func.count()).select_from(api_keys).where(*lines)).scalar_one()
        pairs = [number for mark, number in _pairs(connection).items() if mark in marks]
        connection.execute(delete(api_keys).where(api_keys.c.digest.in_(keys)))
        connection.execute(delete(secrets).where(secrets.c.number.in_(pairs)))
    return len(keys) - of_pairs + len(pairs)  # a pair has a line among the keys


def _keys(connection: Connection) -> Sequence[str]:
    return connection.execute(select(api_keys.c.digest)).scalars().all()


def _pairs(connection: Connection) -> dict[str, int]:
    """Mark of each pair's key id, and the number of its secret."""
    parts = [(purpose.split(":", 2), number) for purpose, number in connection.execute(_PURPOSES)]
    return {mark_of(of[1]): number for of, number in parts if len(of) == 3 and of[0] == _PAIR}


_PURPOSES = select(secrets.c.purpose, secrets.c.number)
