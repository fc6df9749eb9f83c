"""Training of the composer: photos degraded to what geometry draws, and a critic that knows photos.

Idea     Each step takes photos, what geometry would have left of each, and pictures that geometry did draw, where there
         are any. The network is held to the photos, by pixels, edges and by what another network of ours sees in both;
         a critic of patches at two sizes, which sees cloth and edges alone, wants both kinds of pictures to look like
         photos. Whatever may not change is the same on both sides by construction.
Source   Isola et al. 2017 (pix2pix), https://arxiv.org/abs/1611.07004; perceptual distance: Johnson et al. 2016,
         https://arxiv.org/abs/1603.08155; the game: models/blocks/game.py.
Differs  The features are those of a small network of this project, handed in: the studio knows no other room.
Shapes   N pictures, H, W height and width.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from bottega.datasets.photos.masks import LabelMap
from bottega.datasets.photos.reading import Photo
from bottega.models.blocks.checkpoint import Checkpoint
from bottega.models.blocks.course import Course
from bottega.models.blocks.device import CPU, autocast, device_of
from bottega.models.blocks.game import GameSchedule, play, slopes, which_is_real
from bottega.models.blocks.memory import keep_freed_memory
from bottega.models.studio.composer.as_geometry import as_geometry_leaves_it
from bottega.models.studio.composer.lessons import FramedPeople
from bottega.models.studio.composer.network import ComposerNetwork, ComposerShape
from bottega.models.studio.composer.unsure import FIRST_PIECE, changed, told_of, unsure
from bottega.models.studio.pixels import PatchCritic, differences
from bottega.names import FloatArray
from bottega.progress import Progress, silent

__all__ = ["ComposerTraining", "Features", "fit_composer"]

Features = Callable[[Tensor], Sequence[Tensor]]
"""Pictures [N, 3, H, W] in 0..1 to maps of another network; differentiable."""


@dataclass(frozen=True, slots=True)
class ComposerTraining:
    """How it learns."""

    batch_size: int = 4
    """Photos a step."""
    window: tuple[int, int] = (96, 128)
    """Width and height of what a step sees of each, at most."""
    drawn: int = 2
    """Pictures a step that geometry drew, where there are any."""
    steps: int = 60_000
    """Most steps; the clock ends it sooner."""
    pixels: float = 1.0
    """Weight of differences of pixels and edges."""
    features: float = 0.3
    """Weight of differences of features."""
    critic: float = 0.05
    """Weight of the critic's opinion."""
    quiet: float = 0.2
    """Weight of how much is changed in pictures that geometry drew, for which there is no photo."""
    schedule: GameSchedule = field(
        default_factory=lambda: GameSchedule(
            learning_rate=(1e-3, 1e-4), penalty=(0.3, 0.1), penalty_every=8, average=0.995
        )
    )


@dataclass(frozen=True, slots=True)
class _Batch:
    wanted: Tensor
    """Photos [N, 3, H, W]; of pictures that geometry drew, another photo's, which only the critic sees."""
    seen_wanted: Tensor
    """Where the critic sees them [N, 1, H, W]."""
    given: Tensor
    kinds: Tensor
    pieces: Tensor
    edge: Tensor
    paired: int
    """So many of them, the first ones, have a photo of their own."""


class _TwoSizes(nn.Module):
    """A critic of patches of a picture and of the same half as large [N, K]."""

    def __init__(self) -> None:
        super().__init__()
        self.near, self.far = PatchCritic(24, 4), PatchCritic(32, 4)

    def forward(self, seen: Tensor) -> Tensor:
        return torch.cat([self.near(seen).flatten(1), self.far(functional.avg_pool2d(seen, 2)).flatten(1)], 1)


