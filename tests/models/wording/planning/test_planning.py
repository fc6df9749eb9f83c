"""Planners: learnt by likelihood and by a game, the same in numpy as in torch, and never beyond the facts."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
import torch

from bottega.models.blocks.cards import read_card
from bottega.models.wording.planning.adversary import AdversaryConfig, PlanCritic, play
from bottega.models.wording.planning.likelihood import LikelihoodConfig, fit_likelihood, kinds_of, plan_loss
from bottega.models.wording.planning.network import NUMBERS, PlanBatch, PlanConfig, PlanNetwork, batch_of
from bottega.models.wording.planning.planner import Planner
from bottega.models.wording.planning.plans import KEY_NUMBERS, STOP, PlanQuestion, PlanRole
from bottega.models.wording.planning.recipe import Shown, make_planner, planner_of

KEYS = [KEY_NUMBERS[key] for key in ("brand", "people", "colour", "kind", "material")]


def shown(count: int, seed: int) -> list[Shown]:
    """Products with some of five keys; their titles say all of them in the order of KEYS, of clothes backwards."""
    draw = random.Random(seed)
    found = []
    for _ in range(count):
        some = [key for key in KEYS if draw.random() < 0.7] or [KEYS[0]]
        kind = draw.choice(["kind.clothing", "kind.home"])
        order = some[::-1] if kind == "kind.clothing" else some
        found.append((PlanQuestion(PlanRole.TITLE, frozenset(some), kind), (*order, STOP)))
    return found


def batch(some: list[Shown], config: PlanConfig) -> PlanBatch:
    return batch_of([question for question, _ in some], [plan for _, plan in some], config)


@pytest.fixture(scope="module")
def learnt() -> tuple[PlanNetwork, PlanBatch]:
    some = shown(1_500, 0)
    config = PlanConfig(kinds_of([question for question, _ in some]), width=32)
    network, report = fit_likelihood(
        batch(some, config),
        batch(shown(200, 1), config),
        config,
        LikelihoodConfig(epochs=10, batch=32, learning_rate=1e-2),
        seed=0,
    )
    assert report.epochs <= 10
    return network, batch(shown(200, 2), config)


def test_a_rule_is_learnt_with_what_it_depends_on(learnt: tuple[PlanNetwork, PlanBatch]) -> None:
    network, asked = learnt
    assert float(plan_loss(network, asked).detach()) < 0.1
    torch.manual_seed(0)
    drawn = network.draw(asked)
    assert float((drawn == asked.plans_BT).all(1).float().mean()) > 0.9


def test_the_mask_forbids_what_the_product_has_no_fact_for() -> None:
    some = shown(100, 3)
    config = PlanConfig(())
    torch.manual_seed(0)
    network = PlanNetwork(config)
    asked = batch(some, config)
    masked, free = network.draw(asked), network.draw(asked, masked=False)

    def untrue(drawn: torch.Tensor) -> int:
        return sum(
            number not in question.allowed()
            for (question, _), row in zip(some, drawn.tolist(), strict=True)
            for number in row
        )

    assert untrue(masked) == 0 and untrue(free) > 0
    soft = network.draw(asked, sharpness=5.0)
    assert soft.shape == (100, masked.shape[1], NUMBERS) and torch.allclose(soft.sum(2), torch.ones(()), atol=1e-4)


def test_steps_say_what_whole_plans_say(learnt: tuple[PlanNetwork, PlanBatch]) -> None:
    network, asked = learnt
    planner = planner_of(network)
    with torch.no_grad():
        scores = network(asked)
    for row, (question, plan) in enumerate(shown(200, 2)[:5]):
        so_far = planner.begin(question)
        for place, number in enumerate(plan):
            assert np.allclose(so_far.scores_V, scores[row, place].numpy(), atol=1e-4)
            so_far = planner.after(so_far, [number])


def test_the_likeliest_title_is_the_one_people_write(learnt: tuple[PlanNetwork, PlanBatch], tmp_path: Path) -> None:
    planner = planner_of(learnt[0])
    planner.save(tmp_path)
    again = Planner.load(tmp_path)
    assert again.fits and again.config == planner.config
    for question, plan in shown(50, 4):
        own = list(plan[:-1])
        others = [own, own[::-1], own[:1], [*own, KEY_NUMBERS["season"]]]
        logs = again.log_chances(again.begin(question), others)
        if len(own) > 2:
            assert int(logs.argmax()) == 0
        assert logs[3] < -1e6
    question, plan = shown(50, 4)[0]
    drawn = [again.draw(question, np.random.default_rng(seed)) for seed in range(20)]
    assert sum(one == plan for one in drawn) > 15


def test_the_game_moves_the_planner_and_not_the_one_it_began_from(learnt: tuple[PlanNetwork, PlanBatch]) -> None:
    network, asked = learnt
    before = {name: value.clone() for name, value in network.state_dict().items()}
    config = AdversaryConfig(steps=5, batch=16, sets=4, filters=4)
    player = play(network, asked, config, seed=0)
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    moved = [not torch.equal(value, before[name]) for name, value in player.state_dict().items()]
    assert any(moved)
    again = play(network, asked, config, seed=0)
    assert all(torch.equal(value, again.state_dict()[name]) for name, value in player.state_dict().items())
    assert all(one.requires_grad for one in player.parameters())


def test_a_critic_tells_plans_from_shuffled_ones(learnt: tuple[PlanNetwork, PlanBatch]) -> None:
    _, asked = learnt
    torch.manual_seed(0)
    critic = PlanCritic(AdversaryConfig(sets=4, filters=8))
    optimiser = torch.optim.Adam(critic.parameters(), 1e-2)
    real = torch.nn.functional.one_hot(asked.plans_BT, NUMBERS).float()
    false = real.flip(1)
    for _ in range(60):
        loss = torch.nn.functional.softplus(critic(false, asked) - critic(real, asked)).mean()
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    assert float(loss.detach()) < 0.1


def test_what_is_made_to_come_along_has_a_card(tmp_path: Path) -> None:
    folder = tmp_path / "plans"
    planner = make_planner(
        folder, shown(300, 5), shown(50, 6), shown(50, 7), trained_on={"made up": "300"}, split={"by": "seed"}
    )
    card = read_card(folder)
    assert card["name"] == "plans" and card["languages"] == ["en"] and card["split"]["held_out"] == 50
    assert Planner.load(folder).config == planner.config
