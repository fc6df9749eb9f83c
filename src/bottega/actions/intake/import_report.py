"""What an import says when it is done: every row of the source is in exactly one of its counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["ImportReport"]


@dataclass(slots=True)
class ImportReport:
    """Counts of one import. `read == added + updated + unchanged + duplicates + rejected`, always.

    Catalogue and events fill the same report; fields that make no sense for one of them stay at zero.
    """

    source: str = ""
    """Name of the file that was read."""
    format: str = ""
    """Name of the reader that read it."""
    read: int = 0
    """Rows that should become a product or an event."""
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicates: int = 0
    """Events that the store had already; a product whose id comes twice in one feed is rejected instead."""
    rejected: int = 0
    """Rows that could not be used; each is in `rejects_file` with the reason."""
    by_rule: Counter[str] = field(default_factory=Counter)
    """Rule name to number of problems that made a row unusable."""
    warnings: Counter[str] = field(default_factory=Counter)
    """Rule name to number of problems in rows that were imported all the same."""
    notes: list[str] = field(default_factory=list)
    """What is true of the source as a whole, a sentence each: fields that are empty, currencies that are mixed."""
    rejects_file: Path | None = None
    warnings_file: Path | None = None
    unused_columns: list[str] = field(default_factory=list)
    """Columns of the source that became no field."""
    hint: str = ""
    """What the merchant may do about the unused columns, in a sentence."""
    groups: int = 0
    """Groups with two variants or more in this source."""
    images: int = 0
    """Picture files taken into the shop's folder or found there already."""
    discontinued: int = 0
    """Products that vanished from the feed and were marked so (only with sync)."""
    held: str = ""
    """Why the sync was held back; empty when it was not."""
    unknown_products: int = 0
    """Events whose product is not in the catalogue; they are kept."""
    ignored: Counter[str] = field(default_factory=Counter)
    """Name to number of events that are no sign of interest in a product (page_view); not part of `read`."""
    nobody: Counter[str] = field(default_factory=Counter)
    """Ids that name nobody (undefined, NULL, 0) and how often each was left out of an event."""
    joined: int = 0
    """Anonymous ids and sessions whose history now belongs to a shopper."""
    seconds: float = 0.0
