"""The event log while it grows: columns in blocks, put together at the end."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bottega.names import FloatArray, IntArray, KindCode, LongArray

__all__ = ["COLUMNS", "Log"]

COLUMNS: dict[str, type] = {
    "shopper": np.int64,
    "session": np.int64,
    "kind": np.int8,
    "design": np.int32,
    "time_ms": np.int64,
    "quantity": np.int8,
    "query": np.int32,
    "rating": np.float32,
}
"""Columns of the log. Design and query are -1, rating NaN where there is none. A rating belongs to no session (-1)."""


class _Moment(Protocol):
    visitor: LongArray
    day: FloatArray
    session: LongArray
    clock: FloatArray


class Log:
    """Collects events; `columns` gives them sorted by time."""

    def __init__(self, start_ms: int, last_ms: int) -> None:
        self._start_ms = start_ms
        self._last_ms = last_ms
        self._blocks: list[dict[str, NDArray[Any]]] = []

    def add(
        self,
        kind: KindCode,
        moment: _Moment,
        on: LongArray,
        design: IntArray,
        *,
        query: NDArray[Any] | None = None,
        rating: NDArray[Any] | None = None,
        quantity: NDArray[Any] | None = None,
        later: float | NDArray[Any] = 0.0,
    ) -> None:
        """One event for each of `on` (places in `moment`), `later` seconds after its clock."""
        if not len(on):
            return
        seconds = np.asarray(moment.day[on], np.float64) * 86_400 + moment.clock[on] + later
        self.block(
            shopper=moment.visitor[on],
            session=np.full(len(on), -1) if kind is KindCode.RATE else moment.session[on],
            kind=np.full(len(on), kind),
            design=design,
            time_ms=self._start_ms + (seconds * 1000).astype(np.int64),
            quantity=np.ones(len(on)) if quantity is None else quantity,
            query=np.full(len(on), -1) if query is None else query,
            rating=np.full(len(on), np.nan) if rating is None else rating,
        )

    def block(self, **columns: NDArray[Any]) -> None:
        """Events as whole columns, those of `COLUMNS`."""
        assert columns.keys() == COLUMNS.keys()
        self._blocks.append({name: np.asarray(columns[name]).astype(dtype) for name, dtype in COLUMNS.items()})

    def columns(self) -> dict[str, NDArray[Any]]:
        """All events, by time; those after the last moment are dropped (they have not happened yet)."""
        joined = {name: np.concatenate([block[name] for block in self._blocks]) for name in COLUMNS}
        order = np.argsort(joined["time_ms"], kind="stable")
        order = order[joined["time_ms"][order] < self._last_ms]
        return {name: column[order] for name, column in joined.items()}
