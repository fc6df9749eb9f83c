"""Where an attribute belongs in this shop: what its own labels say of that, before what the eye was taught.

Idea     Products of one category are of one kind. Where some of them say an attribute, it belongs there; where none of
         many does, though other categories do, it does not: no candle of this shop has a gender. How much likelier the
         labels of a category are if the attribute belongs there (any share of the products may say it) than if it does
         not (a slip in a hundred) is multiplied with the odds of the eye, which are those of the whole category, not of
         one photo, and weigh at most as much as a dozen empty labels.
Serves   Catalogues with categories of their own. Elsewhere the eye's own chance stands.
Shapes   N products.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from scipy.special import betaln

from bottega.catalogue.attributes import value_of
from bottega.catalogue.product import Product
from bottega.names import FloatArray

__all__ = ["belonging"]

FEWEST_STATED = 20
"""Products that say an attribute below which a shop teaches nothing of it."""
FELLOWS = 8
"""Products of a category, or of a level above it, that are asked together."""
EYE_MOST = 2.5
"""Most that the eye's odds count, as a logarithm."""
SLIP = 0.01
"""Share of the products that say an attribute where it does not belong."""


def belonging(
    products: Sequence[Product], seen: Sequence[int], attribute: str, taught: FloatArray | None
) -> FloatArray:
    """Chance that the attribute is one of these products' kind of thing, for products[seen].

    `taught`: what the eye makes of the photo of each of them; None where it was taught every kind.
    """
    eye = np.full(len(seen), EYE_MOST, dtype=np.float32)
    if taught is not None:
        eye = np.clip(np.log(np.maximum(taught, 1e-6)) - np.log(np.maximum(1 - taught, 1e-6)), -EYE_MOST, EYE_MOST)
    stated = np.array([bool(value_of(product, attribute)) for product in products])
    teaches = stated.sum() >= FEWEST_STATED
    members = _members(products)
    place = {row: number for number, row in enumerate(seen)}
    known: dict[tuple[str, ...], float] = {}
    odds = eye.copy()
    for row, number in place.items():
        level = _level(products[row].category, members)
        if not level:
            continue
        if level not in known:
            fellows = members[level]
            known[level] = float(np.mean(eye[[place[one] for one in fellows if one in place]]))
            yes = int(stated[fellows].sum())
            known[level] += _likelier(yes, len(fellows)) if teaches else 0.0
        odds[number] = known[level]
    return np.asarray(1 / (1 + np.exp(-odds)), dtype=np.float32)


def _likelier(yes: int, of: int) -> float:
    """Logarithm of how much likelier `yes` labels `of` so many are where the attribute belongs.

    >>> round(_likelier(0, 30), 1), _likelier(9, 30) > 20
    (-3.1, True)
    """
    return float(betaln(yes + 1, of - yes + 1) - yes * np.log(SLIP) - (of - yes) * np.log(1 - SLIP))


def _members(products: Sequence[Product]) -> Mapping[tuple[str, ...], list[int]]:
    """Every category and every level above one, with its products."""
    found: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for row, product in enumerate(products):
        for depth in range(1, len(product.category) + 1):
            found[product.category[:depth]].append(row)
    return found


def _level(category: tuple[str, ...], members: Mapping[tuple[str, ...], list[int]]) -> tuple[str, ...]:
    """The narrowest level with enough products; none where there is none."""
    levels = (category[:depth] for depth in range(len(category), 0, -1))
    return next((level for level in levels if len(members[level]) >= FELLOWS), ())
