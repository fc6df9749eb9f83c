"""What becomes of talks beside the answering: who is told that one waits, and old words that go.

Tellings are claimed by the fence of the wait (talks.py), so that of many processes one tells, and each wait once.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select, update

from bottega.names import LineBy, Owner
from bottega.store.database import Database
from bottega.store.tables import talk_lines, talks
from bottega.store.talks import Talk, talk_of

__all__ = ["TalkTending"]

_AT_ONCE = 2_000


class TalkTending:
    """Talks that wait untold, and lines that are old. Every moment is passed in, UTC milliseconds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim_telling(self, talk_id: str, fence: int) -> bool:
        """Whether it falls to whoever asks to tell somebody that this talk waits: true once for each wait."""
        untold = talks.c.talk_id == talk_id, talks.c.fence == fence, talks.c.told_fence < fence
        waits = talks.c.owner == Owner.WAITING.value
        with self._database.write() as connection:
            return connection.execute(update(talks).where(*untold, waits).values(told_fence=fence)).rowcount == 1

    def release_telling(self, talk_id: str, fence: int) -> None:
        """Nobody could be told: it may be tried again."""
        mine = talks.c.talk_id == talk_id, talks.c.told_fence == fence
        with self._database.write() as connection:
            connection.execute(update(talks).where(*mine).values(told_fence=0))

    def untold(self, *, limit: int) -> list[Talk]:
        """Talks that wait and of which nobody was told, the one that waits longest first."""
        waits = talks.c.owner == Owner.WAITING.value, talks.c.told_fence < talks.c.fence
        with self._database.read() as connection:
            chosen = select(talks).where(*waits).order_by(talks.c.waiting_ms).limit(limit)
            return [talk_of(row) for row in connection.execute(chosen)]

    def shorten(self, before_ms: int) -> int:
        """Take the words out of lines said before a moment, some thousand at a time; returns of how many lines.

        What is left of a line: who said it and when, its commands without words, the products it showed. A talk whose
        last line is as old loses its state as well.
        """
        old = talk_lines.c.shortened.is_(False), talk_lines.c.time_ms < before_ms
        count = 0
        while True:
            with self._database.write() as connection:
                rows = connection.execute(select(talk_lines).where(*old).limit(_AT_ONCE)).all()
                for row in rows:
                    mine = talk_lines.c.talk_id == row.talk_id, talk_lines.c.number == row.number
                    connection.execute(update(talk_lines).where(*mine).values(_short(row)))
            count += len(rows)
            if len(rows) < _AT_ONCE:
                break
        stale = talks.c.shortened.is_(False), talks.c.changed_ms < before_ms
        with self._database.write() as connection:
            gone = connection.execute(update(talks).where(*stale).values(state={}, shortened=True)).rowcount
        if count or gone:
            self._database.empty_log()
        return count


def _short(row: Row[Any]) -> dict[str, Any]:
    """What is left of a line."""
    commands = [{key: one[key] for key in ("intent", "about") if one.get(key)} for one in row.commands]
    text = row.text if row.said_by == LineBy.OWNER else ""
    body = {key: row.body[key] for key in ("products", "owner", "fence") if key in row.body}
    return {"text": text, "commands": commands, "body": body, "shortened": True}
