"""Corruptions do what their names say, and nothing to the histories they were given."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

from bottega.datasets.arrays import Features, Histories
from bottega.datasets.splits import last_out
from bottega.evaluation.protocol import judge
from bottega.evaluation.robustness import (
    ATTACK,
    CORRUPTIONS,
    Corruption,
    add_bots,
    attack,
    drop_events,
    mislabel,
    pushed_items,
    ranked_corrupted,
    shuffle_order,
    what_is_left,
)
from bottega.models.recommend.registry import recommender_class
from bottega.names import POSITIVE_KINDS, KindCode

ITEMS = 40


def chains(seed: int = 0, shoppers: int = 400) -> Histories:
    """Shoppers walk a ring of items with an occasional leap, so that order carries the information."""
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(shoppers):
        row = [int(rng.integers(ITEMS))]
        for _ in range(int(rng.integers(4, 9))):
            row.append(int((row[-1] + 1) % ITEMS if rng.random() < 0.8 else rng.integers(ITEMS)))
        rows.append(row)
    return Histories.from_lists(rows, n_items=ITEMS, kinds=[[KindCode.VIEW] * len(row) for row in rows])


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_every_corruption_is_pure_and_repeatable(name: str) -> None:
    histories = chains()
    untouched = chains()
    one, again, other = (CORRUPTIONS[name](histories, np.random.default_rng(seed)) for seed in (1, 1, 2))
    for array in ("offsets", "items", "kinds", "times"):
        assert np.array_equal(getattr(histories, array), getattr(untouched, array))
    assert np.array_equal(one.items, again.items) and np.array_equal(one.kinds, again.kinds)
    assert not (np.array_equal(one.items, other.items) and np.array_equal(one.kinds, other.kinds))
    assert len(one) >= len(histories) and one.n_items == histories.n_items


def test_drop_loses_the_share_and_keeps_the_order() -> None:
    histories = chains()
    kept = drop_events(histories, np.random.default_rng(0), share=0.3)
    assert kept.n_events / histories.n_events == pytest.approx(0.7, abs=0.03)
    for shopper in range(20):
        rest = iter(histories.row(shopper).tolist())
        assert all(item in rest for item in kept.row(shopper).tolist())


def test_shuffle_keeps_each_shoppers_items_and_times() -> None:
    histories = chains()
    shuffled = shuffle_order(histories, np.random.default_rng(0))
    assert np.array_equal(histories.times, shuffled.times)
    assert all(sorted(histories.row(s).tolist()) == sorted(shuffled.row(s).tolist()) for s in range(len(histories)))
    assert not np.array_equal(histories.items, shuffled.items)


def test_mislabel_changes_the_share_to_another_positive_kind() -> None:
    histories = chains()
    wrong = mislabel(histories, np.random.default_rng(0), share=0.3)
    assert np.mean(wrong.kinds != histories.kinds) == pytest.approx(0.3, abs=0.03)
    assert set(wrong.kinds.tolist()) == {int(kind) for kind in POSITIVE_KINDS}
    assert np.array_equal(wrong.items, histories.items)


def test_bots_stand_behind_the_shoppers_and_click_everywhere() -> None:
    histories = chains()
    crowded = add_bots(histories, np.random.default_rng(0), share=0.05)
    assert len(crowded) == 420 and np.array_equal(crowded.items[: histories.n_events], histories.items)
    assert crowded.lengths[400:].tolist() == [ITEMS] * 20
    assert sorted(crowded.row(400).tolist()) == list(range(ITEMS))
    for bot in range(400, 420):
        times = crowded.times[crowded.offsets[bot] : crowded.offsets[bot + 1]]
        assert (np.diff(times) >= 0).all() and times.max() <= histories.times.max()
    assert len(add_bots(histories, np.random.default_rng(0), share=0.0)) == 400


def test_order_matters_more_to_transitions_than_to_neighbours() -> None:
    split = last_out(chains(shoppers=800))
    features = Features.empty(ITEMS)
    chosen: dict[str, Corruption] = {name: CORRUPTIONS[name] for name in ("10% of events lost", "order shuffled")}

    def left(name: str) -> dict[str, Any]:
        factory = recommender_class(name)
        clean = judge(factory(), split, features, rng=np.random.default_rng(0), resamples=50)
        found = {}
        for place, (called, corruption) in enumerate(chosen.items()):
            rng = np.random.default_rng([0, place])
            found[called] = what_is_left(
                clean, split, called, ranked_corrupted(factory, split, features, corruption, rng=rng)
            )
        assert [each.corruption for each in found.values()] == list(chosen)
        return found

    ordered = left("transitions")
    assert ordered["10% of events lost"].left.mean > 0.85
    assert ordered["order shuffled"].left.mean < 0.98 and ordered["order shuffled"].change.high < 0
    for each in ordered.values():
        assert each.left.low < each.left.mean < each.left.high
        assert each.left.mean == pytest.approx(each.ndcg / (each.ndcg - each.change.mean))
    neighbours = left("item_neighbours")
    assert neighbours["order shuffled"].left.mean > ordered["order shuffled"].left.mean


def test_pushed_products_are_of_the_less_popular_half() -> None:
    rows = [[item for item in range(20) if shopper <= item] for shopper in range(20)]
    histories = Histories.from_lists(rows, n_items=25)  # item 0 has one shopper, item 19 twenty, 20 to 24 nobody
    assert pushed_items(histories).tolist() == [1, 3, 5, 7, 9]
    assert pushed_items(Histories.from_lists([[], []], n_items=4)).tolist() == []
    assert set(pushed_items(Histories.from_lists([[2]], n_items=4)).tolist()) == {2}


def test_fake_shoppers_hide_among_popular_products_and_end_with_a_pushed_one() -> None:
    histories = chains()
    targets = pushed_items(histories)
    attacked = attack(histories, np.random.default_rng(0), share=0.05)
    assert len(attacked) == 420 and np.array_equal(attacked.items[: histories.n_events], histories.items)
    assert [int(attacked.row(fake)[-1]) for fake in range(400, 420)] == [*targets.tolist()] * 4
    assert attacked.lengths[400:].tolist() == [5] * 20
    assert len(attack(histories, np.random.default_rng(0), share=0.0)) == 400


def test_an_attack_is_told_by_how_far_it_pushes() -> None:
    split = last_out(chains(shoppers=800))
    features = Features.empty(ITEMS)

    def pushed(name: str, share: float) -> tuple[float, float]:
        factory = recommender_class(name)
        clean = judge(factory(), split, features, rng=np.random.default_rng(0), resamples=50)
        corruption = partial(attack, share=share)
        rng = np.random.default_rng(0)
        found = what_is_left(clean, split, ATTACK, ranked_corrupted(factory, split, features, corruption, rng=rng))
        assert found.push is not None and found.push.after.low <= found.push.after.mean <= found.push.after.high
        return found.push.before.mean, found.push.after.mean

    before, after = pushed("popular", 1.0)
    assert after > before + 0.5
    same, nothing = pushed("popular", 0.0)
    assert same == nothing == before
