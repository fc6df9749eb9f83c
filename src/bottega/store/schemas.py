"""Schemas of PostgreSQL, one a shop: what they are called, and how one comes and goes."""

from __future__ import annotations

from sqlalchemy import inspect
from sqlalchemy.schema import CreateSchema, DropSchema

from bottega.store.database import Database

__all__ = ["drop_schema", "make_schema", "schema_of"]

PREFIX = "shop_"


def schema_of(name: str) -> str:
    """The schema of a shop of this name, in small letters; names are told apart without capitals.

    >>> schema_of("Nord-2")
    'shop_nord_2'
    """
    return PREFIX + name.lower().replace("-", "_")


def make_schema(url: str, schema: str) -> bool:
    """Make a schema; False where it was there before. Raises `StoreUnavailable`."""
    database = Database.connect(url)
    try:
        with database.write() as connection:
            if inspect(connection).has_schema(schema):
                return False
            connection.execute(CreateSchema(schema))
            return True
    finally:
        database.close()


def drop_schema(url: str, schema: str) -> None:
    """Delete a schema with all its tables. Raises `StoreUnavailable`."""
    database = Database.connect(url)
    try:
        with database.write() as connection:
            connection.execute(DropSchema(schema, cascade=True, if_exists=True))
    finally:
        database.close()
