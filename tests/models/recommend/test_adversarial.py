"""Both games: the critic learns to tell, the generator learns from it, and switches mean what they say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from tests.models.recommend.walkers import N_ITEMS, walkers
from torch.nn import functional

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.errors import RequestInvalid
from bottega.models.recommend.adversarial import Adversarial, AdversarialConfig
from bottega.models.recommend.adversarial_game import CfganGame, IrganGame, Questions
from bottega.models.recommend.adversarial_networks import Condition, Generator, PairCritic, VectorCritic
from bottega.models.recommend.base import rank

SMALL = AdversarialConfig(
    width=32, critic_width=16, epochs=8, batch_events=128, learning_rate=1e-2, dropout=0.2, masked=8, draws=8
)


NOTHING = Features.empty(N_ITEMS)
ASKED = Histories.from_lists([[(item - 1) % N_ITEMS, item] for item in range(N_ITEMS)], n_items=N_ITEMS)


def share_right(config: AdversarialConfig) -> float:
    model = Adversarial(config).fit(walkers(200), NOTHING, rng=np.random.default_rng(1))
    return float(np.mean(rank(model, ASKED, count=1).items[:, 0] == (np.arange(N_ITEMS) + 1) % N_ITEMS))


@pytest.mark.parametrize("change", [{"adversary": False}, {"variant": "cfgan"}, {"variant": "irgan"}], ids=str)
def test_it_learns_which_item_comes_next(change: dict[str, object]) -> None:
    assert share_right(replace(SMALL, **change)) > 0.9  # type: ignore[arg-type]


@pytest.mark.parametrize("variant", ["cfgan", "irgan"])
def test_the_game_alone_teaches_more_than_chance(variant: str) -> None:
    # A generator sharper than this draws the same few items from the first step on, and hears of no others.
    alone = replace(SMALL, variant=variant, likelihood=False, epochs=20, critic_rate=1e-2, temperature=0.3)  # type: ignore[arg-type]
    assert share_right(alone) > 6 / N_ITEMS


def test_the_adversary_changes_what_is_learnt() -> None:
    scores = [
        Adversarial(replace(SMALL, epochs=1, adversary=on)).fit(walkers(200), NOTHING, rng=np.random.default_rng(1))
        for on in (True, False)
    ]
    assert not np.allclose(scores[0].score(ASKED), scores[1].score(ASKED))


def questions(count: int = 64) -> Questions:
    """What follows an item is the next one."""
    items = torch.arange(count) % N_ITEMS
    return Questions(items[:, None], torch.ones(count, 1), (items + 1) % N_ITEMS)


def small_generator() -> tuple[Generator, torch.Tensor]:
    torch.manual_seed(0)
    return Generator(width=8, longest=4, dropout=0.0, temperature=0.1), functional.normalize(
        torch.randn(N_ITEMS, 8), dim=1
    )


def test_a_critic_of_vectors_learns_to_tell_the_real_one() -> None:
    generator, directions = small_generator()
    critic = VectorCritic(N_ITEMS, width=16, longest=4)
    game = CfganGame(generator, critic, masked=8, zero_weight=0.0, learning_rate=1e-2)
    asked = questions()
    queries = generator(directions[asked.items], asked.counts)
    for _ in range(60):
        game.loss(asked, queries.detach(), directions)
    with torch.no_grad():
        real = critic(asked.items, asked.counts, critic.vectors(asked.targets))
        other = critic(asked.items, asked.counts, critic.vectors((asked.targets + 5) % N_ITEMS))
    assert (real > other).float().mean() > 0.9


def test_zero_reconstruction_pulls_what_was_not_bought_to_zero() -> None:
    generator, directions = small_generator()
    asked = questions()
    queries = generator(directions[asked.items], asked.counts).detach().requires_grad_()
    losses = []
    for weight in (0.0, 1.0):
        torch.manual_seed(3)
        game = CfganGame(
            generator, VectorCritic(N_ITEMS, width=16, longest=4), masked=8, zero_weight=weight, learning_rate=1e-3
        )
        losses.append(game.loss(asked, queries, directions))
    reconstruction = losses[1] - losses[0]
    (gradient,) = torch.autograd.grad(reconstruction, queries)
    stepped = (queries - 0.5 * gradient).detach()
    before, after = (generator.values(each @ directions.t()).sum() for each in (queries, stepped))
    assert reconstruction > 0 and after < before


def test_a_step_of_policy_gradient_makes_the_critics_favourite_likelier() -> None:
    generator, directions = small_generator()
    critic = PairCritic(N_ITEMS, width=16, longest=4)
    with torch.no_grad():
        critic.vectors.weight.zero_()
        critic.biases.weight.fill_(-3.0)
        critic.biases.weight[7] = 3.0
    game = IrganGame(critic, draws=64, pool=1000, learning_rate=0.0)
    asked = questions()
    # Queries this short leave a softmax that draws every item.
    queries = (0.1 * generator(directions[asked.items], asked.counts)).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(game.loss(asked, queries, directions), queries)
    before, after = (
        functional.log_softmax(each @ directions.t(), dim=1)[:, 7].mean() for each in (queries, queries - 20 * gradient)
    )
    assert after > before


def test_a_condition_weighs_recent_events_more_and_ignores_places_without_one() -> None:
    condition = Condition(4)
    vectors = torch.eye(4)[None]
    summaries = condition(vectors, torch.tensor([[1.0, 1.0, 0.0, 0.0]]))[0]
    assert (summaries[:, 0] > summaries[:, 1]).all() and (summaries[:, 2:] == 0).all()
    assert torch.allclose(condition(vectors[:, :2], torch.ones(1, 2))[0], summaries)


def test_the_best_epoch_on_the_holdout_is_kept() -> None:
    histories = walkers(200)
    known = histories.without_last(1)
    holdout = Holdout(known, histories.items[histories.offsets[1:] - 1])
    model = Adversarial(replace(SMALL, judged_shoppers=50)).fit(
        known, NOTHING, rng=np.random.default_rng(0), holdout=holdout
    )
    assert len(model.report_.marks) >= 1
    first = SMALL.epochs // 2 + 1
    assert model.report_.best_epoch == first + int(np.argmax(model.report_.marks))


def test_settings_that_make_no_sense_are_refused() -> None:
    for config, words in (
        (replace(SMALL, variant="wgan"), r"no variant 'wgan'.*cfgan, irgan"),  # type: ignore[arg-type]
        (replace(SMALL, adversary=False, likelihood=False), r"neither an adversary nor a likelihood"),
    ):
        with pytest.raises(RequestInvalid, match=words):
            Adversarial(config).fit(walkers(8), NOTHING, rng=np.random.default_rng(0))
