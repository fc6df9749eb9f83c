"""The merchant's rules, as pure functions over scores and masks: calibrate, boost, complement, cap, pin.

Idea     Rules act on scores that mean the same for every model, so "twice as likely" means it everywhere.
Costs    One partition and a few passes over the items: well under a millisecond for 12,000.
Shapes   I items, V variants (products), K places in the list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bottega.models.blocks.jit import kernel
from bottega.names import BoolArray, FloatArray, IntArray

__all__ = ["Boost", "boosted", "calibrated", "complements", "first_variant", "lifted", "pinned"]

LEAST_SAMPLE = 16
"""A model that has something to say of fewer items of a sample is taken by what it says of all candidates."""
COMPLEMENT_WEIGHT = 0.5
"""What is left of the score of a product from an anchor's own durable category, where complements are wanted."""


@dataclass(frozen=True, slots=True)
class Boost:
    """Scores of the items in `mask` [I] are multiplied, then added to."""

    mask: BoolArray
    multiply: float = 1.0
    add: float = 0.0


def first_variant(variants: Sequence[int], usable: BoolArray) -> int:
    """The first of an item's `variants` (positions in `usable` [V]) that may be shown; -1 when none may."""
    return next((variant for variant in variants if usable[variant]), -1)


def calibrated(scores: FloatArray, allowed: BoolArray, sample: BoolArray | None = None) -> FloatArray:
    """Scores [I] on one scale for every model: the best allowed item 1, the middle one 0.5, the worst 0.

    Straight lines between these three, so the order stays. Items that are not allowed, or that the model has nothing
    to say about (-inf), stay at -inf. Where all are equal, all are 1. Where `scores` are those of candidates alone, the
    middle is that of a `sample` [I] of them that was drawn from all allowed items.
    """
    result = np.empty(len(scores), dtype=np.float32)
    drawn = allowed if sample is None else sample
    _on_one_scale(np.ascontiguousarray(scores, np.float32), allowed, drawn, LEAST_SAMPLE, result)
    return result


@kernel
def _on_one_scale(scores: FloatArray, allowed: BoolArray, sample: BoolArray, least: int, result: FloatArray) -> None:
    """What `calibrated` says of `scores` [C]."""
    values, drawn = np.empty(len(scores), np.float64), np.empty(len(scores), np.float64)
    n = 0
    n_drawn = 0
    low, high = np.inf, -np.inf
    for c in range(len(scores)):
        if allowed[c] and np.isfinite(scores[c]):
            value = np.float64(scores[c])
            low, high = min(low, value), max(high, value)
            values[n] = value
            n += 1
            if sample[c]:
                drawn[n_drawn] = value
                n_drawn += 1
    if n == 0:
        result[:] = -np.inf
        return
    chosen = drawn[:n_drawn] if n_drawn >= least else values[:n]
    middle = np.partition(chosen, len(chosen) // 2)[len(chosen) // 2]
    bent = middle != low and middle != high
    spread = high - low
    for c in range(len(scores)):
        value = np.float64(scores[c])
        if not (allowed[c] and np.isfinite(scores[c])):
            result[c] = -np.inf
        elif bent and value >= middle:
            result[c] = 0.5 + 0.5 * (value - middle) / (high - middle)
        elif bent:
            result[c] = 0.5 * (value - low) / (middle - low)
        else:
            result[c] = (value - low) / spread if spread > 0 else 1.0


def boosted(scores: FloatArray, boosts: Iterable[Boost]) -> FloatArray:
    """Calibrated `scores` [I] with every boost applied in turn; -inf stays -inf, so no boost lifts a forbidden item."""
    result = scores.copy()
    for boost in boosts:
        touched = boost.mask & np.isfinite(result)
        result[touched] = result[touched] * boost.multiply + boost.add
    return result


def complements(scores: FloatArray, categories: IntArray, durable: BoolArray, of_anchors: Iterable[int]) -> FloatArray:
    """Calibrated `scores` [I] where more of the same counts less: what goes with a cart or a purchase, not its twin.

    Items of a category `of_anchors` (`categories` [I] are the deepest, -1 none) keep `COMPLEMENT_WEIGHT` of their score
    where they are `durable` [I]; nobody needs a second lamp of the kind just chosen, but a second coffee is welcome.
    """
    own = {int(category) for category in of_anchors} - {-1}
    if not own:
        return scores
    same = np.isin(categories, list(own)) & durable & np.isfinite(scores)
    result = scores.copy()
    result[same] *= COMPLEMENT_WEIGHT
    return result


def lifted(scores: FloatArray, gains: FloatArray, allowed: BoolArray) -> FloatArray:
    """Calibrated `scores` [I] moved towards 1 by `gains` [I] of the way; what is not `allowed` [I] stays out.

    An allowed item that the model has nothing to say about (-inf) starts from 0.
    """
    result = scores.copy()
    touched = allowed & (gains > 0)
    known = np.where(np.isfinite(result[touched]), result[touched], 0.0)
    result[touched] = known + (1.0 - known) * gains[touched]
    return result


def pinned(ranked: Sequence[int], pins: Iterable[tuple[int, int]], count: int) -> list[int]:
    """The first `count` of `ranked` with each pin `(item, place)` moved to its place (0 is the top).

    A place that is taken gives the next free one; a place beyond the end of a short list gives its end.
    """
    places: dict[int, int] = {}
    for item, place in pins:
        if item in places.values():
            continue
        while place in places:
            place += 1
        places[place] = item
    fixed = set(places.values())
    rest = iter(item for item in ranked if item not in fixed)
    result: list[int] = []
    for place in range(count):
        item = places.pop(place) if place in places else next(rest, -1)
        if item < 0:
            break
        result.append(item)
    left = [places[place] for place in sorted(places) if place < count]
    return (result + left)[:count]
