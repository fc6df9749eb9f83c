"""Product pictures as small maps and back: what generators learn instead of pixels, so that a processor can keep up.

Idea     A small network presses a picture of 64 px into an 8 x 8 map of a few numbers a place, and another draws it
         again. It learns by absolute differences of pixels and of their edges, at three sizes; from the middle of the
         course on also from a critic of small patches that tells photos from what was drawn again, because differences
         alone draw softly.
Source   Latents for generators: Rombach et al. 2022, https://arxiv.org/abs/2112.10752, section 3.1; the critic of
         patches: Isola et al. 2017, https://arxiv.org/abs/1611.07004, section 3.2.2; its loss: models/blocks/game.py.
Differs  No network trained elsewhere judges likeness. Maps are standardised after training, channel by channel.
Shapes   N pictures, C channels of a map; pictures are uint8 [N, 64, 64, 3] outside and -1..1 [N, 3, 64, 64] inside.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from bottega.models.blocks.checkpoint import Checkpoint
from bottega.models.blocks.course import Course
from bottega.models.blocks.device import CPU, autocast, device_of
from bottega.models.blocks.game import GameSchedule, play, slopes, which_is_real
from bottega.models.studio.pixels import PatchCritic, as_photos, as_planes, differences
from bottega.progress import Progress, silent

__all__ = ["Autoencoder", "AutoencoderShape", "AutoencoderTraining", "fit_autoencoder"]

_BATCH = 128


@dataclass(frozen=True, slots=True)
class AutoencoderShape:
    """Sizes of the networks."""

    widths: tuple[int, ...] = (24, 48, 96, 128)
    """Channels at 64, 32, 16 and 8 px."""
    channels: int = 12
    """Numbers a place of the map."""


@dataclass(frozen=True, slots=True)
class AutoencoderTraining:
    """How it learns."""

    batch_size: int = 48
    """Pictures a step."""
    steps: int = 40_000
    """Most steps; the clock ends it sooner."""
    edges: float = 1.0
    """Weight of differences of edges, beside 1 for pixels."""
    critic: float = 0.03
    """Weight of the critic's opinion."""
    critic_from: float = 0.4
    """Share of the course from which there is a critic."""
    noise: float = 0.05
    """Added to the maps in training, of their spread: near maps draw near pictures."""
    spread: float = 1e-3
    """Weight of the maps' squares, which keeps them small."""
    schedule: GameSchedule = field(
        default_factory=lambda: GameSchedule((1.5e-3, 1e-4), (0.5, 0.99), penalty=(0.05, 0.05), penalty_every=8)
    )
    """How fast both learn."""


