"""Variants of one product count once, however many of them were found."""

from __future__ import annotations

import numpy as np
import pytest

from bottega.shop.search.variants import Variants


@pytest.mark.parametrize("items", [1, 40, 400])
def test_counts_are_those_of_different_products(items: int) -> None:
    rng = np.random.default_rng(items)
    rows = 0 if items == 1 else 300
    item = rng.integers(0, items, rows).astype(np.int32)
    places = np.sort(rng.integers(0, max(rows, 1), 900 if rows else 0))
    numbers = rng.integers(0, 12, len(places)).astype(np.int32)
    pairs = np.unique(np.stack([places, numbers]), axis=1)  # a row has a number once
    variants = Variants(item)
    assert variants.products == len(set(item.tolist()))
    found = variants.counted(pairs[1].astype(np.int32), pairs[0], 15)
    assert found.tolist() == [len(set(item[pairs[0][pairs[1] == number]].tolist())) for number in range(15)]
    marked = rng.random(rows) < 0.4
    assert variants.among(marked) == len(set(item[marked].tolist()))


def test_no_variants_are_counted_as_they_are() -> None:
    variants = Variants(np.array([5, 2, 9], dtype=np.int32))
    assert variants.products == 3 and variants.among(np.array([True, False, True])) == 2
    assert variants.counted(np.array([1, 1, 0], dtype=np.int32), np.array([0, 1, 2])).tolist() == [1, 2]


def test_a_large_catalogue_has_large_numbers() -> None:
    """A number times the items is more than 32 bits hold."""
    variants = Variants(np.array([900_000, 900_000, 17], dtype=np.int32))
    found = variants.counted(np.array([400_000, 400_000, 400_000, 7], dtype=np.int32), np.array([0, 1, 2, 2]))
    assert (found[400_000], found[7], found.sum()) == (2, 1, 3)
