"""The parser: which part of a photo is skin, hair, which garment, shoes or bag.

Idea     One small network (network.py) sees the photo and its mirror image at a fixed size; the mean of both is
         brought back to the photo's own size.
Serves   Whole people on the street; products worn or lying, whose outline is surer than their part.
Costs    benchmarks/parts.md.
Shapes   H, W height and width of a photo, C the nine `PARTS`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch.nn import functional

from bottega.datasets.photos.masks import PARTS, LabelMap
from bottega.datasets.photos.reading import Photo
from bottega.models.blocks.arrays_io import load_arrays, save_arrays, tuples
from bottega.models.blocks.checkpoint import half_arrays, load_state
from bottega.models.blocks.device import CPU, autocast
from bottega.models.blocks.shipped import shipped_folder
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.parts.network import STRIDE, PartsNetwork, PartsShape
from bottega.names import FloatArray
from bottega.progress import Progress, silent

__all__ = ["Parts", "PartsConfig"]

_NAME = "parts"


@dataclass(frozen=True, slots=True)
class PartsConfig:
    """What is saved beside the weights."""

    image_px: int = 288
    """The longer side that photos are parsed in; a multiple of the network's stride."""
    version: str = "0"
    """Stamp of what this parser says."""
    shape: PartsShape = field(default_factory=PartsShape)
    """The network's sizes."""
    weights: tuple[float, ...] = ()
    """What each part weighed in training; chances are divided by it, lest rare parts seem likelier than they are."""


class Parts:
    """A trained (or `fresh`, untrained) parser."""

    PARTS = PARTS

    def __init__(self, config: PartsConfig, network: PartsNetwork) -> None:
        self.config = config
        self.network = network.eval()

    @property
    def version(self) -> str:
        """Stamp of what it says."""
        return self.config.version

    @classmethod
    def fresh(cls, *, rng: np.random.Generator, config: PartsConfig | None = None, eye: Eye | None = None) -> Parts:
        """An untrained parser, small unless `config` says otherwise: answers have the right shape and no worth.

        With `eye`, its trunk is that eye's.
        """
        torch.manual_seed(int(rng.integers(2**31)))
        config = config or PartsConfig(64, "fresh", PartsShape((8, 8, 16), (1, 1, 1), 16, 4, (8, 8, 8)))
        network = PartsNetwork(config.shape, len(PARTS))
        if eye is not None:
            network.start_from(eye.network)
        return cls(config, network)

    def parse(
        self, photos: Sequence[Photo], *, sides: Sequence[float] = (1.0,), progress: Progress = silent
    ) -> list[FloatArray]:
        """Chances [H, W, C] of each photo (uint8 [H, W, 3], any size) at its own size; they sum to 1 in each pixel.

        `sides`: in which sizes it looks at a photo, in its usual one; chances are the mean of all.
        """
        return list(self._parsed(photos, progress, sides))

    def parse_labels(self, photos: Sequence[Photo], *, progress: Progress = silent) -> list[LabelMap]:
        """The likeliest part of each pixel, [H, W] codes of `PARTS`, of each photo."""
        return [chances.argmax(2).astype(np.uint8) for chances in self._parsed(photos, progress)]

    def _parsed(
        self, photos: Sequence[Photo], progress: Progress, sides: Sequence[float] = (1.0,)
    ) -> Iterator[FloatArray]:
        for done, photo in enumerate(photos, start=1):
            looks = [self._parse(photo, side) for side in sides]
            yield looks[0] if len(looks) == 1 else np.asarray(np.mean(looks, axis=0), np.float32)
            progress("parsing photos", done, len(photos))

    def _parse(self, photo: Photo, side: float) -> FloatArray:
        size = photo.shape[0], photo.shape[1]
        scale = side * self.config.image_px / max(size)
        height, width = (max(1, round(side * scale / STRIDE)) * STRIDE for side in size)
        small = np.asarray(Image.fromarray(photo).resize((width, height), _way(scale)))
        picture = torch.from_numpy(small.copy()).permute(2, 0, 1)[None].float() / 255
        with torch.inference_mode(), autocast(CPU):
            logits = self.network(torch.cat([picture, picture.flip(3)]))[1]
        if self.config.weights:
            logits = logits - torch.tensor(self.config.weights).log()[None, :, None, None]
        chances = logits.float().softmax(1)
        mean = (chances[:1] + chances[1:].flip(3)) / 2
        whole = functional.interpolate(mean, size=size, mode="bilinear", align_corners=False)[0]
        return whole.permute(1, 2, 0).contiguous().numpy()

    def save(self, folder: Path) -> None:
        """Write into an existing folder; weights as float16."""
        save_arrays(folder, model=_NAME, config=self.config, arrays=half_arrays(self.network))

    @classmethod
    def load(cls, folder: Path) -> Parts:
        """Read what `save` wrote; raises `ModelFileBroken`."""
        saved = load_arrays(folder, model=_NAME)
        config = saved.config_as(_config_of)
        network = PartsNetwork(config.shape, len(PARTS))
        load_state(network, saved)
        return cls(config, network)

    @classmethod
    def shipped(cls) -> Parts:
        """The parser that comes with Bottega; its card says which bars it missed."""
        return cls.load(shipped_folder("vision", _NAME))


def _way(scale: float) -> Image.Resampling:
    return Image.Resampling.BOX if scale < 1 else Image.Resampling.BILINEAR


def _config_of(found: dict[str, Any]) -> PartsConfig:
    return PartsConfig(
        **{**found, "weights": tuple(found.get("weights", ())), "shape": PartsShape(**tuples(found["shape"]))}
    )