class _Residual(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.inner = nn.Sequential(
            nn.GroupNorm(8, channels),
            nn.SiLU(),
            nn.Conv2d(channels, channels, 3, 1, 1),
            nn.GroupNorm(8, channels),
            nn.SiLU(),
            nn.Conv2d(channels, channels, 3, 1, 1),
        )

    def forward(self, maps: Tensor) -> Tensor:
        changed: Tensor = maps + self.inner(maps)
        return changed


class Autoencoder(nn.Module):
    """`encode` pictures to maps, `decode` maps to pictures."""

    mean: Tensor
    spread: Tensor

    def __init__(self, shape: AutoencoderShape) -> None:
        super().__init__()
        self.shape = shape
        widths = shape.widths
        down: list[nn.Module] = [nn.Conv2d(3, widths[0], 3, 1, 1)]
        for before, after in pairwise(widths):
            down += [nn.SiLU(), nn.Conv2d(before, after, 4, 2, 1), _Residual(after)]
        self.down = nn.Sequential(
            *down, nn.GroupNorm(8, widths[-1]), nn.SiLU(), nn.Conv2d(widths[-1], shape.channels, 1)
        )
        up: list[nn.Module] = [nn.Conv2d(shape.channels, widths[-1], 3, 1, 1), _Residual(widths[-1])]
        for before, after in pairwise(widths[::-1]):
            up += [nn.Upsample(scale_factor=2, mode="nearest"), nn.Conv2d(before, after, 3, 1, 1), _Residual(after)]
        self.up = nn.Sequential(*up, nn.GroupNorm(8, widths[0]), nn.SiLU(), nn.Conv2d(widths[0], 3, 3, 1, 1))
        self.register_buffer("mean", torch.zeros(1, shape.channels, 1, 1))
        self.register_buffer("spread", torch.ones(1, shape.channels, 1, 1))

    def encode(self, pictures: Tensor) -> Tensor:
        """Standardised maps [N, C, 8, 8]."""
        found: Tensor = (self.raw(pictures) - self.mean) / self.spread
        return found

    def decode(self, maps: Tensor) -> Tensor:
        """Pictures [N, 3, 64, 64] of standardised maps."""
        found: Tensor = self.up(maps * self.spread + self.mean)
        return found

    def raw(self, pictures: Tensor) -> Tensor:
        """Maps as the network makes them."""
        found: Tensor = self.down(pictures.contiguous(memory_format=torch.channels_last)).float()
        return found

    def forward(self, pictures: Tensor) -> Tensor:
        return self.decode(self.encode(pictures))

    @torch.inference_mode()
    def maps_of(self, photos: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Standardised maps [N, C, 8, 8] of photos."""
        with autocast(CPU):
            parts = [self.encode(as_planes(photos[start : start + _BATCH])) for start in range(0, len(photos), _BATCH)]
        return torch.cat(parts).numpy()

    @torch.inference_mode()
    def pictures_of(self, maps: Tensor) -> NDArray[np.uint8]:
        """Pictures uint8 [N, 64, 64, 3] of standardised maps."""
        parts = [as_photos(self.decode(maps[start : start + _BATCH])) for start in range(0, len(maps), _BATCH)]
        return np.concatenate(parts)


def fit_autoencoder(
    photos: NDArray[np.uint8],
    *,
    rng: np.random.Generator,
    shape: AutoencoderShape | None = None,
    config: AutoencoderTraining | None = None,
    device: str = "auto",
    course: Course | None = None,
    checkpoint: Checkpoint | None = None,
    progress: Progress = silent,
) -> Autoencoder:
    """Learn from photos uint8 [N, 64, 64, 3]; `course`: by default as many steps as the config says."""
    config = config or AutoencoderTraining()
    torch.manual_seed(int(rng.integers(2**31)))
    where = device_of(device)
    network = Autoencoder(shape or AutoencoderShape())
    network.to(where, memory_format=torch.channels_last)  # type: ignore[call-overload]
    critic = PatchCritic().to(where, memory_format=torch.channels_last)  # type: ignore[call-overload]
    course = course or Course(config.steps)

    def draw() -> Tensor:
        rows = rng.integers(0, len(photos), config.batch_size)
        real = as_planes(photos[np.sort(rows)]).to(where)
        return torch.where(torch.rand(len(real), 1, 1, 1, device=where) < 0.5, real, real.flip(3))

    def again(real: Tensor) -> tuple[Tensor, Tensor]:
        maps = network.raw(real)
        noise = config.noise * maps.detach().std() * torch.randn_like(maps)
        return network.up(maps + noise).float(), maps

    def critic_loss(real: Tensor, _: float, weight: float) -> Tensor:
        with torch.no_grad(), autocast(where):
            made, _maps = again(real)
        if weight:
            real, made = real.detach().requires_grad_(True), made.requires_grad_(True)
            says, said = critic(real), critic(made)
            return which_is_real(says, said) + weight * 0.5 * slopes(says.mean((1, 2)) + said.mean((1, 2)), real, made)
        with autocast(where):
            return which_is_real(critic(real), critic(made))

    def maker_loss(real: Tensor, share: float) -> Tensor:
        with autocast(where):
            made, maps = again(real)
        lost = differences(made, real, config.edges) + config.spread * maps.square().mean()
        if share >= config.critic_from:
            with torch.no_grad(), autocast(where):
                says = critic(real)
            with autocast(where):
                lost = lost + config.critic * which_is_real(critic(made), says)
        return lost

    play(
        network,
        critic,
        draw,
        critic_loss,
        maker_loss,
        course=course,
        schedule=config.schedule,
        checkpoint=checkpoint,
        critic_from=config.critic_from,
        task="training the autoencoder",
        progress=progress,
    )
    network.to(CPU).eval()
    _standardise(network, photos[rng.permutation(len(photos))[:2000]])
    return network


@torch.inference_mode()
def _standardise(network: Autoencoder, photos: NDArray[np.uint8]) -> None:
    raw = torch.cat([network.raw(as_planes(photos[start : start + _BATCH])) for start in range(0, len(photos), _BATCH)])
    network.mean.copy_(raw.mean((0, 2, 3), keepdim=True))
    network.spread.copy_(raw.std((0, 2, 3), keepdim=True).clamp(min=1e-4))
