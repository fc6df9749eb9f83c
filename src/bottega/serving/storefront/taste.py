"""A shopper's taste in a few words: what stands out in their events against the whole catalogue."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bottega.catalogue.product import Product
from bottega.names import KIND_WEIGHT, KindCode

__all__ = ["Backdrop", "Deed", "taste"]

_ATTRIBUTES = ("color", "colour", "pattern", "style", "motif")
"""Attributes that read as taste; sizes do not, and materials say little more than the category."""
_LEAST = 2
"""Events a word must stand in, so that one click makes no taste."""
_LIFT = 1.5
"""How many times more common than in the catalogue a word must be."""


@dataclass(frozen=True)
class Deed:
    """One thing a shopper did."""

    kind: KindCode
    time_ms: int
    product_id: str | None = None
    query: str | None = None


class Backdrop:
    """How common each word of taste is in the catalogue."""

    def __init__(self, groups: Sequence[Sequence[Product]]) -> None:
        self._count = Counter(word for group in groups for word in _words(group[0]))
        self._groups = max(len(groups), 1)

    def share(self, word: tuple[str, str]) -> float:
        """Share of the catalogue's products that carry this word."""
        return (self._count[word] + 1) / (self._groups + 1)


def taste(
    deeds: Iterable[Deed],
    variants: Callable[[str], Sequence[Product] | None],
    backdrop: Backdrop,
    *,
    count: int = 4,
) -> list[str]:
    """At most `count` words, at most two of one kind (category, brand, each attribute); categories first.

    A word scores the weight of the events it stands in, times the logarithm of how much more often it stands there
    than in the catalogue. `variants` finds the products that an id names.
    """
    weight: dict[tuple[str, str], float] = {}
    seen: Counter[tuple[str, str]] = Counter()
    total = 0.0
    for deed in deeds:
        amount = KIND_WEIGHT.get(deed.kind, 0.0)
        group = variants(deed.product_id) if deed.product_id else None
        if not group or amount == 0:
            continue
        total += amount
        for word in _words(group[0]):
            weight[word] = weight.get(word, 0.0) + amount
            seen[word] += 1
    score = _scores(weight, seen, total, backdrop)
    kept: list[tuple[str, str]] = []
    kinds: Counter[str] = Counter()
    for kind, text in sorted(score, key=lambda key: (-score[key], key)):
        if kinds[kind] < 2 and all(text != other for _, other in kept):
            kinds[kind] += 1
            kept.append((kind, text))
    return [text for _, text in sorted(kept[:count], key=lambda word: word[0] != "category")]


def _scores(
    weight: Mapping[tuple[str, str], float], seen: Mapping[tuple[str, str], int], total: float, backdrop: Backdrop
) -> dict[tuple[str, str], float]:
    lift = {word: amount / total / backdrop.share(word) for word, amount in weight.items() if seen[word] >= _LEAST}
    return {word: weight[word] * math.log(ratio) for word, ratio in lift.items() if ratio > _LIFT}


def _words(product: Product) -> set[tuple[str, str]]:
    found = {("category", product.category[-1])} if product.category else set()
    if product.brand:
        found.add(("brand", product.brand))
    return found | {(name, value) for name in _ATTRIBUTES for value in product.attributes.get(name, ())}
