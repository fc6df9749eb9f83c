"""What takes part in an answer: members that hear a history, say which items are worth scoring, score and explain.

Idea     Nobody scores the whole catalogue. Each member names its best items (`find`), all members score the union
         (`scores`), and everything behind works on these candidates. In a small catalogue, or under a narrow filter,
         the candidates are all items that are allowed: the same code.
Shapes   I items, T events of a history, C candidates, K items of a list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from bottega.datasets.arrays import Features, Histories, learnt_kinds
from bottega.models.blocks.row_kernels import add_listed, best_touched, clear
from bottega.models.recommend.base import Evidence
from bottega.names import BoolArray, FloatArray, Int8Array, IntArray, LongArray

__all__ = ["Asked", "Desk", "Desks", "Finds", "Member", "Sheet", "Voice"]


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """One history, oldest event first: `items`, `kinds` and `times` [T]."""

    items: IntArray
    kinds: Int8Array
    times: LongArray

    @classmethod
    def of(cls, history: Histories) -> Asked:
        """Of a single row."""
        assert len(history) == 1
        return cls(
            np.ascontiguousarray(history.items, np.int32),
            np.ascontiguousarray(history.kinds, np.int8),
            np.ascontiguousarray(history.times, np.int64),
        )

    @property
    def learnt(self) -> Int8Array:
        """The kinds as networks tell them apart [T]."""
        return learnt_kinds(self.kinds)

    def __len__(self) -> int:
        return len(self.items)

    def last(self, count: int) -> Asked:
        """The newest `count` events."""
        if len(self.items) <= count:
            return self
        start = len(self.items) - count
        return Asked(self.items[start:], self.kinds[start:], self.times[start:])

    def followed_by(self, items: Sequence[int], kind: int) -> Asked:
        """With events of one kind on these items behind, at the moment of the newest."""
        newest = int(self.times[-1]) if len(self.times) else 0
        return Asked(
            np.append(self.items, np.array(items, dtype=np.int32)).astype(np.int32),
            np.append(self.kinds, np.full(len(items), kind, dtype=np.int8)).astype(np.int8),
            np.append(self.times, np.full(len(items), newest, dtype=np.int64)).astype(np.int64),
        )

    def keep(self, events: BoolArray) -> Asked:
        """Only some events [T]."""
        return Asked(self.items[events], self.kinds[events], self.times[events])

    def below(self, known: int) -> Asked:
        """Only events on items with a smaller code."""
        inside = self.items < known
        return self if inside.all() else self.keep(inside)


@dataclass(slots=True)
class Sheet:
    """Sums by item or column in the making: `total`, all zero between answers, and which of it is not (`touched`)."""

    total: FloatArray
    touched: IntArray
    because: IntArray
    used: int = 0

    def wipe(self) -> None:
        """All zero again."""
        clear(self.total, self.touched, self.used)
        self.used = 0


@dataclass(slots=True)
class Finds:
    """Candidates in the making: each member puts its best `most` that are `allowed` [I] behind those found."""

    allowed: BoolArray
    most: int
    mark: IntArray
    stamp: int
    out: IntArray
    size: int = 0

    def shut(self, items: IntArray) -> None:
        """These must not come in."""
        self.mark[items] = -self.stamp

    def best_of(self, sheet: Sheet) -> None:
        """The largest sums of a sheet."""
        self._fit(self.most)
        self.size = best_touched(
            sheet.total, sheet.touched, sheet.used, self.allowed, self.most, self.mark, self.stamp, self.out, self.size
        )

    def listed(self, items: IntArray, most: int | None = None) -> None:
        """The first `most` of these that may come in."""
        most = self.most if most is None else most
        self._fit(min(most, len(items)))
        self.size = add_listed(items, self.allowed, most, self.mark, self.stamp, self.out, self.size)

    def scanned(self, scan: Callable[..., int], *by: Any) -> None:
        """What a kernel finds that looks at every item."""
        self._fit(self.most)
        self.size = scan(*by, self.allowed, self.most, self.mark, self.stamp, self.out, self.size)

    @property
    def items(self) -> IntArray:
        """What was found, in the order it was."""
        return self.out[: self.size]

    def _fit(self, more: int) -> None:
        if self.size + more > len(self.out):
            self.out = np.concatenate([self.out, np.empty(self.size + more, np.int32)])


class Desk:
    """What one answer writes on while it is made. One answer at a time uses it."""

    def __init__(self) -> None:
        self.n_items = 0
        """Items of the catalogue; a sheet has room for all."""
        self._sheets: list[Sheet] = []
        self._mark = np.zeros(0, np.int32)
        self._stamp = 0
        self._out = np.empty(4096, np.int32)

    def sheet(self, size: int = 0) -> Sheet:
        """A clean sheet for every item, or for so many columns; to be given back by `back`."""
        size = max(size, self.n_items)
        for place, sheet in enumerate(self._sheets):
            if len(sheet.total) >= size:
                return self._sheets.pop(place)
        room = size + size // 8
        return Sheet(np.zeros(room, np.float32), np.empty(room, np.int32), np.zeros(room, np.int32))

    def back(self, sheet: Sheet) -> None:
        """Wipe a sheet and keep it."""
        sheet.wipe()
        self._sheets.append(sheet)

    def found(self, allowed: BoolArray, most: int) -> Finds:
        """Candidates to be found; the ones before are done with."""
        if len(self._mark) < len(allowed) or self._stamp > 2**30:
            self._mark = np.zeros(len(allowed) + len(allowed) // 8, np.int32)
            self._stamp = 0
        self._stamp += 1
        return Finds(allowed, most, self._mark, self._stamp, self._out)


@dataclass
class Desks:
    """Desks for any number of threads; each is used by one answer at a time."""

    free: list[Desk] = field(default_factory=list)

    @contextmanager
    def desk(self, n_items: int) -> Iterator[Desk]:
        """A desk of one's own, for a catalogue of so many items."""
        try:
            desk = self.free.pop()
        except IndexError:
            desk = Desk()
        desk.n_items = max(desk.n_items, n_items)
        yield desk  # one that failed in the middle of an answer may be left unclean, and is not used again
        self.free.append(desk)


class Voice(Protocol):
    """What a member has to say to one history."""

    def find(self, found: Finds) -> None:
        """Put its best items among the candidates."""
        ...

    def scores(self, items: IntArray, into: FloatArray) -> None:
        """What `Recommender.score` says of these items [C]; -inf for nothing."""
        ...

    def evidence(self, items: IntArray) -> list[list[Evidence]]:
        """For each of a list's items [K] the events that spoke for it, strongest first, as `Explains` has them."""
        ...

    def close(self, desk: Desk) -> None:
        """Give back what was taken from the desk."""
        ...


class Member(Protocol):
    """A recommender as it answers. What it learnt lies in flat arrays and never changes."""

    @property
    def serves(self) -> frozenset[str]:
        """Whom it has something to say to (`Abilities.serves`)."""
        ...

    @property
    def logits(self) -> bool:
        """Whether its scores are logarithms."""
        ...

    def hear(self, asked: Asked) -> Any:
        """What follows from a history, small: kept until its shopper does something."""
        ...

    def speak(self, asked: Asked, heard: Any, desk: Desk) -> Voice:
        """Speak to a history; `heard` is what `hear` made of it."""
        ...

    def extended(self, features: Features) -> Member:
        """The member with the items of `features` behind those it knows, where it can take them in."""
        ...
