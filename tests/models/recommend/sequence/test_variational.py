"""The variational recommender learns what comes next or what was there, draws tastes, and weighs whole histories."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tests.models.recommend.walkers import N_ITEMS, walkers

from bottega.datasets.arrays import Features, Histories
from bottega.errors import SettingsInvalid
from bottega.models.recommend.base import rank
from bottega.models.recommend.sequence.variational import Variational, VariationalConfig
from bottega.models.recommend.sequence.variational_prior import divergence

SMALL = VariationalConfig(
    width=32, hidden=64, epochs=12, batch_tokens=256, learning_rate=1e-2, embedding_dropout=0.2, beta=0.003
)
REBUILDS = replace(SMALL, target="reconstruct", event_dropout=0.5)


def circles(shoppers: int = 240, seed: int = 0) -> Histories:
    """Everyone likes one third of the catalogue and takes five of its items in any order."""
    rng = np.random.default_rng(seed)
    rows = [(rng.choice(8, size=5, replace=False) + 8 * (shopper % 3)).tolist() for shopper in range(shoppers)]
    return Histories.from_lists(rows, n_items=N_ITEMS)


def shades(n_items: int = N_ITEMS) -> Features:
    return Features.from_attributes([[f"shade={item % N_ITEMS}"] for item in range(n_items)])


def learnt(config: VariationalConfig, histories: Histories) -> Variational:
    return Variational(config).fit(histories, shades(), rng=np.random.default_rng(1))


def asked(*rows: list[int], n_items: int = N_ITEMS) -> Histories:
    return Histories.from_lists(rows, n_items=n_items)


@pytest.fixture(scope="module")
def walker() -> Variational:
    return learnt(SMALL, walkers())


@pytest.fixture(scope="module")
def rebuilder() -> Variational:
    return learnt(REBUILDS, circles())


@pytest.mark.parametrize("change", [{}, {"beta": 0.0}, {"prior": "composite", "beta": 0.001}], ids=str)
def test_it_learns_which_item_comes_next(change: dict[str, Any]) -> None:
    model = learnt(replace(SMALL, **change), walkers())
    questions = asked(*([(item - 1) % N_ITEMS, item] for item in range(N_ITEMS)))
    first = rank(model, questions, count=1).items[:, 0]
    assert np.mean(first == (np.arange(N_ITEMS) + 1) % N_ITEMS) > 0.9


def test_a_sampled_catalogue_teaches_it_too() -> None:
    model = learnt(replace(SMALL, full_softmax_items=10, sampled_items=12, width=64), walkers())
    questions = asked(*([(item - 1) % N_ITEMS, item] for item in range(N_ITEMS)))
    first = rank(model, questions, count=1).items[:, 0]
    assert np.mean(first == (np.arange(N_ITEMS) + 1) % N_ITEMS) > 0.9


@pytest.mark.parametrize("change", [{}, {"beta": 0.0}, {"prior": "composite", "beta": 0.001}], ids=str)
def test_reconstructing_finds_what_belongs_together(change: dict[str, Any]) -> None:
    model = learnt(replace(REBUILDS, **change), circles())
    best = rank(model, asked([0, 3, 5], [9, 12], [20, 17, 23]), count=5).items
    assert [set((row // 8).tolist()) for row in best] == [{0}, {1}, {2}]


def test_a_stronger_penalty_brings_tastes_nearer_to_the_prior(walker: Variational) -> None:
    strict = learnt(replace(SMALL, beta=1.0, anneal=0.0), walkers())
    near, far = (
        divergence(*model.posterior(asked([0, 1], [7, 8, 9], [20]))[:2]).mean().item() for model in (strict, walker)
    )
    assert near < 0.5 * far


def test_those_without_a_known_event_have_no_posterior(walker: Variational) -> None:
    means, log_variances, rows = walker.posterior(asked([0, 1], [], [7, 8, 9], [N_ITEMS]))
    assert rows.tolist() == [0, 2] and means.shape == log_variances.shape == (2, 32)


def test_draws_differ_agree_with_the_mean_and_repeat_with_their_seed(walker: Variational) -> None:
    questions = asked([3, 4, 5], [], [N_ITEMS + 5])
    drawn = walker.sample(questions, np.random.default_rng(0), 200)
    assert drawn.shape == (200, 3, N_ITEMS) and drawn.dtype == np.float32
    assert np.isneginf(drawn[:, 1:]).all() and np.isfinite(drawn[:, 0]).all()
    assert len({tuple(np.argsort(-scores)[:5]) for scores in drawn[:, 0]}) > 5
    assert drawn[:, 0].mean(axis=0).argmax() == walker.score(questions)[0].argmax() == 6
    np.testing.assert_array_equal(walker.sample(questions, np.random.default_rng(0), 200), drawn)


def test_without_spread_a_draw_is_the_answer(walker: Variational, tmp_path: Path) -> None:
    walker.save(tmp_path)
    model = Variational.load(tmp_path)
    encoder: Any = model.network_.encoder
    torch.nn.init.zeros_(encoder.log_variance.weight)
    torch.nn.init.constant_(encoder.log_variance.bias, -60.0)
    questions = asked([3, 4, 5], [11])
    drawn = model.sample(questions, np.random.default_rng(0), 1)[0]
    np.testing.assert_allclose(drawn, model.score(questions), rtol=1e-4, atol=1e-4)


def test_a_likely_history_has_more_evidence_than_an_odd_one(rebuilder: Variational) -> None:
    found = rebuilder.log_evidence(asked([1, 4, 2, 6], [1, 12, 20, 6], [], [N_ITEMS]), np.random.default_rng(0))
    assert found.dtype == np.float32 and found[2] == found[3] == 0.0
    assert 4 * np.log(1 / N_ITEMS) < found[0] < 0.0
    assert found[1] < found[0] - 1.0


def test_evidence_of_all_pairs_sums_to_one(rebuilder: Variational) -> None:
    """f(H) is a distribution over histories of a length: over the ordered pairs it sums to 1."""
    pairs = asked(*([first, second] for first in range(N_ITEMS) for second in range(N_ITEMS) if first != second))
    same = asked(*([first] for first in range(N_ITEMS)))
    of_singles = np.exp(rebuilder.log_evidence(same, np.random.default_rng(0), samples=4000)).sum()
    assert of_singles == pytest.approx(1.0, abs=0.05)
    of_pairs = np.exp(rebuilder.log_evidence(pairs, np.random.default_rng(0), samples=1000)).sum()
    assert 0.8 < of_pairs < 1.0


def test_a_new_product_is_drawn_scored_and_weighed_by_its_attributes(tmp_path: Path) -> None:
    model = learnt(SMALL, walkers())
    model.extend(Features.from_attributes([[f"shade={item}"] for item in range(N_ITEMS)] + [["shade=6"], []]))
    questions = asked([4, 5], [N_ITEMS], n_items=N_ITEMS + 2)
    scores, drawn = model.score(questions), model.sample(questions, np.random.default_rng(0), 3)
    assert np.isfinite(scores[:, N_ITEMS]).all() and np.isneginf(scores[:, N_ITEMS + 1]).all()
    assert scores[0, N_ITEMS] > np.median(scores[0, :N_ITEMS])
    assert np.isfinite(drawn[:, :, N_ITEMS]).all() and np.isneginf(drawn[:, :, N_ITEMS + 1]).all()
    assert (model.log_evidence(questions, np.random.default_rng(0)) < 0).all()


@pytest.mark.parametrize("wrong", [{"target": "guess"}, {"prior": "uniform"}], ids=str)
def test_unknown_words_are_refused(wrong: dict[str, Any]) -> None:
    (field,) = wrong
    with pytest.raises(SettingsInvalid, match=rf"The {field} of variational is '{wrong[field]}'\. It is one of .*Use"):
        learnt(replace(SMALL, **wrong), walkers(10))
