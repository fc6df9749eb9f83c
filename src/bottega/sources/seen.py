"""Texts that were met in a long file, in 8 to 16 bytes of memory each: their hashes in arrays, they themselves on disk.

A dictionary of a million ids takes 200 MB; here it is some 30. `HashTable` knows hashes alone: 64 bits, keyed anew in
every process, so that among a million texts two share one with a chance of 1 in 37 million; it is for what is only
counted, told or warned of. `SeenTexts` decides, so it compares the texts, which lie in a temporary file, whenever
hashes agree: it is never wrong.
"""

from __future__ import annotations

import os
import tempfile
import weakref
from array import array
from pathlib import Path

from bottega.errors import disk_full

__all__ = ["HashTable", "SeenTexts", "hashed"]

_BITS = (1 << 64) - 1
_SMALLEST = 1 << 10
_FULL = 0.6
"""Share of places in use from which a table grows."""
_BUFFER = 1 << 18
_LENGTH = 4
"""Bytes that say how long a text is."""


def hashed(what: object) -> int:
    """Its hash as a key of a table: 64 bits, never 0, which means an empty place."""
    return (hash(what) & _BITS) or 1


class HashTable:
    """A number for each of many hashes. `code`: the type of the numbers, as `array` calls it."""

    def __init__(self, code: str) -> None:
        self._keys = array("Q", bytes(8 * _SMALLEST))
        self._values = array(code, [0]) * _SMALLEST
        self._used = 0

    def __len__(self) -> int:
        return self._used

    def get(self, key: int) -> int:
        """The number of a key; 0 where it has none."""
        return self._values[self._place(key)]

    def put(self, key: int, value: int) -> None:
        """Give it one."""
        place = self._place(key)
        self._values[place] = value
        if not self._keys[place]:
            self._keys[place] = key
            self._used += 1
            if self._used > _FULL * len(self._keys):
                self._grow()

    def count(self, key: int) -> int:
        """One more of it: how many there are now."""
        times = self.get(key) + 1
        self.put(key, times)
        return times

    def _place(self, key: int) -> int:
        """Where a key stands, or would."""
        keys = self._keys
        mask = len(keys) - 1
        place = key & mask
        while (there := keys[place]) and there != key:
            place = (place + 1) & mask
        return place

    def _grow(self) -> None:
        keys, values = self._keys, self._values
        self._keys = array("Q", bytes(16 * len(keys)))
        self._values = array(values.typecode, [0]) * (2 * len(keys))
        for key, value in zip(keys, values, strict=True):
            if key:
                place = self._place(key)
                self._keys[place], self._values[place] = key, value


class SeenTexts:
    """Texts, and what was noted of each when it was first met."""

    def __init__(self) -> None:
        self._where = HashTable("Q")
        self._disk = _Disk()

    def __len__(self) -> int:
        return len(self._where)

    def __contains__(self, text: str) -> bool:
        return self._find(text)[1] is not None

    def first(self, text: str, note: str) -> str | None:
        """What was noted when a text was met before; None where this is the first time, and then `note` is kept."""
        key, noted = self._find(text)
        if noted is None:
            self._where.put(key, self._disk.append(text, note) + 1)
        return noted

    def _find(self, text: str) -> tuple[int, str | None]:
        """The key of a text, which is the next one where another text has its hash, and what was noted of it."""
        key = hashed(text)
        while place := self._where.get(key):
            there, noted = self._disk.read(place - 1)
            if there == text:
                return key, noted
            key = (key % _BITS) + 1
        return key, None


class _Disk:
    """Pairs of texts one after another, in a file that nobody else sees; what is short stays in memory."""

    def __init__(self) -> None:
        self._file: int | None = None
        self._written = 0
        self._buffer = bytearray()

    def append(self, text: str, note: str) -> int:
        """Where the pair stands."""
        place = self._written + len(self._buffer)
        for one in (text.encode(errors="surrogatepass"), note.encode(errors="surrogatepass")):
            self._buffer += len(one).to_bytes(_LENGTH, "little") + one
        if len(self._buffer) >= _BUFFER:
            self._flush()
        return place

    def read(self, place: int) -> tuple[str, str]:
        text, place = self._text(place)
        return text, self._text(place)[0]

    def _text(self, place: int) -> tuple[str, int]:
        start = place + _LENGTH
        end = start + int.from_bytes(self._bytes(place, _LENGTH), "little")
        return self._bytes(start, end - start).decode(errors="surrogatepass"), end

    def _bytes(self, place: int, count: int) -> bytes:
        if place >= self._written:
            start = place - self._written
            return bytes(self._buffer[start : start + count])
        assert self._file is not None, "what was written has a file"
        return os.pread(self._file, count, place)

    def _flush(self) -> None:
        try:
            if self._file is None:
                file, path = tempfile.mkstemp(prefix="bottega-seen-")
                Path(path).unlink()
                self._file = file
                weakref.finalize(self, os.close, file)
            left = memoryview(bytes(self._buffer))
            while left:
                left = left[os.write(self._file, left) :]
        except OSError as error:
            raise disk_full(error) or error from error
        self._written += len(self._buffer)
        self._buffer.clear()
