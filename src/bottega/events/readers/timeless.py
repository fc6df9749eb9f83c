"""Times for a table that has none: the order of its rows, a second apart, up to when the file was written.

Which came first is all that such a file tells, and all that is made of it: no hour of it means anything. What a row is
known by does not hang on these times, so that importing the same file again adds nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from bottega.events.readers.base import Reading

__all__ = ["RowTimes"]

_APART_MS = 1000
_BLOCK = 1024 * 1024
_MOST_MS = 20 * 365 * 86_400_000


@dataclass(slots=True)
class RowTimes:
    """Gives each row the moment after that of the row before it."""

    next_ms: int
    apart_ms: int
    name: str

    @classmethod
    def of(cls, reading: Reading) -> RowTimes:
        """For the rows of a reading, which is told of it."""
        source = reading.source
        with source.open_bytes() as stream:
            rows = (
                sum(block.count(b"\n") or block.count(b"\r") for block in iter(partial(stream.read, _BLOCK), b"")) or 1
            )
        apart = max(1, min(_APART_MS, _MOST_MS // rows))
        reading.notes.append(
            f"{source.name} says of no event when it happened, so the order of its rows counts: they were put a second "
            "apart, up to now. Name the column of times, if there is one: --map time=COLUMN."
        )
        reading.known_by = "shopper, kind, product and the number of the row"
        return cls(reading.now - rows * apart, apart, source.name)

    def of_rows(self, count: int) -> list[str | None]:
        """The times of the next rows, in ms."""
        start, self.next_ms = self.next_ms, self.next_ms + count * self.apart_ms
        return [str(start + place * self.apart_ms) for place in range(count)]

    def ids(self, records: Sequence[tuple[int, Sequence[str]]]) -> list[str | None]:
        """What each row is known by: its cells and its line."""
        return [_digest(f"{line}\x1f" + "\x1f".join(row)) for line, row in records]


def _digest(text: str) -> str:
    return "r-" + hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=12).hexdigest()
