"""Everything the shop remembers of one shopper: read out in one piece, or deleted for good.

Every table that has a column `shopper` holds what belongs to a profile, and `identities` holds its other names; a new
table is reached by having that column. Nothing else in the store names a shopper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, func, or_, select

from bottega.store.database import Database, take
from bottega.store.identities import ANONYMOUS, SESSION, settle
from bottega.store.often_asked import OftenAsked
from bottega.store.profiles import BY_ANY_ID, PERSONAL, WITHIN, WRITTEN, profile_of_name, profiles
from bottega.store.tables import counters, events, identities, shoppers, tellings

__all__ = ["ShopperRecord", "ShopperStore"]

_LAST_LETTER = "\U0010ffff"
"""Behind every text that begins alike, in the order of either database."""
_FORGOTTEN = "forgotten"
"""The counter that grows with every shopper forgotten, so that other processes notice."""


@dataclass(frozen=True, slots=True)
class ShopperRecord:
    """One profile. `names`: the anonymous ids and sessions that belong to it. `tables`: name -> rows, oldest first."""

    shopper: str
    names: dict[str, list[str]]
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def ids(self) -> set[str]:
        """Every id under which this shopper was seen."""
        seen = {row[key] for row in self.tables.get(events.name, []) for key in ("anonymous_id", "session_id")}
        told = {row["told_as"] for row in self.tables.get(tellings.name, [])}
        return {self.shopper, *(one for group in self.names.values() for one in group), *seen, *told} - {None}

    @property
    def addresses(self) -> set[str]:
        """Every e-mail address that was told of this shopper."""
        told = {row["email"] for row in self.tables.get(shoppers.name, [])}
        told |= {row["words"].get("email", {}).get("value") for row in self.tables.get(tellings.name, [])}
        return told - {None}


class ShopperStore:
    """Profiles as a whole."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._profile = OftenAsked(database, profile_of_name())
        self._overwritten: int | None = None
        """As of how many forgotten the log holds none of them any more; None where that was never looked at."""

    def record(self, name: str) -> ShopperRecord | None:
        """All of the profile that `name` belongs to (a shopper id, an anonymous id or a session); None when unknown."""
        with self._database.read() as connection:
            return _record(connection, name)

    def forget(self, name: str) -> ShopperRecord | None:
        """Delete that profile, in one transaction, and return what was deleted; None when it is unknown.

        SQLite overwrites the rows on disk (`secure_delete`) and empties its log; PostgreSQL's vacuum frees the space.
        """
        with self._database.write() as connection:
            self._database.insert_ignoring(connection, counters, "name", ("name", "value"), [(_FORGOTTEN, 0)])
            take(connection, "events", 0)  # wait for whoever is adding events: theirs would slip through
            found = _record(connection, name)
            if found is None:
                return None
            if settle(connection, [], found.ids):  # what was told under their sessions before it moved by itself
                found = _record(connection, found.shopper)
                assert found is not None, "nothing moves away from a profile with events"
            for table in sorted(PERSONAL, key=lambda one: one.name in WITHIN):  # whoever adds a line waits for its talk
                connection.execute(delete(table).where(_theirs(table, found)))
            connection.execute(delete(identities).where(identities.c.shopper_id == found.shopper))
            take(connection, _FORGOTTEN, 1)
        self.overwrite()
        return found

    def overwrite(self) -> bool:
        """Take old copies of forgotten rows off the disk, if that is not done; whether none is left.

        Copies stay in SQLite's log as long as somebody reads. Whoever serves asks for this again and again, so that
        they go when the reader has gone, whichever process forgot.
        """
        forgotten = self.forgotten()
        if self._overwritten == forgotten or not forgotten:
            return True
        if not self._database.empty_log():
            return False
        self._overwritten = forgotten
        return True

    def profile(self, name: str) -> str | None:
        """The profile that a shopper id, an anonymous id or a session means; None where nobody is known by it."""
        found: str | None = self._profile(name=name)[0][0]
        return found

    def find(self, begins: str, most: int) -> list[str]:
        """Profiles, at most so many: that of the id, anonymous id or session itself, then those whose id, name or
        e-mail address begins so, whatever its case in names and addresses."""
        with self._database.read() as connection:
            found = list(profiles(connection, [begins]).values())
            like = begins.lower().replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"
            told = or_(
                *(func.lower(column).like(like, escape="\\") for column in (shoppers.c.name, shoppers.c.email)),
                func.lower(shoppers.c.name).like(f"% {like}", escape="\\"),
            )
            named = select(shoppers.c.shopper).where(told).order_by(shoppers.c.shopper).limit(most)
            found += connection.execute(named).scalars()
            past = begins + _LAST_LETTER
            for table in (events, shoppers):
                own = select(table.c.shopper).distinct().where(table.c.shopper >= begins, table.c.shopper < past)
                found += connection.execute(own.order_by(table.c.shopper).limit(most)).scalars()
        return list(dict.fromkeys(found))[:most]

    def newest(self, sample: int, most: int) -> list[str]:
        """Profiles of the newest events that came in, at most so many; who came last is first."""
        with self._database.read() as connection:
            last = connection.execute(select(func.max(events.c.seq))).scalar() or 0
            asked = select(events.c.shopper).where(events.c.seq > last - sample).group_by(events.c.shopper)
            return list(connection.execute(asked.order_by(func.max(events.c.time_ms).desc()).limit(most)).scalars())

    def last_seen(self, names: Sequence[str]) -> dict[str, int]:
        """When profiles did something last, UTC milliseconds; who did nothing is left out."""
        asked = select(events.c.shopper, func.max(events.c.time_ms)).where(events.c.shopper.in_(names))
        with self._database.read() as connection:
            return {row[0]: row[1] for row in connection.execute(asked.group_by(events.c.shopper))}

    def joined_since(self, revision: int | None) -> tuple[set[str], int]:
        """Names that log-ins after a revision touched, and the revision reached; None asks for that alone."""
        with self._database.read() as connection:
            newest = connection.execute(select(counters.c.value).where(counters.c.name == "identities")).scalar_one()
            if revision is None or newest == revision:
                return set(), newest
            statement = select(identities.c.id, identities.c.shopper_id).where(identities.c.revision > revision)
            return {name for row in connection.execute(statement) for name in row}, newest

    def forgotten(self) -> int:
        """How many shoppers were ever forgotten."""
        with self._database.read() as connection:
            return connection.execute(select(counters.c.value).where(counters.c.name == _FORGOTTEN)).scalar() or 0


