"""Take a database's tables back to those of an older Bottega, and say first what those cannot hold.

Each migration says in `LOST` which rows lose something when it is undone: (table, condition, what it is in words); an
empty condition means the whole table. All its steps are one transaction: it is done, or nothing has changed.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select, table, text

from bottega.errors import RequestInvalid
from bottega.store.database import Database
from bottega.store.migrate import MIGRATIONS, config_of, known_to, migrating, newest, revision_of

__all__ = ["RELEASED", "Loss", "downgrade", "losses", "tables_of"]

RELEASED = {"0.1.0": "0001", "0.2.0": "0002", "0.3.0": "0003"}
"""Every version that was released, and the version of its tables."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What older tables cannot hold."""

    table: str
    rows: int
    """How many lose it."""
    words: str
    """What it is."""


def tables_of(version: str) -> str:
    """The version of the tables of a released Bottega. Raises `RequestInvalid` for one that was not released.

    >>> tables_of("0.3.0")
    '0003'
    """
    found = RELEASED.get(version.removeprefix("v"))
    if found is None:
        raise RequestInvalid(
            f"{version!r} is no version of Bottega that tables can go back to.",
            allowed=f"Released were {', '.join(RELEASED)}.",
            next_step="Name the version that is to open the shop.",
        )
    return found


def losses(database: Database, revision: str) -> tuple[Loss, ...]:
    """What would be lost, the newest first, where there is any. Changes nothing. Raises what `downgrade` raises."""
    with database.read() as connection:
        return _losses(database, connection, revision)


def downgrade(database: Database, revision: str) -> tuple[Loss, ...]:
    """Take the tables back to a version of theirs; what was lost by it.

    Raises `RequestInvalid` where they are older than that, or there are none, and `StoreUnavailable`.
    """
    from alembic import command

    with migrating(database) as connection:
        lost = _losses(database, connection, revision)
        command.downgrade(config_of(connection), revision)
    return lost


def _losses(database: Database, connection: Connection, revision: str) -> tuple[Loss, ...]:
    from alembic.script import ScriptDirectory

    present = revision_of(connection)
    known_to(database, present)
    if present is None or present < revision:
        raise RequestInvalid(
            f"The database {database.name} has tables of version {present or 'none'}, older than {revision}.",
            allowed=f"Tables go back from versions up to {newest()}.",
            next_step="There is nothing to take back: the older Bottega opens it, and brings it to its own tables.",
        )
    found = []
    for script in ScriptDirectory(str(MIGRATIONS)).iterate_revisions(present, revision):
        for name, where, words in getattr(script.module, "LOST", ()):
            asked = select(func.count()).select_from(table(name))
            rows = connection.execute(asked.where(text(where)) if where else asked).scalar_one()
            if rows:
                found.append(Loss(name, rows, words))
    return tuple(found)
