"""Whether a file's ids of events are that: an id that comes again with another product is none.

An `id` that is the number of an order, taken as an event's, would leave one line of every order. The first rows of a
file decide: then the number becomes the order's, or the product joins the id, and the import says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bottega.events.batch import RawBatch
from bottega.events.readers.base import Reading
from bottega.events.row_rules import WHO
from bottega.names import EventKind
from bottega.placeholders import names_nobody

__all__ = ["EventIds"]

_REPEATS = 0.02
"""Share of rows whose id stands on a row of other content as well, from which it is no event's id."""
_SAMPLE = 10_000
_CONTENT = ("product_id", "kind", *WHO, "time", "query")
_PLAIN = "id"
_TRADED = frozenset({EventKind.PURCHASE, EventKind.REFUND})
_OF_CONTENT = "shopper, kind, product and time"

Column = Sequence[str | None]


@dataclass(slots=True)
class EventIds:
    """Settles the event ids of one file, batch by batch. `column`: how the file calls them."""

    reading: Reading
    column: str = "event_id"
    _decided: bool = field(default=False, init=False)
    _as_order: bool = field(default=False, init=False)
    _with_product: bool = field(default=False, init=False)

    def settled(self, batch: RawBatch) -> RawBatch:
        """The batch, its event ids being such."""
        if not self._decided:
            self._decide(batch)
            self._decided = True
        if not (self._as_order or self._with_product):
            return batch
        columns = dict(batch.columns)
        ids = columns.pop("event_id", None)
        if ids is None:
            return batch
        if self._as_order:
            columns["order_id"] = ids
        else:
            products = columns.get("product_id") or [None] * len(ids)
            columns["event_id"] = [
                f"{one}#{product}" if _names(one) and product else one
                for one, product in zip(ids, products, strict=True)
            ]
        return replace(batch, columns=columns)

    def _decide(self, batch: RawBatch) -> None:
        reading, columns = self.reading, batch.columns
        columns = {name: column[:_SAMPLE] for name, column in columns.items()}
        ids = columns.get("event_id")
        if ids is None or not any(ids):
            reading.known_by = _OF_CONTENT + (", and order" if any(columns.get("order_id") or []) else "")
            return
        reading.known_by = f"the id in {self.column}"
        if "event_id" in reading.columns:  # the merchant said so
            return
        content = [columns[name] for name in _CONTENT if name in columns]
        again, filled = _repeats(ids, list(zip(*content, strict=True)) if content else [()] * len(ids))
        if again <= filled * _REPEATS:
            return
        kinds = {reading.kinds.kind(name) for name in set(columns.get("kind") or [reading.default_kind]) if name}
        said = f"{self.column} is no event's id: {again:,} of the first {len(ids):,} rows share one with another row"
        orders = self.column.strip().lower() == _PLAIN or (bool(kinds) and kinds <= _TRADED)
        if orders and not any(columns.get("order_id") or []):
            self._as_order = True
            reading.known_by = f"{_OF_CONTENT}, and order (the number in {self.column})"
            reading.notes.append(f"{said}. It was taken for the number of an order, whose rows differ by product.")
        else:
            self._with_product = True
            reading.known_by = f"the id in {self.column} together with the product"
            reading.notes.append(f"{said}. Its rows are told apart by product.")


def _repeats(ids: Column, contents: Sequence[tuple[str | None, ...]]) -> tuple[int, int]:
    """How many rows have an id that stands on a row of other content as well, and how many rows have an id."""
    first: dict[str, tuple[str | None, ...]] = {}
    twice: set[str] = set()
    for one, content in zip(ids, contents, strict=True):
        if one and first.setdefault(one, content) != content and _names(one):
            twice.add(one)
    return sum(one in twice for one in ids), sum(map(bool, ids))


def _names(one: str | None) -> bool:
    """Whether an id is one: a placeholder is taken out by the check, wherever it stands."""
    return bool(one) and not names_nobody(one or "")
