"""Who answers in one shop: its members as they answer, by the names a request may use, and what they keep of shoppers.

What follows from a history (a query, lifts, the nearest shoppers) is kept with the history it follows from and goes
when that goes: at the shopper's next event, log-in or wish to be forgotten. Nothing outlives an event.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np
from scipy import sparse

from bottega.datasets.arrays import Features, Histories
from bottega.models.recommend.answering.member import Asked, Desk, Desks, Member, Voice
from bottega.models.recommend.answering.members import opened
from bottega.models.recommend.answering.mixture import Mixture
from bottega.models.recommend.answering.pool import Within, pool_of
from bottega.models.recommend.answering.whole import Whole
from bottega.models.recommend.base import Packed, Recommender
from bottega.models.recommend.last_mile.diversity import diversify, similarities
from bottega.models.recommend.last_mile.rules import calibrated
from bottega.names import KindCode

__all__ = ["Answering", "KeptStates", "States"]

STATES_KEPT = 2_000
"""Shoppers of whom states are kept, those who asked last; a state takes some ten kilobytes."""
STATES_A_SHOPPER = 12
"""States kept of one history: beside other products it is another one."""

_T = TypeVar("_T")


class States:
    """What was worked out from one history, each once."""

    __slots__ = ("_made",)

    def __init__(self) -> None:
        self._made: dict[Hashable, Any] = {}

    def __call__(self, name: Hashable, make: Callable[[], _T]) -> _T:
        """What `make` makes under this name; made now where it is not here."""
        try:
            found: _T = self._made[name]
        except KeyError:
            found = make()
            if len(self._made) >= STATES_A_SHOPPER:
                self._made.clear()
            self._made[name] = found
        return found


class KeptStates:
    """The states of the histories that were asked about last. Safe to call from several threads.

    A history is known by the object that it is: whatever changes it makes another one.
    """

    def __init__(self, most: int = STATES_KEPT) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[int | bytes, tuple[object, States]] = OrderedDict()

    def of(self, history: object) -> States:
        """The states of a history."""
        return self._of(id(history), history)  # it is held, so nobody else has its id

    def of_purchases(self, history: Histories) -> States:
        """The states of one row's purchases: what else the shopper does, needs stay what they are."""
        bought = history.kinds == KindCode.PURCHASE
        return self._of(history.items[bought].tobytes() + history.times[bought].tobytes(), None)

    def clear(self) -> None:
        """Nothing is kept."""
        with self._lock:
            self._kept.clear()

    def _of(self, key: int | bytes, held: object) -> States:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found[1]
            states = States()
            self._kept[key] = held, states
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
            return states


@dataclass(frozen=True)
class Answering:
    """`members` by name, all of which know the same items: those of one floor."""

    members: Mapping[str, Member]
    n_items: int
    desks: Desks = field(default_factory=Desks)
    states: KeptStates = field(default_factory=KeptStates)

    @classmethod
    def of(cls, packed: Mapping[str, Packed], n_items: int, whole: Callable[[str], Recommender]) -> Answering:
        """From packs, of so many items; `whole` gives the recommenders that could not be packed, by name."""
        found: dict[str, Member] = {}
        for name, one in packed.items():
            found |= _with_members(name, opened(name, one, whole, n_items))
        return cls(found, n_items)

    def extended(self, features: Features, whole: Callable[[str], Recommender]) -> Answering:
        """With new items; `whole` gives recommenders that know them already."""

        def grown(name: str, member: Member) -> Member:
            if isinstance(member, Whole):
                return replace(member, model=lambda: whole(name), n_items=features.n_items)
            if isinstance(member, Mixture):
                return replace(member, members={label: grown(label, one) for label, one in member.members.items()})
            return member.extended(features)

        inside = {label for one in self.members.values() if isinstance(one, Mixture) for label in one.members}
        found: dict[str, Member] = {}
        for name, member in self.members.items():
            if name not in inside:
                found |= _with_members(name, grown(name, member))
        return Answering(found, features.n_items, self.desks, self.states)

    def warm(self) -> None:
        """Compile the kernels of these members, or read them from the cache: the first answer need not wait for it."""
        rows = [[0, min(1, self.n_items - 1)]] if self.n_items else [[]]
        asked = Asked.of(Histories.from_lists(rows, n_items=self.n_items))
        within = Within(np.ones(self.n_items, dtype=np.bool_))
        for name, member in self.members.items():
            if isinstance(member, Whole):  # it has none
                continue
            with self.speaking(name, asked, States(), ()) as (voice, desk):
                for allowed in within.allowed, ~within.allowed:  # where little is allowed, some look elsewhere
                    voice.find(desk.found(allowed, 1))
                pool = pool_of(name, voice, desk, within, shut=asked.items)
                voice.evidence(pool.items[:1])
        calibrated(np.ones(2, dtype=np.float32), np.ones(2, dtype=np.bool_))
        alike = similarities(sparse.identity(2, dtype=np.float32, format="csr"), [0, 1])
        diversify(np.ones(2, dtype=np.float32), alike, dial=1.0, count=2)

    def beside(self, other: Answering) -> Answering:
        """With the members of another one, of the same items."""
        assert self.n_items == other.n_items
        return replace(self, members={**self.members, **other.members})

    @contextmanager
    def speaking(self, name: str, asked: Asked, states: States, key: Hashable) -> Iterator[tuple[Voice, Desk]]:
        """What a member has to say to a history, of whose shopper `states` are kept; `key` tells it from the same
        shopper's other histories."""
        member = self.members[name]
        with self.desks.desk(self.n_items) as desk:
            heard = states((name, self.n_items, key), lambda: member.hear(asked))
            voice = member.speak(asked, heard, desk)
            yield voice, desk
            voice.close(desk)


def _with_members(name: str, member: Member) -> dict[str, Member]:
    return {name: member, **(member.members if isinstance(member, Mixture) else {})}
