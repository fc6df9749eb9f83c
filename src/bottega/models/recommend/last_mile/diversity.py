"""Diversity: a list as varied as the dial says, and at the dial's middle as varied as the shopper.

Idea     The dial is no weight: it says where the list's spread (mean unlikeness of its pairs) shall land. 0 is the
         model's own list, 0.5 the spread of what the shopper chose before, 1 the widest that the candidates give.
         Lists are made with several trade-offs at once; the mildest that lands there is taken. So a dial means the
         same for every model and both methods, and a shopper with one interest is not given ten.
Source   "mmr": maximal marginal relevance, Carbonell & Goldstein 1998, https://dl.acm.org/doi/10.1145/290941.291025,
         section 2. "dpp": greedy MAP of a determinantal point process, Chen et al. 2018,
         https://arxiv.org/abs/1709.05135, algorithm 1 and equation 12. Calibrated to the shopper: Steck 2018,
         https://doi.org/10.1145/3240323.3240372.
Differs  Calibrated in spread instead of in shares of genres, so it works for attributes of any kind. A shopper narrower
         than the list gets a narrower one: negative trade-offs.
Costs    Candidates' feature rows with themselves, then K steps over [G, C]: benchmarks/diversity.md.
Shapes   C candidates, K places, G trade-offs, I items, A attributes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
from scipy import sparse

from bottega.models.recommend.last_mile.diversity_kernels import likeness, mmr_lists, spreads
from bottega.names import FloatArray, IntArray

__all__ = ["CANDIDATES", "METHODS", "Method", "diversify", "own_spread", "similarities", "spread", "unit_rows"]

CANDIDATES = 100
"""Only this many of the best items compete; nothing from further down is pulled up."""

Method = Literal["mmr", "dpp"]
METHODS: tuple[Method, ...] = ("mmr", "dpp")

_STEPS = 1.0 / (1.0 + np.exp(-np.linspace(-4.5, 4.5, 19)))
TRADE_OFFS = np.concatenate([[0.0], -_STEPS[:9:2], _STEPS, [1.0]])
TRADE_OFFS = TRADE_OFFS[np.argsort(np.abs(TRADE_OFFS), kind="stable")]
"""Weight of unlikeness against relevance, the mildest first; below 0 likeness is sought."""
CLOSE = 0.01
"""A spread this near to the one wanted has landed."""
PRIOR_PAIRS = 2.0
"""How many products the shop's usual spread counts as, beside a shopper's own."""
RIDGE = 0.05
"""Share of the identity in the kernel of `dpp`, so that equal products are possible and merely unlikely."""
SPREAD_PLACES = 50
"""Places that are spread out; nobody compares what stands behind."""
RECENT = 50
"""Products of the history, the newest, that a shopper's own spread is measured on."""


def unit_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Rows [I, A] weighted by how rare each attribute is (idf), then scaled to length 1; empty rows stay empty."""
    present = np.bincount(matrix.indices, minlength=matrix.shape[1])
    idf = np.log1p(matrix.shape[0] / np.maximum(present, 1)).astype(np.float32)
    weighted = sparse.csr_matrix(matrix, dtype=np.float32, copy=True)
    weighted.data *= idf[weighted.indices]
    squares = np.add.reduceat(np.append(weighted.data**2, 0.0), weighted.indptr[:-1]) * (np.diff(weighted.indptr) > 0)
    length = np.sqrt(np.maximum(squares, 1e-12))
    weighted.data /= np.repeat(length, np.diff(weighted.indptr)).astype(np.float32)
    return weighted


def similarities(rows: sparse.csr_matrix, items: Sequence[int] | IntArray) -> FloatArray:
    """Cosine [C, C] of the candidates' rows of `rows` [I, A] (length 1, as `unit_rows` makes them)."""
    codes = np.ascontiguousarray(items, dtype=np.int32)
    found = np.empty((len(codes), len(codes)), dtype=np.float32)
    likeness(rows.indptr, rows.indices, rows.data, rows.shape[1], codes, found)
    return found


def spread(similarity: FloatArray) -> float:
    """Mean of 1 - likeness over pairs of `similarity` [C, C]; NaN for fewer than two known items.

    Items of which nothing is known (0 on the diagonal) are left out, because unknown is not different.
    """
    known = int((similarity.diagonal() > 0.5).sum())
    if known < 2:
        return math.nan
    return 1.0 - float(similarity.sum() - similarity.diagonal().sum()) / (known * (known - 1))


def own_spread(rows: sparse.csr_matrix, history: IntArray, *, usual: float | None) -> float | None:
    """Spread of what a shopper chose (`history` [T], oldest first), leaning on the `usual` one while it is short.

    None where neither says anything.
    """
    items = np.unique(history[-RECENT:])
    similarity = similarities(rows, items)
    mine = spread(similarity)
    if usual is None:
        return None if math.isnan(mine) else mine
    if math.isnan(mine):
        return usual
    weight = float((similarity.diagonal() > 0.5).sum()) - 1.0
    return (weight * mine + PRIOR_PAIRS * usual) / (weight + PRIOR_PAIRS)


