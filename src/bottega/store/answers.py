"""The log of answers: which products each list held, in which order and with which scores, for so many days.

Events name the list that they came from (`recommendation_id`), so that what a list led to can be told from these rows.
Rows stand under the profile that asked, with the column `shopper`, so that export and forget reach them (shoppers.py);
lists for nobody in particular stand under none. A profile is not known for its lists alone (profiles.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from bottega.store.database import Database
from bottega.store.experiments import Exposure, add_exposures
from bottega.store.tables import answers, bots, counters

__all__ = ["AnswerStore", "ExploredList", "LoggedAnswer", "move_answers"]

PRUNED_AT_ONCE = 5_000
"""Rows in one transaction, so that others who write do not wait long."""


class LoggedAnswer(NamedTuple):
    """One list as it went out. The first product comes first, so its rank is its place; each has a score."""

    recommendation_id: str
    shopper: str | None
    """The profile that asked; None where nobody was named, or who was named must not be remembered."""
    time_ms: int
    placement: str
    strategy: str | None
    """As the request named it."""
    fallback: str | None
    model: str
    """Version of the trained model; empty without one."""
    products: list[str]
    scores: list[float]
    rules: dict[str, list[int]] | None = None
    """Saved rules that acted on the list, each with the places, from 0, of the products that it moved or set there;
    none of a rule that only kept products out."""
    explored: list[dict[str, Any]] | None = None
    """Places that were given by chance: `rank` from 1, and of what might have stood there `product_ids`, `scores` and
    `propensities`."""


class ExploredList(NamedTuple):
    """A list with places that were given by chance."""

    recommendation_id: str
    shopper: str | None
    products: list[str]
    explored: list[dict[str, Any]]


class AnswerStore:
    """Answers in the order of writing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, batch: Sequence[LoggedAnswer], *, forgotten: int, exposed: Sequence[Exposure] = ()) -> int:
        """Write answers, and who was given which variant with them, in one transaction; returns how many shoppers were
        ever forgotten.

        Where that is not `forgotten` any more, somebody was since these answers were given: whom that was is known
        nowhere, so the rows are written under nobody, and nobody was given a variant.
        """
        with self._database.write() as connection:
            statement = select(counters.c.value).where(counters.c.name == "forgotten")
            now: int = connection.execute(statement).scalar() or 0
            rows = [one._asdict() if now == forgotten else {**one._asdict(), "shopper": None} for one in batch]
            if rows:
                connection.execute(insert(answers), rows)
            if now == forgotten:
                add_exposures(connection, exposed)
        return now

    def of_recommendation(self, recommendation_id: str) -> LoggedAnswer | None:
        """The answer of this name, where it is still kept."""
        statement = select(*_columns).where(answers.c.recommendation_id == recommendation_id)
        with self._database.read() as connection:
            row = connection.execute(statement).first()
        return LoggedAnswer(*row) if row else None

    def explored(self, placement: str, since_ms: int, until_ms: int) -> list[ExploredList]:
        """Lists of a stretch of time with places that were given by chance; not those of who was taken for a bot."""
        robots = select(bots.c.shopper).where(bots.c.shopper == answers.c.shopper, bots.c.readmitted.is_(False))
        statement = select(*(answers.c[name] for name in ExploredList._fields)).where(
            answers.c.placement == placement,
            answers.c.time_ms >= since_ms,
            answers.c.time_ms < until_ms,
            answers.c.explored.is_not(None),
            ~robots.exists(),
        )
        with self._database.read() as connection:
            return [ExploredList(*row) for row in connection.execute(statement)]

    def prune(self, before_ms: int) -> int:
        """Delete what is older than a moment (UTC), some thousand rows at a time; returns how many."""
        oldest = select(answers.c.number, answers.c.time_ms).order_by(answers.c.number).limit(PRUNED_AT_ONCE)
        count = 0
        while True:
            with self._database.read() as connection:
                rows = connection.execute(oldest).all()
            old = [row.number for row in rows if row.time_ms < before_ms]  # numbers grow with time, or nearly so
            if not old:
                return count
            with self._database.write() as connection:
                gone = answers.c.number <= old[-1], answers.c.time_ms < before_ms
                count += connection.execute(delete(answers).where(*gone)).rowcount
            if len(old) < len(rows):
                return count


def move_answers(connection: Connection, shopper_of: Mapping[str, str]) -> None:
    """Give the lists that anonymous ids were shown to the shoppers they became."""
    if shopper_of:
        moving = update(answers).where(answers.c.shopper == bindparam("before")).values(shopper=bindparam("theirs"))
        connection.execute(moving, [{"before": one, "theirs": shopper} for one, shopper in shopper_of.items()])


_columns = [answers.c[name] for name in LoggedAnswer._fields]
