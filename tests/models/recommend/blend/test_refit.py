"""Once the weights are known, members learn from what was put aside, too; what the questions taught stays."""

from __future__ import annotations

import numpy as np
import pytest

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.models.recommend.base import Refits
from bottega.models.recommend.blend.blend import Blend, BlendConfig
from bottega.models.recommend.registry import RECOMMENDERS, recommender_class

N_ITEMS = 30
MEMBERS = ("transitions", "item_neighbours", "linear_autoencoder", "shopper_neighbours", "popular")


def walks() -> Histories:
    rng = np.random.default_rng(0)
    rows = [((int(rng.integers(20)) + np.arange(6)) % 20).tolist() for _ in range(200)]
    return Histories.from_lists([*rows, *[[5, 25]] * 40], n_items=N_ITEMS)  # 25 is only ever the last


def test_what_was_put_aside_is_learnt_and_what_it_taught_stays() -> None:
    whole, features = walks(), Features.empty(N_ITEMS)
    known, asked = whole.without_last(), Holdout(whole.without_last(), whole.items[whole.offsets[1:] - 1])
    blend = Blend(BlendConfig(members={name: {} for name in MEMBERS}))
    blend.fit(known, features, rng=np.random.default_rng(0), holdout=asked)
    question = Histories.from_lists([[4, 5]], n_items=N_ITEMS)
    before, weights = blend.score(question), blend.weights_.copy()
    fades = {label: getattr(member, "fade_", None) for label, member in blend.members_.items()}
    assert all(not np.isfinite(member.score(question)[0, 25]) for member in blend.members_.values())
    blend.refit(whole, features, rng=np.random.default_rng(0))
    assert all(member.score(question)[0, 25] > 0 for member in blend.members_.values())
    assert blend.score(question)[0, 25] > before[0, 25]
    np.testing.assert_array_equal(blend.weights_, weights)
    assert {label: getattr(member, "fade_", None) for label, member in blend.members_.items()} == fades


@pytest.mark.parametrize("name", MEMBERS)
def test_refitted_is_as_fitted_but_for_the_fade(name: str) -> None:
    whole, features = walks(), Features.empty(N_ITEMS)
    question = Histories.from_lists([[3], [9, 4]], n_items=N_ITEMS)
    fitted, other = (recommender_class(name)() for _ in range(2))
    fitted.fit(whole, features, rng=np.random.default_rng(0))
    other.fit(whole.without_last(), features, rng=np.random.default_rng(0))
    other.refit(whole, features, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(other.score(question), fitted.score(question))


def test_only_who_learns_in_seconds_refits() -> None:
    able = {name for name in RECOMMENDERS if issubclass(recommender_class(name), Refits)}
    assert able == {*MEMBERS, "blend"}
    assert all(recommender_class(name).abilities.quick for name in able)
