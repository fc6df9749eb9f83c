"""Evidence by leaving out is true by construction, for any recommender."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bottega.datasets.arrays import Features, Histories
from bottega.models.recommend.base import Recommender
from bottega.models.recommend.counted.transitions import Transitions
from bottega.models.recommend.last_mile.reasons_left_out import NEWEST, LeftOut, newest_products

ITEMS = 12


class Counting:
    """Each event adds to the item behind it; counts how often it is asked."""

    asked = 0

    def score(self, histories: Histories) -> np.ndarray:
        Counting.asked += 1
        scores = np.full((len(histories), ITEMS), -np.inf, dtype=np.float32)
        for row in range(len(histories)):
            for item in histories.row(row).tolist():
                place = scores[row, (item + 1) % ITEMS]
                scores[row, (item + 1) % ITEMS] = (0.0 if np.isinf(place) else place) + 1.0
        return scores


def history(items: list[int]) -> Histories:
    return Histories.from_lists([items], n_items=ITEMS)


def test_what_an_item_loses_is_its_evidence() -> None:
    row = history([3, 5, 3, 0])
    Counting.asked = 0
    told = LeftOut(Counting(), row, [4, 6, 9])  # type: ignore[arg-type]
    assert Counting.asked == 0  # nothing is scored before it is asked
    found = told.evidence(row.items, 4)
    assert [(one.position, one.weight) for one in found] == [(2, 3.0)]  # both views of 3 go: all that 4 had, and one
    assert [one.position for one in told.evidence(row.items, 6)] == [1]
    assert told.evidence(row.items, 9) == [] == told.evidence(row.items, 7)  # nobody spoke; never asked about
    assert Counting.asked == 1  # one batch for the whole answer


def test_only_the_newest_products_are_left_out_and_none_is_no_error() -> None:
    row = history(list(range(10)))
    told = LeftOut(Counting(), row, [1, 10])  # type: ignore[arg-type]
    assert told.evidence(row.items, 10)[0].position == 9
    assert told.evidence(row.items, 1) == []  # product 0 lies further back
    assert len(newest_products(row.items)) == NEWEST
    long = history([11] * 30 + [0])  # positions count from the oldest event of the whole history
    assert LeftOut(Counting(), long, [1]).evidence(long.items, 1)[0].position == 30  # type: ignore[arg-type]
    assert LeftOut(Counting(), history([]), [1]).evidence(np.zeros(0, dtype=np.int32), 1) == []  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def model() -> Recommender:
    rng = np.random.default_rng(2)
    rows = [rng.permutation(ITEMS)[: rng.integers(2, 9)].tolist() for _ in range(150)]
    histories = Histories.from_lists(rows, n_items=ITEMS)
    return Transitions().fit(histories, Features.empty(ITEMS), rng=rng)


@settings(max_examples=60)
@given(items=st.lists(st.integers(0, ITEMS - 1), min_size=1, max_size=8))
def test_without_its_evidence_every_item_scores_lower(model: Recommender, items: list[int]) -> None:
    row = history(items)
    told = LeftOut(model, row, list(range(ITEMS)))
    full = model.score(row)[0]
    for item in range(ITEMS):
        for one in told.evidence(row.items, item):
            rest = row.keep(row.items != row.items[one.position])
            assert model.score(rest)[0, item] < full[item]