def diversify(
    relevance: FloatArray,
    similarity: FloatArray,
    *,
    dial: float,
    count: int,
    own: float | None = None,
    method: Method = "mmr",
) -> list[int]:
    """Positions of the `count` chosen candidates, in order; the best candidate always comes first.

    `relevance` [C] is best first; `similarity` [C, C] between 0 and 1, its diagonal 0 where nothing is known of an
    item. `own`: the shopper's spread, where `dial` 0.5 shall land; without it the dial runs straight from the model's
    own list (0) to the widest (1).
    """
    count = min(count, len(relevance))
    if count > SPREAD_PLACES:
        first = diversify(relevance, similarity, dial=dial, count=SPREAD_PLACES, own=own, method=method)
        taken = set(first)
        return (first + [place for place in range(len(relevance)) if place not in taken])[:count]
    if dial <= 0 or count < 2:
        return list(range(count))
    low, high = float(relevance.min()), float(relevance.max())
    wanted = (relevance - low) / (high - low) if high > low else np.ones(len(relevance))
    filled, known = _filled(similarity)
    greedy = _mmr if method == "mmr" else _dpp
    orders_GK = greedy(wanted.astype(np.float64), filled, TRADE_OFFS, count)
    spreads_G = _spreads(orders_GK, filled, known)
    if not np.isfinite(spreads_G).all():
        return list(range(count))
    target = _target(dial, float(spreads_G[0]), float(spreads_G.max()), own)
    away_G = np.abs(spreads_G - target)
    landed = np.flatnonzero(away_G <= max(CLOSE, float(away_G.min())))
    order: list[int] = orders_GK[landed[0]].tolist()
    return order


def _filled(similarity: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Likeness with unknown items in the middle of the known ones, as like to each as all are; known [C] (1.0)."""
    known = (similarity.diagonal() > 0.5).astype(np.float32)
    if known.all():
        return similarity, known
    toward = similarity @ known / max(float(known.sum()), 1.0)  # the likeness of each known item to their centroid
    toward = np.where(known > 0, toward, toward @ known / max(float(known.sum()), 1.0)).astype(np.float32)
    both = known[:, None] * known[None, :] > 0
    filled = np.where(both, similarity, np.where(known > 0, toward[None, :], toward[:, None])).astype(np.float32)
    np.fill_diagonal(filled, 1.0)
    return filled, known


def _target(dial: float, plain: float, widest: float, own: float | None) -> float:
    if own is None:
        return plain + dial * (widest - plain)
    middle = min(own, widest)
    return plain + 2 * dial * (middle - plain) if dial <= 0.5 else middle + (2 * dial - 1) * (widest - middle)


def _spreads(orders_GK: IntArray, similarity: FloatArray, known: FloatArray) -> FloatArray:
    """Spread of each list [G], unknown items left out."""
    found_G = np.empty(len(orders_GK), dtype=np.float32)
    spreads(orders_GK, similarity, known, found_G)
    return found_G


def _mmr(relevance: FloatArray, similarity: FloatArray, trade_offs: FloatArray, count: int) -> IntArray:
    """Lists [G, K]: each next item has the highest (1 - |t|) relevance - t (likeness to the nearest one taken)."""
    orders_GK = np.zeros((len(trade_offs), count), dtype=np.int32)
    mmr_lists(relevance, similarity, trade_offs, count, orders_GK)
    return orders_GK


def _dpp(relevance: FloatArray, similarity: FloatArray, trade_offs: FloatArray, count: int) -> IntArray:
    """Lists [G, K]: each next item adds most to (1 - |t|) sum of relevance + t log det of the list's kernel.

    Chen et al.'s incremental Cholesky: `rest` is d_i^2, what of item i no item taken explains; `factors` its rows c_i.
    """
    rows = np.arange(len(trade_offs))
    size = len(relevance)
    kernel = (1.0 - RIDGE) * similarity.astype(np.float64) + RIDGE * np.eye(size)
    gain_GC = (1.0 - np.abs(trade_offs))[:, None] * relevance
    rest_GC = np.tile(kernel.diagonal(), (len(rows), 1))
    factors_GKC = np.zeros((len(rows), count, size))
    orders_GK = np.zeros((len(rows), count), dtype=np.int32)
    for place in range(1, count):
        last_G = orders_GK[:, place - 1]
        own_GK = factors_GKC[rows, : place - 1, last_G]
        explained_GC = (own_GK[:, None, :] @ factors_GKC[:, : place - 1, :])[:, 0, :]
        factor_GC = (kernel[last_G] - explained_GC) / np.sqrt(rest_GC[rows, last_G])[:, None]
        factors_GKC[:, place - 1] = factor_GC
        rest_GC = np.maximum(rest_GC - factor_GC**2, RIDGE / 2)
        gain_GC[rows, last_G] = -np.inf
        orders_GK[:, place] = (gain_GC + trade_offs[:, None] * np.log(rest_GC)).argmax(axis=1)
    return orders_GK
