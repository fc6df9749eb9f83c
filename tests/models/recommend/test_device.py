"""Every recommender that learns takes all it needs to the card it is given, learns there as here, and comes back."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.errors import DeviceMissing
from bottega.models.blocks.device import device_of
from bottega.models.recommend.adversarial import Adversarial
from bottega.models.recommend.registry import RECOMMENDERS, recommender_class
from bottega.models.recommend.sequence.inputs import Events, padded
from bottega.models.recommend.sequence.losses import sampled_loss

N_ITEMS = 40
CARD = torch.device("meta")
"""What the pretended card of conftest.py says it is."""
LEARNERS: dict[str, tuple[str, dict[str, Any]]] = {
    "next_item": ("next_item", {"gaps": True}),
    "hstu": ("next_item", {"block": "hstu"}),
    "recurrent": ("recurrent", {}),
    "variational": ("variational", {}),
    "composite": ("variational", {"prior": "composite"}),
    "reconstruct": ("variational", {"target": "reconstruct", "event_dropout": 0.5}),
    "semantic_ids": ("semantic_ids", {}),
    "rqvae": ("semantic_ids", {"quantiser": "rqvae"}),
    "irgan": ("adversarial", {}),
    "cfgan": ("adversarial", {"variant": "cfgan"}),
    "affinity": ("affinity", {}),
}


def shop() -> tuple[Histories, Features, Holdout]:
    rng = np.random.default_rng(1)
    lists = [rng.integers(0, N_ITEMS, rng.integers(3, 12)).tolist() for _ in range(60)]
    histories = Histories.from_lists(lists, n_items=N_ITEMS)
    vectors = rng.standard_normal((N_ITEMS, 6)).astype(np.float32)
    features = Features.from_attributes([[f"type={i % 5}", f"color={i % 3}"] for i in range(N_ITEMS)])
    return (
        histories,
        replace(features, vectors=vectors),
        Holdout(histories.take(slice(0, 20)), np.arange(20, dtype=np.int32)),
    )


def fitted(name: str, changes: dict[str, Any], device: str) -> Any:
    histories, features, holdout = shop()
    made = recommender_class(name)()
    model = type(made)(replace(made.config, epochs=2, **changes))
    return model.fit(histories, features, rng=np.random.default_rng(3), holdout=holdout, device=device)


def learnt(model: Any) -> dict[str, torch.Tensor]:
    network = getattr(model, "network_", None) or model.generator_
    assert isinstance(network, nn.Module)
    return dict(network.state_dict())


DECOMPOSED = {"recurrent", "affinity"}
"""The processor has a kernel of its own for recurrent cells, which adds up in another order."""


@pytest.mark.parametrize("label", LEARNERS)
def test_a_card_learns_what_the_processor_learns(label: str, card: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, changes = LEARNERS[label]
    plain = getattr(Adversarial.score, "__wrapped__")  # noqa: B009 - a view in inference mode cannot be pretended
    monkeypatch.setattr(Adversarial, "score", torch.no_grad()(plain))
    near = {"rtol": 1e-3, "atol": 1e-4} if label in DECOMPOSED else {"rtol": 0, "atol": 0}
    there, here = fitted(name, changes, card), fitted(name, changes, "cpu")
    for key, value in learnt(here).items():
        assert type(learnt(there)[key]) is torch.Tensor, f"{key} stayed on the card"
        torch.testing.assert_close(learnt(there)[key], value, msg=key, **near)
    histories = shop()[0]
    np.testing.assert_allclose(there.score(histories), here.score(histories), **near)


@pytest.mark.parametrize("bpr_max", [False, True])
def test_a_sample_of_the_catalogue_is_drawn_here_and_scored_there(bpr_max: bool, card: str) -> None:
    """By the loss alone: sparse gradients cannot be pretended."""
    model = fitted("next_item", {}, "cpu")
    heard = shop()[0]
    spans = np.stack([heard.offsets[:-1], heard.offsets[1:]], axis=1)[:8]
    losses = []
    for device in (CARD, torch.device("cpu")):
        network, events = model.network_.to(device), Events.of(heard).to(device)
        loss = sampled_loss(
            network, padded(events, spans), n_items=N_ITEMS, draws=16, rng=np.random.default_rng(0), bpr_max=bpr_max
        )
        losses.append(loss.detach().cpu())
    torch.testing.assert_close(*losses, rtol=0, atol=0)


def test_a_blend_hands_its_device_to_every_member(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, str] = {}
    for name in ("popular", "transitions", "affinity"):
        made = recommender_class(name)

        def fit(self: Any, *args: Any, device: str, _of: Any = made.fit, **rest: Any) -> Any:
            given[self.name] = device
            return _of(self, *args, **rest)

        monkeypatch.setattr(made, "fit", fit)
    histories, features, _ = shop()
    blend = recommender_class("blend")
    members: dict[str, dict[str, Any]] = {"popular": {}, "transitions": {}, "affinity": {}}
    config = replace(blend().config, members=members)
    blend(config).fit(histories, features, rng=np.random.default_rng(0), device="cpu")
    assert given == dict.fromkeys(members, "cpu")


@pytest.mark.parametrize("name", RECOMMENDERS)
@pytest.mark.skipif(torch.cuda.is_available(), reason="here is a card")
def test_who_learns_refuses_a_card_that_is_not_there(name: str) -> None:
    histories, features, _ = shop()
    model = recommender_class(name)()
    learns = name in {learner for learner, _ in LEARNERS.values()} | {"blend"}
    refused = pytest.raises(DeviceMissing, match="cuda is asked for") if learns else nullcontext()
    with refused:
        model.fit(histories, features, rng=np.random.default_rng(0), device="cuda")


@pytest.mark.parametrize("name", ["gpu", "cuda:", "cuda:x", "cpu:1", ""])
def test_a_device_that_no_machine_has_is_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(DeviceMissing, match=r"auto, cpu, cuda"):
        device_of(name)


def test_auto_takes_a_card_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert device_of("cpu") == torch.device("cpu")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert device_of() == torch.device("cpu")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    assert device_of() == torch.device("cuda") and device_of("cuda:0") == torch.device("cuda:0")
    with pytest.raises(DeviceMissing, match="finds 1 CUDA card"):
        device_of("cuda:1")
