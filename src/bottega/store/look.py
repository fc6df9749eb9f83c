"""A database looked at without a change: whether it answers, which tables it has, what its clock says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import make_url, text
from sqlalchemy.exc import ArgumentError

from bottega.store.database import Database
from bottega.store.migrate import newest, revision_of

__all__ = ["DatabaseLook", "look_at"]


@dataclass(frozen=True, slots=True)
class DatabaseLook:
    """What was seen of a database."""

    name: str
    """Without a password."""
    state: Literal["empty", "older", "current", "newer"]
    version: str
    """Of its tables; empty where it has none."""
    newest: str
    """The version that this code knows."""
    now_ms: int | None
    """What its clock says, UTC milliseconds; None of a file, which has none."""


def look_at(url: str, schema: str = "") -> DatabaseLook:
    """Look at the database of a URL; nothing is made. Raises `StoreUnavailable` where it does not answer."""
    if (file := _file_of(url)) is not None and not file.exists():
        return DatabaseLook(str(file), "empty", "", newest(), None)
    database = Database.connect(url, schema=schema)
    try:
        with database.read() as connection:
            found = revision_of(connection)
            now_ms = None
            if not database.is_sqlite:
                now_ms = int(
                    connection.execute(text("SELECT extract(epoch FROM clock_timestamp()) * 1000")).scalar_one()
                )
    finally:
        database.close()
    version = found or ""
    state: Literal["empty", "older", "current", "newer"] = "current"
    if version != newest():
        state = "empty" if not version else "older" if version < newest() else "newer"
    return DatabaseLook(database.name, state, version, newest(), now_ms)


def _file_of(url: str) -> Path | None:
    try:
        parsed = make_url(url)
    except ArgumentError:
        return None
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None
