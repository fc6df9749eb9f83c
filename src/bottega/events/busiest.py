"""Who holds most of a file, counted in little memory: one shopper with a large share of it is often a placeholder.

Source   Misra & Gries 1982, "Finding repeated elements": of `most` counters, one is kept for every name that holds more
         than one part in `most` of the rows; the others are taken off each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

__all__ = ["Busiest"]

_MOST = 400
_FEWEST_EVENTS, _SHARE = 100, 0.2


class Busiest:
    """Counts names as they come."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._lost = 0
        self.total = 0

    def add(self, counts: Mapping[str, int]) -> None:
        """So many more rows of each name."""
        self.total += sum(counts.values())
        self._counts.update(counts)
        if len(self._counts) > _MOST:
            less = self._counts.most_common(_MOST + 1)[-1][1]
            self._lost += less
            self._counts = Counter({name: count - less for name, count in self._counts.items() if count > less})

    def suspicious(self) -> tuple[str, int] | None:
        """The name that holds a fifth of the rows or more, and how many of them at least; None where there is none."""
        if self.total < _FEWEST_EVENTS or not self._counts:
            return None
        name, count = self._counts.most_common(1)[0]
        return (name, count) if count >= self.total * _SHARE else None
