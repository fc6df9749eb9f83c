"""Generators of product pictures on maps whose truth is known: each draws what is asked for, and the same again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from bottega.datasets.photos.asked import AskedNames, AskedPictures
from bottega.models.blocks.checkpoint import Checkpoint
from bottega.models.blocks.course import Course
from bottega.models.blocks.game import GameSchedule, play, slopes, which_is_real
from bottega.models.studio.products.autoencoder import (
    Autoencoder,
    AutoencoderShape,
    AutoencoderTraining,
    fit_autoencoder,
)
from bottega.models.studio.products.flow import FlowTraining, MapFlow, draw_by_flow, fit_flow
from bottega.models.studio.products.gan import GanTraining, MapGenerator, MapShape, fit_gan
from bottega.models.studio.products.generator import GeneratorConfig, ProductGenerator
from bottega.models.studio.products.vae import VaeTraining, fit_vae
from bottega.names import FloatArray

NAMES = AskedNames(("Balls", "Boxes"), ("", "Men", "Women"), ("", "Casual"))
SHAPE = MapShape(channels=4, noise=8, request=16, width=16, blocks=1)
SMALL = AutoencoderShape((8, 8, 16, 16), 4)


def requests(count: int, *, seed: int = 0) -> AskedPictures:
    rng = np.random.default_rng(seed)
    lab = rng.uniform((20, -40, -40), (90, 40, 40), (count, 3)).astype(np.float32)
    kind, gender, usage, worn = (rng.integers(0, n, count) for n in (2, 3, 2, 2))
    return AskedPictures(kind, gender, usage, lab, worn)


def maps_of(asked: AskedPictures, *, seed: int = 1) -> FloatArray:
    """Bright on the left for the one type and above for the other; a channel is as light as the colour asked for."""
    rng = np.random.default_rng(seed)
    maps = 0.2 * rng.normal(0, 1, (len(asked), 4, 8, 8)).astype(np.float32)
    side = np.where(np.arange(8) < 4, 1.0, -1.0)
    left, above = np.broadcast_to(side[None], (8, 8)), np.broadcast_to(side[:, None], (8, 8))
    maps[:, 0] += np.where((asked.type == 0)[:, None, None], left, above)
    maps[:, 1] += ((asked.lab[:, 0] - 55) / 25)[:, None, None]
    return maps


def as_asked(maps: FloatArray, asked: AskedPictures) -> tuple[float, float]:
    """Share of the maps of the type asked for, and the correlation of lightness with what was asked for."""
    leftness = maps[:, 0, :, :4].mean((1, 2)) - maps[:, 0, :, 4:].mean((1, 2))
    aboveness = maps[:, 0, :4].mean((1, 2)) - maps[:, 0, 4:].mean((1, 2))
    right = (leftness > aboveness) == (asked.type == 0)
    return float(right.mean()), float(np.corrcoef(maps[:, 1].mean((1, 2)), asked.lab[:, 0])[0, 1])


def by_gan(maps: FloatArray, asked: AskedPictures) -> MapGenerator:
    schedule = GameSchedule((2e-3, 5e-4), warmup_steps=10, average=0.95)
    config = GanTraining(batch_size=48, steps=240, fade=(0.02, 0.1), moved=0, covered=0, schedule=schedule)
    return fit_gan(maps, asked, NAMES.sizes, rng=np.random.default_rng(0), shape=SHAPE, config=config, device="cpu")


def by_vae(maps: FloatArray, asked: AskedPictures) -> MapGenerator:
    config = VaeTraining(beta=1.0, batch_size=64, steps=350, learning_rate=5e-3, average=0.9)
    return fit_vae(maps, asked, NAMES.sizes, rng=np.random.default_rng(0), shape=SHAPE, config=config, device="cpu")


def by_flow(maps: FloatArray, asked: AskedPictures) -> MapFlow:
    config = FlowTraining(batch_size=48, steps=180, learning_rate=5e-3, average=0.95)
    return fit_flow(maps, asked, NAMES.sizes, rng=np.random.default_rng(0), shape=SHAPE, config=config, device="cpu")


@pytest.mark.parametrize("fit", [by_gan, by_vae, by_flow])
def test_a_generator_draws_what_is_asked_for(
    fit: Callable[[FloatArray, AskedPictures], MapGenerator | MapFlow],
) -> None:
    asked = requests(600)
    network = fit(maps_of(asked), asked)
    others = requests(120, seed=7)
    codes = _codes(others)
    rng = torch.Generator().manual_seed(0)
    with torch.inference_mode():
        if isinstance(network, MapFlow):
            drawn = draw_by_flow(network, codes, torch.randn(120, 4, 8, 8, generator=rng), steps=4)
        else:
            drawn = network(torch.randn(120, 8, generator=rng), codes)
    right, alike = as_asked(drawn.numpy(), others)
    assert right > 0.9 and alike > 0.7


def _codes(asked: AskedPictures) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    found = [torch.from_numpy(getattr(asked, name)) for name in ("type", "gender", "usage", "worn", "lab")]
    return found[0], found[1], found[2], found[3], found[4]


def test_a_game_that_was_stopped_ends_as_one_that_was_not(tmp_path: Path) -> None:
    def run(stop_after: int | None, kept: Path | None) -> Tensor:
        torch.manual_seed(0)
        rng = np.random.default_rng(0)
        maker, critic = nn.Linear(2, 2), nn.Sequential(nn.Linear(2, 8), nn.LeakyReLU(0.2), nn.Linear(8, 1))
        course = Course(40)
        checkpoint = None if kept is None else Checkpoint(kept, rng=rng, every_s=0)

        def draw() -> Tensor:
            if stop_after is not None and course.step == stop_after:
                raise KeyboardInterrupt
            return torch.from_numpy(rng.normal(2, 1, (16, 2)).astype(np.float32))

        def critic_loss(real: Tensor, _: float, weight: float) -> Tensor:
            made = maker(torch.randn(16, 2)).detach().requires_grad_(True)
            real = real.requires_grad_(True)
            says, said = critic(real), critic(made)
            lost = which_is_real(says, said)
            return lost + weight * slopes(says + said, real, made) if weight else lost

        def maker_loss(real: Tensor, _: float) -> Tensor:
            return which_is_real(critic(maker(torch.randn(16, 2))), critic(real).detach())

        schedule = GameSchedule(warmup_steps=5, average=0.9)
        play(maker, critic, draw, critic_loss, maker_loss, course=course, schedule=schedule, checkpoint=checkpoint)
        return maker.weight.detach()

    whole = run(None, None)
    with pytest.raises(KeyboardInterrupt):
        run(23, tmp_path / "kept.pt")
    torch.testing.assert_close(run(None, tmp_path / "kept.pt"), whole)


def pictures(count: int, *, seed: int = 3) -> np.ndarray:
    """Blocks of a colour on white."""
    rng = np.random.default_rng(seed)
    photos = np.full((count, 64, 64, 3), 250, np.uint8)
    for photo in photos:
        top, left = rng.integers(8, 24, 2)
        photo[top : top + 28, left : left + 28] = rng.integers(30, 220, 3)
    return photos


def test_an_autoencoder_draws_again_what_it_saw() -> None:
    config = AutoencoderTraining(
        batch_size=8,
        steps=90,
        critic_from=0.8,
        schedule=GameSchedule((6e-3, 1e-3), (0.5, 0.99), warmup_steps=10, average=0.8),
    )
    found = fit_autoencoder(pictures(200), rng=np.random.default_rng(0), shape=SMALL, config=config, device="cpu")
    others = pictures(40, seed=9)
    maps = found.maps_of(others)
    assert maps.shape == (40, 4, 8, 8) and 0.5 < maps.std() < 2
    again = found.pictures_of(torch.from_numpy(maps)).astype(float)
    mean = np.broadcast_to(others.mean(0), others.shape)
    assert np.abs(again - others).mean() < 0.8 * np.abs(mean - others).mean()


@pytest.mark.parametrize("kind", ["gan", "flow"])
def test_the_same_request_and_seed_give_the_same_picture(kind: str, tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = MapFlow(SHAPE, NAMES.sizes) if kind == "flow" else MapGenerator(SHAPE, NAMES.sizes)
    generator = ProductGenerator(GeneratorConfig(kind, NAMES, "v", SHAPE, SMALL), network, Autoencoder(SMALL))
    asked, seeds = requests(5), np.array([1, 2, 3, 2, 5])
    drawn = generator.draw(asked, seeds=seeds)
    assert drawn.shape == (5, 64, 64, 3) and drawn.dtype == np.uint8
    alone = generator.draw(asked.take(np.array([3])), seeds=np.array([2]))
    assert np.abs(alone[0].astype(int) - drawn[3]).max() <= 1
    assert (drawn[0] != generator.draw(asked.take(np.array([0])), seeds=np.array([9]))[0]).any()
    generator.save(tmp_path)
    again = ProductGenerator.load(tmp_path)
    assert again.names == NAMES and again.config == generator.config
    assert np.abs(again.draw(asked, seeds=seeds).astype(int) - drawn).mean() < 2
    assert generator.draw(requests(0), seeds=np.zeros(0, np.int64)).shape == (0, 64, 64, 3)
