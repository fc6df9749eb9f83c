"""The composer: a dressed picture, changed a little where geometry was unsure, towards how photos look.

Idea     A small network sees the picture at 256 pixels of height and says how cloth and edges are lit.
         What it says is enlarged and put onto the picture at its own size, within `unsure`; print, skin, hair, faces
         and background are passed through bit by bit. The same picture gives the same answer.
Costs    benchmarks/composer.md.
Shapes   H, W height and width of the picture.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch.nn import functional

from bottega.datasets.photos.reading import Photo
from bottega.models.blocks.arrays_io import load_arrays, save_arrays, tuples
from bottega.models.blocks.checkpoint import half_arrays, load_state
from bottega.models.blocks.shipped import load_shipped
from bottega.models.studio.composer.network import STRIDE, ComposerNetwork, ComposerShape
from bottega.models.studio.composer.unsure import Unsure, changed, told_of, unsure

__all__ = ["Composer", "ComposerConfig"]

_NAME = "composer"


@dataclass(frozen=True, slots=True)
class ComposerConfig:
    """What is saved beside the weights."""

    version: str = "0"
    """Stamp of what it draws."""
    high_px: int = 256
    """The height that it sees pictures at."""
    shape: ComposerShape = field(default_factory=ComposerShape)
    """The network's sizes."""


class Composer:
    """Changes dressed pictures where geometry was unsure."""

    def __init__(self, config: ComposerConfig, network: ComposerNetwork) -> None:
        self.config, self.network = config, network.eval()

    @torch.inference_mode()
    def compose(self, photo: Photo, layers: NDArray[np.uint8], where: Unsure | None = None) -> Photo:
        """The picture [H, W, 3] as photos look. `layers` [H, W]: 0 background, 1 skin, 2 hair, from 3 on each piece.

        `where`: what may change, by default all that `unsure` finds.
        """
        where = where or unsure(layers)
        if not where.cloth.any():
            return photo.copy()
        height, width = layers.shape
        high = min(self.config.high_px, -(-height // STRIDE) * STRIDE)
        wide = max(STRIDE, round(width * high / height / STRIDE) * STRIDE)
        small = np.asarray(Image.fromarray(photo).resize((wide, high), Image.Resampling.BOX))
        small_layers = np.asarray(Image.fromarray(layers).resize((wide, high), Image.Resampling.NEAREST))
        given = _planes(small)
        kinds, _ = told_of(torch.from_numpy(small_layers.copy())[None])
        edge = torch.from_numpy(unsure(small_layers).edge)[None, None]
        grain = np.random.default_rng(crc32(small.tobytes())).standard_normal((1, 1, high // 8, wide // 8), np.float32)
        noise = functional.interpolate(torch.from_numpy(grain), size=(high, wide), mode="bilinear", align_corners=False)
        shade, colours = (
            functional.interpolate(said, size=(height, width), mode="bilinear", align_corners=False)
            for said in self.network(given, kinds, edge, noise)
        )
        pieces = told_of(torch.from_numpy(np.where(where.cloth, layers, 0))[None])[1]
        there = torch.from_numpy(where.edge)[None, None]
        made = changed(_planes(photo), shade, colours, pieces, there)[0].permute(1, 2, 0)
        may = where.cloth | (where.edge > 0)
        found = photo.copy()
        found[may] = (made * 255).round().to(torch.uint8).numpy()[may]
        return found

    def save(self, folder: Path) -> None:
        """Write into an existing folder; weights as float16."""
        save_arrays(folder, model=_NAME, config=self.config, arrays=half_arrays(self.network))

    @classmethod
    def load(cls, folder: Path) -> Composer:
        """Read what `save` wrote; raises `ModelFileBroken`."""
        saved = load_arrays(folder, model=_NAME)
        config = saved.config_as(
            lambda found: ComposerConfig(
                str(found["version"]), int(found["high_px"]), ComposerShape(**tuples(found["shape"]))
            )
        )
        network = ComposerNetwork(config.shape)
        load_state(network, saved)
        return cls(config, network)

    @classmethod
    def shipped(cls) -> Composer | None:
        """The one that comes with Bottega; None where none does."""
        return load_shipped(cls.load, "studio", _NAME)


def _planes(photo: Photo) -> torch.Tensor:
    return torch.from_numpy(photo.copy()).permute(2, 0, 1)[None].float() / 255
