"""From a voice to candidates: what may be shown, no second treadmill, dials, boosts; list_filling.py makes the list.

Shapes   I items, C candidates, V products (rows of the shelf).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from bottega.actions.recommend.after_purchases import GAIN, LIFTED_BY, AfterPurchases, after_purchases
from bottega.actions.recommend.exploring import Explored, explored
from bottega.actions.recommend.list_filling import Candidates, FilledList, fill_list
from bottega.actions.recommend.list_rules import ListRules
from bottega.actions.recommend.list_source import ListSource
from bottega.actions.recommend.speech import Speech
from bottega.datasets.arrays import Histories
from bottega.models.blocks.best import best
from bottega.models.recommend.affinity.declared_tastes import Declared, DeclaredGains
from bottega.models.recommend.answering.pool import Pool, Within, member_best, pool_of
from bottega.models.recommend.last_mile.dials import DialInputs, dealt
from bottega.models.recommend.last_mile.diversity import CANDIDATES, own_spread
from bottega.models.recommend.last_mile.leaning import own_price_level
from bottega.models.recommend.last_mile.rules import Boost, boosted, calibrated, complements, lifted
from bottega.names import BoolArray, FloatArray, IntArray
from bottega.shop.floor import Floor
from bottega.shop.rules.imposed import Factors
from bottega.shop.shelf.shelf import items_with
from bottega.shop.trained.answering import States

__all__ = ["Selected", "Situation", "select"]

DECLARED_GAIN = 0.9
"""How much of the way to the top of a list a product goes that has all that a shopper declared just now."""

LONG = 12
"""Longer lists, and dials that favour what ranks further down, are made of more candidates."""


@dataclass(frozen=True)
class Situation:
    """Who is asked about, in codes."""

    own: Histories
    """The shopper's own events, one row."""
    anchors: list[int]
    """Items the request stands beside."""
    purchases: set[int]
    """Items the shopper bought."""
    declared: Sequence[Declared] = ()
    """What the shopper said to like."""
    now_ms: int = 0
    beside: bool = False
    """Whether the list stands beside a product or a cart, where purchases bring nothing in."""
    states: States = field(default_factory=States)
    """What was worked out from the shopper's events before."""

    @classmethod
    def of_nobody(cls, anchors: list[int], *, n_items: int) -> Self:
        """Beside these items, whoever looks at them."""
        return cls(Histories.from_lists([[]], n_items=n_items), anchors, set())

    def after(self, floor: Floor, items: IntArray) -> AfterPurchases:
        """What the purchases mean for a list of some of these items [C] made now."""
        if not self.purchases or not floor.settings.exclude_purchased_durables:
            return AfterPurchases.none(items)
        return after_purchases(
            floor.side_models.repurchase,
            floor.side_models.relations,
            self.own,
            self.now_ms,
            items=items,
            categories=floor.features.categories,
            durable=floor.durable,
            beside=self.beside,
            states=floor.answering.states.of_purchases(self.own),
        )


@dataclass(frozen=True)
class Selected:
    """A list, and from what it was chosen."""

    list: FilledList
    pool: Pool
    after: AfterPurchases
    declared: DeclaredGains
    explored: Sequence[Explored] = ()


@dataclass(frozen=True)
class _Kept:
    """What may be shown: `rows` [V] and `within` meet the filter; `forbidden` codes may never come back, `shut` ones,
    these and those seen, not by themselves."""

    rows: BoolArray
    within: Within
    forbidden: IntArray
    shut: IntArray


def select(speech: Speech, rules: ListRules, situation: Situation) -> Selected:
    """The list for one request, of candidates; where these do not fill it, of everything that may be shown."""
    floor = speech.floor
    kept = _kept(floor, rules, situation)
    selected = _selected(speech, rules, situation, kept, whole=False)
    if selected is None:
        selected = _selected(speech, rules, situation, kept, whole=True)
    assert selected is not None
    return selected


