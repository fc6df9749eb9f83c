"""Which models were trained, when, on how much, and how good they are."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any

from sqlalchemy import insert, select

from bottega.store.database import Database, take
from bottega.store.tables import model_runs

__all__ = ["ModelRun", "RunStore"]


@dataclass(frozen=True, slots=True)
class ModelRun:
    """One training that ended."""

    name: str
    """Name of the model, as in "blend"."""
    version: str
    """Text that sorts by time; also the name of its folder."""
    room: str
    """Which room of models it belongs to, as in "vision"."""
    ability: str
    """What it can do, as in "eye"; the newest run of an ability is the one in use."""
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
    state: str = "ready"
    measures: dict[str, Any] = field(default_factory=dict)
    """What evaluation said, as in {"ndcg@10": 0.061}."""


class RunStore:
    """The list of trainings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, run: ModelRun) -> None:
        """Write down a training, after its files are complete: readers load what they find here."""
        with self._database.write() as connection:
            number = take(connection, "model_runs", 1) + 1
            connection.execute(insert(model_runs), {**asdict(run), "number": number})

    def latest(self, ability: str = "recommend") -> ModelRun | None:
        """The newest run of an ability that is ready, or None."""
        statement = select(*_columns).where(model_runs.c.ability == ability, model_runs.c.state == "ready")
        with self._database.read() as connection:
            row = connection.execute(
                statement.order_by(model_runs.c.version.desc(), model_runs.c.number.desc()).limit(1)
            ).first()
        return ModelRun(**row._mapping) if row else None

    def all(self) -> list[ModelRun]:
        """Every run, oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(select(*_columns).order_by(model_runs.c.number)).all()
        return [ModelRun(**row._mapping) for row in rows]


_columns = [model_runs.c[item.name] for item in fields(ModelRun)]
