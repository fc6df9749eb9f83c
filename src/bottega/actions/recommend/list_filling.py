"""Candidates become a list: what takes its places, what fills it when it is short, what stands at a fixed rank.

Shapes   I items, C of them candidates, V products (rows of the shelf).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from bottega.actions.recommend.list_rules import ListRules
from bottega.actions.recommend.list_source import ListSource
from bottega.models.blocks.best import best
from bottega.models.recommend.answering.pool import Pool
from bottega.models.recommend.last_mile.diversity import CANDIDATES
from bottega.models.recommend.last_mile.rules import calibrated, first_variant, pinned
from bottega.names import BoolArray, FloatArray, IntArray, LongArray
from bottega.shop.floor import Floor

__all__ = ["Candidates", "Chosen", "FilledList", "fill_list"]

NEW_LIST = 5
"""Lists at least this long keep one place for a product that came after the last training."""
PADDED_SEEN = "padded:seen"
PADDED_POPULAR = "padded:popular"


@dataclass(frozen=True)
class Candidates:
    """What a list is filled from."""

    pool: Pool
    """The items [C] and what the model gave each."""
    values: FloatArray
    """What each is worth [C] after every rule and dial; -inf: not in this list."""
    allowed: BoolArray
    """Which of them [C] satisfy the filter and are not forbidden."""
    fresh: BoolArray
    """Which of those [C] the shopper has not seen."""
    everything: BoolArray
    """Items [I] that satisfy the filter."""
    forbidden: IntArray
    """Items that no rule may bring back."""
    shut: IntArray
    """Those, and the items the shopper has seen."""
    rows: BoolArray
    """Products [V] that satisfy the filter."""
    source: Callable[[int], ListSource]
    """What brought in what stands at a place and was chosen for its value."""

    def value(self, item: int) -> float:
        """What an item is worth; 0 where nothing is known of it."""
        place = self.pool.place(item)
        return float(self.values[place]) if place >= 0 and np.isfinite(self.values[place]) else 0.0


@dataclass(frozen=True)
class Chosen:
    """One place of the list."""

    row: int
    item: int
    score: float
    source: ListSource = ListSource.MODEL
    place: int = -1
    """Where the item stands among the candidates; -1 where it is none of them."""
    rule: str = ""
    """The saved rule that set it there."""


@dataclass(frozen=True)
class FilledList:
    """The list, and the name of what stood in where the model had too little."""

    chosen: list[Chosen]
    fallback: str | None
    left_out: int
    """Places that the cut-off left empty."""


def fill_list(floor: Floor, rules: ListRules, candidates: Candidates, worth: int) -> FilledList | None:
    """The list of these candidates, of which so many places are `worth` filling; fewer than asked: it is cut there.

    None where the list is short and there is more to choose from than these candidates.
    """
    wanted = _Places(floor, rules, worth, candidates.rows)
    values, pool = candidates.values, candidates.pool
    enough = None if rules.limits else max(CANDIDATES, 2 * rules.count)
    places = best(values, enough)
    if rules.limits or rules.variants_apart:
        wanted.fill((int(pool.items[at]), float(values[at]), candidates.source(at), at) for at in places.tolist())
    else:
        wanted.fill_plainly(pool.items, values, places, candidates.source)
    if wanted.short and not pool.whole:
        return None
    fallback, cut = None, worth < rules.count
    if cut:
        wanted.count = min(rules.count, worth + len(rules.all_pins))
    else:
        fallback = _pad_out(wanted, candidates)
        _keep_place_for_new(wanted, candidates)
    _pin(wanted, candidates)
    left_out = max(0, rules.count - len(wanted.chosen)) if cut else 0
    return FilledList(wanted.chosen[: wanted.count], fallback, left_out)


@dataclass
class _Places:
    """A list in the making: products with the groups they take up."""

    floor: Floor
    rules: ListRules
    count: int
    usable: BoolArray
    taken: set[int] = field(default_factory=set)
    groups: Counter[tuple[str, int]] = field(default_factory=Counter)
    chosen: list[Chosen] = field(default_factory=list)

    @property
    def short(self) -> bool:
        """Whether places are left."""
        return len(self.chosen) < self.count

    def add(self, item: int, score: float, source: ListSource, place: int = -1) -> bool:
        """Show the item's first product that may be shown; all of them where variants may stand side by side."""
        if item in self.taken or not self.short:
            return False
        shelf = self.floor.shelf
        rows = shelf.rows_of(item)
        row = first_variant(rows, self.usable)
        if row < 0:
            return False
        groups = [((kind, shelf.group(row, kind)), most) for kind, most in self.rules.limits.items()]
        groups = [(group, most) for group, most in groups if group[1] >= 0]  # -1: no brand, no category, no limit
        left = min([self.count - len(self.chosen), *(most - self.groups[group] for group, most in groups)])
        if left <= 0:
            return False
        shown = ([one for one in rows if self.usable[one]] if self.rules.variants_apart else [row])[:left]
        self.groups.update({group: len(shown) for group, _ in groups})
        self.taken.add(item)
        self.chosen += [Chosen(one, item, score, source, place) for one in shown]
        return True

    def fill_plainly(
        self, items: IntArray, values: FloatArray, places: LongArray, source: Callable[[int], ListSource]
    ) -> None:
        """`fill` with candidates [C] at some places, where no limits hold and an item shows one product."""
        codes = items[places]
        rows = self.floor.items.first_rows(codes, self.usable)
        for at, item, row, value in zip(
            places.tolist(), codes.tolist(), rows.tolist(), values[places].tolist(), strict=True
        ):
            if not self.short:
                return
            if row >= 0:
                self.taken.add(item)
                self.chosen.append(Chosen(row, item, value, source(at), at))

    def fill(self, entries: Iterable[tuple[int, float, ListSource, int]]) -> bool:
        """Add entries (item, score, source, place) in their order while there is room; whether any came in."""
        grew = False
        for entry in entries:
            if not self.short:
                break
            grew |= self.add(*entry)
        return grew


