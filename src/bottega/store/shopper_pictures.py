"""Pictures that a shopper asked to keep in the closet, and pictures shared with friends by a link that expires.

The pictures themselves are files (shop/pictures/shopper_files.py). Both tables have a column `shopper`, so that export
and forget reach them (shoppers.py). Of a link nothing is kept but a hash: the database opens no picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, func, insert, select, update

from bottega.store.database import Database
from bottega.store.tables import closet_pictures, shares

__all__ = ["ClosetPicture", "ClosetPictureStore", "PictureShare", "ShareStore", "move_pictures"]

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ClosetPicture:
    """One picture of a shopper's."""

    picture_id: str
    shopper: str
    file: str
    made_by: str
    """The verb that made it, as in try_on; empty for a photo of their own."""
    product_ids: list[str]
    """What is worn on it."""
    time_ms: int
    """UTC; when it was kept."""
    told_as: str = ""
    """The name under which it was kept; the shopper where empty."""


@dataclass(frozen=True, slots=True)
class PictureShare(ClosetPicture):
    """One picture that friends may see."""

    expires_ms: int = 0
    """UTC; from then on the link opens nothing."""


class ClosetPictureStore:
    """Kept pictures by id and by shopper."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, picture: ClosetPicture) -> None:
        """Keep a new one."""
        with self._database.write() as connection:
            connection.execute(insert(closet_pictures), [_row(picture, closet_pictures)])

    def get(self, picture_id: str) -> ClosetPicture | None:
        """The picture of an id."""
        with self._database.read() as connection:
            row = connection.execute(select(closet_pictures).where(closet_pictures.c.picture_id == picture_id)).first()
        return ClosetPicture(**row._mapping) if row else None

    def of_shopper(self, shopper: str) -> list[ClosetPicture]:
        """A shopper's pictures, the newest first."""
        statement = select(closet_pictures).where(closet_pictures.c.shopper == shopper)
        order = closet_pictures.c.time_ms.desc(), closet_pictures.c.picture_id
        with self._database.read() as connection:
            return [ClosetPicture(**row._mapping) for row in connection.execute(statement.order_by(*order))]

    def count(self, shopper: str) -> int:
        """How many a shopper has."""
        return _count(self._database, closet_pictures, closet_pictures.c.shopper == shopper)

    def added_since(self, time_ms: int) -> int:
        """How many there are of all shoppers that were kept since a moment."""
        return _count(self._database, closet_pictures, closet_pictures.c.time_ms >= time_ms)

    def remove(self, shopper: str, picture_ids: list[str]) -> list[ClosetPicture]:
        """Take a shopper's pictures out; returns those that went. Ids of others do nothing."""
        mine = (closet_pictures.c.shopper == shopper) & closet_pictures.c.picture_id.in_(picture_ids)
        return [ClosetPicture(**row._mapping) for row in _taken_out(self._database, closet_pictures, mine)]


class ShareStore:
    """Shares by what their link holds, and by shopper."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, share: PictureShare, token: str) -> None:
        """Keep a new one, which whoever has the `token` may see."""
        with self._database.write() as connection:
            row = _row(share, shares) | {"token_hash": _hash(token), "expires_ms": share.expires_ms}
            connection.execute(insert(shares), [row])

    def by_token(self, token: str, now_ms: int) -> PictureShare | None:
        """The share that a link opens at a moment; None where it opens none, or none any more."""
        chosen = (shares.c.token_hash == _hash(token)) & (shares.c.expires_ms > now_ms)
        with self._database.read() as connection:
            row = connection.execute(select(shares).where(chosen)).first()
        return _share(row) if row else None

    def of_shopper(self, shopper: str, now_ms: int) -> list[PictureShare]:
        """A shopper's shares that open at a moment, the newest first."""
        mine = (shares.c.shopper == shopper) & (shares.c.expires_ms > now_ms)
        order = shares.c.time_ms.desc(), shares.c.picture_id
        with self._database.read() as connection:
            return [_share(row) for row in connection.execute(select(shares).where(mine).order_by(*order))]

    def count(self, shopper: str, now_ms: int) -> int:
        """How many of a shopper's links open at a moment."""
        return _count(self._database, shares, (shares.c.shopper == shopper) & (shares.c.expires_ms > now_ms))

    def added_since(self, time_ms: int) -> int:
        """How many there are of all shoppers that were made since a moment."""
        return _count(self._database, shares, shares.c.time_ms >= time_ms)

    def remove(self, shopper: str, share_ids: list[str]) -> list[PictureShare]:
        """Take a shopper's shares back; returns those that went. Ids of others do nothing."""
        mine = (shares.c.shopper == shopper) & shares.c.picture_id.in_(share_ids)
        return [_share(row) for row in _taken_out(self._database, shares, mine)]

    def expire(self, now_ms: int) -> list[PictureShare]:
        """Drop shares whose links open nothing any more, some hundred at a time; returns them."""
        with self._database.read() as connection:
            if connection.execute(select(shares.c.picture_id).where(shares.c.expires_ms <= now_ms)).first() is None:
                return []
        return [_share(row) for row in _taken_out(self._database, shares, shares.c.expires_ms <= now_ms)]


def move_pictures(connection: Connection, name: str, shopper: str) -> None:
    """Give what was kept and shared under a name to the profile it now belongs to."""
    for table in (closet_pictures, shares):
        connection.execute(update(table).where(table.c.told_as == name).values(shopper=shopper))


def _count(database: Database, table: Table, chosen: Any) -> int:
    with database.read() as connection:
        return connection.execute(select(func.count()).select_from(table).where(chosen)).scalar_one()


def _taken_out(database: Database, table: Table, chosen: Any) -> list[Row[Any]]:
    with database.write() as connection:
        rows = list(connection.execute(select(table).where(chosen).order_by(table.c.time_ms).limit(_AT_ONCE)))
        gone = table.c.picture_id.in_([row.picture_id for row in rows])
        connection.execute(delete(table).where(gone))
    if rows:
        database.empty_log()
    return rows


def _row(picture: ClosetPicture, table: Table) -> dict[str, Any]:
    names = (name for name in table.c.keys() if hasattr(picture, name))  # noqa: SIM118 - columns, not a dictionary
    return {name: getattr(picture, name) for name in names} | {"told_as": picture.told_as or picture.shopper}


def _share(row: Row[Any]) -> PictureShare:
    return PictureShare(**{name: value for name, value in row._mapping.items() if name != "token_hash"})


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
