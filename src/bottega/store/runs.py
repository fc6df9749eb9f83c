"""Which models were trained, when, on how much, and how good they are."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, select, update

from bottega.store.database import Database, take
from bottega.store.tables import model_runs

__all__ = ["READY", "ROLLED_BACK", "ModelRun", "RunStore"]

READY = "ready"
ROLLED_BACK = "rolled_back"
"""State of a run that somebody took out of use."""


@dataclass(frozen=True, slots=True)
class ModelRun:
    """One training that ended."""

    name: str
    """Name of the model, as in "blend"."""
    version: str
    """Text that tells the time by the clock of whoever trained; also the name of its folder. Which run is newer is a
    matter of numbers, which only grow: a clock that was ahead once would else win for as long."""
    room: str
    """Which room of models it belongs to, as in "vision"."""
    ability: str
    """What it can do, as in "eye"; the newest run of an ability that is ready is the one in use."""
    trained_at_ms: int
    """UTC milliseconds."""
    seconds: float
    peak_mb: float
    products: int
    """Products it knows."""
    events_seen: int
    """Events it learnt from."""
    shoppers: int
    folder: str
    """Where its files lie, relative to the shop's folder."""
    state: str = READY
    measures: dict[str, Any] = field(default_factory=dict)
    """What evaluation said, as in {"ndcg@10": 0.061}."""
    events_until_ms: int | None = None
    """When the newest event happened that it learnt from, UTC milliseconds; None of trainings that learn from none, and
    of those of before version 0.4."""


class RunStore:
    """The list of trainings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, run: ModelRun) -> None:
        """Write down a training, after its files are complete: readers load what they find here.

        One that is written down already, by a job that was killed right after, stands once, at its place.
        """
        same = [model_runs.c[name] == getattr(run, name) for name in ("ability", "name", "version", "folder")]
        with self._database.write() as connection:
            number = take(connection, "model_runs", 1) + 1
            before = connection.execute(select(model_runs.c.number).where(*same)).scalar()
            connection.execute(delete(model_runs).where(*same))
            connection.execute(insert(model_runs), {**asdict(run), "number": number if before is None else before})

    def latest(self, ability: str = "recommend") -> ModelRun | None:
        """The newest run of an ability that is ready, or None: the one in use."""
        with self._database.read() as connection:
            return _newest(connection, ability, READY)

    def two_newest(self, ability: str) -> tuple[ModelRun | None, ModelRun | None]:
        """The run in use, and the one that a roll back would give its place to."""
        statement = _newest_first(ability, READY).limit(2)
        with self._database.read() as connection:
            found = [ModelRun(**row._mapping) for row in connection.execute(statement)]
        return found[0] if found else None, found[1] if len(found) > 1 else None

    def rolled_back(self, ability: str = "recommend") -> ModelRun | None:
        """The run whose place the one in use has taken back; None where the newest of all is in use."""
        used = select(func.max(model_runs.c.number)).where(model_runs.c.ability == ability, model_runs.c.state == READY)
        newer = model_runs.c.number > func.coalesce(used.scalar_subquery(), 0)
        with self._database.read() as connection:
            row = connection.execute(_newest_first(ability, ROLLED_BACK).where(newer).limit(1)).first()
        return ModelRun(**row._mapping) if row else None

    def roll_back(self, version: str, ability: str) -> bool:
        """Take the run of a version out of use. False, and nothing changes, where it is not the one in use."""
        with self._database.write() as connection:
            take(connection, "model_runs", 0)
            used = _newest(connection, ability, READY)
            if used is None or used.version != version:
                return False
            of_run = (model_runs.c.ability == ability) & (model_runs.c.version == version)
            connection.execute(update(model_runs).where(of_run).values(state=ROLLED_BACK))
        return True

    def all(self) -> list[ModelRun]:
        """Every run, oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(select(*_columns).order_by(model_runs.c.number)).all()
        return [ModelRun(**row._mapping) for row in rows]


_columns = [model_runs.c[item.name] for item in fields(ModelRun)]


def _newest(connection: Connection, ability: str, state: str) -> ModelRun | None:
    row = connection.execute(_newest_first(ability, state).limit(1)).first()
    return ModelRun(**row._mapping) if row else None


def _newest_first(ability: str, state: str) -> Select[Any]:
    statement = select(*_columns).where(model_runs.c.ability == ability, model_runs.c.state == state)
    return statement.order_by(model_runs.c.number.desc())
