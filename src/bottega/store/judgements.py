"""What was found about models after their training: judgements of challengers, and how far the shop has drifted.

The newest of each is what `bottega models` and `/metrics` show.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import insert, select, update

from bottega.store.database import Database, take
from bottega.store.tables import drift_reports, judgements

__all__ = ["DriftReport", "Judgement", "JudgementStore"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of one challenger."""

    ability: str
    time_ms: int
    """UTC."""
    version: str
    """Of the challenger; what it is served as bears the same."""
    served: bool
    """Whether it may take the place of the model in use."""
    report: dict[str, Any]
    """Against what, by which figures, and why so."""


@dataclass(frozen=True, slots=True)
class DriftReport:
    """How far the shop of one moment is from the training period of a model."""

    time_ms: int
    """UTC."""
    version: str
    """Of the model."""
    report: dict[str, Any]


class JudgementStore:
    """Judgements and reports, in the order of their making."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, judgement: Judgement) -> None:
        """Write a judgement down."""
        with self._database.write() as connection:
            number = take(connection, "judgements", 1) + 1
            values = {name: getattr(judgement, name) for name in Judgement.__dataclass_fields__}
            connection.execute(insert(judgements), {**values, "number": number})

    def of(self, version: str) -> Judgement | None:
        """The judgement of the challenger of a version."""
        statement = select(*_judgement).where(judgements.c.version == version)
        with self._database.read() as connection:
            row = connection.execute(statement).first()
        return Judgement(**row._mapping) if row else None

    def withdraw(self, judgement: Judgement, why: str) -> Judgement:
        """The challenger is not served after all."""
        changed = replace(judgement, served=False, report={**judgement.report, "why": why})
        statement = update(judgements).where(judgements.c.version == judgement.version)
        with self._database.write() as connection:
            connection.execute(statement.values(served=changed.served, report=changed.report))
        return changed

    def all(self, ability: str = "recommend") -> list[Judgement]:
        """Every judgement, oldest first."""
        statement = select(*_judgement).where(judgements.c.ability == ability).order_by(judgements.c.number)
        with self._database.read() as connection:
            return [Judgement(**row._mapping) for row in connection.execute(statement)]

    def latest(self, ability: str = "recommend") -> Judgement | None:
        """The newest judgement."""
        statement = select(*_judgement).where(judgements.c.ability == ability)
        with self._database.read() as connection:
            row = connection.execute(statement.order_by(judgements.c.number.desc()).limit(1)).first()
        return Judgement(**row._mapping) if row else None

    def add_drift(self, found: DriftReport) -> None:
        """Write a report of drift down."""
        with self._database.write() as connection:
            number = take(connection, "drift_reports", 1) + 1
            values = {name: getattr(found, name) for name in DriftReport.__dataclass_fields__}
            connection.execute(insert(drift_reports), {**values, "number": number})

    def drift(self) -> DriftReport | None:
        """The newest report of drift."""
        with self._database.read() as connection:
            row = connection.execute(select(*_drift).order_by(drift_reports.c.number.desc()).limit(1)).first()
        return DriftReport(**row._mapping) if row else None


_judgement = [judgements.c[name] for name in Judgement.__dataclass_fields__]
_drift = [drift_reports.c[name] for name in DriftReport.__dataclass_fields__]
