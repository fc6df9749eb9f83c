"""Segments: planted groups are found, named after what they like, and compared as Hubert and Arabie do."""

from __future__ import annotations

import numpy as np
import pytest

from bottega.models.recommend.affinity.groups import AttributeGroups
from bottega.models.recommend.affinity.segments import METHODS, adjusted_rand, group_shoppers, segment_names
from bottega.names import FloatArray, IntArray

GROUPS = AttributeGroups(
    names=("color", "category", "price"),
    values=("green", "red", "blue", "Home > Linen", "Home > Lamps", "under 40", "from 40"),
    columns=np.array([0, 1, 2, 3, 4, -1, -1], dtype=np.int32),
    offsets=np.array([0, 3, 5, 7], dtype=np.int32),
    edges=np.array([40.0], dtype=np.float32),
)
TASTES = ([0.8, 0.1, 0.1, 0.9, 0.1, 0.7, 0.3], [0.1, 0.8, 0.1, 0.1, 0.9, 0.3, 0.7], [0.1, 0.1, 0.8, 0.5, 0.5, 0.5, 0.5])


def shoppers(sizes: tuple[int, ...] = (60, 40, 20)) -> tuple[FloatArray, IntArray]:
    """Shoppers of three tastes, a little of their own in each."""
    rng = np.random.default_rng(2)
    rows = np.repeat(np.array(TASTES), sizes, axis=0) * rng.uniform(0.8, 1.2, (sum(sizes), 7))
    for start, end in ((0, 3), (3, 5), (5, 7)):
        rows[:, start:end] /= rows[:, start:end].sum(axis=1, keepdims=True)
    return np.sqrt(rows).astype(np.float32), np.repeat(np.arange(len(sizes)), sizes).astype(np.int32)


@pytest.mark.parametrize("method", METHODS)
def test_planted_groups_are_found_and_named(method: str) -> None:
    vectors, truth = shoppers()
    found = group_shoppers(vectors, 3, method=method, rng=np.random.default_rng(0))
    assert adjusted_rand(found.labels, truth) == 1.0
    assert found.sizes.tolist() == [60, 40, 20], "the largest first"
    names = segment_names(vectors, found, GROUPS)
    assert set(names[0]) == {"green", "Linen", "price under 40"}
    assert set(names[1]) == {"red", "Lamps", "price from 40"}
    assert names[2][0] == "blue"


@pytest.mark.parametrize("method", METHODS)
def test_the_same_seed_gives_the_same_groups_and_never_more_than_differ(method: str) -> None:
    vectors, _ = shoppers()
    one, again = (group_shoppers(vectors, 4, method=method, rng=np.random.default_rng(5)) for _ in range(2))
    np.testing.assert_array_equal(one.labels, again.labels)
    alike = group_shoppers(np.repeat(vectors[:2], 10, axis=0), 5, method=method, rng=np.random.default_rng(0))
    assert alike.sizes.tolist() == [10, 10]


def test_newcomers_go_to_the_nearest_segment_and_empty_ones_vanish() -> None:
    vectors, truth = shoppers()
    found = group_shoppers(vectors, 3, method="kmeans", rng=np.random.default_rng(0))
    some = found.of(vectors[truth == 1])
    assert some.sizes.tolist() == [40] and np.allclose(some.centres[0], found.centres[1])


def test_the_adjusted_rand_index_by_hand() -> None:
    one, other = np.array([0, 0, 0, 1, 1, 1], dtype=np.int32), np.array([0, 0, 1, 1, 2, 2], dtype=np.int32)
    # Together in both: 1 + 1 = 2 of 15 pairs; in one 6, in the other 3; by chance 18 / 15; (2 - 1.2) / (4.5 - 1.2).
    assert adjusted_rand(one, other) == pytest.approx(0.8 / 3.3)
    assert adjusted_rand(one, 1 - one) == 1.0
    rng = np.random.default_rng(0)
    drawn = [rng.integers(0, 4, 5000).astype(np.int32) for _ in range(2)]
    assert abs(adjusted_rand(drawn[0], drawn[1])) < 0.01
