"""Every version of what a merchant says, each under its name: nothing is overwritten, so that whatever was changed can
be put back. Rules and synonyms are kept so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, delete, func, insert, select

from bottega.store.database import IN_CHUNK, Database

__all__ = ["VERSIONS_KEPT", "KeptVersion", "KeptVersions"]

VERSIONS_KEPT = 100
"""Versions kept of one thing, the newest."""


class KeptVersion(NamedTuple):
    """A thing as it stood from one change to the next."""

    number: int
    """Order of the changes, over all things of the kind."""
    name: str
    """Of the thing."""
    state: dict[str, Any] | None
    """Its fields; None: it was removed."""
    time_ms: int
    """UTC; when it was changed."""
    who: str
    """Label of the key, name of the user, or of who was logged in at the machine."""


class KeptVersions:
    """Versions of the things of one kind, by their names."""

    def __init__(self, database: Database, table: Table, *, name: str, state: str) -> None:
        """`name` and `state`: the columns that hold these."""
        self._database = database
        self._table, self._name, self._state = table, table.c[name], table.c[state]
        self._number = table.c.number
        self._columns = (self._number, self._name, self._state, table.c.time_ms, table.c.who)

    def write(
        self,
        connection: Connection,
        changes: Sequence[tuple[str, dict[str, Any] | None]],
        *,
        last: int,
        time_ms: int,
        who: str,
    ) -> None:
        """New versions, in a write of the caller's, numbered behind `last`; of each name one. None: it is removed."""
        if not changes:
            return
        keys = [column.name for column in self._columns]
        rows = [(number, name, state, time_ms, who) for number, (name, state) in enumerate(changes, start=last + 1)]
        connection.execute(insert(self._table), [dict(zip(keys, row, strict=True)) for row in rows])
        names = [name for name, _ in changes]
        for start in range(0, len(names), IN_CHUNK):
            some = self._name.in_(names[start : start + IN_CHUNK])
            grown = select(self._name).where(some).group_by(self._name).having(func.count() > VERSIONS_KEPT)
            for name in connection.execute(grown).scalars().all():
                newest = select(self._number).where(self._name == name).order_by(self._number.desc())
                beyond = connection.execute(newest.offset(VERSIONS_KEPT).limit(1)).scalar_one()
                connection.execute(delete(self._table).where(self._name == name, self._number <= beyond))

    def current(self) -> list[KeptVersion]:
        """Everything there is, as it holds now, in the order of the last changes."""
        newest = select(func.max(self._number)).group_by(self._name)
        asked = select(*self._columns).where(self._number.in_(newest)).order_by(self._number)
        with self._database.read() as connection:
            rows = [KeptVersion(*row) for row in connection.execute(asked)]
        return [row for row in rows if row.state is not None]

    def removed(self) -> list[KeptVersion]:
        """Of everything that is no more, how it stood before it was removed, the last removed first; its time and who
        are those of the removal. That of which no version but the removal is kept is left out."""
        newest = select(func.max(self._number)).group_by(self._name)
        gone = self._number.in_(newest), self._state.is_(None)
        last = select(self._name.label("name"), func.max(self._number).label("number"))
        before = last.where(self._state.is_not(None)).group_by(self._name).subquery()
        fields = select(self._name, self._state).join(before, before.c.number == self._number)
        with self._database.read() as connection:
            stood: dict[str, Any] = dict(map(tuple, connection.execute(fields)))
            asked = select(*self._columns).where(*gone).order_by(self._number.desc())
            rows = [KeptVersion(*row) for row in connection.execute(asked)]
        return [row._replace(state=stood[row.name]) for row in rows if row.name in stood]

    def versions(self, name: str) -> list[KeptVersion]:
        """All versions of one thing that are kept, the newest first; none for a name that nothing ever had."""
        asked = select(*self._columns).where(self._name == name).order_by(self._number.desc())
        with self._database.read() as connection:
            return [KeptVersion(*row) for row in connection.execute(asked)]

    def name_of(self, number: int) -> str | None:
        """The name of what this change changed; None where none of that number is kept."""
        with self._database.read() as connection:
            name: str | None = connection.execute(select(self._name).where(self._number == number)).scalar()
            return name

    def changes(self, *, before: int | None, limit: int) -> list[KeptVersion]:
        """Changes of all things, the newest first; `before`: of a lower number than this."""
        asked = select(*self._columns).order_by(self._number.desc()).limit(limit)
        asked = asked if before is None else asked.where(self._number < before)
        with self._database.read() as connection:
            return [KeptVersion(*row) for row in connection.execute(asked)]
