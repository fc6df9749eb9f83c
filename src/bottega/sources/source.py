"""Where rows come from: bytes with a name, opened as often as needed, their encoding known, their progress measured.

One file, plain or gzip; one member of a zip, one sheet of a workbook (`archives.py`, `workbook.py`); what was fetched
from an address (`remote.py`); one page of an answer (`Source.page`). Readers see no difference.
"""

from __future__ import annotations

import codecs
import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from bottega.errors import SourceUnreadable
from bottega.sources.encodings import WRONG_BYTES, Encoding, How, encoding_of, encoding_of_head, known_encoding

__all__ = ["Opener", "Source", "refuse_bomb"]

_HEAD_BYTES = 64 * 1024
_BLOCK_BYTES = 1024 * 1024
_GZIP = b"\x1f\x8b"
_UNPACKED_FREE_BYTES = 256 * 1024 * 1024
_UNPACKED_TIMES = 150
"""How much larger than its packed form a source may become, once it is above the bytes that are free."""

Opener = Callable[[], AbstractContextManager[BinaryIO]]
"""Opens bytes anew at their beginning."""


class Source:
    """One source of rows. `folder` is where its pictures lie: beside the file."""

    def __init__(
        self,
        path: Path,
        *,
        name: str | None = None,
        encoding: str | None = None,
        declared: str | None = None,
        opener: Opener | None = None,
        size: int | None = None,
        packed_size: int | None = None,
    ) -> None:
        """`opener`, `size` and, where it is packed, `packed_size` are of what lies inside `path`.

        `encoding` wins over every other sign of it; what was `declared` beside the source wins over what it declares.
        """
        self.path = path
        self.name = _shown(name or path.name)
        self.folder = path.parent
        self.note = ""
        """What is worth saying of how it was found."""
        self._opener = opener or (lambda: path.open("rb"))
        self._given = _given(encoding)
        self._declared = known_encoding(declared) if declared else None
        self._packed_size = packed_size
        self.starts: Sequence[int] = ()
        """The line of the text on which each row starts, where rows are counted otherwise, as in a workbook."""
        self._packed: BinaryIO | None = None
        self._encoding: Encoding | None = None
        self._head_text: str | None = None
        self.size = path.stat().st_size if size is None else size
        """Bytes as they are kept, to measure progress by."""
        self.cut = False
        """Whether it is an archive that was cut off, as far as it has been read."""
        with self.open_bytes(up_to_the_cut=True) as stream:
            self._head = _beginning(stream)
        if not self._head:
            with self.open_bytes() as stream:
                stream.read(1)  # raises where nothing comes before a cut
        if not self._head.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
            raise SourceUnreadable(f"{path} is empty.", next_step="Export it again.")

    @classmethod
    def page(cls, name: str, content: bytes) -> Source:
        """One page of an answer, as the API of a shop gives it."""
        return cls(Path(name), opener=lambda: io.BytesIO(content), size=len(content), encoding=None)

    @property
    def suffix(self) -> str:
        """Ending of the name, without .gz, in lower case."""
        name = Path(self.name.lower())
        return Path(name.stem).suffix if name.suffix == ".gz" else name.suffix

    @property
    def done(self) -> int:
        """Bytes read so far, of `size`."""
        return self._packed.tell() if self._packed is not None and not self._packed.closed else 0

    @property
    def head(self) -> str:
        """The beginning as text, for recognising the format; a last partial character is left out."""
        if self._head_text is None:  # asked for by every reader there is
            name = self._given or encoding_of_head(self._head, self._declared)
            text = codecs.getincrementaldecoder(name)(WRONG_BYTES).decode(self._head)
            self._head_text = text.removeprefix("\ufeff")
        return self._head_text

    @property
    def detected(self) -> Encoding:
        """The encoding, and how it came to be known; all is read for it once. Raises `SourceUnreadable`."""
        if self._encoding is None:
            if self._given is not None:
                self._encoding = Encoding(self._given, How.GIVEN)
            else:
                self._encoding = encoding_of(lambda: self.open_bytes(up_to_the_cut=True), self._head, self._declared)
        if not self._encoding.name:
            raise SourceUnreadable(
                f"{self.path} is not a text file.",
                allowed="A feed is CSV, TSV, JSONL, JSON or XML text, plain, packed with gzip or zip, or a workbook.",
                next_step="Export it in one of these.",
            )
        return self._encoding

    @property
    def encoding(self) -> str:
        """Python's name of the encoding."""
        return self.detected.name

    @property
    def guessed_encoding(self) -> bool:
        """Whether it was read as text in an encoding that nothing confirmed."""
        return self._encoding is not None and self._encoding.how is How.GUESSED

    @contextmanager
    def open_bytes(self, *, up_to_the_cut: bool = False) -> Iterator[BinaryIO]:
        """The bytes, unpacked. Raises `SourceUnreadable` for a broken archive or a file without permission.

        With `up_to_the_cut`, an archive that is cut off just ends, and `cut` says so.
        """
        with ExitStack() as opened:
            try:
                raw = opened.enter_context(self._opener())
                packed = raw.read(2) == _GZIP
                raw.seek(0)
            except (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError) as error:
                raise self._unreadable(error) from error
            self._packed = raw
            stream = gzip.GzipFile(fileobj=raw) if packed else raw
            packed_size = self.size if packed and self._packed_size is None else self._packed_size
            yield cast(BinaryIO, _Unpacked(stream, self, packed_size=packed_size, up_to_the_cut=up_to_the_cut))

    @contextmanager
    def open_text(self, *, up_to_the_cut: bool = False) -> Iterator[TextIO]:
        """The text; line ends are kept as they are, and bytes that are no character become lone surrogates."""
        encoding = self.encoding
        with self.open_bytes(up_to_the_cut=up_to_the_cut) as stream:
            yield io.TextIOWrapper(stream, encoding=encoding, errors=WRONG_BYTES, newline="")

    def _unreadable(self, error: Exception) -> SourceUnreadable:
        """What to say of an error of reading."""
        if isinstance(error, EOFError):
            return SourceUnreadable(
                f"{self.path} is a broken gzip archive: it is cut off: the gzip stream has no end. "
                "A part of what came before was imported.",
                next_step="Copy the file again and repeat the import; nothing is counted twice.",
            )
        if isinstance(error, gzip.BadGzipFile | zlib.error):
            return SourceUnreadable(
                f"{self.path} is a broken gzip archive: {error}.", next_step="Download or pack it again."
            )
        if isinstance(error, zipfile.BadZipFile | NotImplementedError):
            return SourceUnreadable(
                f"{self.path} is a zip that cannot be read: {error}.", next_step="Unpack it and import the file."
            )
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        return SourceUnreadable(
            f"{self.path} cannot be read: {reason}.", next_step="Check the path and its permissions."
        )


