"""Which attributes carry taste: of which does a shopper's past tell the next choice, better than popularity does?

Idea     Before each choice of something new, a value's chance is what the shopper chose so far, smoothed towards the
         shop: (count + a * share) / (choices + a). The gain is how many bits that is better than the share alone, where
         the attribute was known, and its worth the gain times how often it is known. An attribute that is a copy of a
         better one (a number for a name, say) is left out of the proposal.
Source   Prequential log-likelihood: Dawid 1984, https://doi.org/10.2307/2981683.
Differs  `a` is chosen on every other shopper and the gain measured on the rest, so that an attribute of thousands of
         values gains nothing by chance.
Costs    A sort of the events for each attribute.
Shapes   N events, E = events x values of an attribute, V values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from bottega.datasets.arrays import Features, Histories
from bottega.models.recommend.affinity.groups import AttributeGroups
from bottega.names import BoolArray, LongArray

__all__ = ["Carried", "carrying", "proposed"]

_STRENGTHS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
_EVENTS_MOST = 3_000_000
_COPY = 0.1
"""Of the bits of an attribute, how few may be left once another is known for it to be a copy."""
_CATEGORY = "category"
_OWN = {_CATEGORY: 1.05, "brand": 1.02}
"""Where two say the same, the shop's own word for it goes before a copy."""
_SURE = 2.0
"""Standard errors that a gain is away from nothing."""


@dataclass(frozen=True, slots=True)
class Carried:
    """One attribute: `coverage` of the choices, `bits` a choice where it is known, their standard `error`, `values`."""

    name: str
    coverage: float
    bits: float
    error: float
    values: int
    copy_of: str = ""
    """A better attribute that says the same."""

    @property
    def worth(self) -> float:
        """Bits a choice, of all choices."""
        return self.coverage * self.bits

    @property
    def sure(self) -> bool:
        return self.bits > _SURE * self.error


def carrying(histories: Histories, features: Features) -> list[Carried]:
    """Every attribute of two values or more, the one that carries most taste first."""
    histories = _first_choices(histories)
    every = AttributeGroups.every(features)
    matrix = every.matrix(features)
    spans = {name: every.span(name) for name in every.names}
    told = {name: matrix[:, span] for name, span in spans.items()}
    if _CATEGORY in told:
        told[_CATEGORY] = _deepest(told[_CATEGORY], every.values[spans[_CATEGORY]])
    measured = {name: _measured(name, values, histories) for name, values in told.items()}
    order = sorted(measured, key=lambda name: (-measured[name].worth * _OWN.get(name, 1.0), name))
    chosen = np.bincount(histories.items, minlength=histories.n_items)
    found: list[Carried] = []
    for name in order:
        one = measured[name]
        better = (other.name for other in found if not other.copy_of and other.sure)
        copied = next((other for other in better if _copies(told[name], told[other], chosen)), "")
        found.append(Carried(name, one.coverage, one.bits, one.error, one.values, copied))
    return found


def proposed(found: list[Carried], most: int = 6) -> list[str]:
    """The attributes to keep: those that surely carry taste, at most so many."""
    return [one.name for one in found if one.sure and not one.copy_of][:most]


def _first_choices(histories: Histories) -> Histories:
    """Only the first event of each shopper with each item: to come back to a thing says nothing of what it is."""
    pairs = histories.shoppers * histories.n_items + histories.items
    _, first = np.unique(pairs, return_index=True)
    keep: BoolArray = np.zeros(histories.n_events, dtype=np.bool_)
    keep[first] = True
    kept = histories.keep(keep)
    if kept.n_events > _EVENTS_MOST:
        kept = kept.take(slice(0, int(np.searchsorted(kept.offsets, _EVENTS_MOST))))
    return kept


