"""Parquet files, a few thousand rows at a time, so that memory does not grow with the file.

What is inside an archive or behind an address is written to a temporary file first: Parquet keeps its index at its end.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bottega.errors import SourceUnreadable
from bottega.sources.source import Source

if TYPE_CHECKING:
    import polars as pl

__all__ = ["is_parquet", "open_parquet"]

_MARK = b"PAR1"
_CHUNK = 10_000


def is_parquet(source: Source) -> bool:
    """By its first four bytes."""
    return source.head.startswith(_MARK.decode())


@contextmanager
def open_parquet(source: Source) -> Iterator[tuple[list[str], Iterator[pl.DataFrame]]]:
    """The names of its columns, and its rows in frames, moments as texts: a damaged one may be none that Python has.

    Raises `SourceUnreadable` for a file that is cut or damaged, there or while frames are taken.
    """
    import polars as pl

    with _as_file(source) as path:
        with _whole(source):
            lazy = pl.scan_parquet(path)
            names = lazy.collect_schema().names()
        yield names, _frames(lazy, source)


def _frames(lazy: pl.LazyFrame, source: Source) -> Iterator[pl.DataFrame]:
    import polars as pl

    with _whole(source):
        found = iter(lazy.collect_batches(chunk_size=_CHUNK))
    while True:
        with _whole(source):
            frame = next(found, None)
            if frame is None:
                return
            frame = frame.with_columns(pl.selectors.temporal().cast(pl.String, strict=False))
        yield frame


@contextmanager
def _whole(source: Source) -> Iterator[None]:
    import polars as pl

    try:
        yield
    except (pl.exceptions.PolarsError, OSError, OverflowError) as error:
        raise SourceUnreadable(
            f"{source.name} is no whole Parquet file: {str(error).splitlines()[0]}.",
            next_step="Write or copy it again; what came before was imported.",
        ) from error


@contextmanager
def _as_file(source: Source) -> Iterator[Path]:
    """The source as a file of its own."""
    with source.open_bytes() as stream:
        if source.path.is_file() and source.path.stat().st_size == source.size and source.path.suffix != ".gz":
            with source.path.open("rb") as plain:
                if plain.read(len(_MARK)) == _MARK:
                    yield source.path
                    return
        with tempfile.NamedTemporaryFile(suffix=".parquet") as copy:
            shutil.copyfileobj(stream, copy)
            copy.flush()
            yield Path(copy.name)
