"""A table of names: the number of a name, and the name of a number, without an object for each.

Names lie one behind the other as bytes. They are found by a hash of 64 bits that is the same in every process: those
the table was made of in a sorted array, which can be a mapped file, newer ones in a dict. A newer snapshot shares all
of it with an older one, which looks no further than its own length.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.growing import GrowingColumn, GrowingRows
from bottega.names import IntArray

__all__ = ["HashArray", "NameTable", "hash_of", "hashes_of"]

HashArray = NDArray[np.uint64]
_MANY = 12
"""From so many names on they are looked up together."""


def _bytes(name: str) -> bytes:
    return name.encode("utf-8", "surrogatepass")


def hash_of(name: str) -> int:
    """64 bits of a name, the same in every process."""
    return int.from_bytes(blake2b(_bytes(name), digest_size=8).digest(), "little")


def hashes_of(names: Iterable[str]) -> HashArray:
    """`hash_of` each name."""
    return np.frombuffer(b"".join(blake2b(_bytes(name), digest_size=8).digest() for name in names), dtype="<u8")


class _Newer:
    """Numbers of names that are not in the sorted array, and how many names the newest snapshot has."""

    def __init__(self, numbers: dict[str, int], used: int) -> None:
        self.numbers, self.used = numbers, used


class NameTable:
    """Names by number 0, 1, 2 ...; none twice."""

    __slots__ = ("_blob", "_hashes", "_names", "_newer", "_numbers", "_offsets", "_sorted")

    def __init__(self, names: GrowingRows, hashes: HashArray, numbers: IntArray) -> None:
        """`names`: their bytes, a row each. `hashes`: sorted, of the first names; `numbers`: whose each hash is."""
        assert len(hashes) == len(numbers) <= len(names)
        self._names, self._hashes, self._numbers = names, hashes, numbers
        behind = range(len(hashes), len(names))
        self._look_at(names, hashes)
        self._newer = _Newer({self.name(number): number for number in behind}, len(names))

    @classmethod
    def of(cls, names: Sequence[str]) -> NameTable:
        """These names, numbered in their order."""
        empty = GrowingRows.of(np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.uint8))
        return cls(empty, np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int32)).grown(names)

    @classmethod
    def from_arrays(
        cls, arrays: Mapping[str, NDArray[np.generic]], prefix: str, *, roomy: Mapping[str, NDArray[np.generic]] = {}
    ) -> NameTable:
        """What `arrays` gave under the same prefix; `roomy` are the arrays with spare rows behind, where there are."""

        def growing(name: str) -> GrowingColumn:
            rows = arrays[f"{prefix}.{name}"]
            return GrowingColumn(roomy.get(f"{prefix}.{name}", rows), len(rows))

        names = GrowingRows(growing("offsets"), [growing("bytes")])
        return cls(names, arrays[f"{prefix}.hashes"], arrays[f"{prefix}.numbers"])  # type: ignore[arg-type]  # as written

    def arrays(self, prefix: str) -> dict[str, NDArray[np.generic]]:
        """The table as flat arrays, every name in the sorted one."""
        behind = len(self._hashes)
        hashes = np.empty(len(self), dtype=np.uint64)
        hashes[self._numbers] = self._hashes
        hashes[behind:] = hashes_of(self.name(number) for number in range(behind, len(self)))
        order = np.argsort(hashes, kind="stable")
        return {
            f"{prefix}.bytes": self._names.columns[0].values,
            f"{prefix}.offsets": self._names.offsets.values,
            f"{prefix}.hashes": hashes[order],
            f"{prefix}.numbers": order.astype(np.int32),
        }

    def __len__(self) -> int:
        return len(self._names)

    def name(self, number: int) -> str:
        """The name of a number."""
        return str(self._raw(number), "utf-8", "surrogatepass")

    def number(self, name: str) -> int:
        """The number of a name; -1 when it is not here."""
        number = self._newer.numbers.get(name)
        if number is not None:
            return number if number < len(self) else -1
        if not len(self._sorted):
            return -1
        wanted = hash_of(name)
        return self._confirmed(bisect_left(self._sorted, wanted), wanted, _bytes(name))

    def numbers(self, names: Sequence[str]) -> IntArray:
        """The number of each name; -1 where it is not here [len(names)]."""
        if len(names) < _MANY:
            return np.array([self.number(name) for name in names], dtype=np.int32)
        found = np.full(len(names), -1, dtype=np.int32)
        newer = self._newer.numbers
        if newer:
            known = len(self)
            for place, name in enumerate(names):
                number = newer.get(name, -1)
                if number < known:
                    found[place] = number
        if len(self._hashes) and names:
            hashes = hashes_of(names)
            at = np.searchsorted(self._hashes, hashes)
            at[at == len(self._hashes)] = 0
            for place in np.flatnonzero(self._hashes[at] == hashes).tolist():
                found[place] = self._confirmed(int(at[place]), int(hashes[place]), _bytes(names[place]))
        return found

    def grown(self, names: Sequence[str]) -> NameTable:
        """A newer snapshot with these names behind; they must not be here yet."""
        new = NameTable.__new__(NameTable)
        new._hashes, new._numbers = self._hashes, self._numbers
        raw = [_bytes(name) for name in names]
        new._names = self._names.grown([len(one) for one in raw], np.frombuffer(b"".join(raw), dtype=np.uint8))
        new._look_at(new._names, new._hashes)
        new._newer = self._newer
        if self._newer.used != len(self):  # another snapshot has put its own names there
            mine = {name: number for name, number in self._newer.numbers.items() if number < len(self)}
            new._newer = _Newer(mine, len(self))
        new._newer.numbers.update((name, len(self) + place) for place, name in enumerate(names))
        new._newer.used = len(new)
        return new

    def _look_at(self, names: GrowingRows, hashes: HashArray) -> None:
        """Views through which one name is read in a tenth of the time that arrays take."""
        self._offsets, self._blob = names.offsets.array.data, names.columns[0].array.data
        self._sorted = hashes.data

    def _raw(self, number: int) -> memoryview:
        return self._blob[self._offsets[number] : self._offsets[number + 1]]

    def _confirmed(self, at: int, wanted: int, raw: bytes) -> int:
        """The number behind a place of the sorted array; two names may share a hash."""
        while at < len(self._sorted) and self._sorted[at] == wanted:
            number = int(self._numbers[at])
            if self._raw(number) == raw:
                return number
            at += 1
        return -1
