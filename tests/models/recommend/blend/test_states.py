"""Few and many events: what differs is learnt, what does not is left alone, and old files still load."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.models.recommend.blend.blend import Blend, BlendConfig
from bottega.models.recommend.blend.states import learn_states, state_of
from bottega.names import FloatArray, LongArray

N_ITEMS = 30


def planted(few: list[float], many: list[float], questions: int = 3000) -> tuple[FloatArray, FloatArray, LongArray]:
    """Levels [Q, C, 2], no shared score, and lengths; the answer is drawn by other weights for each state."""
    rng = np.random.default_rng(0)
    levels = rng.normal(size=(questions, 10, 2)).astype(np.float32)
    lengths = np.arange(questions, dtype=np.int64) % 10
    weights = np.array([few, many])[state_of(lengths, 4.5)]
    scores = np.einsum("qcm,qm->qc", levels, weights) + rng.gumbel(size=levels.shape[:2])
    for row, best in enumerate(scores.argmax(axis=1)):
        levels[row, [0, best]] = levels[row, [best, 0]]
    return levels, np.zeros(levels.shape[:2], dtype=np.float32), lengths


def test_each_state_finds_its_own_weights() -> None:
    bound, found = learn_states(*planted([2.0, 0.0], [0.0, 1.0]), pull=1.0, rng=np.random.default_rng(0))
    assert bound == 4.5
    np.testing.assert_allclose(found, [[2.0, 0.0], [0.0, 1.0]], atol=0.15)


def test_what_is_not_proven_is_not_kept() -> None:
    _, found = learn_states(*planted([0.0, 0.0], [0.0, 0.0]), pull=1.0, rng=np.random.default_rng(0))
    assert not found.any()
    levels, _, lengths = planted([1.0, 0.0], [1.0, 0.0])
    _, found = learn_states(levels, levels[:, :, 0].copy(), lengths, pull=1.0, rng=np.random.default_rng(0))
    assert not found.any()


def test_few_questions_move_little() -> None:
    levels, shared, lengths = planted([2.0, 0.0], [0.0, 2.0], questions=400)
    free = learn_states(levels, shared, lengths, pull=1.0, rng=np.random.default_rng(0))[1]
    held = learn_states(levels, shared, lengths, pull=500.0, rng=np.random.default_rng(0))[1]
    assert 0 < held[0, 0] < 0.6 * free[0, 0]


@pytest.fixture(scope="module")
def learnt() -> Blend:
    """Short histories walk on by one, long ones jump back to what is popular: so states differ."""
    rng = np.random.default_rng(0)
    rows = []
    for shopper in range(1200):
        item = int(rng.integers(5, N_ITEMS))
        long = shopper % 2
        row = [5 + (item + step) % (N_ITEMS - 5) for step in range(9 if long else 2)]
        following = int(rng.integers(5)) if long else 5 + (row[-1] - 4) % (N_ITEMS - 5)
        rows.append([*row, following])
    whole = Histories.from_lists(rows, n_items=N_ITEMS)
    holdout = Holdout(whole.without_last(), whole.items[whole.offsets[1:] - 1])
    config = BlendConfig(members={"transitions": {}, "popular": {}})
    features = Features.empty(N_ITEMS)
    return Blend(config).fit(whole, features, rng=np.random.default_rng(0), holdout=holdout)


def test_a_blend_hears_members_by_state_and_parts_still_add_up(learnt: Blend) -> None:
    assert learnt.state_weights_.any() and 2 <= learnt.state_bound_ < 9
    asked = Histories.from_lists([[], [7], list(range(10, 19))], n_items=N_ITEMS)
    parts = learnt.shares(asked)
    np.testing.assert_allclose(parts.sum(axis=1), learnt.score(asked), rtol=1e-5)
    levels = learnt._levels(asked)
    learnt_weights, learnt.state_weights_ = learnt.state_weights_, np.zeros_like(learnt.state_weights_)
    shared = learnt.shares(asked)
    learnt.state_weights_ = learnt_weights
    np.testing.assert_array_equal(parts[0], shared[0])
    for row, state in ((1, 0), (2, 1)):
        added = learnt_weights[state][:, None] * levels[:, row]
        np.testing.assert_allclose(parts[row] - shared[row], added, rtol=1e-3, atol=1e-3)


def test_states_can_be_switched_off(learnt: Blend) -> None:
    rows = [[5, 6, 7], [8, 9, 10]] * 40
    histories = Histories.from_lists(rows, n_items=N_ITEMS)
    config = replace(learnt.config, by_state=False)
    blend = Blend(config).fit(histories, Features.empty(N_ITEMS), rng=np.random.default_rng(0))
    assert not blend.state_weights_.any()


def test_models_with_and_without_states_load(learnt: Blend, tmp_path: Path) -> None:
    learnt.save(tmp_path)
    asked = Histories.from_lists([[7], list(range(10, 19))], n_items=N_ITEMS)
    loaded = Blend.load(tmp_path)
    np.testing.assert_array_equal(loaded.score(asked), learnt.score(asked))
    with np.load(tmp_path / "arrays.npz") as file:
        older = {name: file[name] for name in file.files if not name.startswith("state_")}
    np.savez(tmp_path / "arrays.npz", **older)
    header = json.loads((tmp_path / "model.json").read_text())
    del header["config"]["by_state"], header["config"]["state_pull"]
    (tmp_path / "model.json").write_text(json.dumps(header))
    old = Blend.load(tmp_path)
    assert not old.state_weights_.any() and old.score(asked).shape == (2, N_ITEMS)
