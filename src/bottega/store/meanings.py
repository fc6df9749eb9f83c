"""Words that mean nothing by the catalogue: what shoppers went on to after them, and the meanings made of that.

Idea     A vote is what one shopper went on to on one day after a phrase; doing so a hundred times is one vote. Meanings
         are worked out of all votes together (actions/search/learning.py) and replaced as a whole, but for what the
         merchant took back: that stays so, whatever the votes.

Votes stand under the profile of the shopper, with the column `shopper`, so that forget and export reach them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, delete, exists, func, insert, select, update

from bottega.names import POSITIVE_KINDS, ConsentRule, KindCode
from bottega.store.database import IN_CHUNK, Database, take
from bottega.store.event_frames import KEPT, learnable
from bottega.store.tables import bots, counters, events, meanings, word_votes

__all__ = ["FOLLOWED_MS", "KeptMeaning", "Led", "MeaningStore", "WordVote", "move_votes"]

FOLLOWED_MS = 5 * 60_000
"""A product opened longer after a search than this was found in another way."""


class WordVote(NamedTuple):
    """What one shopper went on to on one day after a phrase."""

    phrase: str
    shopper: str
    day: int
    product_id: str
    beside: str
    """The other words of the query."""
    kind: int
    time_ms: int


class KeptMeaning(NamedTuple):
    """One value that a phrase may mean, with the votes that say so."""

    phrase: str
    field: str
    value: str
    chosen: int
    shown: int
    shoppers: int
    usual: float
    lower: float
    used: bool
    forgotten: bool = False
    time_ms: int = 0
    number: int = 0


@dataclass(frozen=True, slots=True)
class Led:
    """A product that somebody went on to, and the search before it or the list that it came from."""

    shopper: str
    product_id: str
    kind: int
    time_ms: int
    recommendation_id: str | None
    query: str | None
    """Of the shopper's last search within `FOLLOWED_MS`."""


