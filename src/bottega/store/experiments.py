"""Experiments: what is compared, how far each is, and who was given what."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, tuple_, update

from bottega.names import DAY_MS
from bottega.store.database import IN_CHUNK, Database, take
from bottega.store.tables import experiments, exposures

__all__ = ["ExperimentStore", "Exposure", "KeptExperiment", "add_exposures", "move_exposures"]

COUNTER = "experiments"
"""Moves with every change of an experiment, so that other machines notice; who notes exposures waits for it."""


class KeptExperiment(NamedTuple):
    """One experiment. Times are UTC milliseconds."""

    name: str
    state: str
    """draft, running, stopped or adopted."""
    placements: list[str]
    """Where it is tried; empty: everywhere."""
    variants: list[dict[str, Any]]
    """Name, share, strategy and dials of each; the first is the control."""
    measure: str
    guardrails: list[str]
    effect: float
    """The smallest difference that is asked about."""
    horizon_days: int
    """Days after the first list that count."""
    salt: str
    planned: int
    """Shoppers of the control and the smallest variant together in which `effect` shows; 0 before the start."""
    made_ms: int
    started_ms: int | None = None
    ended_ms: int | None = None
    adopted: str | None = None
    """The variant that everybody gets."""
    segments: Sequence[str] = ()
    """Who takes part, of any of them; empty: everybody."""
    number: int = 0


class Exposure(NamedTuple):
    """A shopper was given a list of a variant for the first time."""

    experiment: int
    shopper: str
    variant: int
    """Its place among the experiment's variants."""
    time_ms: int


class ExperimentStore:
    """Experiments by name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, kept: KeptExperiment) -> bool:
        """Keep a new one; False where there is one of this name."""
        with self._database.write() as connection:
            number = take(connection, COUNTER, 1) + 1
            named = select(experiments.c.number).where(experiments.c.name == kept.name)
            if connection.execute(named).first() is not None:
                return False
            connection.execute(insert(experiments), [{**kept._asdict(), "number": number}])
            return True

    def all(self, states: Collection[str] = ()) -> list[KeptExperiment]:
        """Every one, the newest first; those of some states alone."""
        asked = select(*_columns).order_by(experiments.c.number.desc())
        if states:
            asked = asked.where(experiments.c.state.in_(sorted(states)))
        with self._database.read() as connection:
            return [_kept(row) for row in connection.execute(asked)]

    def of_name(self, name: str) -> KeptExperiment | None:
        """The one of this name."""
        with self._database.read() as connection:
            row = connection.execute(select(*_columns).where(experiments.c.name == name)).first()
        return _kept(row) if row else None

    def change(self, number: int, states: Collection[str], changes: Mapping[str, Any]) -> bool:
        """Change one that is in one of these states; False where it is not any more."""
        mine = experiments.c.number == number, experiments.c.state.in_(sorted(states))
        with self._database.write() as connection:
            take(connection, COUNTER, 1)
            return connection.execute(update(experiments).where(*mine).values(**changes)).rowcount == 1

    def remove(self, number: int, states: Collection[str]) -> bool:
        """Delete one that is in one of these states, with who was given what; False where it is not."""
        mine = experiments.c.number == number, experiments.c.state.in_(sorted(states))
        with self._database.write() as connection:
            take(connection, COUNTER, 1)
            gone = connection.execute(delete(experiments).where(*mine)).rowcount == 1
            if gone:
                connection.execute(delete(exposures).where(exposures.c.experiment == number))
            return gone

    def counts_by_day(self, number: int, variants: int, since_ms: int) -> list[list[int]]:
        """How many shoppers had been given each variant, at the end of each day since a moment."""
        passed = exposures.c.time_ms - since_ms
        day = (passed - passed % DAY_MS).label("day")
        asked = select(day, exposures.c.variant, func.count()).where(exposures.c.experiment == number)
        with self._database.read() as connection:
            found = connection.execute(asked.group_by(day, exposures.c.variant)).all()
        rows = [(int(at) // DAY_MS, variant, count) for at, variant, count in found]
        looks = [[0] * variants for _ in range(max((at for at, _, _ in rows), default=-1) + 1)]
        for at, variant, count in rows:
            for look in looks[max(at, 0) :]:
                look[variant] += count
        return looks


def add_exposures(connection: Connection, batch: Sequence[Exposure]) -> None:
    """Note who was given a variant; whoever was before keeps the first one."""
    first: dict[tuple[int, str], Exposure] = {}
    for one in batch:
        first.setdefault((one.experiment, one.shopper), one)
    if not first:
        return
    take(connection, COUNTER, 0)  # two processes that note the same shopper come one after the other
    keys = list(first)
    for start in range(0, len(keys), IN_CHUNK // 2):
        chosen = tuple_(exposures.c.experiment, exposures.c.shopper).in_(keys[start : start + IN_CHUNK // 2])
        for row in connection.execute(select(exposures.c.experiment, exposures.c.shopper).where(chosen)):
            first.pop((row.experiment, row.shopper), None)
    if first:
        connection.execute(insert(exposures), [one._asdict() for one in first.values()])


def move_exposures(connection: Connection, shopper_of: Mapping[str, str]) -> None:
    """Give what anonymous ids were given to the shoppers they became; of two, the earlier one stays."""
    names = sorted({*shopper_of, *shopper_of.values()})
    rows: list[Exposure] = []
    for start in range(0, len(names), IN_CHUNK):
        chosen = exposures.c.shopper.in_(names[start : start + IN_CHUNK])
        rows += [Exposure(*row) for row in connection.execute(select(*_noted).where(chosen))]
    if not any(one.shopper in shopper_of for one in rows):
        return
    first: dict[tuple[int, str], Exposure] = {}
    for one in sorted(rows, key=lambda one: one.time_ms):
        theirs = shopper_of.get(one.shopper, one.shopper)
        first.setdefault((one.experiment, theirs), one._replace(shopper=theirs))
    for start in range(0, len(names), IN_CHUNK):
        connection.execute(delete(exposures).where(exposures.c.shopper.in_(names[start : start + IN_CHUNK])))
    connection.execute(insert(exposures), [one._asdict() for one in first.values()])


def _kept(row: Sequence[Any]) -> KeptExperiment:
    kept = KeptExperiment(*row)
    return kept._replace(segments=tuple(kept.segments))


_columns = [experiments.c[name] for name in KeptExperiment._fields]
_noted = [exposures.c[name] for name in Exposure._fields]
