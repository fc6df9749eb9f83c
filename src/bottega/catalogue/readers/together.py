"""Several files that are one feed: saved pages, a platform's products and their variants, the pages of an API's answer.

A folder or zip is a feed when one reader takes every file in it; PrestaShop's and WooCommerce's take other files beside
theirs, which say more of the same products. Files that tell of each other are read as one, others one after the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bottega.catalogue.product import Product
from bottega.catalogue.readers.base import Reader, Reading
from bottega.catalogue.readers.registry import READERS, find_reader
from bottega.errors import SourceUnreadable
from bottega.sources.registry import surest
from bottega.sources.source import Source

__all__ = ["feed_of", "read_feed"]

_AS_ONE = frozenset({"prestashop-csv", "woocommerce-csv", "woocommerce-json", "json-ld"})
"""Readers whose files tell of each other (`Reading.beside`)."""
_WITH_OTHERS = frozenset({"prestashop-csv"})
"""Readers that take a file of a kind that is no feed by itself."""
_SURE = 0.5


def feed_of(sources: Sequence[Source], name: str | None) -> tuple[Reader, list[Source]]:
    """The reader of a feed and its files. Raises `FormatUnknown`, and `SourceUnreadable` for files of several kinds."""
    if len(sources) == 1 or name is not None:
        return find_reader(sources[0], name), list(sources)
    sure: dict[str, list[Source]] = {}
    for source in sources:
        reader, how = surest(READERS, source)
        sure.setdefault(reader.name if how >= _SURE else "", []).append(source)
    others = sure.pop("", [])
    if len(sure) == 1:
        (found, files), *_ = sure.items()
        if not others or found in _WITH_OTHERS:
            return find_reader(files[0], found), [*files, *others]
    where = {source.path for source in sources}  # one for the files of a zip
    raise SourceUnreadable(
        f"{where.pop() if len(where) == 1 else sources[0].folder} holds {len(sources)} data files: "
        f"{', '.join(source.name for source in sources[:8])}.",
        allowed="A folder or zip is a feed when it holds one data file, or several that one format takes together.",
        next_step="Name the file itself.",
    )


def read_feed(reader: Reader, reading: Reading) -> Iterator[Product]:
    """Products of all files of a reading, of whichever begins it and those beside it."""
    if reader.name in _AS_ONE or not reading.beside:
        yield from reader.read(reading)
        return
    first, unused = reading.source, dict[str, None]()
    for source in (first, *reading.beside):
        reading.source = source
        yield from reader.read(reading)
        unused |= dict.fromkeys(reading.unused_columns)
    reading.source, reading.unused_columns = first, list(unused)