class _Unpacked(io.RawIOBase):
    """The bytes as they are read: errors are told in words, and what is unpacked stays within reason."""

    def __init__(
        self, stream: BinaryIO | gzip.GzipFile, source: Source, *, packed_size: int | None, up_to_the_cut: bool
    ) -> None:
        self._stream = stream
        self._source = source
        self._packed_size = packed_size
        self._up_to_the_cut = up_to_the_cut
        self._read = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes. Those before a cut are given before the cut is noticed."""
        size = size if size >= 0 else _BLOCK_BYTES
        try:
            block = self._stream.read1(size) if isinstance(self._stream, gzip.GzipFile) else self._stream.read(size)
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError) as error:
            if self._up_to_the_cut and isinstance(error, EOFError | zlib.error):
                self._source.cut = True
                return b""
            raise self._source._unreadable(error) from error
        if self._packed_size is not None:
            self._read += len(block)
            refuse_bomb(self._source.path, self._read, self._packed_size)
        return block

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        block = self.read(len(view))
        view[: len(block)] = block
        return len(block)


def _beginning(stream: BinaryIO) -> bytes:
    """The first bytes, as far as a cut archive has them."""
    head = b""
    while len(head) < _HEAD_BYTES:
        try:
            block = stream.read(_HEAD_BYTES - len(head))
        except SourceUnreadable:
            if not head:
                raise
            break
        if not block:
            break
        head += block
    return head


def refuse_bomb(path: Path, unpacked: int, packed: int) -> None:
    """Raise `SourceUnreadable` where so much came out of so little that it is no feed."""
    if unpacked > _UNPACKED_FREE_BYTES and unpacked > _UNPACKED_TIMES * packed:
        raise SourceUnreadable(
            f"{path} unpacks to more than {_UNPACKED_TIMES} times its size.",
            allowed="What is packed so tightly is made to fill disks, and is not read.",
            next_step="If it is a feed all the same, unpack it and import the unpacked file.",
        )


def _given(encoding: str | None) -> str | None:
    if encoding is None:
        return None
    known = known_encoding(encoding)
    if known is None:
        raise SourceUnreadable(
            f"There is no encoding {encoding!r}.",
            allowed="For example utf-8, windows-1252, windows-1251, iso-8859-2, shift_jis, gb18030, big5 or euc-kr.",
            next_step="Correct --encoding, or leave it out to let the file decide.",
        )
    return known


def _shown(name: str) -> str:
    """A name as text: file systems hold bytes, which need be none, and names of two lines."""
    whole = name.encode("utf-8", errors="surrogateescape").decode("utf-8", errors="replace")
    return "".join(mark if mark.isprintable() else " " for mark in whole)
