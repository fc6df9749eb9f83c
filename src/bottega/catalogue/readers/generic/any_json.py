"""Any JSON objects, one a line or in one array; fields named by --map or guessed.

Nested objects become columns with dots ("image.src"); lists become several values. An array is read object by object,
so memory does not grow with the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice

from bottega.catalogue.product import Product
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.columns.filling import fill
from bottega.catalogue.readers.draft import Draft
from bottega.catalogue.readers.generic.any_columns import plan_columns
from bottega.catalogue.readers.platforms.json_products import flat_cells, products_in
from bottega.errors import SourceUnreadable
from bottega.sources.source import Source

__all__ = ["GenericJsonl"]

_LOOK_AHEAD = 1000


class GenericJsonl:
    """JSON Lines, or a JSON array of objects."""

    name = "jsonl"
    describe = "JSON Lines or a JSON array of objects; --map names the fields"
    natural_groups = False

    def recognises(self, source: Source) -> float:
        """By its first character."""
        head = source.head.lstrip("\ufeff \t\r\n")
        return (
            0.5 if head.startswith("{") or (head.startswith("[") and head[1:].lstrip()[:1] in ("{", "]", "")) else 0.0
        )

    def read(self, reading: Reading) -> Iterator[Product]:
        """A product an object. Columns are those of the first 1000 objects; later ones are added to the unused."""
        name = reading.source.name
        found = products_in(reading)
        first = list(islice(found, _LOOK_AHEAD))
        sample = [flat_cells(value) for _, value in first]
        columns = dict.fromkeys(column for cells in sample for column in cells)
        if not columns:
            raise SourceUnreadable(
                f"{name} holds no JSON object in its first {reading.read + len(first)} entries.",
                allowed='Each line, or each entry of the array, is an object such as {"id": ..., "title": ...}.',
                next_step="Check that this is the product export.",
            )
        plan = plan_columns(reading, list(columns), sample)
        later = dict.fromkeys(reading.unused_columns)
        for place, value in chain(first, found):
            cells = flat_cells(value)
            later |= {column: None for column in cells if column not in columns}
            product = reading.finish(fill(Draft(row=reading.row(place)), cells, plan))
            if product is not None:
                yield product
        reading.unused_columns = list(later)
