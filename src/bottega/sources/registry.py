"""Which reader a source is for: the one that is named, or the one that is surest of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from bottega.errors import FormatUnknown
from bottega.sources.source import Source

__all__ = ["Recognising", "formats", "reader_called", "surest"]


class Recognising(Protocol):
    """What choosing needs of a reader."""

    @property
    def name(self) -> str:
        """What `--as` calls it."""
        ...

    @property
    def describe(self) -> str:
        """One line for help and manual."""
        ...

    def recognises(self, source: Source) -> float:
        """How sure it is that the source is its format, from 0 to 1, judged by `source.head` and the name."""
        ...


_Reader = TypeVar("_Reader", bound=Recognising)


def reader_called(readers: Iterable[_Reader], name: str, *, what: str = "format") -> _Reader:
    """The reader of this name. `what` is the word for it in the refusal. Raises `FormatUnknown`."""
    readers = list(readers)
    for reader in readers:
        if reader.name == name.strip().lower():
            return reader
    raise FormatUnknown(
        f"There is no {what} {name!r}.",
        allowed=f"Formats are: {formats(readers)}.",
        next_step="Leave --as out to let the file decide.",
    )


def surest(readers: Sequence[_Reader], source: Source) -> tuple[_Reader, float]:
    """The reader that is surest, the first of several; and how sure it is, from 0 to 1."""
    sure = [reader.recognises(source) for reader in readers]
    best = max(range(len(readers)), key=lambda place: sure[place])
    return readers[best], sure[best]


def formats(readers: Iterable[Recognising]) -> str:
    """The formats there are, for a message."""
    return "; ".join(f"{reader.name} ({reader.describe})" for reader in readers)
