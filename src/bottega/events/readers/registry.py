"""Every event format, and which one a file is."""

from __future__ import annotations

from bottega.errors import FormatUnknown
from bottega.events.readers.base import Reader
from bottega.events.readers.ga4 import Ga4
from bottega.events.readers.native_csv import NativeCsv
from bottega.events.readers.native_jsonl import NativeJsonl
from bottega.events.readers.segment import Segment
from bottega.events.readers.source import EventSource

__all__ = ["READERS", "choose_reader", "reader_named"]

READERS: tuple[Reader, ...] = (NativeCsv(), NativeJsonl(), Ga4(), Segment())
"""In the order the manual lists them."""

_SURE_ENOUGH = 0.25


def choose_reader(source: EventSource, name: str | None = None) -> Reader:
    """The reader called `name`, or without a name the one that is surest of the file.

    Raises `FormatUnknown` when there is none.
    """
    if name is not None:
        return reader_named(name)
    best = max(READERS, key=lambda reader: reader.recognises(source))
    if best.recognises(source) < _SURE_ENOUGH:
        first = source.head.strip().split("\n", 1)[0][:80]
        raise FormatUnknown(
            f"{source.name} is of no event format we know; it begins with {first!r}.",
            allowed=f"Formats are: {_known()}.",
            next_step="If it is one of these all the same, say so with --as.",
        )
    return best


def reader_named(name: str) -> Reader:
    """The reader of this name. Raises `FormatUnknown`."""
    for reader in READERS:
        if reader.name == name:
            return reader
    raise FormatUnknown(f"There is no event format {name!r}.", allowed=f"Formats are: {_known()}.", next_step="")


def _known() -> str:
    return "; ".join(f"{reader.name} ({reader.describe})" for reader in READERS)
