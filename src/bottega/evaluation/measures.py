"""The measures: what is counted when a ranked list meets the item a shopper really took next.

Each function says its formula, its source and its edge rules, and carries an example that the tests run. Accuracy and
diversity come as one value a shopper, so that `intervals` can resample them; the others speak of all lists at once.

Shapes   B shoppers asked, I items, K places in a list, A feature columns. Lists hold item codes, -1 in empty places.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bottega.datasets.arrays import Histories
from bottega.models.recommend.accuracy import Values
from bottega.names import IntArray, LongArray

__all__ = [
    "concentration",
    "coverage",
    "diversity",
    "holders",
    "novelty",
    "popularity",
]


def holders(histories: Histories) -> LongArray:
    """How many shoppers hold each item [I], however often: what "popular" means in the measures below.

    >>> holders(Histories.from_lists([[0, 0, 1], [0]], n_items=3)).tolist()
    [2, 1, 0]
    """
    return np.bincount(histories.matrix().indices, minlength=histories.n_items).astype(np.int64)


def coverage(items: IntArray, k: int, n_items: int) -> float:
    """Share of the catalogue that is in somebody's first k.

    Formula  |union of the lists| / I.
    Source   Ge, Delgado-Battenfeld & Jannach 2010, https://doi.org/10.1145/1864708.1864761, "catalog coverage".
    Edges    Grows with the number of shoppers asked: compare models on the same shoppers only. No items give 0.

    >>> coverage(np.array([[0, 1], [0, -1]]), 2, 4)
    0.5
    """
    shown = items[:, :k]
    return len(np.unique(shown[shown >= 0])) / n_items if n_items else 0.0


def novelty(items: IntArray, k: int, held: LongArray, shoppers: int) -> Values:
    """Mean surprise of each shopper's first k, in bits: how unlikely a random shopper is to know them already.

    Formula  mean over the list of -log2(holders of the item / shoppers).
    Source   Zhou et al. 2010, https://doi.org/10.1073/pnas.1000488107, "surprisal / novelty".
    Edges    An item that nobody holds counts as held by one shopper. An empty list gives NaN.

    >>> novelty(np.array([[0, 1], [1, -1], [-1, -1]]), 2, np.array([4, 1]), 8).tolist()
    [2.0, 3.0, nan]
    """
    bits = -np.log2(np.maximum(held, 1) / max(shoppers, 1))
    return _mean_over_list(items[:, :k], bits)


def popularity(items: IntArray, k: int, held: LongArray) -> Values:
    """Mean popularity percentile of each shopper's first k: 1 is only best sellers, 0.5 what blind choice gives.

    Formula  mean over the list of (items held less + half of those held alike, itself aside) / (I - 1).
    Source   The average recommendation popularity of Yin et al. 2012, https://doi.org/10.14778/2311906.2311916, with
             the count replaced by its percentile, so that shops of any size compare.
    Edges    One item in all gives 0.5. An empty list gives NaN.

    >>> popularity(np.array([[0, 1], [2, -1], [-1, -1]]), 2, np.array([9, 4, 4])).tolist()
    [0.625, 0.25, nan]
    """
    count = len(held)
    values, inverse, alike = np.unique(held, return_inverse=True, return_counts=True)
    less = np.cumsum(alike) - alike
    percentile = (less + (alike - 1) / 2) / (count - 1) if count > 1 else np.full(len(values), 0.5)
    return _mean_over_list(items[:, :k], percentile[inverse])


def concentration(items: IntArray, k: int, n_items: int) -> float:
    """Gini coefficient of how often each item is shown in a first k: 0 all alike, towards 1 when few items get it all.

    Formula  sum over items sorted by times shown x_1 <= ... <= x_I of (2i - I - 1) x_i, divided by I * sum x.
    Source   Fleder & Hosanagar 2009, https://doi.org/10.1287/mnsc.1080.0974, where sales stand for showings.
    Edges    Items never shown count as 0. Nothing shown at all gives NaN.

    >>> concentration(np.array([[0, 1], [2, 3]]), 2, 4), concentration(np.array([[0], [0]]), 1, 4)
    (0.0, 0.75)
    """
    shown = items[:, :k]
    times = np.sort(np.bincount(shown[shown >= 0], minlength=n_items)).astype(np.float64)
    if not times.sum():
        return float("nan")
    places = 2 * np.arange(1, n_items + 1) - n_items - 1
    return float((places * times).sum() / (n_items * times.sum()))


def diversity(items: IntArray, k: int, features: sparse.csr_matrix) -> Values:
    """How different the first k of each shopper are from one another: 1 nothing in common, 0 all alike.

    Formula  1 - mean over pairs in the list of the cosine of their feature rows [I, A].
    Source   Intra-list similarity of Ziegler et al. 2005, https://doi.org/10.1145/1060745.1060754.
    Edges    Items without any feature are left out, because unknown is not different. Fewer than two items left
             give NaN.

    >>> rows = sparse.csr_matrix([[1.0, 0.0], [0.0, 2.0], [0.0, 3.0], [0.0, 0.0]])
    >>> diversity(np.array([[0, 1, 2], [1, 2, -1], [0, 3, -1]]), 3, rows).round(6).tolist()
    [0.666667, 0.0, nan]
    """
    norms = np.sqrt(np.asarray(features.multiply(features).sum(axis=1)).ravel())
    known = norms > 0
    unit = sparse.diags(np.where(known, 1.0 / np.where(known, norms, 1.0), 0.0)) @ features
    shown = items[:, :k]
    used = (shown >= 0) & known[np.maximum(shown, 0)]
    count = used.sum(axis=1).astype(np.float64)
    offsets = np.concatenate([[0], np.cumsum(used.sum(axis=1))])
    lists = sparse.csr_matrix((np.ones(offsets[-1]), shown[used], offsets), shape=(len(items), features.shape[0]))
    total = lists @ unit
    # The squared length of the sum of unit rows is the sum over ordered pairs of their cosines, plus one an item.
    cosines = np.asarray(total.multiply(total).sum(axis=1)).ravel() - count
    pairs = count * (count - 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(pairs > 0, 1.0 - cosines / pairs, np.nan)


def _mean_over_list(shown: IntArray, value: NDArray[np.float64]) -> Values:
    filled = shown >= 0
    count = filled.sum(axis=1)
    total = np.where(filled, value[np.maximum(shown, 0)], 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
