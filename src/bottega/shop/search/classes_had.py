"""Which of the things that the eye can name a shop has, by what its categories are called.

A category that is called as one of the eye's names is that, and nothing else that the lists of words would take it
for: who has casual shoes and tells them from formal ones lacks formal shoes. Other categories have whatever the lists
say they may be.

Shapes   C names of a head.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from bottega.languages.fold import tokens
from bottega.languages.stems import stem
from bottega.models.search.heads import kinds_meant, upwards
from bottega.models.search.kinds import Kind, things_in
from bottega.names import BoolArray

__all__ = ["classes_had"]


def classes_had(
    counted: Mapping[Kind, int], classes: Sequence[str], languages: tuple[str, ...], *, few: float
) -> BoolArray | None:
    """Which of these English names [C] a shop may have things of; None where its categories do not say.

    `counted`: products by kind. What fewer than `few` products are need not be known.
    """
    place = {_key(name): row for row, name in enumerate(classes)}
    had = np.zeros(len(classes), dtype=np.bool_)
    things: set[str] = set()
    for kind, rows in counted.items():
        row = place.get(_key(kind[-1])) if kind else None
        if row is not None:
            had[row] = True
            continue
        called = things_in(kind[-1], languages) if kind else frozenset[str]()
        if not called and rows > few:
            return None
        things |= called
    others = sum(rows for kind, rows in counted.items() if not kind or _key(kind[-1]) not in place)
    for at in np.flatnonzero(~had).tolist():
        meant = kinds_meant(tuple(tokens(classes[at])), ("en",))
        known = any(one in upwards(other) or other in upwards(one) for one in meant for other in things)
        had[at] = known or (not meant and others > few)
    return had


def _key(name: str) -> tuple[str, ...]:
    return tuple(stem(word, "en") for word in tokens(name))
