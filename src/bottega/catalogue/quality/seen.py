"""A reading that also keeps what a check asks of each row and a product does not hold."""

from __future__ import annotations

from dataclasses import dataclass, field

from bottega.catalogue.product import Product
from bottega.catalogue.quality.rows import SeenRow
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.draft import Draft
from bottega.catalogue.readers.fields.values import parse_time_ms

__all__ = ["CheckedReading"]


@dataclass(slots=True)
class CheckedReading(Reading):
    """Remembers of the products of this reading, until they are asked for, what their drafts said besides."""

    _besides: dict[str, tuple[int | None, str]] = field(default_factory=dict, kw_only=True)

    def finish(self, draft: Draft) -> Product | None:
        """As any reading does."""
        date, identifiers = draft.availability_date.strip(), draft.identifier_exists.strip()
        row = draft.row
        product = Reading.finish(self, draft)  # not super(): a class with slots is made anew
        if product is not None and (date or identifiers):
            self._besides[product.id] = (self._time(date, row), identifiers)
        return product

    def seen(self, product: Product) -> SeenRow:
        """The row of a product that this reading gave."""
        available_ms, identifiers = self._besides.pop(product.id, (None, ""))
        return SeenRow(product, self.now_ms, available_ms, identifiers)

    def _time(self, text: str, row: str) -> int | None:
        if not text:
            return None
        try:
            return parse_time_ms(text)
        except (ValueError, OverflowError):
            self.warn("date_unparsable", row, text, field="availability_date")
            return None
