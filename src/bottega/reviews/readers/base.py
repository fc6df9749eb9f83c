"""What a reader of reviews is: one format, turned into rows of texts by field.

To add a format: write one file with a class that has `name`, `describe`, `recognises` and `read`, add it to `READERS`
in registry.py, a line to docs/reviews.md, and a test with a small sample. What is a usable review is decided by
`checking.py` for all formats alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from bottega.reviews.checking import RawReview, Reading
from bottega.sources.source import Source

__all__ = ["Reader"]


class Reader(Protocol):
    """One format."""

    @property
    def name(self) -> str:
        """What `--as` calls it."""
        ...

    @property
    def describe(self) -> str:
        """One line for help and manual."""
        ...

    def recognises(self, source: Source) -> float:
        """How sure it is that the source is its format, from 0 to 1."""
        ...

    def read(self, reading: Reading) -> Iterator[RawReview]:
        """Rows as they stand; memory does not grow with their number."""
        ...