def fit_composer(
    photos: FramedPeople,
    features: Features | None,
    *,
    drawn: FramedPeople | None = None,
    rng: np.random.Generator,
    shape: ComposerShape | None = None,
    config: ComposerTraining | None = None,
    device: str = "auto",
    course: Course | None = None,
    checkpoint: Checkpoint | None = None,
    progress: Progress = silent,
) -> ComposerNetwork:
    """Learn from photos of people in one frame, and of pictures of dressed figures in the same, where there are any."""
    shape, config = shape or ComposerShape(), config or ComposerTraining()
    torch.manual_seed(int(rng.integers(2**31)))
    keep_freed_memory()
    where = device_of(device)
    network, critic = ComposerNetwork(shape), _TwoSizes()
    for one in (network, critic):
        one.to(where, memory_format=torch.channels_last)  # type: ignore[call-overload]
    course = course or Course(config.steps)
    shown: list[Tensor] = []  # what the critic was shown in this step is what the network is taught by

    def made_of(batch: _Batch) -> Tensor:
        n, _, height, width = batch.given.shape
        noise = torch.randn(n, 1, height // 8, width // 8, device=where)
        noise = functional.interpolate(noise, size=(height, width), mode="bilinear", align_corners=False)
        with autocast(where):
            shade, colours = network(batch.given, batch.kinds, batch.edge, noise)
        return changed(batch.given, shade, colours, batch.pieces, batch.edge)

    def seen(pictures: Tensor, at: Tensor) -> Tensor:
        return torch.cat([(2 * pictures - 1) * at, at], 1)

    def critic_loss(batch: _Batch, _: float, weight: float) -> Tensor:
        shown[:] = [made_of(batch)]
        made, real = seen(shown[0].detach(), _seen(batch)), seen(batch.wanted, batch.seen_wanted)
        if weight:
            made, real = made.requires_grad_(True), real.requires_grad_(True)
            says, said = critic(real), critic(made)
            return which_is_real(says, said) + weight * 0.5 * slopes(says.mean(1) + said.mean(1), real, made)
        with autocast(where):
            return which_is_real(critic(real), critic(made))

    def maker_loss(batch: _Batch, share: float) -> Tensor:
        made = shown[0]
        paired, held = slice(None, batch.paired), slice(batch.paired, None)
        lost = config.pixels * differences(made[paired], batch.wanted[paired], 1.0)
        if config.critic:
            with torch.no_grad(), autocast(where):
                says = critic(seen(batch.wanted, batch.seen_wanted))
            with autocast(where):
                said = critic(seen(made, _seen(batch)))
            lost = lost + min(1.0, 10 * share) * config.critic * which_is_real(said, says)
        if features is not None and config.features:
            with autocast(where):
                ours = features(made[paired])
                with torch.no_grad():
                    theirs = features(batch.wanted[paired])
            apart = [functional.l1_loss(_unit(a), _unit(b)) for a, b in zip(ours, theirs, strict=True)]
            lost = lost + config.features * torch.stack(apart).mean()
        if batch.paired < len(made):
            lost = lost + config.quiet * (made[held] - batch.given[held]).abs().mean()
        return lost

    play(
        network,
        critic,
        lambda: _draw(photos, drawn, config, rng, where),
        critic_loss,
        maker_loss,
        course=course,
        schedule=config.schedule,
        checkpoint=checkpoint,
        task="training the composer",
        progress=progress,
    )
    return network.to(CPU).eval()


def _seen(batch: _Batch) -> Tensor:
    return torch.maximum(batch.kinds[:, 3:], (batch.edge > 0).float())


def _unit(maps: Tensor) -> Tensor:
    """Maps whose channels are of one size at each place: what is seen, not how strongly."""
    return maps.float() / maps.float().square().mean(1, keepdim=True).add(1e-3).sqrt()


def _draw(
    photos: FramedPeople,
    drawn: FramedPeople | None,
    config: ComposerTraining,
    rng: np.random.Generator,
    where: torch.device,
) -> _Batch:
    wanted: list[FloatArray] = []
    given: list[FloatArray] = []
    layers, edges, also = [], [], []
    for row in rng.integers(0, len(photos), config.batch_size).tolist():
        photo, parts, edge = _window(photos, row, config.window, rng)
        wanted.append(_shares(photo))
        given.append(as_geometry_leaves_it(photo, parts, edge, rng))
        layers.append(parts)
        edges.append(edge)
        also.append((parts >= FIRST_PIECE) | (edge > 0))
    paired = len(given)
    if drawn is not None and len(drawn):
        for row in rng.integers(0, len(drawn), config.drawn).tolist():
            picture, parts, edge = _window(drawn, row, config.window, rng)
            other, theirs, their_edge = _window(photos, int(rng.integers(len(photos))), config.window, rng)
            wanted.append(_shares(other))
            given.append(_shares(picture))
            layers.append(parts)
            edges.append(edge)
            also.append((theirs >= FIRST_PIECE) | (their_edge > 0))
    kinds, pieces = told_of(torch.from_numpy(np.stack(layers)))

    def planes(arrays: Sequence[FloatArray]) -> Tensor:
        return torch.from_numpy(np.stack(arrays)).permute(0, 3, 1, 2).contiguous().to(where)

    return _Batch(
        planes(wanted),
        torch.from_numpy(np.stack(also))[:, None].float().to(where),
        planes(given),
        kinds.to(where),
        pieces.to(where),
        torch.from_numpy(np.stack(edges))[:, None].to(where),
        paired,
    )


def _shares(photo: Photo) -> FloatArray:
    return np.asarray(photo / np.float32(255), np.float32)


def _window(
    lessons: FramedPeople, row: int, size: tuple[int, int], rng: np.random.Generator
) -> tuple[Photo, LabelMap, FloatArray]:
    """A window of somebody, half of them mirrored, around a pixel of a piece; with what may change at edges."""
    step = -1 if rng.random() < 0.5 else 1
    photo, parts = lessons.photos[row, :, ::step], np.ascontiguousarray(lessons.parts[row, :, ::step])
    edge = unsure(parts).edge
    rows, columns = np.nonzero(parts >= FIRST_PIECE)
    at = int(rng.integers(len(rows))) if len(rows) else None
    cut = []
    for whole, part, places in zip(parts.shape, size[::-1], (rows, columns), strict=True):
        middle = whole // 2 if at is None else int(places[at])
        begin = min(max(0, middle - part // 2), max(0, whole - part))
        cut.append(slice(begin, begin + part))
    window = tuple(cut)
    return photo[window], parts[window], edge[window]