def _selected(speech: Speech, rules: ListRules, situation: Situation, kept: _Kept, *, whole: bool) -> Selected | None:
    """The list; None where it came out short of candidates that are not all there are."""
    floor = speech.floor
    pool = _pool(speech, rules, situation, kept, whole=whole)
    items = pool.items
    if pool.whole:
        allowed, fresh = _without(kept.forbidden, items, len(floor.items)), _without(kept.shut, items, len(floor.items))
    else:
        allowed = fresh = np.ones(len(items), dtype=np.bool_)
    after = situation.after(floor, items)
    declared = floor.tastes.declared_gains(situation.declared, items, situation.own.times)
    values = calibrated(pool.scores, fresh, pool.sample)
    ruled = _learnt_rules(floor, rules, situation, pool, values, fresh, after, declared)
    worth = _worth_showing(floor, rules, ruled)
    if rules.saved is not None:
        ruled = rules.saved.multiplied(ruled, items)
    dialled = _dialled(floor, rules, situation, items, ruled, worth)
    values = _boosted(floor, rules, items, dialled)  # behind the dials, so that a merchant's rule has the last word

    def source(place: int) -> ListSource:
        found = after.source(place)
        if found is ListSource.MODEL and DECLARED_GAIN * declared.gains[place] >= LIFTED_BY:
            return ListSource.DECLARED
        return found

    candidates = Candidates(
        pool, values, allowed, fresh, kept.within.allowed, kept.forbidden, kept.shut, kept.rows, source
    )
    filled = fill_list(floor, rules, candidates, worth)
    if filled is None:
        return None
    told: list[Explored] = []
    if rules.exploration:
        filled, told = explored(floor, filled, candidates, rules.exploration)
    return Selected(filled, pool, after, declared, told)


def _kept(floor: Floor, rules: ListRules, situation: Situation) -> _Kept:
    rows, within = rules.within(floor, rules.filter)
    durable, purchases = floor.durable, situation.purchases
    forbidden = list(situation.anchors)
    if rules.exclude_ids:
        forbidden += [code for code in floor.items.codes(rules.exclude_ids).tolist() if code >= 0]
    consumables = {item for item in purchases if not durable[item]}
    if floor.settings.exclude_purchased_durables:
        forbidden += purchases - consumables
    # consumables bought before may well be wanted again
    seen = set(situation.own.items.tolist()) - consumables
    return _Kept(
        rows,
        within,
        np.array(forbidden, dtype=np.int32),
        np.fromiter(seen.union(forbidden), dtype=np.int32),
    )


def _without(codes: IntArray, items: IntArray, n_items: int) -> BoolArray:
    """Which of some items [C] are none of these."""
    left = np.ones(n_items, dtype=np.bool_)
    left[codes] = False
    return left[items]


def _pool(speech: Speech, rules: ListRules, situation: Situation, kept: _Kept, *, whole: bool) -> Pool:
    """The candidates: what members find, and what rules may bring in from further down."""
    floor, n_items = speech.floor, len(speech.floor.items)
    relations = floor.side_models.relations
    more: list[IntArray] = []
    if not situation.beside and situation.purchases:
        more += relations.asked_for(situation.purchases)
        more.append(np.fromiter(situation.purchases, dtype=np.int32))
    if rules.for_cart:
        more += relations.asked_for(situation.anchors)
    if pins := rules.all_pins:
        more.append(floor.items.codes([name for name, _, _ in pins]))
    if floor.trained < n_items:
        first = max(floor.trained, n_items - member_best(n_items))
        more.append(np.arange(n_items - 1, first - 1, -1, dtype=np.int32))
    among: list[BoolArray] = []
    for boost in rules.boosts:
        mask = items_with(floor.shelf.matching(boost.filter), floor.shelf.item, n_items)
        among += [mask, ~mask]
    if rules.saved is not None and rules.saved.factors is not None:
        _bring_in(rules.saved.factors, rules.count, n_items, more, among)
    if situation.declared:
        everything = np.arange(n_items, dtype=np.int32)
        among.append(floor.tastes.declared_gains(situation.declared, everything, situation.own.times).gains > 0)
    wide = rules.count > LONG or rules.dials.novelty > 0 or rules.dials.price_fit > 0 or rules.dials.praise > 0
    return pool_of(
        speech.name,
        speech.voice,
        speech.desk,
        kept.within,
        shut=kept.shut,
        more=more,
        among=among,
        whole=whole,
        wide=wide,
    )


