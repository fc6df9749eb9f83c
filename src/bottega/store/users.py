"""Who logs in, and who is logged in: passwords as argon2id has them, tokens as a hash."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from sqlalchemy import delete, insert, select, update

from bottega.names import Role
from bottega.store.database import Database
from bottega.store.tables import sessions, users

__all__ = ["SEEN_WRITTEN_MS", "SessionRow", "User", "UserStore"]

SEEN_WRITTEN_MS = 60_000
"""When a session was last seen is written once in so long, at most."""


class User(NamedTuple):
    """Somebody who logs in."""

    name: str
    role: Role
    password: str
    """As argon2id has it."""
    made_at_ms: int
    """UTC milliseconds, as every `_ms` here."""


class SessionRow(NamedTuple):
    """Somebody who is logged in."""

    name: str
    role: Role
    made_at_ms: int
    seen_at_ms: int


class UserStore:
    """Users by name, sessions by their token."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, user: User) -> bool:
        """Keep a user; False where there is one of this name."""
        row = {
            "name": user.name,
            "password": user.password,
            "role": user.role.value,
            "created_at_ms": user.made_at_ms,
        }
        with self._database.read() as connection:
            if connection.execute(select(users.c.name).where(users.c.name == user.name)).first():
                return False
        with self._database.write() as connection:
            connection.execute(insert(users), row)
        return True

    def of(self, name: str) -> User | None:
        """A user; None where there is none of this name."""
        with self._database.read() as connection:
            row = connection.execute(select(users).where(users.c.name == name)).first()
        return None if row is None else User(row.name, Role(row.role), row.password, row.created_at_ms)

    def all(self) -> list[User]:
        """Everybody who logs in, by name."""
        with self._database.read() as connection:
            rows = connection.execute(select(users).order_by(users.c.name))
            return [User(row.name, Role(row.role), row.password, row.created_at_ms) for row in rows]

    def change_password(self, name: str, password: str) -> None:
        """Another password; whoever is logged in with the one before is no more."""
        with self._database.write() as connection:
            connection.execute(update(users).where(users.c.name == name).values(password=password))
            connection.execute(delete(sessions).where(sessions.c.user_name == name))

    def remove(self, name: str) -> None:
        """Nobody logs in by this name any more, and who did is no longer."""
        with self._database.write() as connection:
            connection.execute(delete(users).where(users.c.name == name))
            connection.execute(delete(sessions).where(sessions.c.user_name == name))

    def open_session(self, token: str, name: str, now_ms: int, *, ended_before_ms: int) -> None:
        """Somebody is logged in from now on. Sessions that began before a moment are over, and go."""
        row = {"digest": _digest(token), "user_name": name, "made_at_ms": now_ms, "seen_at_ms": now_ms}
        with self._database.write() as connection:
            connection.execute(delete(sessions).where(sessions.c.made_at_ms < ended_before_ms))
            connection.execute(insert(sessions), row)

    def session(self, token: str) -> SessionRow | None:
        """Whose session a token opens, over or not; None where there is none."""
        asked = select(users.c.name, users.c.role, sessions.c.made_at_ms, sessions.c.seen_at_ms)
        asked = asked.join(users, users.c.name == sessions.c.user_name).where(sessions.c.digest == _digest(token))
        with self._database.read() as connection:
            row = connection.execute(asked).first()
        return None if row is None else SessionRow(row.name, Role(row.role), row.made_at_ms, row.seen_at_ms)

    def saw(self, token: str, now_ms: int) -> None:
        """A session was used at this moment."""
        with self._database.write() as connection:
            mine = update(sessions).where(sessions.c.digest == _digest(token))
            connection.execute(mine.values(seen_at_ms=now_ms))

    def close_session(self, token: str) -> None:
        """Nobody is logged in by this token any more."""
        with self._database.write() as connection:
            connection.execute(delete(sessions).where(sessions.c.digest == _digest(token)))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