def _record(connection: Connection, name: str) -> ShopperRecord | None:
    shopper = profiles(connection, [name]).get(name)
    if shopper is None:  # somebody of whom nothing is known may have been shown lists, or told of elsewhere
        by_any_id = [table for table in PERSONAL if table.name in BY_ANY_ID]
        held = [select(table.c.shopper).where(table.c.shopper == name).limit(1) for table in by_any_id]
        if not any(connection.execute(statement).first() for statement in held):
            return None
        shopper = name
    names: dict[str, list[str]] = {ANONYMOUS: [], SESSION: []}
    statement = select(identities.c.space, identities.c.id).where(identities.c.shopper_id == shopper)
    for space, one in connection.execute(statement.order_by(identities.c.time_ms, identities.c.id)):
        names[space].append(one)
    found = ShopperRecord(shopper, names)
    for table in sorted(PERSONAL, key=lambda table: table.name in BY_ANY_ID):  # the others know more of their ids
        order = [table.c[column] for column in ("time_ms", "seq") if column in table.c]
        rows = connection.execute(select(table).where(_theirs(table, found)).order_by(*order))
        found.tables[table.name] = [dict(row._mapping) for row in rows]
    return found


def _theirs(table: Table, found: ShopperRecord) -> ColumnElement[bool]:
    """Rows of a profile. A list may have been written down under another of its ids, moments after a log-in; what
    another system's caller says stands under the id that it uses, and what they wrote perhaps under an address."""
    if table.name == WRITTEN:
        return table.c.shopper.in_(sorted({*found.ids, *found.addresses, *(one.lower() for one in found.addresses)}))
    if table.name in BY_ANY_ID:
        return table.c.shopper.in_(sorted(found.ids))
    own: ColumnElement[bool] = table.c.shopper == found.shopper
    return own
