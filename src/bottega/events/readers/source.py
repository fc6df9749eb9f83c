"""A file that events are read from: found, opened, its progress measured. Plain or gzip, UTF-8 or marked UTF-16."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from bottega.errors import SourceUnreadable

__all__ = ["SUFFIXES", "EventSource", "find_sources"]

SUFFIXES = (".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".json")
"""Endings of the files looked for in a folder, each also with .gz."""

_HEAD_BYTES = 64 * 1024


def find_sources(path: Path) -> list[EventSource]:
    """The file itself, or every event file of a folder in the order of their names.

    Raises `SourceUnreadable` when there is none, or one cannot be opened.
    """
    if path.is_dir():
        files = sorted(
            one for one in path.iterdir() if one.is_file() and one.name.lower().removesuffix(".gz").endswith(SUFFIXES)
        )
        if not files:
            raise SourceUnreadable(
                f"The folder {path} holds no event file.",
                allowed=f"Files that end in {', '.join(SUFFIXES)} are read, each also with .gz.",
                next_step="Name the file, or the folder it is in.",
            )
        return [EventSource(one) for one in files]
    if not path.exists():
        raise SourceUnreadable(f"{path} does not exist.", next_step="Check the path.")
    return [EventSource(path)]


class EventSource:
    """One file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name
        self._raw: BinaryIO | None = None
        with self.open() as stream:
            self.head = stream.read(_HEAD_BYTES)
        """The beginning of the text, for recognising the format."""
        if not self.head.strip():
            raise SourceUnreadable(f"{path} is empty.", next_step="Export it again.")

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self.path.stat().st_size

    @property
    def done(self) -> int:
        """Bytes of `size` read so far."""
        return self._raw.tell() if self._raw is not None and not self._raw.closed else 0

    @contextmanager
    def open(self) -> Iterator[TextIO]:
        """The text. Bytes that are no text become lone surrogates, which the check then refuses row by row."""
        try:
            with self.path.open("rb") as raw:
                self._raw = raw
                magic = raw.read(2)
                raw.seek(0)
                stream = cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if magic == b"\x1f\x8b" else raw
                mark = stream.read(4)
                stream.seek(0)
                encoding = "utf-16" if mark.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
                yield io.TextIOWrapper(stream, encoding=encoding, errors="surrogateescape", newline="")
        except EOFError as error:
            raise SourceUnreadable(
                f"{self.path} is cut off: the gzip stream has no end. A part of what came before was imported.",
                next_step="Copy the file again and repeat the import; nothing is counted twice.",
            ) from error
        except (OSError, zlib.error, UnicodeError) as error:
            raise SourceUnreadable(
                f"{self.path} cannot be read: {error}.",
                allowed="Event files are text, plain or gzip.",
                next_step="Check that the file is whole and that you may read it.",
            ) from error
