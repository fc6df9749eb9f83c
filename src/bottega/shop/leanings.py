"""Leanings: which of a product's facts a shopper is drawn to, by how much, and the events of theirs that say so.

Idea     The affinity of the shop (models/recommend/affinity) says how much likelier than usual each value is after all
         that a shopper did a moment ago, what they declared included. Beside it events are counted, for attributes
         that it leaves out and before it has learnt: the share of the shopper's products that have the value, smoothed
         towards the shop's. The greater of the two counts. A fact is leant to where it is likelier than usual and
         events on other products, or the shopper's own word, bear it out.
Source   Facts chosen for one user: Chen et al. 2019, https://arxiv.org/abs/1903.12457, section 3.2.
Differs  There a network writes the words. Here facts are put in order, and the same are said to everybody.
Costs    A fraction of a millisecond for a shopper, and less for each product.
Shapes   T events of the shopper, A attribute columns, V values of the affinity's attributes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from bottega.models.recommend.answering.member import Asked
from bottega.models.wording.facts import Fact, FactSheet
from bottega.names import FloatArray, KindCode
from bottega.shop.floor import Floor

__all__ = ["NO_TASTE", "Leaning", "LeaningEvent", "Leanings"]

EVENTS_READ = 200
"""Newest events of a shopper that count."""
PRODUCTS_FEWEST = 2
"""Other products that bear a fact out before it is leant to."""
LIFT_LEAST = 1.15
"""So many times as likely as for anybody."""
USUAL_EVENTS = 4.0
"""What the shop's share of a counted value weighs, in events."""
MOST = 3
"""Facts that are put in front."""
NO_TASTE = frozenset(
    {"kind", "front", "line", "title", "name", "category", "price", "review", "size", "stated", "feature"}
)
"""Keys that are no taste: what the thing is called, and what a variant of it is."""


_SAYS = dict.fromkeys(KindCode, 0) | {
    KindCode.TRY_ON: 1,
    KindCode.RATE: 1,
    KindCode.WISHLIST: 2,
    KindCode.ADD_TO_CART: 3,
    KindCode.PURCHASE: 4,
}
"""What a deed says, against others with the same product."""


class LeaningEvent(NamedTuple):
    """What a shopper did with one product."""

    product_id: str
    kind: KindCode
    time_ms: int


@dataclass(frozen=True, slots=True)
class Leaning:
    """One fact that a shopper is drawn to."""

    fact: Fact
    lift: float
    """So many times as likely as for anybody."""
    declared: bool
    """Whether the shopper said so."""
    events: tuple[LeaningEvent, ...]
    """On each other product that has it the one that says most, newest first."""


class Leanings:
    """What one shopper's past says of any product's facts. For one answer."""

    def __init__(self, floor: Floor, shopper: str, language: str) -> None:
        """`language`: that of the shop's listings."""
        past = floor.past(shopper)
        self._floor = floor
        self._columns = floor.fact_columns(language)
        self._asked = Asked.of(past.history).below(floor.features.n_items).last(EVENTS_READ)
        self._declared = floor.declared(shopper)
        self._names = past.touched(floor.items)
        self._lifts = self._lifts_of(self._asked)
        self._rows = self._columns_of_events()
        self._groups: defaultdict[int, set[int]] | None = None
        groups = floor.tastes.groups
        placed = groups.columns.tolist()
        self._place_of = {column: place for place, column in enumerate(placed) if column >= 0}
        self._said = {placed[place] for one in self._declared for place in one.values}

    @property
    def declared(self) -> bool:
        """Whether the shopper said what they like."""
        return bool(self._declared)

    @property
    def events_known(self) -> int:
        """Events that count."""
        return len(self._asked)

    def of(self, sheet: FactSheet) -> list[Leaning]:
        """At most a few facts of a product, the one leant to most first; what was done with itself tells nothing."""
        if not self.events_known and not self.declared:
            return []
        item = self._floor.items.code(sheet.subject)
        own = self._asked.items == item
        lifts = self._lifts_of(self._asked.keep(~own)) if own.any() else self._lifts
        found = []
        for fact in sheet.claimed:
            if fact.key in NO_TASTE or not (columns := self._columns.columns(fact)):
                continue
            declared = any(column in self._said for column in columns)
            events = self._events(columns, item)
            lift = max(self._learnt(columns, lifts), self._counted(columns, item))
            if lift >= LIFT_LEAST and (declared or len(events) >= PRODUCTS_FEWEST):
                found.append(Leaning(fact, lift, declared, events))
        found.sort(key=lambda one: (-one.lift, one.fact.name))
        return found[:MOST]

    def _lifts_of(self, asked: Asked) -> FloatArray:
        return self._floor.tastes.lifts(asked, self._declared)

    def _columns_of_events(self) -> dict[int, list[int]]:
        """Column -> the places of the events on items that have it, oldest first."""
        attributes = self._floor.features.attributes
        found: defaultdict[int, list[int]] = defaultdict(list)
        for place, item in enumerate(self._asked.items.tolist()):
            for column in attributes.indices[attributes.indptr[item] : attributes.indptr[item + 1]].tolist():
                found[column].append(place)
        return found

    def _events(self, columns: Sequence[int], without: int) -> tuple[LeaningEvent, ...]:
        """What was done last with each product that has one of the columns, the deed that says most; newest first."""
        items, kinds, times = self._asked.items, self._asked.kinds, self._asked.times
        found: dict[int, LeaningEvent] = {}
        for place in sorted({place for column in columns for place in self._rows.get(column, ())}):
            item, kind = int(items[place]), KindCode(int(kinds[place]))
            if item != without and (item not in found or _SAYS[kind] >= _SAYS[found[item].kind]):
                found[item] = LeaningEvent(self._names[item], kind, int(times[place]))
        return tuple(sorted(found.values(), key=lambda event: (-event.time_ms, event.product_id)))

    def _learnt(self, columns: Sequence[int], lifts: FloatArray) -> float:
        """How much likelier than usual one of these values is by the affinity; 1 where it knows none of them."""
        places = [self._place_of[column] for column in columns if column in self._place_of]
        if not places:
            return 1.0
        usual = np.exp(self._floor.tastes.log_share[places])
        return float((usual * np.exp(lifts[places])).sum() / usual.sum())

    def _counted(self, columns: Sequence[int], without: int) -> float:
        """The same by counting events on other products that have any value of the attribute."""
        known, items = self._columns, self._asked.items
        groups = {int(known.group_of[column]) for column in columns}
        every = {place for group in groups for place in self._places_of_group(group) if items[place] != without}
        those = {place for column in columns for place in self._rows.get(column, ()) if items[place] != without}
        usual = max(float(known.shares[list(columns)].max()), 1e-6)
        return (len(those) + USUAL_EVENTS * usual) / (len(every) + USUAL_EVENTS) / usual

    def _places_of_group(self, group: int) -> set[int]:
        """The places of events on items that have any value of an attribute."""
        if self._groups is None:
            self._groups = defaultdict(set)
            for column, places in self._rows.items():
                self._groups[int(self._columns.group_of[column])].update(places)
        return self._groups.get(group, set())