def _measured(name: str, values: sparse.csr_matrix, histories: Histories) -> Carried:
    """`values` [I, V] of the attribute."""
    counts = np.diff(values.indptr)
    per_event = counts[histories.items]
    entries = int(per_event.sum())
    n_values = int((np.bincount(values.indices, minlength=values.shape[1]) > 0).sum())
    if not entries:
        return Carried(name, 0.0, 0.0, 0.0, n_values)
    event = np.repeat(np.arange(histories.n_events), per_event)
    starts = np.repeat(values.indptr[histories.items], per_event)
    within = np.arange(entries) - np.repeat(np.cumsum(per_event) - per_event, per_event)
    value = values.indices[starts + within].astype(np.int64)
    weight = 1.0 / per_event[event]
    shopper = histories.shoppers[event]
    share = np.bincount(value, weights=weight, minlength=values.shape[1]) + 1e-9
    share /= share.sum()
    before = _sums_before(shopper * values.shape[1] + value, event, weight)
    known = (per_event > 0).astype(np.float64)
    known_before = _within(np.cumsum(known) - known, histories)[event]
    asked = known_before > 0
    coverage = float(np.unique(event[asked]).size / max(int((_places(histories) > 0).sum()), 1))
    if not asked.any():
        return Carried(name, 0.0, 0.0, 0.0, n_values)
    pi, seen, past, weight, who = share[value[asked]], before[asked], known_before[asked], weight[asked], shopper[asked]

    def gains(strength: float) -> np.ndarray:
        chance = (seen + strength * pi) / (past + strength)
        gained: np.ndarray = weight * np.log2(chance / pi)
        return gained

    learnt = who % 2 == 0
    strength = max(_STRENGTHS, key=lambda one: float(gains(one)[learnt].sum()))
    told = gains(strength)
    judged = ~learnt if (~learnt).any() else learnt
    bits = float(told[judged].sum() / weight[judged].sum())
    by_shopper = np.bincount(who[judged], weights=told[judged] - bits * weight[judged])
    error = float(np.sqrt(np.square(by_shopper).sum()) / weight[judged].sum())
    return Carried(name, coverage, bits, error, n_values)


def _sums_before(keys: LongArray, event: LongArray, weight: np.ndarray) -> np.ndarray:
    """For each entry, the weights of those of the same key at earlier events."""
    order = np.lexsort((event, keys))
    sums = np.cumsum(weight[order]) - weight[order]
    new = np.concatenate([[True], keys[order][1:] != keys[order][:-1]])
    base = np.maximum.accumulate(np.where(new, np.arange(len(new)), 0))
    out = np.empty(len(keys))
    out[order] = sums - sums[base]
    return out


def _within(sums: np.ndarray, histories: Histories) -> np.ndarray:
    """Running sums over all events, begun anew with each shopper."""
    lengths = histories.lengths
    first = np.minimum(histories.offsets[:-1], max(histories.n_events - 1, 0))
    within: np.ndarray = sums - np.repeat(sums[first], lengths)
    return within


def _places(histories: Histories) -> LongArray:
    """The place of each event in its history."""
    places: LongArray = np.arange(histories.n_events) - np.repeat(histories.offsets[:-1], histories.lengths)
    return places


def _deepest(values: sparse.csr_matrix, names: Sequence[str]) -> sparse.csr_matrix:
    """Of the levels of a category [I, V] only the last: the others follow from it."""
    depth = np.array([name.count(" > ") for name in names])
    item = np.repeat(np.arange(values.shape[0]), np.diff(values.indptr))
    order = np.lexsort((depth[values.indices], item))
    last = order[np.append(item[order][1:] != item[order][:-1], True)] if len(order) else order
    rows = (np.ones(len(last), np.float32), (item[last], values.indices[last]))
    return sparse.csr_matrix(rows, shape=values.shape)


def _copies(one: sparse.csr_matrix, other: sparse.csr_matrix, chosen: LongArray) -> bool:
    """Whether the other attribute tells nearly all of this one, over what was chosen."""
    items = np.flatnonzero(chosen)
    ours, theirs = one[items], other[items]
    both = np.flatnonzero((np.diff(ours.indptr) > 0) & (np.diff(theirs.indptr) > 0))
    if len(both) < 0.5 * max(int((np.diff(ours.indptr) > 0).sum()), 1):
        return False
    code, key = (part[both].indices[part[both].indptr[1:] - 1].astype(np.int64) for part in (ours, theirs))
    weight = chosen[items][both].astype(np.float64)
    joint = _entropy(np.bincount(np.unique(np.stack([code, key]), axis=1, return_inverse=True)[1].ravel(), weight))
    alone, left = _entropy(np.bincount(code, weight)), joint - _entropy(np.bincount(key, weight))
    many = len(np.unique(key)) > 0.5 * len(both)  # each thing its own value: it tells everything and means nothing
    return alone > 0 and left < _COPY * alone and not many


def _entropy(weights: np.ndarray) -> float:
    shares = weights[weights > 0] / weights.sum()
    return float(-(shares * np.log2(shares)).sum())
