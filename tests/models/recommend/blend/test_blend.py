"""The blend hears who has proven to know, and everyone gets an answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.models.blocks.choice import fit_choice
from bottega.models.recommend.base import Extends, rank
from bottega.models.recommend.blend.blend import Blend, BlendConfig
from bottega.models.recommend.blend.questions import questions
from bottega.models.recommend.blend.shape import KNOTS, expand, feature_count, find_knots, shares
from bottega.names import FloatArray

N_ITEMS = 40
CHEAP = BlendConfig(members={"transitions": {}, "content": {}, "item_neighbours": {}, "popular": {}})


def walks(shoppers: int = 400, seed: int = 0) -> Histories:
    """Items follow one another in a fixed order, with some noise."""
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(shoppers):
        item = int(rng.integers(N_ITEMS))
        row = [item]
        for _ in range(int(rng.integers(2, 8))):
            item = (item + 1) % N_ITEMS if rng.random() < 0.8 else int(rng.integers(N_ITEMS))
            row.append(item)
        rows.append(row)
    return Histories.from_lists(rows, n_items=N_ITEMS)


def features(n_items: int = N_ITEMS) -> Features:
    return Features.from_attributes([[f"group={item % 4}", f"brand={item % 7}"] for item in range(n_items)])


@pytest.fixture(scope="module")
def blend() -> Blend:
    whole = walks()
    holdout = Holdout(whole.without_last(), whole.items[whole.offsets[1:] - 1])
    return Blend(CHEAP).fit(whole.without_last(), features(), rng=np.random.default_rng(0), holdout=holdout)


def planted(questions: int = 600, seed: int = 0) -> FloatArray:
    """Features [Q, C, 3] where the answer, candidate 0, is drawn by softmax(2 * first feature)."""
    rng = np.random.default_rng(seed)
    made = rng.normal(size=(questions, 12, 3)).astype(np.float32)
    scores = 2.0 * made[:, :, 0] + rng.gumbel(size=(questions, 12))
    for row, best in enumerate(scores.argmax(axis=1)):
        made[row, [0, best]] = made[row, [best, 0]]
    return made


def test_weights_recover_a_planted_member() -> None:
    made = planted(4000)
    weights = fit_choice(made, np.zeros(4000, dtype=np.int32), prior_F=np.zeros(3, dtype=np.float32), pull=1.0)
    np.testing.assert_allclose(weights, [2.0, 0.0, 0.0], atol=0.15)


def test_padding_is_no_candidate() -> None:
    made = planted(500)
    padded = np.concatenate([made, np.full((500, 5, 3), np.nan, dtype=np.float32)], axis=1)
    answers, prior = np.zeros(500, dtype=np.int32), np.zeros(3, dtype=np.float32)
    plain = fit_choice(made, answers, prior_F=prior, pull=1.0)
    np.testing.assert_allclose(fit_choice(padded, answers, prior_F=prior, pull=1.0), plain, atol=1e-3)


def test_few_questions_stay_near_the_prior() -> None:
    prior = np.array([0.5, 0.2, 0.1], dtype=np.float32)
    none = fit_choice(planted()[:0], np.zeros(0, dtype=np.int32), prior_F=prior, pull=10.0)
    few = fit_choice(planted()[:5], np.zeros(5, dtype=np.int32), prior_F=prior, pull=1000.0)
    np.testing.assert_allclose(none, prior)
    np.testing.assert_allclose(few, prior, atol=0.02)


def test_shares_add_up_to_the_weighted_features() -> None:
    rng = np.random.default_rng(0)
    levels = rng.gamma(1.0, size=(3, 4, 10)).astype(np.float32)
    flat = levels.reshape(3, -1).T
    knots = find_knots(flat)
    weights = rng.normal(size=feature_count(3)).astype(np.float32)
    whole = shares(levels, knots, weights).sum(axis=0)
    np.testing.assert_allclose(whole.ravel(), expand(flat, knots) @ weights, rtol=1e-4, atol=1e-4)


def test_an_item_nobody_speaks_of_scores_nothing() -> None:
    weights = np.ones(feature_count(2), dtype=np.float32)
    silent = np.zeros((2, 1, 5), dtype=np.float32)
    assert not shares(silent, np.full((2, len(KNOTS)), 0.5, dtype=np.float32), weights).any()


def test_only_questions_with_a_found_answer_teach() -> None:
    levels = np.zeros((1, 3, 30), dtype=np.float32)
    levels[0, :, :5] = [9, 8, 7, 6, 5]
    inputs = Histories.from_lists([[7], [7], [2]], n_items=30)
    rng = np.random.default_rng(0)
    made, rows = questions(levels, inputs, np.array([1, 20, 2], dtype=np.int32), best=4, shown=6, rng=rng)
    assert made.shape == (1, 7, 1) and made[0, 0, 0] == 8 and rows.tolist() == [0]


def test_the_member_that_knows_is_heard(blend: Blend) -> None:
    asked = Histories.from_lists([[item] for item in range(N_ITEMS)], n_items=N_ITEMS)
    assert np.mean(rank(blend, asked, count=1).items[:, 0] == (np.arange(N_ITEMS) + 1) % N_ITEMS) > 0.9


def test_nobody_gets_an_empty_list(blend: Blend) -> None:
    asked = Histories.from_lists([[], [3]], n_items=N_ITEMS)
    found = rank(blend, asked, count=20).items
    assert (found >= 0).all()
    popular = rank(blend.members_["popular"], asked, count=20).items
    assert found[0].tolist() == popular[0].tolist()


def test_shares_of_members_add_up_to_the_score(blend: Blend) -> None:
    asked = walks(20, seed=3)
    found = rank(blend, asked, count=5)
    shares_BMI = blend.shares(asked)
    assert shares_BMI.shape == (20, len(blend.members_), N_ITEMS)
    listed = np.take_along_axis(shares_BMI.sum(axis=1), found.items.astype(np.int64), axis=1)
    np.testing.assert_allclose(listed, found.scores, rtol=1e-4, atol=1e-4)


def test_without_a_holdout_it_puts_events_aside() -> None:
    whole = walks()
    blend = Blend(CHEAP).fit(whole, features(), rng=np.random.default_rng(0))
    nothing = Blend(CHEAP).fit(whole.last(1), features(), rng=np.random.default_rng(0))
    np.testing.assert_array_equal(nothing.weights_[4:], 0.0)
    assert (blend.weights_[4:] != 0).any()
    asked = Histories.from_lists([[item] for item in range(N_ITEMS)], n_items=N_ITEMS)
    assert np.mean(rank(blend, asked, count=1).items[:, 0] == (np.arange(N_ITEMS) + 1) % N_ITEMS) > 0.9


def test_new_products_join_through_the_members_that_can(tmp_path: Path) -> None:
    whole = walks(120)
    blend = Blend(CHEAP).fit(whole, features(), rng=np.random.default_rng(0))
    assert isinstance(blend, Extends)
    blend.extend(features(N_ITEMS + 2))
    asked = Histories.from_lists([[N_ITEMS - 28, N_ITEMS - 28 + 28]], n_items=N_ITEMS + 2)
    scores = blend.score(asked)
    assert scores.shape == (1, N_ITEMS + 2) and np.isfinite(scores).all()
    blend.save(tmp_path)
    np.testing.assert_allclose(Blend.load(tmp_path).score(asked), scores, rtol=1e-5)


def test_a_label_may_name_its_model() -> None:
    config = BlendConfig(members={"popular": {}, "near": {"model": "transitions", "lags": 1}})
    blend = Blend(config).fit(walks(60), features(), rng=np.random.default_rng(0))
    assert blend.members_["near"].config.lags == 1 and blend.members_["near"].name == "transitions"


def test_a_member_that_does_not_suit_the_catalogue_is_left_out(tmp_path: Path) -> None:
    members: dict[str, dict[str, Any]] = {"affinity": {"most_steps": 3}, "transitions": {}, "popular": {}}
    bare = Features.from_attributes([[str(item % 4)] for item in range(N_ITEMS)])
    for known, labels in ((bare, ["transitions", "popular"]), (features(), list(members))):
        blend = Blend(BlendConfig(members=members)).fit(walks(), known, rng=np.random.default_rng(0))
        assert list(blend.members_) == labels
        folder = tmp_path / str(len(labels))
        folder.mkdir()
        blend.save(folder)
        loaded = Blend.load(folder)
        assert list(loaded.members_) == labels and loaded.config == blend.config
        asked = walks(5, seed=1)
        np.testing.assert_array_equal(loaded.score(asked), blend.score(asked))


def test_a_model_of_the_version_before_loads(blend: Blend, tmp_path: Path) -> None:
    blend.save(tmp_path)
    with np.load(tmp_path / "arrays.npz") as file:
        named = {"floors" if name == "silences" else name: file[name] for name in file.files}
    assert "floors" in named
    np.savez(tmp_path / "arrays.npz", **named)
    asked = walks(5, seed=1)
    np.testing.assert_array_equal(Blend.load(tmp_path).score(asked), blend.score(asked))
