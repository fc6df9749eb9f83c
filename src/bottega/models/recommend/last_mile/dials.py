"""All dials of the last mile in one order: novelty, then price, then praise, then diversity.

Idea     The dials choose who stands where among the model's best candidates; the candidates' calibrated scores are
         dealt out anew in that order. What comes after (boosts, caps, pins) works on scores as ever and has the last
         word.
Costs    Nothing while all dials are 0; else see diversity.py and leaning.py.
Shapes   N items of `values`, C of them candidates, I items of the catalogue, A attributes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from bottega.models.recommend.last_mile.diversity import Method, diversify, similarities
from bottega.models.recommend.last_mile.leaning import fame, lean, price_distance
from bottega.names import FloatArray, IntArray

__all__ = ["DialInputs", "Dials", "dealt"]


@dataclass(frozen=True, slots=True)
class Dials:
    """Each from 0 (off) to 1, and how diversity is made."""

    diversity: float = 0.0
    novelty: float = 0.0
    price_fit: float = 0.0
    praise: float = 0.0
    method: Method = "mmr"

    def __bool__(self) -> bool:
        return self.diversity > 0 or self.novelty > 0 or self.price_fit > 0 or self.praise > 0


@dataclass(frozen=True, slots=True)
class DialInputs:
    """What the dials go by: `rows` [I, A] of length 1, of which `items` [N] name theirs; `shopper_counts` [N]: how
    many chose each; `levels` [N] of price; how `unpraised` [N] each is; the shopper's own spread and price level, None
    where unknown."""

    rows: sparse.csr_matrix
    items: IntArray
    shopper_counts: IntArray
    levels: FloatArray | None = None
    unpraised: FloatArray | None = None
    own_level: float | None = None
    own_spread: float | None = None


def dealt(values: FloatArray, head: IntArray, dials: Dials, inputs: DialInputs, *, count: int) -> FloatArray:
    """`values` [N] with those of `head` [C], best first, dealt out among them so that the `count` best suit `dials`."""
    if not dials or len(head) < 3:
        return values
    relevance = values[head]
    if dials.novelty > 0:
        relevance = lean(relevance, fame(inputs.shopper_counts[head]), dial=dials.novelty, count=count)
    if dials.price_fit > 0 and inputs.levels is not None and inputs.own_level is not None:
        distance = price_distance(inputs.levels[head], inputs.own_level)
        relevance = lean(relevance, distance, dial=dials.price_fit, count=count)
    if dials.praise > 0 and inputs.unpraised is not None:
        relevance = lean(relevance, inputs.unpraised[head], dial=dials.praise, count=count)
    order = np.argsort(-relevance, kind="stable")
    if dials.diversity > 0:
        first = order[
            diversify(
                relevance[order],
                similarities(inputs.rows, inputs.items[head[order]]),
                dial=dials.diversity,
                count=count,
                own=inputs.own_spread,
                method=dials.method,
            )
        ]
        rest = np.ones(len(order), dtype=np.bool_)
        rest[first] = False
        order = np.concatenate([first, order[rest[order]]])
    result = values.copy()
    # Equal values are set a hair apart, because a list sorts equal ones by code.
    result[head[order]] = values[head] - np.arange(len(head), dtype=np.float32) * np.float32(1e-6)
    return result
