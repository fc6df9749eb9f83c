"""Parquet files, a few thousand rows at a time, so that memory does not grow with the file.

What is inside an archive or behind an address is written to a temporary file first: Parquet keeps its index at its end.
Another process decodes it (`parquet_process.py`), since a damaged file can end the one that does.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from bottega.errors import SourceUnreadable
from bottega.sources import parquet_process
from bottega.sources.parquet_process import HEAD
from bottega.sources.source import Source

if TYPE_CHECKING:
    import polars as pl

__all__ = ["is_parquet", "open_parquet"]

_MARK = b"PAR1"


def is_parquet(source: Source) -> bool:
    """By its first four bytes."""
    return source.head.startswith(_MARK.decode())


@contextmanager
def open_parquet(source: Source) -> Iterator[tuple[list[str], Iterator[pl.DataFrame]]]:
    """The names of its columns, and its rows in frames, moments as texts: a damaged one may be none that Python has.

    Raises `SourceUnreadable` for a file that is cut or damaged, there or while frames are taken.
    """
    with _as_file(source) as path:
        command = [sys.executable, "-m", parquet_process.__name__, str(path)]
        reader = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert reader.stdout is not None
        try:
            _, names = _part(reader.stdout, source)
            yield json.loads(names), _frames(reader.stdout, source)
        finally:
            reader.kill()
            reader.wait()
            reader.stdout.close()


def _frames(stream: IO[bytes], source: Source) -> Iterator[pl.DataFrame]:
    import polars as pl

    while True:
        kind, content = _part(stream, source)
        if kind == b"E":
            return
        yield pl.read_ipc_stream(content)


def _part(stream: IO[bytes], source: Source) -> tuple[bytes, bytes]:
    """The next part that the reading process sends. Raises `SourceUnreadable` for what it says is wrong, and where it
    ended without a word."""
    head = stream.read(HEAD.size)
    kind, length = HEAD.unpack(head) if len(head) == HEAD.size else (b"", 0)
    content = stream.read(length)
    if kind in (b"N", b"F", b"E") and len(content) == length:
        return kind, content
    wrong = content.decode(errors="replace") if kind == b"X" else "what it holds cannot be decoded"
    raise SourceUnreadable(
        f"{source.name} is no whole Parquet file: {wrong}.",
        next_step="Write or copy it again; what came before was imported.",
    )


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
