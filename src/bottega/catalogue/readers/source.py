"""A file that a feed is read from: found, opened, its encoding known, its progress measured.

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

__all__ = ["DATA_SUFFIXES", "Source", "find_source"]

DATA_SUFFIXES = (".csv", ".tsv", ".txt", ".tab", ".jsonl", ".ndjson", ".json", ".xml", ".rss", ".atom")
"""Endings of the files looked for in a folder, each also with .gz."""

_HEAD_BYTES = 64 * 1024
_BLOCK_BYTES = 1024 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


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
        encoding = self._mark() or "utf-8"
        try:
            return codecs.getincrementaldecoder(encoding)().decode(self._head)
        except UnicodeDecodeError:
            return self._head.decode("cp1252", errors="replace")

    @property
    def encoding(self) -> str:
        """Python's name of the encoding; found by decoding the whole file once. Raises `SourceUnreadable`."""
        if self._encoding is None:
            self._encoding = self._mark() or self._probe()
        return self._encoding

    @property
    def guessed_encoding(self) -> bool:
        """Whether it was read as text in an encoding that nothing confirmed."""
        return self._encoding == "cp1252"

    @contextmanager
    def open_bytes(self) -> Iterator[BinaryIO]:
        """The file's bytes, unpacked. Raises `SourceUnreadable` for a broken archive or a file without permission."""
        try:
            with self.path.open("rb") as raw:
                self._raw = raw
                zipped = raw.read(2) == b"\x1f\x8b"
                raw.seek(0)
                yield cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if zipped else raw
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise SourceUnreadable(
                f"{self.path} is a broken gzip archive: {error}.", next_step="Download or pack it again."
            ) from error
        except OSError as error:
            raise SourceUnreadable(
                f"{self.path} cannot be read: {error.strerror}.", next_step="Check the path and its permissions."
            ) from error

    @contextmanager
    def open_text(self) -> Iterator[TextIO]:
        """The file's text; line ends are kept as they are."""
        with self.open_bytes() as stream:
            errors = "replace" if self.encoding == "cp1252" else "strict"
            try:
                yield io.TextIOWrapper(stream, encoding=self.encoding, errors=errors, newline="")
            except UnicodeDecodeError as error:
                raise SourceUnreadable(
                    f"{self.path} says it is {self.encoding} but is not: {error.reason}.",
                    next_step="Save it as UTF-8.",
                ) from error

    def _mark(self) -> str | None:
        return next((encoding for mark, encoding in _MARKS if self._head.startswith(mark)), None)

    def _probe(self) -> str:
        """UTF-8 when every byte of the file is, else Windows-1252."""
        decoder = codecs.getincrementaldecoder("utf-8")()
        encoding = "utf-8"
        with self.open_bytes() as stream:
            while block := stream.read(_BLOCK_BYTES):
                if b"\0" in block:
                    raise SourceUnreadable(
                        f"{self.path} is not a text file.",
                        allowed="A feed is CSV, TSV, JSONL, JSON or XML text, plain or packed with gzip.",
                        next_step="Export it in one of these; a workbook or a zip must be unpacked or saved first.",
                    )
                if encoding == "utf-8":
                    try:
                        decoder.decode(block)
                    except UnicodeDecodeError:
                        encoding = "cp1252"
            if encoding == "utf-8":
                try:
                    decoder.decode(b"", final=True)
                except UnicodeDecodeError:
                    encoding = "cp1252"
        return encoding


def find_source(path: Path) -> Source:
    """The data file that `path` names: itself, or the only one in that folder. Raises `SourceUnreadable`."""
    if str(path).startswith(("http:/", "https:/", "ftp:/")):
        raise SourceUnreadable(
            f"{path} is an address, not a file.", next_step="Download it first and import the downloaded file."
        )
    if not path.exists():
        raise SourceUnreadable(f"{path} does not exist.", next_step="Check the path.")
    if not path.is_dir():
        return Source(path)
    found = sorted(
        entry
        for entry in path.iterdir()
        if entry.is_file()
        and not entry.name.startswith(".")
        and entry.name.lower().removesuffix(".gz").endswith(DATA_SUFFIXES)
    )
    if len(found) == 1:
        return Source(found[0])
    names = ", ".join(entry.name for entry in found[:8])
    raise SourceUnreadable(
        f"The folder {path} holds {len(found)} data files: {names}." if found else f"{path} holds no data file.",
        allowed=f"A folder is a source when it holds exactly one file that ends in {', '.join(DATA_SUFFIXES)}.",
        next_step="Name the file itself.",
    )
