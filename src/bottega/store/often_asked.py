"""Statements that answers ask again and again: compiled once, sent to the driver as text, rows as the driver has them.

Most of the time of a small statement goes into SQLAlchemy's own work on it, on its connection and on its rows: some
200 microseconds, where the database takes 20. Values pass unchanged, so the columns must be plain numbers and text.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import Column, Select, bindparam

from bottega.store.database import Database

__all__ = ["OftenAsked", "OftenAskedOfMany"]

_SIZES = (1, 4, 16, 64, 256)
"""Lists of values are filled up to one of these lengths, so that there are few statements; longer ones are cut."""


class OftenAsked:
    """One statement, whose values are given by name when it is asked. Safe to call from several threads."""

    def __init__(self, database: Database, statement: Select[Any]) -> None:
        self._database, self._statement = database, statement

    def __call__(self, **values: Any) -> list[tuple[Any, ...]]:
        """Its rows. Raises `StoreUnavailable`."""
        sql, names, fixed = self._compiled
        values = fixed | values
        return self._database.rows(sql, values if names is None else [values[name] for name in names])

    @cached_property
    def _compiled(self) -> tuple[str, Sequence[str] | None, dict[str, Any]]:
        """Its text; the names of its values in their order, where the driver counts them; values it has by itself."""
        found = self._statement.compile(dialect=self._database.engine.dialect)
        fixed = {name: value for name, value in found.params.items() if value is not None}
        return str(found), found.positiontup, fixed


class OftenAskedOfMany:
    """A statement about the rows that have one of some values in a column."""

    def __init__(self, database: Database, statement: Select[Any], column: Column[Any]) -> None:
        def of(size: int) -> OftenAsked:
            return OftenAsked(database, statement.where(column.in_([bindparam(f"v{place}") for place in range(size)])))

        self._by_size = {size: of(size) for size in _SIZES}

    def __call__(self, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Its rows. Raises `StoreUnavailable`."""
        most = _SIZES[-1]
        if len(values) > most:
            return [row for start in range(0, len(values), most) for row in self(values[start : start + most])]
        if not values:
            return []
        size = next(size for size in _SIZES if size >= len(values))
        full = [*values, *[values[-1]] * (size - len(values))]
        return self._by_size[size](**{f"v{place}": value for place, value in enumerate(full)})
