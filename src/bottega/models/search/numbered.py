"""Names by number, for an index that grows: those of a pack lie in mapped arrays, newer ones in a dict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from numpy.typing import NDArray

from bottega.datasets.name_table import NameTable

__all__ = ["Numbered"]


class Numbered:
    """Names 0, 1, 2 ..., none twice."""

    __slots__ = ("_newer", "_numbers", "_packed")

    def __init__(self, packed: NameTable | None = None) -> None:
        self._packed = packed
        self._numbers: dict[str, int] = {}
        self._newer: list[str] = []

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], prefix: str) -> Numbered:
        """What `arrays` gave under the same prefix."""
        return cls(NameTable.from_arrays(arrays, prefix))

    def arrays(self, prefix: str) -> dict[str, NDArray[Any]]:
        """All names as flat arrays."""
        table = self._packed if self._packed is not None else NameTable.of([])
        return table.grown(self._newer).arrays(prefix)

    def __len__(self) -> int:
        return len(self._newer) + (0 if self._packed is None else len(self._packed))

    def __contains__(self, name: str) -> bool:
        return self.number(name) >= 0

    def __iter__(self) -> Iterator[str]:
        return map(self.name, range(len(self)))

    def number(self, name: str) -> int:
        """The number of a name; -1 when it is not here."""
        number = self._numbers.get(name)
        if number is not None:
            return number
        return -1 if self._packed is None else self._packed.number(name)

    def name(self, number: int) -> str:
        """The name of a number."""
        if self._packed is None:
            return self._newer[number]
        packed = len(self._packed)
        return self._packed.name(number) if number < packed else self._newer[number - packed]

    def put(self, name: str) -> int:
        """The number of a name, which gets one where it has none."""
        known = self._numbers.get(name)
        if known is not None:
            return known
        if self._packed is not None and (number := self._packed.number(name)) >= 0:
            return number
        number = len(self)
        self._numbers[name] = number
        self._newer.append(name)
        return number