class MeaningStore:
    """Votes and meanings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def led(self, consent: ConsentRule, *, limit: int) -> tuple[list[Led], int]:
        """What shoppers went on to since the last time, in the order of arrival; and the number to pass to `vote`.

        Events of bots and of who does not want to be learnt from are left out.
        """
        names = ("seq", "shopper", "product_id", "kind", "time_ms", "recommendation_id")
        drawn = events.c.kind.in_([int(kind) for kind in POSITIVE_KINDS])
        with self._database.read() as connection:
            reached = connection.execute(select(counters.c.value).where(counters.c.name == "word_votes")).scalar_one()
            newest = connection.execute(select(func.max(events.c.seq)).where(events.c.seq > reached)).scalar()
            if newest is None:
                return [], reached
            allowed = learnable(connection, consent)
            opened = select(*(events.c[name] for name in names)).where(
                events.c.seq > reached, events.c.product_id.is_not(None), drawn, KEPT, *allowed
            )
            rows = connection.execute(opened.order_by(events.c.seq).limit(limit)).all()
            asked = _searches(connection, rows, allowed)
        found = [
            Led(row.shopper, row.product_id, row.kind, row.time_ms, row.recommendation_id, _before(asked, row))
            for row in rows
        ]
        return found, rows[-1].seq if len(rows) == limit else newest

    def vote(self, votes: Iterable[WordVote], reached: int) -> int:
        """Keep votes, the firmest of a shopper and day, else the last one; returns how many phrases they are of.

        `reached`: as `led` gave it. Whoever comes second with the same events changes nothing.
        """
        firmest: dict[tuple[str, str, int], WordVote] = {}
        for vote in votes:
            before = firmest.get(vote[:3])
            if before is None or _firmness(vote) >= _firmness(before):
                firmest[vote[:3]] = vote
        with self._database.write() as connection:
            take(connection, "events", 0)  # wait for whoever is forgetting somebody
            if reached <= take(connection, "word_votes", 0):
                return 0
            there = _with_events(connection, {vote.shopper for vote in firmest.values()})
            firmest = {key: vote for key, vote in firmest.items() if vote.shopper in there}
            connection.execute(update(counters).where(counters.c.name == "word_votes").values(value=reached))
            for vote in firmest.values():
                same = [word_votes.c[name] == value for name, value in zip(vote._fields, vote[:3], strict=False)]
                kept = connection.execute(select(word_votes).where(*same)).one_or_none()
                if kept is not None and _firmness(WordVote(*kept)) > _firmness(vote):
                    continue
                connection.execute(delete(word_votes).where(*same))
                connection.execute(insert(word_votes).values(vote._asdict()))
        return len({vote.phrase for vote in firmest.values()})

    def votes(self) -> list[WordVote]:
        """Every vote, but those of bots, in the order of phrases."""
        bot = exists().where(bots.c.shopper == word_votes.c.shopper, bots.c.readmitted.is_(False))
        order = word_votes.c.phrase, word_votes.c.time_ms, word_votes.c.shopper
        with self._database.read() as connection:
            return [WordVote(*row) for row in connection.execute(select(word_votes).where(~bot).order_by(*order))]

    def replace(self, learnt: Sequence[KeptMeaning]) -> bool:
        """Make these the meanings there are; whether what searches heed changed by it.

        A meaning keeps its number; one that was taken back stays, and is not used.
        """
        with self._database.write() as connection:
            last = take(connection, "meanings", len(learnt))
            before = {(row.phrase, row.field, row.value): row for row in connection.execute(select(meanings))}
            rows, kept = [], set()
            for place, one in enumerate(learnt, start=1):
                key = one[:3]
                was = before.get(key)
                forgotten = was is not None and was.forgotten
                number = last + place if was is None else was.number
                rows.append(
                    {**one._asdict(), "number": number, "forgotten": forgotten, "used": one.used and not forgotten}
                )
                kept.add(key)
            rows += [
                {**row._asdict(), "used": False} for key, row in before.items() if row.forgotten and key not in kept
            ]
            connection.execute(delete(meanings))
            if rows:
                connection.execute(insert(meanings), rows)
        used = {(row["phrase"], row["field"], row["value"]) for row in rows if row["used"]}
        return used != {key for key, row in before.items() if row.used}

    def page(
        self, *, state: str | None = None, phrase: str | None = None, after: int = 0, n: int = 100
    ) -> tuple[list[KeptMeaning], int]:
        """Meanings, those of most votes first, and how many there are; `state`: used, seen or forgotten."""
        by_state: dict[str | None, list[ColumnElement[bool]]] = {
            None: [],
            "used": [meanings.c.used],
            "forgotten": [meanings.c.forgotten],
            "seen": [meanings.c.used.is_(False), meanings.c.forgotten.is_(False)],
        }
        wanted = [*by_state[state], *([meanings.c.phrase == phrase] if phrase else [])]
        order = meanings.c.shown.desc(), meanings.c.phrase, meanings.c.lower.desc(), meanings.c.number
        with self._database.read() as connection:
            total: int = connection.execute(select(func.count()).select_from(meanings).where(*wanted)).scalar_one()
            statement = select(*_columns()).where(*wanted).order_by(*order).offset(after).limit(n)
            return [_kept(row) for row in connection.execute(statement)], total

    def used(self) -> list[KeptMeaning]:
        """Meanings that searches heed."""
        with self._database.read() as connection:
            statement = select(*_columns()).where(meanings.c.used).order_by(meanings.c.number)
            return [_kept(row) for row in connection.execute(statement)]

    def take_back(self, numbers: Sequence[int], *, forgotten: bool) -> list[int]:
        """Take meanings back, or let them be learnt again; returns the numbers of those that were there."""
        done: list[int] = []
        with self._database.write() as connection:
            take(connection, "meanings", 0)
            for start in range(0, len(numbers), IN_CHUNK):
                chosen = meanings.c.number.in_(list(numbers[start : start + IN_CHUNK]))
                done += connection.execute(select(meanings.c.number).where(chosen)).scalars()
                values: dict[str, Any] = {"forgotten": forgotten, **({"used": False} if forgotten else {})}
                connection.execute(update(meanings).where(chosen).values(values))
        return sorted(done)


def move_votes(connection: Connection, shopper_of: Mapping[str, str]) -> None:
    """Give the votes of anonymous ids to the shoppers they became; two of one day are one."""
    theirs = word_votes.alias()
    for before, shopper in shopper_of.items():
        twice = exists().where(
            theirs.c.phrase == word_votes.c.phrase, theirs.c.day == word_votes.c.day, theirs.c.shopper == shopper
        )
        connection.execute(delete(word_votes).where(word_votes.c.shopper == before, twice))
        connection.execute(update(word_votes).where(word_votes.c.shopper == before).values(shopper=shopper))


_FIRMNESS = {KindCode.PURCHASE: 3, KindCode.ADD_TO_CART: 2, KindCode.WISHLIST: 1}


def _firmness(vote: WordVote) -> int:
    return _FIRMNESS.get(KindCode(vote.kind), 0)


def _with_events(connection: Connection, shoppers: set[str]) -> set[str]:
    """Those of whom the shop still holds events."""
    found: set[str] = set()
    names = sorted(shoppers)
    for start in range(0, len(names), IN_CHUNK):
        chosen = events.c.shopper.in_(names[start : start + IN_CHUNK])
        found.update(connection.execute(select(events.c.shopper).distinct().where(chosen)).scalars())
    return found


def _searches(
    connection: Connection, rows: Sequence[Row[Any]], allowed: Sequence[Any]
) -> dict[str, list[tuple[int, str]]]:
    """Searches of the shoppers of some events, in the order of time."""
    found: dict[str, list[tuple[int, str]]] = {}
    if not rows:
        return found
    first, last = min(row.time_ms for row in rows) - FOLLOWED_MS, max(row.time_ms for row in rows)
    who = sorted({row.shopper for row in rows})
    for start in range(0, len(who), IN_CHUNK):
        statement = select(events.c.shopper, events.c.time_ms, events.c.query).where(
            events.c.shopper.in_(who[start : start + IN_CHUNK]),
            events.c.kind == int(KindCode.SEARCH),
            events.c.query.is_not(None),
            events.c.time_ms.between(first, last),
            *allowed,
        )
        for shopper, time_ms, query in connection.execute(statement.order_by(events.c.time_ms, events.c.seq)):
            found.setdefault(shopper, []).append((time_ms, query))
    return found


def _before(asked: Mapping[str, list[tuple[int, str]]], row: Row[Any]) -> str | None:
    """The words of the last search before an event."""
    since = row.time_ms - FOLLOWED_MS
    for time_ms, query in reversed(asked.get(row.shopper, ())):
        if time_ms <= row.time_ms:
            return query if time_ms >= since else None
    return None


def _columns() -> list[Any]:
    return [meanings.c[name] for name in KeptMeaning._fields]


def _kept(row: Row[Any]) -> KeptMeaning:
    return KeptMeaning(**{name: getattr(row, name) for name in KeptMeaning._fields})
