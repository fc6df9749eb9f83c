"""Letters that went out: one row each, written before it is handed over, so that no letter goes out twice.

Rows stand under the profile that was written to, with the column `shopper`, so that export and forget reach them
(shoppers.py). Nothing of the letter itself is kept, nor the address.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from bottega.names import KindCode
from bottega.store.database import IN_CHUNK, Database
from bottega.store.tables import events, letters

__all__ = ["LETTER_PREFIX", "LetterCount", "LetterStore", "SentLetter", "move_letters"]


LETTER_PREFIX = "l-"
"""How the name of every letter begins, which tells it from those of lists."""


class SentLetter(NamedTuple):
    """One letter. `state`: sending until somebody took it; who crashed in between leaves it so, and it counts."""

    letter_id: str
    shopper: str
    kind: str
    causes: list[str]
    products: list[str]
    language: str
    way: str
    state: str
    time_ms: int


class LetterCount(NamedTuple):
    """What letters of one kind led to: events that name one of them as where they came from."""

    kind: str
    sent: int
    clicked: int
    """Letters that any event names."""
    purchases: int
    purchased: int
    """Letters that a purchase names."""


class LetterStore:
    """Letters by name and by shopper."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, letter: SentLetter) -> bool:
        """Write it down before it goes out; False where it went out before, or is on its way."""
        known = select(letters.c.letter_id).where(letters.c.letter_id == letter.letter_id)
        with self._database.write() as connection:
            if connection.execute(known).first() is not None:
                return False
            connection.execute(insert(letters), [letter._asdict()])
            return True

    def sent(self, letter_id: str) -> None:
        """Somebody took it."""
        with self._database.write() as connection:
            connection.execute(update(letters).where(letters.c.letter_id == letter_id).values(state="sent"))

    def release(self, letter_id: str) -> None:
        """Nobody took it: it may be tried again."""
        with self._database.write() as connection:
            connection.execute(delete(letters).where(letters.c.letter_id == letter_id, letters.c.state == "sending"))

    def of_shopper(self, shopper: str) -> list[SentLetter]:
        """What a profile was written, the oldest first."""
        return self.of_shoppers([shopper]).get(shopper, [])

    def of_shoppers(self, shoppers: Sequence[str]) -> dict[str, list[SentLetter]]:
        """The same of many profiles; who was written nothing is left out."""
        found: dict[str, list[SentLetter]] = {}
        with self._database.read() as connection:
            for start in range(0, len(shoppers), IN_CHUNK):
                theirs = letters.c.shopper.in_(shoppers[start : start + IN_CHUNK])
                statement = select(*_columns).where(theirs).order_by(letters.c.time_ms, letters.c.letter_id)
                for row in connection.execute(statement):
                    found.setdefault(row.shopper, []).append(SentLetter(*row))
        return found

    def counts(self, *, since_ms: int = 0) -> list[LetterCount]:
        """What letters sent since a moment (UTC) led to, by kind: events that name the letter, whoever did them, for
        who opens a link need not be logged in. One pass over the events."""
        sent = select(letters.c.letter_id, letters.c.kind, letters.c.time_ms).where(letters.c.time_ms >= since_ms)
        named = select(
            events.c.recommendation_id, events.c.kind, events.c.time_ms, events.c.returned, events.c.quantity
        ).where(events.c.recommendation_id.like(f"{LETTER_PREFIX}%"), events.c.retold.is_(False))
        clicked: set[str] = set()
        purchases: Counter[str] = Counter()
        with self._database.read() as connection:
            mine = {letter_id: (kind, time_ms) for letter_id, kind, time_ms in connection.execute(sent)}
            for letter_id, kind, time_ms, returned, quantity in connection.execute(named):
                if letter_id not in mine or time_ms < mine[letter_id][1]:
                    continue
                clicked.add(letter_id)
                purchases[letter_id] += kind == int(KindCode.PURCHASE) and returned < quantity
        return [
            LetterCount(
                kind,
                len(of_kind := [one for one, (its_kind, _) in mine.items() if its_kind == kind]),
                sum(one in clicked for one in of_kind),
                sum(purchases[one] for one in of_kind),
                sum(purchases[one] > 0 for one in of_kind),
            )
            for kind in sorted({kind for kind, _ in mine.values()})
        ]


def move_letters(connection: Connection, shopper_of: Mapping[str, str]) -> None:
    """Give the letters that anonymous ids were sent to the shoppers they became."""
    if shopper_of:
        moving = update(letters).where(letters.c.shopper == bindparam("before")).values(shopper=bindparam("theirs"))
        connection.execute(moving, [{"before": one, "theirs": shopper} for one, shopper in shopper_of.items()])


_columns = [letters.c[name] for name in SentLetter._fields]
