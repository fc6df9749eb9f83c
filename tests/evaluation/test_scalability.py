"""Exponents that are known come out; parts of a shop are nested, whole worlds of their own."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np
import pytest

from bottega.datasets.arrays import Features, Histories
from bottega.datasets.splits import Split, last_out
from bottega.evaluation.samples import only_items, only_shoppers
from bottega.evaluation.scalability import SHARES, exponents, scalability

ITEMS = 40


@pytest.fixture(scope="module")
def split() -> Split:
    rng = np.random.default_rng(0)
    rows = [rng.choice(ITEMS, size=int(rng.integers(2, 9)), replace=False).tolist() for _ in range(120)]
    return last_out(Histories.from_lists(rows, n_items=ITEMS))


def features() -> Features:
    return Features.from_attributes([[f"number={item}"] for item in range(ITEMS)])


def test_noise_widens_the_interval_and_the_truth_lies_in_it() -> None:
    rng = np.random.default_rng(1)
    sides = np.array([[e, p] for e in (100, 200, 400, 800) for p in (10, 20, 40)], dtype=np.float64)
    clean = 0.01 * sides[:, 0] ** 1.3 * sides[:, 1] ** 0.4
    exact = exponents(sides, clean)
    noisy = exponents(sides, clean * np.exp(rng.normal(scale=0.2, size=len(sides))))
    for truth, one, other in zip((1.3, 0.4), exact, noisy, strict=True):
        assert one.mean == pytest.approx(truth) and one.high - one.low < 1e-6
        assert other.low < truth < other.high and other.high - other.low > 0.1


def test_where_nothing_can_be_told_there_is_no_number() -> None:
    sides = np.array([[1, 2], [2, 4], [4, 8], [8, 16]], dtype=np.float64)
    assert math.isnan(exponents(sides, np.ones(4))[0].mean)  # the sides grow alike
    sides[0, 1] = 9
    assert math.isnan(exponents(sides, np.array([1, 2, 3, np.nan]))[1].mean)
    assert math.isnan(exponents(sides[:3], np.ones(3))[0].mean)  # no freedom left


def test_fewer_shoppers_keep_their_rows_and_questions(split: Split) -> None:
    chosen = np.array([7, 3, 50, 51])
    smaller = only_shoppers(split, chosen)
    assert [smaller.train.row(row).tolist() for row in range(4)] == [
        split.train.row(shopper).tolist() for shopper in sorted(chosen)
    ]
    answers = dict(zip(split.test_shoppers.tolist(), split.test.targets.tolist(), strict=True))
    for row, target in zip(smaller.test_shoppers.tolist(), smaller.test.targets.tolist(), strict=True):
        assert answers[sorted(chosen.tolist())[row]] == target
    again = smaller.train.take(smaller.holdout_shoppers)
    assert np.array_equal(again.items, smaller.holdout.inputs.items)


def test_fewer_products_are_a_catalogue_of_their_own(split: Split) -> None:
    items = np.array([2, 5, 11, 30], dtype=np.int32)
    smaller, described = only_items(split, features(), items)
    assert smaller.train.n_items == described.n_items == 4
    assert [described.attribute_names[column] for column in described.attributes.indices] == [
        f"number={item}" for item in items
    ]
    for row in range(len(split.train)):
        kept = [item for item in split.train.row(row).tolist() if item in items]
        assert items[smaller.train.row(row)].tolist() == kept
    assert len(smaller.test) == int(np.isin(split.test.targets, items).sum())
    assert np.array_equal(smaller.train.take(smaller.holdout_shoppers).items, smaller.holdout.inputs.items)


class Recorder:
    """A model that only notes what it was given."""

    name: ClassVar[str] = "recorder"
    seen: ClassVar[list[tuple[int, int, int]]] = []

    def fit(self, histories: Histories, features: Features, **rest: Any) -> Recorder:
        assert histories.n_items == features.n_items
        self.seen.append((len(histories), histories.n_items, int(histories.items.max(initial=0))))
        return self


def test_every_part_is_trained_and_the_largest_is_the_whole(split: Split) -> None:
    heard: list[int] = []
    found = scalability(
        lambda: Recorder(),  # type: ignore[arg-type,return-value]
        split,
        features(),
        name="recorder",
        progress=lambda task, done, total=None, note="": heard.append(done),
    )
    assert len(found.points) == len(SHARES) ** 2 and heard[-1] == 9
    assert {(s, i) for s, i, _ in Recorder.seen} == {(s, i) for s in (30, 60, 120) for i in (10, 20, 40)}
    whole = found.points[-1]
    assert whole.events == split.train.n_events and whole.products == ITEMS and whole.train_s > 0
    assert np.isfinite(found.time_events.mean) and found.time_events.low < found.time_events.high
    assert math.isnan(found.memory_events.mean)
