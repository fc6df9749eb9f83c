"""Popularity that fades, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from bottega.datasets.arrays import Features, Histories
from bottega.models.recommend.counted.popular import Popular, PopularConfig
from bottega.names import KindCode

DAY_MS = 86_400_000


def shares(
    rows: list[list[int]], times: list[list[int]], kinds: list[list[int]] | None = None, **settings: float
) -> list[float]:
    histories = Histories.from_lists(rows, n_items=4, times=times, kinds=kinds)
    config = PopularConfig(**settings)  # type: ignore[arg-type]
    found: list[float] = (
        Popular(config).fit(histories, Features.empty(4), rng=np.random.default_rng(0)).shares_.tolist()
    )
    return found


def test_an_event_loses_half_its_weight_with_every_half_life() -> None:
    found = shares([[0], [1], [2]], [[0], [10 * DAY_MS], [20 * DAY_MS]], half_life_days=10.0)
    assert found == pytest.approx([0.25 / 1.75, 0.5 / 1.75, 1 / 1.75, 0])


def test_a_shopper_counts_once_for_a_product_with_the_strongest_event() -> None:
    view, buy = int(KindCode.VIEW), int(KindCode.PURCHASE)
    found = shares([[0, 0, 0], [1]], [[0, 0, 0], [0]], kinds=[[view, buy, view], [buy]])
    assert found == [0.5, 0.5, 0, 0]
    assert shares([[0], [1]], [[0], [0]], kinds=[[view], [buy]]) == pytest.approx([1 / 6, 5 / 6, 0, 0])
    assert shares([[0], [1]], [[0], [0]], kinds=[[view], [buy]], use_kinds=False) == [0.5, 0.5, 0, 0]


def test_what_was_chosen_very_long_ago_still_has_a_score() -> None:
    found = shares([[0], [1]], [[0], [4000 * DAY_MS]], half_life_days=10.0)
    assert found[0] > 0 and found[1] == 1 and found[2] == 0
