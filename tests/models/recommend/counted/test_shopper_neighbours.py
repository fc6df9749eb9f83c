"""Shopper neighbours: the founding formula, worked by hand."""

from __future__ import annotations

import numpy as np

from bottega.datasets.arrays import Features, Histories
from bottega.models.recommend.counted.shopper_neighbours import ShopperNeighbours, ShopperNeighboursConfig

LEARNT = [[0, 1], [0, 2, 3], [3], [1, 4]]
"""Items of four shoppers; five items."""


def fitted(neighbours: int = 10, rarity: float = 0.0, history_decay: float = 1.0) -> ShopperNeighbours:
    config = ShopperNeighboursConfig(neighbours=neighbours, rarity=rarity, history_decay=history_decay)
    histories = Histories.from_lists(LEARNT, n_items=5)
    return ShopperNeighbours(config).fit(histories, Features.empty(5), rng=np.random.default_rng(0))


def asked(*rows: list[int]) -> Histories:
    return Histories.from_lists(rows, n_items=5)


def test_a_score_is_the_sum_of_the_cosines_of_those_who_have_the_item() -> None:
    # Who has 0 and 1 is like shopper 0 by 1, shopper 1 by 1/sqrt(6), shopper 3 by 1/2, and not like shopper 2.
    first, second, fourth = 1.0, 1 / np.sqrt(6), 0.5
    expected = [first + second, first + fourth, second, second, fourth]
    np.testing.assert_allclose(fitted().score(asked([0, 1]))[0], expected, rtol=1e-6)


def test_only_the_nearest_speak() -> None:
    scores = fitted(neighbours=1).score(asked([0, 1]))[0]
    np.testing.assert_allclose(scores[:2], 1.0, rtol=1e-6)
    assert np.isneginf(scores[2:]).all()


def test_a_rare_product_ties_more_than_a_common_one() -> None:
    plain, rare = fitted(), fitted(rarity=1.0)
    question = asked([0, 4])  # 0 leads to item 2, 4 (which one shopper has) to item 1
    assert rare.score(question)[0, 1] / rare.score(question)[0, 2] > (
        plain.score(question)[0, 1] / plain.score(question)[0, 2]
    )


def test_younger_events_count_more() -> None:
    scores = fitted(history_decay=0.5).score(asked([2, 4], [4, 2]))
    # 4 leads to shopper 3, who has 1; 2 leads to shopper 1, who has 3 and 0.
    assert scores[0, 1] > scores[1, 1] and scores[0, 3] < scores[1, 3]


def test_of_a_best_seller_only_the_newest_carriers_are_compared() -> None:
    rows = [[0, 1], [0, 2], [0, 3]]
    times = [[0, 30], [0, 10], [0, 20]]  # who has 1 was here last, then who has 3
    histories = Histories.from_lists(rows, n_items=5, times=times)
    config = ShopperNeighboursConfig(carriers=2)
    model = ShopperNeighbours(config).fit(histories, Features.empty(5), rng=np.random.default_rng(0))
    scores = model.score(asked([0]))[0]
    assert np.isfinite(scores).tolist() == [True, True, False, True, False]
