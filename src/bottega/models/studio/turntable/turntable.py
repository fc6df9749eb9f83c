"""The turntable: both networks, what is saved of them, and what they tell of a photo.

Serves   Photos of one thing with its cut-out mask. Nothing is fetched.
Costs    benchmarks/turntable.md.
Shapes   P pixels a side of the networks' frame: 64.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import nn

from bottega.models.blocks.arrays_io import load_arrays, save_arrays, tuples
from bottega.models.blocks.checkpoint import half_arrays, load_state
from bottega.models.blocks.shipped import load_shipped
from bottega.models.studio.turntable.network import NetworkShape, ReliefNetwork, ViewNetwork
from bottega.names import FloatArray

__all__ = ["Networks", "TurnTrust", "Turntable", "TurntableConfig"]

_NAME = "turntable"


@dataclass(frozen=True, slots=True)
class TurnTrust:
    """How the networks' own doubts become the error that is expected: a line, found on made-up things."""

    numbers: tuple[float, ...] = (0.0,) * 9
    """Of 1 and the doubts that `trusted.py` names; the natural logarithm of the error beside the most allowed."""
    margins: dict[str, float] = field(default_factory=dict)
    """Shape -> what to add, so that nine of ten errors lie below."""


@dataclass(frozen=True, slots=True)
class TurntableConfig:
    """What is saved beside the weights."""

    kinds: tuple[str, ...]
    """Kinds of made-up things that the first network tells apart."""
    version: str = "0"
    """Stamp of what it draws."""
    shape: NetworkShape = field(default_factory=NetworkShape)
    """The networks' sizes."""
    trust: TurnTrust = field(default_factory=TurnTrust)
    stays: tuple[float, float] = (0.0, 0.0)
    """How much of a round thing's picture stays where it is, and how much less the more textured it is."""


class Networks(nn.Module):
    """Both networks as one, for their file."""

    def __init__(self, shape: NetworkShape) -> None:
        super().__init__()
        self.shape = shape
        self.relief, self.view = ReliefNetwork(shape), ViewNetwork(shape)


class Turntable:
    """Tells shapes and mends views."""

    def __init__(self, config: TurntableConfig, networks: Networks) -> None:
        self.config, self.networks = config, networks.eval()

    @torch.inference_mode()
    def told(self, picture: FloatArray, alpha: FloatArray) -> tuple[FloatArray, FloatArray, float, dict[str, float]]:
        """Depths [2, P, P], doubts, pitch in degrees, and of each kind how sure, of a frame [P, P, 3] and mask."""
        given = torch.from_numpy(np.ascontiguousarray(picture.transpose(2, 0, 1), np.float32))[None]
        found = self.networks.relief(given, torch.from_numpy(np.asarray(alpha, np.float32))[None, None])
        sure = found.kinds[0].softmax(0)
        return (
            found.depths[0].numpy(),
            found.doubts[0].exp().numpy(),
            float(found.pitch[0].clamp(0, 40)),
            dict(zip(self.config.kinds, sure.tolist(), strict=True)),
        )

    def save(self, folder: Path) -> None:
        """Write into an existing folder; weights as float16."""
        save_arrays(folder, model=_NAME, config=self.config, arrays=half_arrays(self.networks))

    @classmethod
    def load(cls, folder: Path) -> Turntable:
        """Read what `save` wrote; raises `ModelFileBroken`."""
        saved = load_arrays(folder, model=_NAME)
        config = saved.config_as(
            lambda found: TurntableConfig(
                tuple(found["kinds"]),
                str(found["version"]),
                NetworkShape(**tuples(found["shape"])),
                TurnTrust(**tuples(found["trust"])),
                (float(found["stays"][0]), float(found["stays"][1])),
            )
        )
        networks = Networks(config.shape)
        load_state(networks, saved)
        return cls(config, networks)

    @classmethod
    def shipped(cls) -> Turntable | None:
        """The one that comes with Bottega; None where none does."""
        return load_shipped(cls.load, "studio", _NAME)
