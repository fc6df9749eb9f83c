"""Where rows come from: a file, opened, its encoding known, its progress measured.

Plain or gzip; UTF-8 with or without a byte order mark, UTF-16 with one, and Windows-1252 as the last resort (then the
import says so).
"""

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
from bottega.sources.encodings import GUESSED, has_zero_or_encoding, marked_encoding

__all__ = ["Source"]

_HEAD_BYTES = 64 * 1024


class Source:
    """One data file. `folder` is where its pictures lie: beside the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name
        self.folder = path.parent
        self.size = path.stat().st_size
        """Bytes on disk, to measure progress by."""
        self._raw: BinaryIO | None = None
        self._encoding: str | None = None
        with self.open_bytes() as stream:
            self._head = stream.read(_HEAD_BYTES)
        if not self._head.strip():
            raise SourceUnreadable(f"{path} is empty.", next_step="Export it again.")

    @property
    def suffix(self) -> str:
        """Ending of the name, without .gz, in lower case."""
        name = Path(self.path.name.lower())
        return Path(name.stem).suffix if name.suffix == ".gz" else name.suffix

    @property
    def done(self) -> int:
        """Bytes of the file read so far, of `size`."""
        return self._raw.tell() if self._raw is not None and not self._raw.closed else 0

    @property
    def head(self) -> str:
        """The beginning as text, for recognising the format; a last partial character is left out."""
        encoding = marked_encoding(self._head) or "utf-8"
        try:
            return codecs.getincrementaldecoder(encoding)().decode(self._head)
        except UnicodeDecodeError:
            return self._head.decode(GUESSED, errors="replace")

    @property
    def encoding(self) -> str:
        """Python's name of the encoding; found by decoding the whole file once. Raises `SourceUnreadable`."""
        if self._encoding is None:
            self._encoding = marked_encoding(self._head) or self._probe()
        return self._encoding

    @property
    def guessed_encoding(self) -> bool:
        """Whether it was read as text in an encoding that nothing confirmed."""
        return self._encoding == GUESSED

    @contextmanager
    def open_bytes(self) -> Iterator[BinaryIO]:
        """The file's bytes, unpacked. Raises `SourceUnreadable` for a broken archive or a file without permission."""
        try:
            with self.path.open("rb") as raw:
                self._raw = raw
                zipped = raw.read(2) == b"\x1f\x8b"
                raw.seek(0)
                yield cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if zipped else raw
        except EOFError as error:
            raise SourceUnreadable(
                f"{self.path} is a broken gzip archive: it is cut off: the gzip stream has no end. "
                "A part of what came before was imported.",
                next_step="Copy the file again and repeat the import; nothing is counted twice.",
            ) from error
        except (gzip.BadGzipFile, zlib.error) as error:
            raise SourceUnreadable(
                f"{self.path} is a broken gzip archive: {error}.", next_step="Download or pack it again."
            ) from error
        except OSError as error:
            raise SourceUnreadable(
                f"{self.path} cannot be read: {error.strerror}.", next_step="Check the path and its permissions."
            ) from error

    @contextmanager
    def open_text(self, *, wrong_bytes: bool = False) -> Iterator[TextIO]:
        """The file's text; line ends are kept as they are.

        With `wrong_bytes`, what is neither marked nor UTF-8 becomes lone surrogates, for a check to refuse row by row.
        """
        with self.open_bytes() as stream:
            if wrong_bytes:
                encoding, errors = marked_encoding(self._head) or "utf-8", "surrogateescape"
            else:
                encoding, errors = self.encoding, "replace" if self.encoding == GUESSED else "strict"
            try:
                yield io.TextIOWrapper(stream, encoding=encoding, errors=errors, newline="")
            except UnicodeDecodeError as error:
                raise SourceUnreadable(
                    f"{self.path} says it is {encoding} but is not: {error.reason}.",
                    next_step="Save it as UTF-8.",
                ) from error

    def _probe(self) -> str:
        with self.open_bytes() as stream:
            encoding = has_zero_or_encoding(stream)
        if encoding is None:
            raise SourceUnreadable(
                f"{self.path} is not a text file.",
                allowed="A feed is CSV, TSV, JSONL, JSON or XML text, plain or packed with gzip.",
                next_step="Export it in one of these; a workbook or a zip must be unpacked or saved first.",
            )
        return encoding
