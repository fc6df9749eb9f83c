"""The change that is being made: who made it, told in the same transaction as the change itself.

Idea     Whoever asks for a change says so before (`changing`); the first transaction that writes to that database has
         the line of the audit log in it (`Database.write`), so that one is never there without the other. A change that
         writes to no database has its line in a transaction of its own.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import insert

from bottega.store.tables import audit
from bottega.texts import whole, without_controls

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["PENDING", "AuditLine", "Pending"]


class AuditLine(NamedTuple):
    """One line of the audit log."""

    at_ms: int
    """UTC milliseconds."""
    by: str
    """How they came: key, agent, user, command or nobody."""
    who: str
    """Label of the key, name of the user, or of who is logged in at the machine."""
    verb: str
    what: str
    """Ids and names of what was asked for; never a secret, never a person."""
    request_id: str


@dataclass
class Pending:
    """A change whose line is not written yet."""

    database: object
    """Where it is to be written."""
    change: AuditLine
    written: bool = False

    def write(self, connection: Connection, number: int) -> None:
        """The line, within somebody's transaction."""
        line = self.change._asdict()
        storable = {name: without_controls(whole(value)) for name, value in line.items() if isinstance(value, str)}
        connection.execute(insert(audit), {"number": number, **line, **storable})


PENDING: ContextVar[Pending | None] = ContextVar("pending change", default=None)
"""Of this request, or of this command."""