def _bring_in(factors: Factors, count: int, n_items: int, more: list[IntArray], among: list[BoolArray]) -> None:
    """See to it that what saved rules lift is among the candidates, and enough of what they do not sink: one by one
    where that is little, else the best of it."""
    most = member_best(n_items)
    if 0 < len(factors.lifted) <= most:
        more.append(factors.lifted)
    elif len(factors.lifted):
        among.append(factors.of_items > 1)
    if len(factors.sunk) > most - 2 * count:
        among.append(factors.of_items >= 1)


def _learnt_rules(
    floor: Floor,
    rules: ListRules,
    situation: Situation,
    pool: Pool,
    values: FloatArray,
    fresh: BoolArray,
    after: AfterPurchases,
    declared: DeclaredGains,
) -> FloatArray:
    """Calibrated `values` [C] after what is learnt of carts, purchases and declared tastes."""
    items = pool.items
    if rules.for_cart:
        categories = floor.features.categories
        own = categories[situation.anchors]
        values = complements(values, categories[items], floor.durable[items], own)
        beside = floor.side_models.relations.beside(situation.anchors, len(floor.items), items)
        values = lifted(values, GAIN * beside, fresh)
    values = after.ruled(values, fresh)
    return lifted(values, DECLARED_GAIN * declared.gains, fresh) if situation.declared else values


def _worth_showing(floor: Floor, rules: ListRules, values: FloatArray) -> int:
    """How many places are worth filling: all, unless the list shall be cut.

    The curve is that of the trained model; what another strategy scores is not cut.
    """
    if not rules.cutoff or rules.named:
        return rules.count
    shown = values[best(values, rules.count)]
    worth = floor.side_models.last_mile.worth_showing(shown, floor.settings.cutoff_share)
    return worth if worth < len(shown) else rules.count


def _dialled(
    floor: Floor, rules: ListRules, situation: Situation, items: IntArray, values: FloatArray, count: int
) -> FloatArray:
    """Values [C] dealt out anew among the best, as the dials have it."""
    dials = rules.dials
    if not dials:
        return values
    head = best(values, max(CANDIDATES, count)).astype(np.int32)
    levels = floor.price_levels() if dials.price_fit else None

    def spread() -> float | None:
        usual = floor.side_models.last_mile.usual_spread
        return own_spread(floor.unit_attributes, situation.own.items, usual=usual)

    inputs = DialInputs(
        rows=floor.unit_attributes,
        items=items,
        shopper_counts=floor.shopper_counts[items],
        levels=None if levels is None else levels[items],
        unpraised=floor.unpraised()[items] if dials.praise else None,
        own_level=None if levels is None else own_price_level(levels, situation.purchases),
        own_spread=situation.states(("spread", floor.unit_attributes.shape), spread) if dials.diversity else None,
    )
    return dealt(values, head, dials, inputs, count=count)


def _boosted(floor: Floor, rules: ListRules, items: IntArray, values: FloatArray) -> FloatArray:
    if not rules.boosts:
        return values
    n_items = len(floor.items)
    item = floor.shelf.item
    boosts = [
        Boost(items_with(floor.shelf.matching(boost.filter), item, n_items)[items], boost.multiply, boost.add)
        for boost in rules.boosts
    ]
    return boosted(values, boosts)