def _pad(wanted: _Places, allowed: BoolArray) -> str | None:
    """Popular products from `allowed` [I] behind what is there; products without any event come last."""
    order = wanted.floor.by_popularity()
    entries = ((int(item), 0.0, ListSource.PADDING, -1) for item in order[allowed[order]])
    return PADDED_POPULAR if wanted.fill(entries) else None


def _pad_out(wanted: _Places, candidates: Candidates) -> str | None:
    """Fill a list that is short, and name with what."""
    rules, pool = wanted.rules, candidates.pool
    fallback = None
    if wanted.short and not (rules.named and rules.strict):
        fallback = _pad(wanted, _less(candidates.everything, candidates.shut))
    if wanted.short:
        seen = calibrated(pool.scores, candidates.allowed & ~candidates.fresh)
        if wanted.fill((int(pool.items[at]), 0.0, ListSource.SEEN, at) for at in best(seen).tolist()):
            fallback = PADDED_SEEN
    if wanted.short and not rules.strict:
        wanted.usable, within = rules.within(wanted.floor, None)
        fallback = _pad(wanted, _less(within.allowed, candidates.forbidden)) or fallback
    return fallback


def _less(allowed: BoolArray, codes: IntArray) -> BoolArray:
    """A mask [I] without some items."""
    left = allowed.copy()
    left[codes] = False
    return left


def _keep_place_for_new(wanted: _Places, candidates: Candidates) -> None:
    """Keep one place for a product newer than the model, which would else wait for the next training to be seen.

    The one that scores best; where nothing is known of the shopper, the newest.
    """
    floor, rules, count = wanted.floor, wanted.rules, len(wanted.chosen)
    trained, items = floor.trained, candidates.pool.items
    unasked = not (rules.named or rules.variants_apart or rules.limits)
    if floor.untrained or trained == len(floor.items) or not unasked or count < NEW_LIST:
        return
    if any(one.item >= trained for one in wanted.chosen):
        return
    first = int(np.searchsorted(items, trained))
    new = np.flatnonzero(candidates.fresh[first:]) + first
    if not len(new):
        return
    known = np.where(np.isfinite(candidates.values[new]), candidates.values[new], -1.0)
    at = int(new[len(new) - 1 - int(np.argmax(known[::-1]))])
    item = int(items[at])
    row = first_variant(floor.shelf.rows_of(item), wanted.usable)
    if row >= 0:
        place = count * 2 // 3
        wanted.chosen.insert(place, Chosen(row, item, float(max(known.max(), 0.0)), ListSource.NEW, at))
        wanted.chosen.pop()


def _pin(wanted: _Places, candidates: Candidates) -> None:
    """Put pinned products at their ranks. They obey every rule but the model's opinion; strict: the filter too."""
    floor, rules = wanted.floor, wanted.rules
    if not (pins := rules.all_pins):
        return
    rows = rules.within(floor, rules.filter if rules.strict else None)[0]
    places: list[tuple[int, int]] = []
    shown: dict[int, Chosen] = {}
    for name, place, rule in pins:
        item = floor.items.code(name)
        if item < 0 or item in candidates.forbidden or item in shown:
            continue
        own = floor.shelf.row_of(name)
        row = own if own >= 0 and rows[own] else -1
        if own < 0:
            row = first_variant(floor.shelf.rows_of(item), rows)
        if row >= 0:
            shown[item] = Chosen(row, item, candidates.value(item), ListSource.PIN, rule=rule)
            places.append((item, place))
    rest = [one for one in wanted.chosen if one.item not in shown]
    # Numbers beyond the last item stand for places in `rest`, where variants of one item may stand side by side.
    n_items = len(floor.items)
    order = pinned([n_items + place for place in range(len(rest))], places, wanted.count)
    wanted.chosen = [shown[one] if one < n_items else rest[one - n_items] for one in order]
